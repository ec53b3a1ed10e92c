// A sheet comes up from below and goes in every way that a hand tries.
import { readCode } from "../code.js";
import { audit, expect, test } from "../fixtures.js";
import { hold } from "../network.js";
import { frames, stepTaken, swipe } from "../shop.js";

test.beforeEach(async ({ shop, page }) => {
  // A page before this one, so that one "back" too many shows.
  await shop.open("/me");
  await shop.tab("首页").click();
  await shop.settled();
  await page.getByRole("button", { name: "进群" }).click();
  await expect(shop.sheet).toBeVisible();
});

/** The sheet is gone, the page is still here, and "back" leads where it led before. */
async function closed(page, shop) {
  await expect(shop.sheet).toBeHidden();
  await stepTaken(page);
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("button", { name: "进群" })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL("/me");
}

test("its code is the neighbours' group", { tag: "@tablet" }, async ({ page, shop, context }) => {
  await expect(shop.sheet).toHaveAccessibleName("进群");
  const code = shop.sheet.getByRole("img", { name: "进邻里群" });
  await expect(code).toBeVisible();
  expect(await readCode(context, await code.screenshot())).toBe("https://work.weixin.qq.com/gm/demo-linli-sunshine-garden");
  await expect(shop.sheet).toContainText("长按识别二维码");
  await audit(page);
});

test("Escape closes it and gives the focus back", { tag: "@tablet" }, async ({ page, shop }) => {
  await page.keyboard.press("Escape");
  await expect(shop.sheet).toBeHidden();
  await expect(page.getByRole("button", { name: "进群" })).toBeFocused();
  await closed(page, shop);
});

test("an answer that comes while it is open leaves the focus its way back", async ({ page, shop }) => {
  await page.keyboard.press("Escape");
  await closed(page, shop);
  const late = await hold(page, "**/api/v1/storefront");
  await shop.tab("首页").click();
  await page.getByRole("button", { name: "进群" }).click();
  await expect(shop.sheet).toBeVisible();
  const answered = page.waitForResponse("**/api/v1/storefront");
  late.letGo();
  await (await answered).finished();
  await frames(page);
  await page.keyboard.press("Escape");
  await expect(shop.sheet).toBeHidden();
  await expect(page.getByRole("button", { name: "进群" })).toBeFocused();
});

test("its button closes it", async ({ page, shop }) => {
  await shop.sheet.getByRole("button", { name: "关闭" }).click();
  await closed(page, shop);
});

test("back closes it without leaving the page", { tag: "@tablet" }, async ({ page, shop }) => {
  await page.goBack();
  await closed(page, shop);
});

test("a tap beside it closes it", async ({ page, shop }) => {
  await page.touchscreen.tap(195, 60);
  await closed(page, shop);
});

test("a swipe down closes it, one up does not", async ({ page, shop }) => {
  const { x, y, width } = await shop.sheet.boundingBox();
  const top = { x: x + width / 2, y: y + 30 };
  await swipe(page, { ...top, y: top.y + 120 }, top);
  await expect(shop.sheet).toBeVisible();
  await swipe(page, top, { ...top, y: top.y + 160 });
  await closed(page, shop);
});

test("a link that is tapped while it goes leads where it says", async ({ page, shop }) => {
  // Before the browser has taken the sheet's step back, which no hand manages on a quick phone.
  await page.evaluate(async () => {
    const sheet = document.querySelector("dialog[open]");
    sheet.querySelector("header button").click();
    for (let turn = 0; sheet.open && turn < 1_000; turn += 1) await Promise.resolve();
    document.querySelector('nav a[href="/products"]').click();
  });
  await expect(shop.sheet).toBeHidden();
  await expect(page).toHaveURL("/products");
  await page.goBack();
  await expect(page).toHaveURL("/");
  await page.goBack();
  await expect(page).toHaveURL("/me");
});

test("the focus stays inside while it is open", async ({ page, shop }) => {
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press("Tab");
    // The browser's own bar may have its turn; the page behind the sheet never has.
    expect(await page.evaluate(() => document.activeElement === document.body || !!document.activeElement.closest("dialog"))).toBe(true);
  }
});

test("it opens again, and closes at the second time too", async ({ page, shop }) => {
  await page.keyboard.press("Escape");
  await expect(shop.sheet).toBeHidden();
  await stepTaken(page);
  await page.getByRole("button", { name: "进群" }).click();
  await expect(shop.sheet).toBeVisible();
  await page.goBack();
  await closed(page, shop);
});
