// What time does to a checkout: a quote that is over, a pickup time that has passed, and a long life
// as a customer.
import { change } from "../database.js";
import { expect, test } from "../fixtures.js";
import { number, order, ordersOf, shownCode, signIn } from "../member.js";
import { awayFromHalfHour } from "../moments.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

/** At the checkout with one thing in the cart. */
async function atCheckout(page, shop) {
  await signIn(shop);
  await shop.put("salmon-sashimi");
  await awayFromHalfHour(20);
  await shop.open("/checkout");
  await expect(page.getByRole("button", { name: "提交订单" })).toBeEnabled();
}

/** Changes the first order that is sent, and leaves the others alone. */
function once(page, changed) {
  let sent = false;
  return page.route("**/api/v1/orders", (route) => {
    const body = route.request().postDataJSON();
    if (!body || sent) return route.fallback();
    sent = true;
    return route.continue({ postData: JSON.stringify(changed(body)) });
  });
}

test("a quote that is over: nothing is ordered, the cart is looked at again, and then it goes", { tag: "@tablet" }, async ({ page, shop, complaints }) => {
  complaints.allow(/409|422/);
  await atCheckout(page, shop);
  // As old as a quote is when the page was left open over lunch.
  await once(page, (body) => {
    const [expires, rest] = body.quote.split("-");
    return { ...body, quote: `${Number(expires) - 3_600_000}-${rest}` };
  });
  await page.getByRole("button", { name: "提交订单" }).click();
  await expect(page).toHaveURL("/cart");
  await expect(shop.toast).toContainText("请再看一眼");
  expect(await ordersOf(page)).toEqual([]);
  await page.getByRole("link", { name: "去结算" }).click();
  await page.getByRole("button", { name: "提交订单" }).click();
  await expect(page).toHaveURL(/\/orders\/[0-9a-f]+$/);
  expect(await ordersOf(page)).toHaveLength(1);
});

test("a pickup time that has passed meanwhile: said, the next ones are offered, what was typed is there", { tag: "@tablet" }, async ({ page, shop, complaints }) => {
  complaints.allow(/409|422/);
  await atCheckout(page, shop);
  await page.getByLabel("留言").fill("少冰");
  // The time that was chosen is over when the order comes.
  await once(page, (body) => ({ ...body, pickup_from: "2020-01-01T09:00:00+08:00" }));
  await page.getByRole("button", { name: "提交订单" }).click();
  await expect(shop.toast).toContainText("这个时间来不及了");
  await expect(page).toHaveURL("/checkout");
  await expect(page.getByLabel("留言")).toHaveValue("少冰");
  expect(await ordersOf(page)).toEqual([]);
  await page.getByRole("button", { name: "提交订单" }).click();
  await expect(page).toHaveURL(/\/orders\/[0-9a-f]+$/);
});

test("the chosen time stays when the network comes back", async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/);
  await atCheckout(page, shop);
  const time = page.getByLabel("自提时间");
  const third = await time.locator("option").nth(2).getAttribute("value");
  await time.selectOption(third);
  await page.getByLabel("怎么称呼").fill("王阿姨");
  await context.setOffline(true);
  await expect(shop.toast).toContainText("没有网络");
  const asked = page.waitForResponse("**/api/v1/pickup-times");
  await context.setOffline(false);
  // Whether it asks anew or not, the form is as it was.
  await Promise.race([asked, page.waitForTimeout(2_000)]);
  await expect(time).toHaveValue(third);
  await expect(page.getByLabel("怎么称呼")).toHaveValue("王阿姨");
  await expect(page.getByRole("button", { name: "提交订单" })).toBeEnabled();
});

test("a long list of orders is shown page by page, to the first one", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  await signIn(shop);
  const first = await order(page);
  // Copies of it, older by an hour each.
  const columns = "member, state, total, currency, payment, pickup_from, pickup_to, pickup_place, contact_name, contact_phone, note, secret, changed_at";
  for (let n = 1; n <= 45; n += 1) {
    const id = n.toString(16).padStart(20, "0");
    await change(ownBackend, `INSERT INTO orders (id, number, digits, placed_at, ${columns}) SELECT ?, ?, ?, placed_at - ? * 3600000, ${columns} FROM orders WHERE id = ?`, id, `250101-${String(n).padStart(3, "0")}`, String(100000 + n), n, first.id);
  }
  await shop.open("/orders");
  const rows = shop.main.getByRole("listitem");
  await expect(rows.first()).toContainText(first.number);
  const older = page.getByRole("button", { name: "更早的订单" });
  const some = await rows.count();
  expect(some).toBeLessThan(46);
  await older.click();
  await expect.poll(() => rows.count()).toBeGreaterThan(some);
  for (let press = 0; press < 5; press += 1) {
    const before = await rows.count();
    if (before >= 46) break;
    await older.click();
    await expect.poll(() => rows.count()).toBeGreaterThan(before);
  }
  await expect(rows).toHaveCount(46);
  await expect(rows.last()).toContainText("250101-045");
  await expect(older).toHaveCount(0);
});

test("a number that was mistyped is corrected at once, and gets a code of its own", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/sign-in");
  await page.getByLabel("手机号").fill(number());
  await page.getByRole("button", { name: "发验证码" }).click();
  await shownCode(page);
  // Nothing typed yet: said, and nothing is sent.
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await expect(shop.main.getByRole("alert")).toHaveText("请填收到的 6 位验证码");
  await page.getByLabel("手机号").fill(number());
  await expect(page.getByLabel("验证码")).toBeHidden();
  await page.getByRole("button", { name: "发验证码" }).click();
  await page.getByLabel("验证码").fill(await shownCode(page));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/me");
});
