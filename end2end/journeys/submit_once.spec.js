// One tap is one order or none, and the page knows which: cut at every point between the tap and the
// answer.
import { startBackend } from "../backend.js";
import { ORDER, atCheckout, holdQuestion, loseAnswers, submit, theOne, tries } from "../checkout.js";
import { change } from "../database.js";
import { audit, expect, test } from "../fixtures.js";
import { enter, kept, ordersOf } from "../member.js";
import { LOGIN_PAGE, PROBLEM, hold } from "../network.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

const sending = (page) => page.getByRole("heading", { name: "正在提交" });
const checking = (page) => page.getByRole("heading", { name: "正在核对这一单" });

/** Everything that lies in the device's drawer, by its names. */
const lies = (page) =>
  page.evaluate(
    () =>
      new Promise((done, failed) => {
        const opening = indexedDB.open("drawer", 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore("texts");
        opening.onerror = () => failed(opening.error);
        opening.onsuccess = () => {
          const texts = opening.result.transaction("texts").objectStore("texts");
          const [names, entries] = [texts.getAllKeys(), texts.getAll()];
          entries.onsuccess = () => done(names.result.map((name, place) => [name, JSON.parse(entries.result[place])]));
          opening.result.close();
        };
      }),
  );

/** What is under way, by the names of the errands. */
const drawer = async (page) => (await lies(page)).filter(([, entry]) => !entry.gone_at).map(([name]) => name);

/** Orders leave the page and come to nobody, until it is mended. */
async function swallow(target) {
  const held = [];
  const keep = (route) => (route.request().method() === "POST" ? held.push(route) : route.fallback());
  await target.route("**/api/v1/orders", keep);
  return {
    held,
    mend: async () => {
      await target.unroute("**/api/v1/orders", keep);
      for (const route of held) await route.abort().catch(() => {});
    },
  };
}

/** The next page of the same phone, which ends at the one order. */
async function nextPageShows(context, order, path = "/cart") {
  const next = await context.newPage();
  await next.goto(path);
  await expect(next).toHaveURL(order ? `/orders/${order.id}` : ORDER, { timeout: 30_000 });
  await expect(next.getByRole("button", { name: "提交订单" })).toHaveCount(0);
  await theOne(next);
  await expect.poll(() => drawer(next)).toEqual([]);
  await next.goto("/cart");
  await expect(next.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
  return next;
}

test("1: closed before anything was kept: no order, and the cart is as it was", async ({ page, shop, context }) => {
  const keys = tries(page);
  // The device takes its time: the drawer does not open.
  await page.addInitScript(() => {
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (...name) {
      return window.stuck ? new EventTarget() : open.apply(this, name);
    };
  });
  await atCheckout(page, shop);
  await page.evaluate(() => (window.stuck = true));
  await submit(page).click();
  await expect(sending(page)).toBeVisible();
  await page.close();
  expect(keys).toEqual([]);
  const next = await context.newPage();
  await next.goto("/checkout");
  await expect(submit(next)).toBeEnabled();
  expect(await drawer(next)).toEqual([]);
  expect(await ordersOf(next)).toEqual([]);
});

test("2: closed when it was kept and before it came to the shop: the next page sends it", { tag: "@tablet" }, async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_FAILED/);
  await atCheckout(page, shop);
  const orders = await swallow(context);
  await submit(page).click();
  await expect.poll(() => orders.held.length).toBe(1);
  expect(await drawer(page)).toEqual([expect.stringMatching(/^order@/)]);
  expect(await ordersOf(page)).toEqual([]);
  await page.close();
  await orders.mend();
  await nextPageShows(context, null);
});

test("3: closed after the shop had written it down and before the answer", { tag: "@tablet" }, async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_FAILED/);
  await atCheckout(page, shop);
  const answers = await loseAnswers(context);
  await holdQuestion(page);
  await submit(page).click();
  await expect(checking(page)).toBeVisible();
  const order = await theOne(page);
  await page.close();
  await answers.mend();
  await nextPageShows(context, order);
});

test("4: the answer is lost: it is asked for by its key, and nothing is sent again", async ({ page, shop, complaints }) => {
  complaints.allow(/ERR_FAILED/);
  const keys = tries(page);
  const asked = [];
  page.on("request", (request) => /\/intents\//.test(request.url()) && asked.push(request.url().split("/").pop()));
  await atCheckout(page, shop);
  await loseAnswers(page);
  const question = await holdQuestion(page);
  await submit(page).click();
  await expect(checking(page)).toBeVisible();
  await expect(submit(page)).toHaveCount(0);
  question.letGo();
  await expect(page).toHaveURL(ORDER, { timeout: 30_000 });
  await theOne(page);
  expect(keys).toHaveLength(1);
  expect(asked).toEqual(keys);
});

test("5: a failure after the shop had written it down is no refusal", async ({ page, shop, complaints }) => {
  complaints.allow(/500/);
  await atCheckout(page, shop);
  await page.route("**/api/v1/orders", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    await route.fetch();
    return route.fulfill(PROBLEM);
  });
  const question = await holdQuestion(page);
  await submit(page).click();
  await expect(checking(page)).toBeVisible();
  question.letGo();
  await expect(page).toHaveURL(ORDER, { timeout: 30_000 });
  await theOne(page);
});

test("6: an answer that comes when nobody waits any more", async ({ page, shop }) => {
  await page.clock.install();
  await atCheckout(page, shop);
  let answer;
  await page.route("**/api/v1/orders", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    answer = await route.fetch();
    // Not now: twenty seconds later.
  });
  await submit(page).click();
  await expect.poll(() => answer?.status()).toBe(201);
  await page.clock.runFor(21_000);
  await expect(checking(page)).toBeVisible();
  await page.clock.runFor(3_000);
  await expect(page).toHaveURL(ORDER);
  await theOne(page);
});

test("7: answered twice, to two tabs: the goods leave the cart once", async ({ page, shop, context }) => {
  await atCheckout(page, shop);
  const other = await context.newPage();
  await other.goto("/cart");
  let letGo;
  const gone = new Promise((done) => (letGo = done));
  await context.route("**/api/v1/{orders,intents/*}", async (route) => {
    if (route.request().method() === "GET" && /orders/.test(route.request().url())) return route.fallback();
    const response = await route.fetch().catch(() => null);
    await gone;
    return response ? route.fulfill({ response }).catch(() => {}) : route.abort();
  });
  await submit(page).click();
  await expect(sending(page)).toBeVisible();
  // One more of the same, put in meanwhile.
  await other.goto("/products/salmon-sashimi");
  await other.getByRole("button", { name: "加入购物车", exact: true }).click();
  await expect(other.getByRole("link", { name: "购物车 共 2 件" })).toBeVisible();
  letGo();
  await expect(page).toHaveURL(ORDER);
  await theOne(page);
  await expect(other.getByRole("link", { name: "购物车 共 1 件" })).toBeVisible();
  await other.goto("/cart");
  await expect(other.getByRole("listitem").filter({ hasText: "三文鱼刺身" }).getByRole("status")).toHaveText("1");
});

test("8: two tabs at once: one order", { tag: "@tablet" }, async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_ABORTED/);
  await atCheckout(page, shop);
  const other = await context.newPage();
  await other.goto("/checkout");
  await expect(submit(other)).toBeEnabled();
  // At the same moment; a form that has gone already has heard of the other.
  await Promise.all([page, other].map((tab) => tab.evaluate(() => document.querySelector("form")?.requestSubmit())));
  for (const tab of [page, other]) await expect(tab).toHaveURL(/\/orders/, { timeout: 30_000 });
  await theOne(page);
  for (const tab of [page, other]) await expect(submit(tab)).toHaveCount(0);
  await expect.poll(() => drawer(page)).toEqual([]);
});

test("8: the slower of two tabs is led to the order, although all of it is over when it looks", async ({ page, shop, context }) => {
  // It may ask for the key before the first one's request has come.
  await atCheckout(page, shop);
  const other = await context.newPage();
  await other.addInitScript(() => {
    // An old browser, in which tabs hear nothing of each other, and a device that takes its time:
    // between the look that finds another's entry and the next one.
    delete window.BroadcastChannel;
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (...name) {
      if (window.looks !== undefined && ++window.looks === 2) for (const until = Date.now() + 3_000; Date.now() < until; );
      return open.apply(this, name);
    };
  });
  await other.goto("/checkout");
  await expect(submit(other)).toBeEnabled();
  const orders = await hold(page, "**/api/v1/orders");
  await submit(page).click();
  await expect(sending(page)).toBeVisible();
  await expect.poll(() => drawer(page)).toHaveLength(1);
  await other.evaluate(() => {
    window.looks = 0;
    document.querySelector("form").requestSubmit();
  });
  orders.letGo();
  await expect(page).toHaveURL(ORDER);
  await expect.poll(() => drawer(page)).toEqual([]);
  const order = await theOne(page);
  await expect(other).toHaveURL(`/orders/${order.id}`);
  await theOne(other);
});

test("8: what was pressed before another tab was through, and is kept after, is not ordered as well", async ({ page, shop, context }) => {
  await atCheckout(page, shop);
  const other = await context.newPage();
  await other.addInitScript(() => {
    // This tab hears nothing, and its drawer opens late: when the other one is done and has put everything away.
    delete window.BroadcastChannel;
    addEventListener("storage", (event) => event.stopImmediatePropagation(), true);
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (...name) {
      if (window.looks !== undefined && ++window.looks === 1) for (const until = Date.now() + 4_000; Date.now() < until; );
      return open.apply(this, name);
    };
  });
  await other.goto("/checkout");
  await expect(submit(other)).toBeEnabled();
  const pressed = other.evaluate(() => {
    window.looks = 0;
    document.querySelector("form").requestSubmit();
  });
  await submit(page).click();
  await expect(page).toHaveURL(ORDER);
  await pressed;
  const order = await theOne(page);
  await expect(other).toHaveURL(`/orders/${order.id}`);
  await theOne(other);
  // What is left on the device tells nothing of the order.
  const [[name, trace]] = await lies(page);
  expect(name).toMatch(/^order@/);
  expect({ ...trace, key: "", made_at: 0, gone_at: 0 }).toEqual({ key: "", owner: trace.owner, errand: "order", body: "", made_at: 0, gone_at: 0 });
});

test("8: a tab that waits at the checkout and hears of the order only when all is over is led to it", async ({ page, shop, context }) => {
  await atCheckout(page, shop);
  const other = await context.newPage();
  await other.goto("/checkout");
  await expect(submit(other)).toBeEnabled();
  const asleep = other.evaluate(() => {
    for (const until = Date.now() + 4_000; Date.now() < until; );
  });
  await submit(page).click();
  await expect(page).toHaveURL(ORDER);
  const order = await theOne(page);
  await asleep;
  await expect(other).toHaveURL(`/orders/${order.id}`);
  await theOne(other);
  // And not once more: whoever goes to the checkout soon after stays there.
  await other.goto("/checkout");
  await expect(other.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
  await expect.poll(async () => (await lies(other)).length).toBe(1);
  await expect(other).toHaveURL("/checkout");
});

test("9: an hour without a network: the old price is not ordered any more, and the page says so", async ({ page, shop, context, complaints, ownBackend }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/, /409/);
  test.slow();
  await page.clock.install();
  await atCheckout(page, shop);
  await context.setOffline(true);
  await submit(page).click();
  await expect(checking(page)).toBeVisible();
  await page.clock.runFor("01:00:00");
  await expect(checking(page)).toBeVisible();
  await expect(submit(page)).toHaveCount(0);
  // Meanwhile it costs more.
  await change(ownBackend, "UPDATE variants SET price = 4990 WHERE id = 'salmon-sashimi-200g'");
  await context.setOffline(false);
  await expect(page).toHaveURL("/cart", { timeout: 30_000 });
  await expect(page.getByRole("listitem").filter({ hasText: "三文鱼刺身" })).toContainText("价格变了，现在 ¥49.90");
  expect(await ordersOf(page)).toEqual([]);
  await expect.poll(() => drawer(page)).toEqual([]);
});

test("10: the session ends in between: signed in again, the same order is there", { tag: "@tablet" }, async ({ page, shop, context, complaints, ownBackend }) => {
  complaints.allow(/ERR_FAILED/, /401/);
  const phone = await atCheckout(page, shop);
  const answers = await loseAnswers(page);
  // Nothing is heard of the key before the session is over.
  let signedIn = true;
  await page.route("**/api/v1/intents/*", (route) => (signedIn ? route.abort() : route.fallback()));
  await submit(page).click();
  await expect(checking(page)).toBeVisible();
  await context.clearCookies();
  signedIn = false;
  await expect(page.getByRole("heading", { name: "请重新登录" })).toBeVisible({ timeout: 30_000 });
  await expect(shop.main).toContainText("不会办重");
  await audit(page);
  await expect(submit(page)).toHaveCount(0);
  await answers.mend();
  // A minute later.
  await change(ownBackend, "DELETE FROM sent_codes");
  await shop.main.getByRole("link", { name: "登录" }).click();
  await enter(page, phone);
  await expect(page).toHaveURL(ORDER, { timeout: 30_000 });
  await theOne(page);
});

test("11: the device is full: nothing is sent, and it says so", { tag: "@tablet" }, async ({ page, shop }) => {
  // As a full device does it: what was put is taken back at the end of its transaction.
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...what) {
      const request = put.apply(this, what);
      if (window.full) this.transaction.abort();
      return request;
    };
  });
  const keys = tries(page);
  await atCheckout(page, shop);
  await page.getByLabel("留言").fill("要软一点的");
  await page.evaluate(() => (window.full = true));
  await submit(page).click();
  const alert = shop.main.getByRole("alert").filter({ hasText: "手机存满了" });
  await expect(alert).toBeVisible();
  await audit(page);
  expect(keys).toEqual([]);
  expect(await ordersOf(page)).toEqual([]);
  expect(await drawer(page)).toEqual([]);
  await expect(page.getByLabel("留言")).toHaveValue("要软一点的");
  // Room again, and the same tap orders.
  await page.evaluate(() => (window.full = false));
  await submit(page).click();
  await expect(page).toHaveURL(ORDER);
  expect((await theOne(page)).note).toBe("要软一点的");
});

test("12: closed after the answer and before anything followed from it", async ({ page, shop, context }) => {
  await page.addInitScript(() => {
    // The second time something is put into the drawer it is the outcome: that never gets to the disk.
    const put = IDBObjectStore.prototype.put;
    let times = 0;
    IDBObjectStore.prototype.put = function (...what) {
      const request = put.apply(this, what);
      times += 1;
      if (times === 2) {
        const busy = () => (this.get("nothing").onsuccess = busy);
        busy();
        window.stopped = true;
      }
      return request;
    };
  });
  await atCheckout(page, shop);
  await submit(page).click();
  await page.waitForFunction(() => window.stopped);
  const order = await theOne(page);
  await expect(sending(page)).toBeVisible();
  await page.close();
  await nextPageShows(context, order);
});

test("13: refused, and the refusal is lost: it stays refused, and the page knows", async ({ page, shop, complaints, ownBackend }) => {
  complaints.allow(/ERR_FAILED/, /409/);
  const keys = tries(page);
  await atCheckout(page, shop);
  await change(ownBackend, "UPDATE variants SET stock = 0 WHERE id = 'salmon-sashimi-200g'");
  const answers = await loseAnswers(page);
  const question = await holdQuestion(page);
  await submit(page).click();
  await expect(checking(page)).toBeVisible();
  // There is some again when the key is asked for: the outcome is the first one all the same.
  await change(ownBackend, "UPDATE variants SET stock = 9 WHERE id = 'salmon-sashimi-200g'");
  question.letGo();
  await expect(page).toHaveURL("/cart", { timeout: 30_000 });
  expect(await ordersOf(page)).toEqual([]);
  await answers.mend();
  await page.getByRole("link", { name: "去结算" }).click();
  await submit(page).click();
  await expect(page).toHaveURL(ORDER);
  await theOne(page);
  expect(new Set(keys).size).toBe(2);
});

test("14: the shop's machine dies after it had written it down, and comes back", async ({ page, shop, complaints, ownBackend }) => {
  complaints.allow(/ERR_/);
  await atCheckout(page, shop);
  await page.route("**/api/v1/orders", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    await route.fetch();
    await ownBackend.stop();
    return route.abort();
  });
  await submit(page).click();
  await expect(checking(page)).toBeVisible();
  const again = await startBackend([], { folder: ownBackend.folder, port: new URL(ownBackend.url).port });
  try {
    await expect(page).toHaveURL(ORDER, { timeout: 40_000 });
    await theOne(page);
  } finally {
    await again.stop();
  }
});

test("15: a hotel's login page is no answer", async ({ page, shop }) => {
  await atCheckout(page, shop);
  let times = 0;
  await page.route("**/api/v1/orders", (route) => {
    if (route.request().method() !== "POST" || times > 0) return route.fallback();
    times += 1;
    return route.fulfill(LOGIN_PAGE);
  });
  const question = await holdQuestion(page);
  await submit(page).click();
  await expect(checking(page)).toBeVisible();
  question.letGo();
  await expect(page).toHaveURL(ORDER, { timeout: 30_000 });
  await theOne(page);
});

test("16: too many at once: it waits as long as the shop says", async ({ page, shop, complaints }) => {
  complaints.allow(/429/);
  await atCheckout(page, shop);
  let times = 0;
  await page.route("**/api/v1/orders", (route) => {
    if (route.request().method() !== "POST" || times > 0) return route.fallback();
    times += 1;
    return route.fulfill({ status: 429, headers: { "retry-after": "2" }, contentType: "application/problem+json", body: JSON.stringify({ type: "urn:problem:too-many-requests", title: "Too many", status: 429 }) });
  });
  const question = await holdQuestion(page);
  await submit(page).click();
  await expect(checking(page)).toBeVisible();
  question.letGo();
  await expect(page).toHaveURL(ORDER, { timeout: 30_000 });
  await theOne(page);
});

test("whoever signs out leaves nothing in the drawer", async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_FAILED/, /401/);
  await atCheckout(page, shop);
  const orders = await swallow(context);
  await submit(page).click();
  await expect.poll(() => drawer(page)).toEqual([expect.stringMatching(/^order@/)]);
  await page.goto("/me");
  await page.getByRole("button", { name: "退出登录" }).click();
  await expect.poll(() => drawer(page)).toEqual([]);
  await expect.poll(() => kept(page)).not.toContain("intent");
  await orders.mend();
});
