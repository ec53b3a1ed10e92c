// Every address can be opened directly, has its title, and leads on.
import { expect, test } from "../fixtures.js";
import { frames } from "../shop.js";

const ROUTES = [
  ["/", "邻里优选", "邻里优选"],
  ["/products", "分类 · 邻里优选", "分类"],
  ["/products/", "分类 · 邻里优选", "分类"],
  ["/products?category=fruit", "分类 · 邻里优选", "分类"],
  ["/products/salmon-sashimi", "三文鱼刺身 · 邻里优选", /商品|三文鱼刺身/],
  ["/live", "直播 · 邻里优选", "直播"],
  ["/cart", "购物车 · 邻里优选", "购物车"],
  ["/sign-in", "登录 · 邻里优选", "登录"],
  ["/checkout", "结算 · 邻里优选", "结算"],
  ["/orders", "我的订单 · 邻里优选", "我的订单"],
  ["/orders/nowhere", "订单 · 邻里优选", "订单"],
  ["/me", "我的 · 邻里优选", "我的"],
  ["/settings", "设置 · 邻里优选", "设置"],
  ["/settings#privacy", "设置 · 邻里优选", "设置"],
  ["/nowhere", "这里什么都没有 · 邻里优选", "这里什么都没有"],
  ["/products/a/b", "这里什么都没有 · 邻里优选", "这里什么都没有"],
];

for (const [path, title, heading] of ROUTES) {
  test(`${path} opens directly`, { tag: "@tablet" }, async ({ page, shop }) => {
    await shop.open(path);
    await expect(page).toHaveTitle(title);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeAttached();
  });
}

test("the five tabs lead to their pages, each from its top", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/");
  await shop.settled();
  for (const [name, path] of [["分类", "/products"], ["直播", "/live"], ["购物车", "/cart"], ["我的", "/me"], ["首页", "/"]]) {
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await shop.tab(name).click();
    await expect(page).toHaveURL(path);
    await expect(shop.tab(name)).toHaveAttribute("aria-current", "page");
    await expect(shop.tabs.locator("[aria-current=page]")).toHaveCount(1);
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
  }
  await expect(page).toHaveTitle("邻里优选");
});

test("back and forward go through the pages without loading anew", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/");
  await page.evaluate(() => (window.same = true));
  await shop.tab("分类").click();
  await shop.tab("我的").click();
  await page.getByRole("link", { name: "设置" }).click();
  await expect(page).toHaveURL("/settings");
  for (const path of ["/me", "/products", "/"]) {
    await page.goBack();
    await expect(page).toHaveURL(path);
  }
  await page.goForward();
  await expect(page).toHaveURL("/products");
  await expect(page).toHaveTitle("分类 · 邻里优选");
  expect(await page.evaluate(() => window.same)).toBe(true);
});

test("home gives its place back too", async ({ page, shop }) => {
  await shop.open("/");
  await shop.settled();
  // A page that opens goes to its top.
  await frames(page);
  const partner = page.getByRole("link", { name: "巷口咖啡" });
  await partner.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  expect(before).toBeGreaterThan(200);
  await partner.click();
  await expect(shop.rows).toHaveCount(4);
  await page.goBack();
  await expect(page).toHaveURL("/");
  await expect.poll(async () => Math.abs((await page.evaluate(() => scrollY)) - before)).toBeLessThanOrEqual(4);
});

test("a page that does not exist leads home", async ({ page, shop }) => {
  await shop.open("/nowhere");
  await page.getByRole("main").getByRole("link", { name: "首页" }).click();
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("heading", { level: 1, name: "邻里优选" })).toBeVisible();
});

test("manifest and icon are there", async ({ request }) => {
  const manifest = await request.get("/manifest.webmanifest");
  expect(manifest.ok()).toBe(true);
  const { icons, start_url: start } = await manifest.json();
  expect(start).toBe("/");
  for (const { src } of icons) expect((await request.get(src)).ok(), src).toBe(true);
});
