// 长辈版, and the sizes of letters and of what can be pressed, measured.
import { audit, expect, test } from "../fixtures.js";
import { hidden, sticksOut, tooSmall } from "../measure.js";
import { stepTaken } from "../shop.js";

const PAGES = ["/", "/products", "/products/salmon-sashimi", "/cart", "/me", "/settings", "/live", "/nowhere"];

/** Opens a page with something in the cart, so that badge, line and sum are there too. */
async function opened(page, shop, path, settings) {
  await shop.keep(settings);
  if (path === "/cart") {
    await page.addInitScript(() => {
      const price = { amount: 4590, currency: "CNY" };
      const line = { product: "salmon-sashimi", variant: "salmon-sashimi-200g", quantity: 12, name: "三文鱼刺身", variant_name: "200g", price };
      if (!localStorage.getItem("cart")) localStorage.setItem("cart", JSON.stringify({ lines: [line] }));
    });
  }
  await shop.open(path);
  await shop.settled();
  if (path === "/products") await expect(shop.rows.first()).toBeVisible();
  if (path === "/cart") await expect(page.getByRole("link", { name: "三文鱼刺身" })).toBeVisible();
}

for (const path of PAGES) {
  test(`the switch is on ${path}`, { tag: path === "/" ? "@tablet" : [] }, async ({ page, shop }) => {
    await shop.open(path);
    await page.getByRole("button", { name: "长辈版" }).click();
    await expect(page.locator("html")).toHaveAttribute("data-elder", "");
    await expect(shop.toast).toContainText("已换成长辈版");
    await page.reload();
    await shop.ready();
    const back = page.getByRole("button", { name: "标准版" });
    await expect(back).toHaveAttribute("aria-pressed", "true");
    await back.click();
    await expect(page.locator("html")).not.toHaveAttribute("data-elder");
  });

  test(`长辈版: letters of 18, lines of 1.3, targets of 60 on ${path}`, async ({ page, shop }) => {
    await opened(page, shop, path, { elder: true });
    expect(await tooSmall(page, { text: 18, line: 1.3, target: 60 })).toEqual([]);
  });

  test(`长辈版 at its largest: letters of 30 on ${path}`, async ({ page, shop }) => {
    await opened(page, shop, path, { elder: true, size: 3 });
    const letters = await tooSmall(page, { text: 18, line: 1.3, target: 60 });
    expect(letters).toEqual([]);
    const body = await page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
    expect(body).toBeGreaterThanOrEqual(30);
  });

  test(`standard: targets of 44, lines of 1.3 on ${path}`, { tag: "@tablet" }, async ({ page, shop }) => {
    await opened(page, shop, path, {});
    expect(await tooSmall(page, { text: 12, line: 1.3, target: 44 })).toEqual([]);
  });

  for (const width of [390, 320]) {
    test(`nothing sticks out, nothing lies upon another on ${path} at ${width} px`, async ({ page, shop }) => {
      await page.setViewportSize({ width, height: 700 });
      await opened(page, shop, path, { elder: true, size: 3 });
      for (const [elder, size] of [[true, 3], [true, 0], [false, 3], [false, 0]]) {
        await page.evaluate(({ elder, size }) => {
          const root = document.documentElement;
          root.toggleAttribute("data-elder", elder);
          root.dataset.size = size;
        }, { elder, size });
        const mode = `${elder ? "长辈版" : "standard"}, size ${size}`;
        expect.soft(await sticksOut(page), mode).toEqual([]);
        expect.soft(await hidden(page), mode).toEqual([]);
      }
    });
  }
}

test("the sheets have letters of 18 and targets of 60 too", async ({ page, shop }) => {
  await opened(page, shop, "/", { elder: true });
  await page.getByRole("button", { name: "进群" }).click();
  await expect(shop.sheet.getByRole("img", { name: "进邻里群" })).toBeVisible();
  expect(await tooSmall(page, { text: 18, line: 1.3, target: 60 })).toEqual([]);
  await page.keyboard.press("Escape");
  await stepTaken(page);
  await page.getByRole("button", { name: "把牛油果加入购物车" }).click();
  await expect(shop.sheet.getByRole("radio").first()).toBeVisible();
  expect(await tooSmall(page, { text: 18, line: 1.3, target: 60 })).toEqual([]);
  await audit(page);
});

test("nothing moves in 长辈版, nor for whoever wants no motion", async ({ page, shop }) => {
  const moving = () => page.evaluate(() => document.getAnimations().filter((it) => it.playState === "running").length);
  await page.route("**/api/v1/**", () => {});
  // The settings of these tests ask for less motion.
  await shop.open("/");
  expect(await moving()).toBe(0);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await page.reload();
  await shop.ready();
  await expect.poll(moving).toBeGreaterThan(0);
  await page.getByRole("button", { name: "长辈版" }).click();
  await expect.poll(moving).toBe(0);
});
