// No network: what was seen before with its time, elsewhere a word and a button, and it heals by
// itself. Nothing is routed here, because routing would switch the browser's own copies off.
import { audit, expect, test } from "../fixtures.js";

test.beforeEach(({ complaints }) => complaints.allow(/ERR_INTERNET_DISCONNECTED/));

test("pages seen before show their last copy with its time", { tag: "@tablet" }, async ({ page, shop, context, complaints }) => {
  // What is put in offline would have the pages of whoever buys fetched ahead.
  complaints.allow(/TypeError: Failed to fetch/);
  await shop.open("/");
  await shop.settled();
  await shop.tab("分类").click();
  await expect(shop.rows.first()).toBeVisible();
  await shop.rows.filter({ hasText: "沙瓤番茄" }).getByRole("link").click();
  await expect(page.getByRole("button", { name: "加入购物车", exact: true })).toBeVisible();
  await page.goBack();
  await context.setOffline(true);
  await expect(page.getByText("没有网络，价格和库存可能已变")).toBeVisible();
  await shop.tab("首页").click();
  await expect(page.getByText(/网络不通，先看 \d\d:\d\d 的内容/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "今日特惠" })).toBeVisible();
  await audit(page);
  await page.goBack();
  await expect(shop.rows.first()).toBeVisible();
  await shop.rows.filter({ hasText: "沙瓤番茄" }).getByRole("link").click();
  await expect(page.getByText(/网络不通，先看 \d\d:\d\d 的内容/)).toBeVisible();
  // The cart needs nobody.
  await page.getByRole("button", { name: "加入购物车", exact: true }).click();
  await expect(shop.toast).toContainText("已加入");
  await context.setOffline(false);
  await expect(shop.toast).toContainText("网络恢复了");
  await expect(page.getByText(/网络不通/)).toHaveCount(0);
  await expect(page.getByText("没有网络，价格和库存可能已变")).toHaveCount(0);
});

test("a page never seen says so, and comes by itself when the network is back", { tag: "@tablet" }, async ({ page, shop, context }) => {
  await shop.open("/");
  await shop.settled();
  await context.setOffline(true);
  await page.getByRole("link", { name: "今天的牛油果刚好熟" }).click();
  const alert = page.getByRole("alert");
  await expect(alert.getByRole("heading")).toHaveText("没有网络");
  await expect(alert).toContainText("购物车里的东西都还在");
  await audit(page);
  await alert.getByRole("button", { name: "再试一次" }).click();
  await expect(alert.getByRole("heading")).toHaveText("没有网络");
  await context.setOffline(false);
  await expect(page.getByRole("button", { name: "加入购物车", exact: true })).toBeVisible();
  await expect(alert).toHaveCount(0);
});

test("the shelves offline: a search already made shows, a new one says what is wrong", async ({ page, shop, context }) => {
  await shop.open("/products?q=swy");
  await expect(shop.rows).toHaveCount(2);
  await shop.open("/products");
  await expect(shop.rows.first()).toBeVisible();
  await context.setOffline(true);
  await shop.search.fill("swy");
  await expect(shop.rows).toHaveCount(2);
  await expect(page.getByText(/网络不通，先看/)).toBeVisible();
  await shop.search.fill("niurou");
  await expect(page.getByRole("alert").getByRole("heading")).toHaveText("没有网络");
  await context.setOffline(false);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(page).toHaveURL("/products?q=niurou");
});

test("settings and the cart work without a network", async ({ page, shop, context }) => {
  await shop.put("salmon-sashimi");
  await context.setOffline(true);
  await page.getByRole("link", { name: "购物车 共 1 件" }).click();
  await expect(shop.main).toContainText("三文鱼刺身");
  await shop.tab("我的").click();
  await page.getByRole("link", { name: "设置" }).click();
  await page.getByRole("radio", { name: "English" }).check();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await expect(page.getByText("No network; prices and stock may have changed")).toBeVisible();
});
