// The staff's page, on the tablet in the store: registered once, opened by PIN, locked by itself.
import { audit, expect, test } from "../fixtures.js";

const PIN = "880088";

/** Types a PIN on the pad. */
async function enter(page, pin) {
  for (const digit of pin) await page.getByRole("button", { name: digit, exact: true }).click();
  await page.getByRole("button", { name: "进入工作台" }).click();
}

test.describe("the desk", { tag: "@desk" }, () => {
  // Who may not yet is told so by status 401 and 403.
  test.beforeEach(({ complaints }) => complaints.allow(/40[13].*\/api\/v1\/desk\/(device|session)/));
  test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

  test("a tablet is registered by a code, once", async ({ page, shop, ownBackend, complaints, browser }) => {
    complaints.allow(/422.*\/desk\/devices/);
    await page.goto("/desk/");
    await shop.ready();
    await expect(page).toHaveTitle("店员登录 · 邻里优选");
    await expect(page.getByRole("heading", { level: 1, name: "登记这台平板" })).toBeVisible();
    await audit(page);
    await page.getByLabel("登记码").fill("WRONG234");
    await page.getByRole("button", { name: "登记", exact: true }).click();
    await expect(page.getByRole("alert")).toHaveText("登记码不对，或者已经用过了");
    const code = ownBackend.desk.split("=")[1];
    await page.getByLabel("登记码").fill(`${code.slice(0, 4)} ${code.slice(4).toLowerCase()}`);
    await page.getByRole("button", { name: "登记", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: "店员登录" })).toBeVisible();
    await audit(page);
    const other = await browser.newContext({ baseURL: ownBackend.url, locale: "zh-CN" });
    const elsewhere = await other.newPage();
    await elsewhere.goto(ownBackend.desk);
    await expect(elsewhere.getByRole("alert")).toHaveText("登记码不对，或者已经用过了");
    await other.close();
  });

  test("a link registers by itself and keeps no code in the address", async ({ page, ownBackend }) => {
    await page.goto(ownBackend.desk);
    await expect(page.getByRole("heading", { level: 1, name: "店员登录" })).toBeVisible();
    await expect(page).toHaveURL("/desk/");
  });

  test("a PIN opens it, a wrong one does not, too many wait", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/422|429.*\/desk\/sign-in/);
    await page.goto(ownBackend.desk);
    await expect(page.getByRole("button", { name: "进入工作台" })).toBeDisabled();
    await enter(page, "000000");
    await expect(page.getByRole("alert")).toHaveText("PIN 不对，请再试");
    // By the keyboard too.
    await page.getByRole("button", { name: "1", exact: true }).focus();
    await page.keyboard.type(PIN);
    await page.getByRole("button", { name: "进入工作台" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "柜台" })).toBeVisible();
    await expect(page.getByText("阿芳")).toBeVisible();
    await expect(page.getByText("在线")).toBeVisible();
    await expect(page.getByRole("heading", { name: "现在没有订单" })).toBeVisible();
    await audit(page);
    await page.reload();
    await expect(page.getByRole("heading", { level: 1, name: "柜台" })).toBeVisible();
    await page.getByRole("button", { name: "锁屏" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "店员登录" })).toBeVisible();
    for (let time = 0; time < 5; time += 1) {
      await enter(page, "111111");
      await expect(page.getByRole("alert")).toHaveText("PIN 不对，请再试");
    }
    await enter(page, PIN);
    await expect(page.getByRole("alert")).toHaveText(/请过 \d+ 秒再试/);
  });

  test("it locks by itself when nobody touches it", async ({ page, ownBackend }) => {
    await page.clock.install();
    await page.goto(ownBackend.desk);
    await enter(page, PIN);
    await expect(page.getByRole("heading", { level: 1, name: "柜台" })).toBeVisible();
    await page.clock.fastForward("04:00");
    await page.getByRole("heading", { level: 1, name: "柜台" }).click();
    await page.clock.fastForward("04:00");
    await expect(page.getByRole("heading", { level: 1, name: "柜台" })).toBeVisible();
    await page.clock.fastForward("02:00");
    await expect(page.getByRole("heading", { level: 1, name: "店员登录" })).toBeVisible();
  });

  test("says when it has no network, and goes on by itself", async ({ page, context, ownBackend, complaints }) => {
    complaints.allow(/ERR_INTERNET_DISCONNECTED/);
    await page.goto(ownBackend.desk);
    await enter(page, PIN);
    await expect(page.getByText("在线")).toBeVisible();
    await context.setOffline(true);
    await expect(page.getByText("断网", { exact: true })).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText("在线", { exact: true })).toBeVisible();
  });

  test("keeps everything in its card", async ({ page, shop, ownBackend }) => {
    await page.goto(ownBackend.desk);
    await expect(page.getByRole("heading", { level: 1, name: "店员登录" })).toBeVisible();
    for (const width of [1280, 800, 390]) {
      await page.setViewportSize({ width, height: 800 });
      const out = await page.locator("form").evaluate((form) => {
        const card = form.getBoundingClientRect();
        return [...form.querySelectorAll("*")].filter((part) => part.getBoundingClientRect().right > card.right + 1).map((part) => part.localName);
      });
      expect(out, `at ${width} px`).toEqual([]);
    }
    await shop.ready();
  });

  test("speaks both languages", async ({ page, ownBackend, shop }) => {
    await page.goto(ownBackend.desk);
    await expect(page.getByRole("heading", { level: 1, name: "店员登录" })).toBeVisible();
    await page.getByRole("button", { name: "English" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Staff sign-in" })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await audit(page);
    await page.reload();
    await shop.ready();
    await page.getByRole("button", { name: "中文" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "店员登录" })).toBeVisible();
  });

  test("has one address and leads to the shop", async ({ page, shop, request }) => {
    const response = await request.get("/desk", { maxRedirects: 0 });
    expect(response.status()).toBe(308);
    expect(response.headers().location).toBe("/desk/");
    await page.goto("/desk");
    await shop.ready();
    await expect(page).toHaveURL("/desk/");
    await page.getByRole("link", { name: /店铺页面/ }).click();
    await expect(page).toHaveURL("/");
    await shop.ready();
    await expect(page.getByRole("heading", { name: "今日特惠" })).toBeVisible();
  });

  test("opens again when its wasm did not come", async ({ page, shop, complaints }) => {
    complaints.allow(/./);
    await page.route("**/*.wasm", (route) => route.abort());
    await page.goto("/desk/");
    await expect(page.getByRole("alert")).toContainText("工作台出了点问题");
    await page.unroute("**/*.wasm");
    await page.getByRole("button", { name: "重新打开" }).click();
    await shop.ready();
    await expect(page.getByRole("heading", { level: 1, name: "登记这台平板" })).toBeVisible();
  });
});
