// The sheet that asks which: from any list, for goods with several variants.
import { audit, expect, test } from "../fixtures.js";

test("a card's plus asks which variant, and puts the chosen one in", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/");
  await page.getByRole("button", { name: "把牛油果加入购物车" }).click();
  await expect(shop.sheet).toHaveAccessibleName("选规格");
  await expect(shop.sheet).toContainText("牛油果");
  await expect(shop.sheet.getByRole("radio", { name: /^2 个/ })).toBeChecked();
  await audit(page);
  await shop.sheet.getByRole("radio", { name: /^4 个/ }).check();
  await expect(shop.sheet.locator("b").first()).toContainText("23.8");
  await shop.sheet.getByRole("button", { name: "多一件" }).click();
  await shop.sheet.getByRole("button", { name: "加入购物车", exact: true }).click();
  await expect(shop.sheet).toBeHidden();
  await expect(shop.toast).toContainText("牛油果 已加入，购物车共 2 件");
  await expect(shop.tab(/购物车/)).toContainText("2");
  await expect(page).toHaveURL("/");
  await shop.tab(/购物车/).click();
  await expect(shop.main).toContainText("4 个");
  await expect(shop.main).toContainText(/¥47.60?/);
});

test("a row's plus puts a single variant in at once", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/products?q=broccoli");
  await page.getByRole("button", { name: "把西兰花加入购物车" }).click();
  await expect(shop.toast).toContainText("西兰花 已加入，购物车共 1 件");
  await expect(shop.sheet).toBeHidden();
  await expect(shop.tab(/购物车/)).toContainText("1");
});

test("what is sold out has no plus", async ({ shop }) => {
  await shop.open("/products?q=hairy");
  await expect(shop.rows).toHaveCount(1);
  await expect(shop.rows).toContainText("卖完了");
  await expect(shop.rows.getByRole("button")).toHaveCount(0);
});

test("closing it changes nothing", async ({ page, shop }) => {
  await shop.open("/");
  await page.getByRole("button", { name: "把牛油果加入购物车" }).click();
  await expect(shop.sheet.getByRole("radio", { name: /^2 个/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(shop.sheet).toBeHidden();
  await expect(page.getByRole("button", { name: "把牛油果加入购物车" })).toBeFocused();
  expect(await page.evaluate(() => localStorage.getItem("cart"))).toBeNull();
});
