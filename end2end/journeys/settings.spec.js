// Language, text size, what is kept on the phone.
import { expect, test } from "../fixtures.js";
import { chinese } from "../measure.js";
import { stepTaken } from "../shop.js";

test("the language changes at once, every word of it, and stays", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/settings");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await page.getByRole("radio", { name: "English" }).check();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await expect(page.getByText("Text size")).toBeVisible();
  await expect(page.getByRole("radio", { name: "English" })).toBeChecked();
  await expect(page).toHaveTitle(/^Settings · /);
  await page.reload();
  await shop.ready();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.getByRole("radio", { name: "中文" }).check();
  await expect(page.getByRole("heading", { level: 1, name: "设置" })).toBeVisible();
  await page.reload();
  await shop.ready();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
});

for (const path of ["/", "/products", "/products?q=zzzz", "/products/salmon-sashimi", "/cart", "/sign-in", "/checkout", "/orders", "/me", "/settings", "/live", "/nowhere"]) {
  test(`in English nothing Chinese is left on ${path}`, async ({ page, shop }) => {
    await shop.keep({ language: "en" });
    await shop.open(path);
    await shop.settled();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await expect.poll(() => chinese(page)).toEqual([]);
  });
}

test("in English the sheets are English too", async ({ page, shop }) => {
  await shop.keep({ language: "en" });
  await shop.open("/");
  await page.getByRole("button", { name: "Group" }).click();
  await expect(shop.sheet).toContainText("Join the neighbours' group");
  expect(await chinese(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await stepTaken(page);
  await page.getByRole("button", { name: "Add Avocados to the cart" }).click();
  await expect(shop.sheet.getByRole("radio", { name: /^2 pcs/ })).toBeVisible();
  expect(await chinese(page)).toEqual([]);
});

test("a browser that speaks English is greeted in English", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ locale: "en-GB", baseURL });
  const page = await context.newPage();
  await page.goto("/");
  await expect(page.getByRole("link", { name: "Browse" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("heading", { name: "Today's specials" })).toBeVisible();
  await context.close();
});

test("the text grows with the size that is chosen, and keeps it", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/settings");
  const sample = page.getByText(/三文鱼，6 点/);
  const size = async () => parseFloat(await sample.evaluate((element) => getComputedStyle(element).fontSize));
  const sizes = [];
  for (const name of ["标准", "大", "更大", "最大"]) {
    await page.getByRole("radio", { name, exact: true }).check();
    sizes.push(await size());
  }
  expect(sizes).toEqual([...sizes].sort((one, other) => one - other));
  expect(sizes.at(-1)).toBeGreaterThan(sizes[0] * 1.4);
  await page.reload();
  await shop.ready();
  await expect(page.getByRole("radio", { name: "最大" })).toBeChecked();
  await expect.poll(size).toBe(sizes.at(-1));
});

test("another tab follows the settings", async ({ page, shop, context }) => {
  await shop.open("/me");
  const other = await context.newPage();
  await other.goto("/settings");
  await other.getByRole("radio", { name: "English" }).check();
  await expect(page.getByRole("heading", { level: 1, name: "Me" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("what the phone keeps can be cleared", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.put("salmon-sashimi");
  await shop.open("/me");
  await page.getByRole("button", { name: "长辈版" }).click();
  await page.getByRole("link", { name: "隐私" }).click();
  await expect(page).toHaveURL("/settings#privacy");
  await expect(page.getByRole("region", { name: "隐私" })).toBeInViewport();
  await page.getByRole("button", { name: "清除这台手机上的内容" }).click();
  await expect(shop.toast).toContainText("已清除");
  await expect(page.locator("html")).not.toHaveAttribute("data-elder");
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  await page.goBack();
  await expect(shop.tab(/购物车/)).not.toContainText("1");
});
