// A shop that has just been opened: nothing there yet, and every page still makes sense.
import { audit, expect, test } from "../fixtures.js";

test.use({ baseURL: async ({ emptyBackend }, use) => use(emptyBackend.url) });

test("home greets and says that there will be more", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/");
  await expect(page.getByRole("heading", { name: "小店刚开张，货架还在摆" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).not.toBeEmpty();
  await expect(page.getByRole("button", { name: "进群" })).toHaveCount(0);
  await audit(page);
});

test("the shelves are empty, and nobody is told to search otherwise", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/products");
  await shop.settled();
  await expect(shop.rail.getByRole("link")).toHaveCount(1);
  await expect(shop.main.getByRole("heading", { level: 2 })).toBeVisible();
  await expect(shop.main).not.toContainText("换个词试试");
  await audit(page);
});

test("no live show", async ({ page, shop }) => {
  await shop.open("/live");
  await expect(page.getByRole("heading", { name: "现在没有直播" })).toBeVisible();
  await audit(page);
  await shop.main.getByRole("link", { name: "首页" }).click();
  await expect(page).toHaveURL("/");
});

test("an empty cart leads to the shelves", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/cart");
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
  await audit(page);
  await page.getByRole("link", { name: "看看货架" }).click();
  await expect(page).toHaveURL("/products");
});

test("mine without an address or a phone", async ({ page, shop }) => {
  await shop.open("/me");
  await shop.settled();
  await expect(page.getByText("邻居，您好")).toBeVisible();
  await audit(page);
});
