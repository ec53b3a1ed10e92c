// The pages of whoever buys are a part of the wasm of their own.
import { audit, expect, test } from "../fixtures.js";
import { hold, requests } from "../network.js";

const PART = "**/split_member-*.wasm";
const asks = (page) => requests(page, /\/split_member-/);

test("whoever looks around does not download it; something in the cart fetches it, once", { tag: "@tablet" }, async ({ page, shop }) => {
  const asked = asks(page);
  await shop.open("/");
  await shop.settled();
  await shop.tab("分类").click();
  await expect(shop.rows.first()).toBeVisible();
  expect(asked).toEqual([]);
  await shop.put("salmon-sashimi");
  await expect.poll(() => asked.length).toBe(1);
  await page.getByRole("link", { name: "购物车 共 1 件" }).click();
  await expect(page.getByRole("link", { name: "去结算" })).toBeVisible();
  expect(asked).toHaveLength(1);
});

test("a page of it shows that it is on its way", { tag: "@tablet" }, async ({ page, shop }) => {
  const part = await hold(page, PART);
  await shop.open("/cart");
  const busy = shop.main.locator('[aria-busy="true"]');
  await expect(busy.getByRole("status")).toHaveText("正在取…");
  await audit(page);
  part.letGo();
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
  await expect(busy).toHaveCount(0);
});

test("who leaves while it is on its way stays where he went", async ({ page, shop }) => {
  const part = await hold(page, PART);
  await shop.open("/cart");
  await shop.tab("我的").click();
  part.letGo();
  await expect(page.getByRole("heading", { level: 1, name: "我的" })).toBeVisible();
  await page.waitForTimeout(500);
  await expect(page).toHaveTitle("我的 · 邻里优选");
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toHaveCount(0);
});

test("it does not come: said, and a button helps when it can", { tag: "@tablet" }, async ({ page, shop, complaints }) => {
  complaints.allow(/ERR_FAILED/, /Failed to fetch/);
  await page.route(PART, (route) => route.abort());
  await shop.open("/cart");
  const alert = shop.main.getByRole("alert");
  await expect(alert.getByRole("heading")).toBeVisible();
  await audit(page);
  await page.unroute(PART);
  await alert.getByRole("button", { name: "再试一次" }).click();
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
});

test("the page has its bar and its name before the part is there, and when it does not come", async ({ page, shop, complaints }) => {
  complaints.allow(/ERR_FAILED/, /Failed to fetch/);
  const part = await hold(page, PART);
  for (const [path, name] of [["/cart", "购物车"], ["/sign-in", "登录"], ["/orders", "我的订单"]]) {
    await shop.open(path);
    await expect(shop.main.locator('[aria-busy="true"]')).toBeAttached();
    await expect.soft(page.getByRole("heading", { level: 1, name }), `${path}, waiting`).toBeVisible();
    await expect.soft(page).toHaveTitle(`${name} · 邻里优选`);
  }
  part.letGo();
  await page.unroute(PART);
  await page.route(PART, (route) => route.abort());
  await shop.open("/orders");
  await expect(shop.main.getByRole("alert").getByRole("heading")).toBeVisible();
  await expect.soft(page.getByRole("heading", { level: 1, name: "我的订单" })).toBeVisible();
  await expect.soft(page.getByRole("button", { name: "返回" })).toBeVisible();
});

test("no network when it is wanted: it comes by itself when the network is back", { tag: "@tablet" }, async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/);
  await shop.open("/");
  await shop.settled();
  await context.setOffline(true);
  await shop.tab(/购物车/).click();
  await expect(shop.main.getByRole("alert").getByRole("heading")).toHaveText("没有网络");
  await context.setOffline(false);
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
});

test("altered it is not run", { tag: "@tablet" }, async ({ page, shop, complaints }) => {
  complaints.allow(/integrity|Failed to fetch|ERR_/i);
  await page.route(PART, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: Buffer.concat([await response.body(), Buffer.from([0, 3, 1, 0x78, 0])]) });
  });
  await shop.open("/cart");
  await expect(shop.main.getByRole("alert")).toBeVisible();
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toHaveCount(0);
  await page.unroute(PART);
  await shop.main.getByRole("button", { name: "再试一次" }).click();
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
});
