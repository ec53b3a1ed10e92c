// Signing in with a number and a code, and out again, so that nothing of the member stays behind.
import { change } from "../database.js";
import { audit, expect, test } from "../fixtures.js";
import { chinese } from "../measure.js";
import { enter, kept, known, masked, number, order, shownCode, signIn } from "../member.js";
import { hold, requests } from "../network.js";

const alert = (page) => page.getByRole("main").getByRole("alert");

test("a wrong number is said before anything is sent", { tag: "@tablet" }, async ({ page, shop }) => {
  const asked = requests(page, /\/sign-in/);
  await shop.open("/sign-in");
  await expect(page).toHaveTitle("登录 · 邻里优选");
  asked.length = 0;
  for (const wrong of ["", "138 0013 800", "12800138000", "+1 415 555 0137", "我的号码"]) {
    await page.getByLabel("手机号").fill(wrong);
    await page.getByRole("button", { name: "发验证码" }).click();
    await expect(alert(page)).toHaveText("手机号是 11 位数字，请再看看");
  }
  expect(asked).toEqual([]);
  await audit(page);
  // As people write it down.
  const phone = number();
  await page.getByLabel("手机号").fill(`+86 ${phone.slice(0, 3)}-${phone.slice(3, 7)} ${phone.slice(7)}`);
  await page.getByRole("button", { name: "发验证码" }).click();
  await shownCode(page);
  await expect(alert(page)).toHaveCount(0);
  expect(asked).toHaveLength(1);
});

test("a number, its code, and whoever it is stands on the page", { tag: "@tablet" }, async ({ page, shop, context }) => {
  const phone = number();
  await shop.open("/me");
  await expect(page.getByText("邻居，您好")).toBeVisible();
  await shop.main.getByRole("link", { name: "登录" }).click();
  await expect(page).toHaveURL("/sign-in");
  await enter(page, phone);
  await expect(page).toHaveURL("/me");
  await expect(shop.toast).toContainText("登录好了");
  await expect(shop.main).toContainText("老邻居");
  await expect(shop.main).toContainText(masked(phone));
  expect(await known(page)).toBe(200);
  // The whole number is nowhere on this phone, and the session where no script looks.
  expect(await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage }))).not.toContain(phone);
  expect((await context.cookies(new URL("/api/v1/me", page.url()).href)).map(({ name }) => name)).toEqual(["session"]);
  await audit(page);
  await page.reload();
  await shop.ready();
  await expect(shop.main).toContainText(masked(phone));
});

test("a wrong code is said, and the right one still works", { tag: "@tablet" }, async ({ page, shop, complaints }) => {
  complaints.allow(/422/);
  await shop.open("/sign-in");
  await page.getByLabel("手机号").fill(number());
  await page.getByRole("button", { name: "发验证码" }).click();
  const right = await shownCode(page);
  await expect(page.getByLabel("验证码")).toBeFocused();
  await page.getByLabel("验证码").fill(right === "000000" ? "111111" : "000000");
  await page.keyboard.press("Enter");
  await expect(alert(page)).toHaveText("号码不对，请再看看");
  await expect(page).toHaveURL("/sign-in");
  expect(await known(page)).toBe(401);
  await audit(page);
  await page.getByLabel("验证码").fill(right);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/me");
});

test("whoever guesses on is told that the code is over", async ({ page, shop, complaints }) => {
  complaints.allow(/422/);
  await shop.open("/sign-in");
  await page.getByLabel("手机号").fill(number());
  await page.getByRole("button", { name: "发验证码" }).click();
  const right = await shownCode(page);
  const wrong = right === "000000" ? "111111" : "000000";
  for (let time = 0; time < 5; time += 1) {
    const answer = page.waitForResponse("**/api/v1/sign-in");
    await page.getByLabel("验证码").fill(wrong);
    await page.keyboard.press("Enter");
    expect((await answer).status()).toBe(422);
    await expect(shop.main.getByRole("button", { name: "登录" })).toBeEnabled();
  }
  await page.getByLabel("验证码").fill(right);
  await page.keyboard.press("Enter");
  await expect(alert(page)).toHaveText("验证码过期了，请重新发一个");
});

test("another code may be asked for after a minute, not before", { tag: "@tablet" }, async ({ page, shop, backend, complaints }) => {
  complaints.allow(/429/, /422/);
  const phone = number();
  await page.clock.install();
  await shop.open("/sign-in");
  await page.getByLabel("手机号").fill(phone);
  await page.getByRole("button", { name: "发验证码" }).click();
  const first = await shownCode(page);
  const again = page.getByRole("button", { name: /重发|重新发/ });
  await expect(again).toBeDisabled();
  await expect(again).toHaveText(/^(60|5\d) 秒后可重发$/);
  await page.clock.runFor(20_000);
  await expect(again).toHaveText(/^[34]\d 秒后可重发$/);
  await page.clock.runFor(45_000);
  await expect(again).toHaveText("重新发");
  await expect(again).toBeEnabled();
  // The page's minute is over, the shop's is not: it says how long.
  await again.click();
  await expect(alert(page)).toContainText(/请过 \d+ 秒再试/);
  expect(await change(backend, "UPDATE sent_codes SET sent_at = sent_at - 60000 WHERE phone = ?", phone)).toBe(1);
  await again.click();
  await expect(again).toBeDisabled();
  await expect(alert(page)).toHaveCount(0);
  const second = await shownCode(page);
  if (second !== first) {
    await page.getByLabel("验证码").fill(first);
    await page.keyboard.press("Enter");
    await expect(alert(page)).toHaveText("号码不对，请再看看");
  }
  await page.getByLabel("验证码").fill(second);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/me");
});

test("it leads back to where one wanted to go, once", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/me");
  await shop.open("/orders?tab=done");
  await expect(page.getByRole("heading", { name: "请先登录" })).toBeVisible();
  await signIn(shop, number(), "/orders?tab=done");
  await expect(page.getByRole("heading", { level: 1, name: "我的订单" })).toBeVisible();
  // Back does not lead to a sign-in that is done.
  await page.goBack();
  await expect(page).not.toHaveURL(/sign-in/);
});

for (const next of ["//evil.example", "https://evil.example/me", "/\\evil.example", "javascript:alert(1)", "/%2F%2Fevil.example/../..//evil.example"]) {
  test(`it never leads to another site: next=${next}`, async ({ page, shop, baseURL }) => {
    await shop.open(`/sign-in?next=${encodeURIComponent(next)}`);
    await enter(page, number());
    await expect(shop.toast).toContainText("登录好了");
    await expect(page).not.toHaveURL(/sign-in/);
    expect(new URL(page.url()).origin).toBe(baseURL);
    await expect(shop.main).toBeVisible();
  });
}

test.describe("signing out", () => {
  // Orders take from the shelves.
  test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

  /** A member with something in every place of this phone. */
  async function livedIn(page, shop, phone = number()) {
    await signIn(shop, phone);
    const placed = await order(page);
    await shop.open(`/orders/${placed.id}`);
    await expect(shop.main).toContainText(placed.number);
    await shop.put("salmon-sashimi");
    await shop.open("/checkout");
    await page.getByLabel("怎么称呼").fill("林阿姨");
    await expect.poll(() => kept(page)).toEqual(["cart", "contact", "member", "met", "note", "orders"]);
    await shop.open("/me");
    return placed;
  }

  test("takes everything of the member along", { tag: "@tablet" }, async ({ page, shop, complaints }) => {
    complaints.allow(/401/);
    const placed = await livedIn(page, shop);
    await page.getByRole("button", { name: "退出登录" }).click();
    await expect(page.getByText("邻居，您好")).toBeVisible();
    await expect(shop.tab(/购物车/)).not.toContainText("1");
    await expect.poll(() => kept(page)).toEqual([]);
    await expect.poll(() => known(page)).toBe(401);
    await shop.open(`/orders/${placed.id}`);
    await expect(page.getByRole("heading", { name: "请先登录" })).toBeVisible();
    await expect(shop.main).not.toContainText(placed.number);
  });

  test("works without a network, and the backend learns it when it is back", { tag: "@tablet" }, async ({ page, shop, context, complaints }) => {
    complaints.allow(/ERR_INTERNET_DISCONNECTED/);
    await livedIn(page, shop);
    await context.setOffline(true);
    await page.getByRole("button", { name: "退出登录" }).click();
    await expect(page.getByText("邻居，您好")).toBeVisible();
    for (const key of ["member", "orders", "contact", "cart"]) await expect.poll(() => kept(page), key).not.toContain(key);
    await context.setOffline(false);
    await expect.poll(() => known(page)).toBe(401);
    await expect.poll(() => kept(page)).toEqual([]);
  });

  test("is told to the backend by the next page when this one was closed", async ({ page, shop, context, complaints }) => {
    complaints.allow(/ERR_INTERNET_DISCONNECTED/);
    await livedIn(page, shop);
    await context.setOffline(true);
    await page.getByRole("button", { name: "退出登录" }).click();
    await expect(page.getByText("邻居，您好")).toBeVisible();
    await page.close();
    await context.setOffline(false);
    const next = await context.newPage();
    await next.goto("/");
    await expect.poll(() => known(next)).toBe(401);
  });

  test("is followed by the other tabs, which keep nothing to show to the next member", async ({ page, shop, context, complaints }) => {
    // What was on its way when the session ended is refused.
    complaints.allow(/401/);
    const placed = await livedIn(page, shop);
    const other = await context.newPage();
    await other.goto("/orders");
    await expect(other.getByRole("main")).toContainText(placed.number);
    await page.getByRole("button", { name: "退出登录" }).click();
    await expect(other.getByRole("heading", { name: "请先登录" })).toBeVisible();
    const lists = await hold(other, "**/api/v1/orders?*");
    await signIn(shop);
    // The other tab has heard of the next member, and waits for that member's orders.
    await expect(other.getByRole("heading", { name: "请先登录" })).toHaveCount(0);
    await expect(other.getByRole("main")).not.toContainText(placed.number);
    await expect(other.locator('[aria-busy="true"]')).toBeAttached();
    lists.letGo();
    await expect(other.getByRole("heading", { name: "这里还没有订单" })).toBeVisible();
  });

  test("what is cleared in the settings is cleared of the member too", { tag: "@tablet" }, async ({ page, shop, complaints }) => {
    // What was on its way when the session ended is refused.
    complaints.allow(/401/);
    await livedIn(page, shop);
    await shop.open("/settings");
    await page.getByRole("button", { name: "清除这台手机上的内容" }).click();
    await expect(shop.toast).toContainText("已清除");
    await expect.poll(() => kept(page)).toEqual([]);
    await expect.poll(() => known(page)).toBe(401);
  });
});

test("it can be signed in by keyboard, and in English", { tag: "@tablet" }, async ({ page, shop, complaints }) => {
  complaints.allow(/422/);
  await shop.keep({ language: "en" });
  await shop.open("/sign-in");
  await page.getByLabel("Mobile number").fill("12");
  await page.keyboard.press("Enter");
  await expect(alert(page)).toContainText("11 digits");
  await page.getByLabel("Mobile number").fill(number());
  await page.keyboard.press("Enter");
  const code = await shownCode(page);
  expect(await chinese(page)).toEqual([]);
  await expect(page.getByLabel("Code", { exact: true })).toBeFocused();
  await page.keyboard.type(code === "000000" ? "111111" : "000000");
  await page.keyboard.press("Enter");
  await expect(alert(page)).toHaveText("That is not the right code");
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/me");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  expect(await chinese(page)).toEqual([]);
});

test("a shop that cannot be reached says so, and the number stays typed", async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/);
  const phone = number();
  await shop.open("/sign-in");
  await expect(page.getByLabel("手机号")).toBeVisible();
  await context.setOffline(true);
  await page.getByLabel("手机号").fill(phone);
  await page.getByRole("button", { name: "发验证码" }).click();
  await expect(alert(page)).toHaveText("没有网络");
  await context.setOffline(false);
  // Before the page has heard of it, it would say again that there is none.
  await expect(shop.toast).toContainText("网络恢复了");
  await page.getByRole("button", { name: "发验证码" }).click();
  await shownCode(page);
  await expect(page.getByLabel("手机号")).toHaveValue(phone);
});
