// Every page in its languages and sizes, audited; and the shop with the keyboard alone.
import { audit, expect, test } from "../fixtures.js";

const PAGES = ["/", "/products", "/products/salmon-sashimi", "/products?merchant=coffee", "/cart", "/sign-in", "/checkout", "/orders", "/me", "/settings", "/live", "/nowhere"];
const MODES = { zh: {}, en: { language: "en" }, 长辈版: { elder: true }, "长辈版 at its largest": { elder: true, size: 3 } };

for (const path of PAGES) {
  for (const [mode, settings] of Object.entries(MODES)) {
    test(`audit of ${path}: ${mode}`, { tag: ["zh", "en"].includes(mode) ? "@tablet" : [] }, async ({ page, shop }) => {
      await shop.keep(settings);
      await shop.open(path);
      await shop.settled();
      if (path === "/products") await expect(shop.rows.first()).toBeVisible();
      await audit(page);
      await expect(page.getByRole("main")).toHaveCount(1);
      await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    });
  }
}

/** Presses Tab until something has the focus; on the way every stop must be seen. */
async function tabTo(page, target) {
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press("Tab");
    const { unseen, where } = await page.evaluate(() => {
      const element = document.activeElement;
      // A field hidden in its label is shown by what stands beside it.
      const drawn = [element, element.nextElementSibling, element.closest("label")].filter(Boolean);
      const seen = drawn.some((part) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(part);
        return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
      });
      return { unseen: element !== document.body && !seen, where: element.outerHTML.slice(0, 120) };
    });
    expect(unseen, `the focus is not seen on ${where}`).toBe(false);
    if (await target.evaluate((element) => element === document.activeElement)) {
      // Not behind a bar either (WCAG 2.4.11).
      const free = () => target.evaluate((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return [0.2, 0.5, 0.8].some((part) => {
          const there = document.elementFromPoint(x + width / 2, y + height * part);
          return there && (element.contains(there) || there.contains(element) || there.closest("label")?.contains(element));
        });
      });
      await expect.poll(free, { message: "the focus is covered" }).toBe(true);
      return;
    }
  }
  throw new Error("Tab never came there");
}

test("the shop with the keyboard alone", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/");
  await shop.settled();
  await tabTo(page, shop.tab("分类"));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/products");
  // Whoever moves begins at the heading.
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(shop.rows.first()).toBeVisible();
  await tabTo(page, shop.rows.nth(1).getByRole("link"));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/products/tomato");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.getByRole("button", { name: "加入购物车", exact: true })).toBeVisible();
  await tabTo(page, page.getByRole("radio").first());
  await page.keyboard.press("ArrowDown");
  await expect(page).toHaveURL(/variant=tomato-1500g/);
  await tabTo(page, page.getByRole("button", { name: "多一件" }));
  await page.keyboard.press("Space");
  await tabTo(page, page.getByRole("button", { name: "加入购物车", exact: true }));
  await page.keyboard.press("Space");
  await expect(shop.toast).toContainText("共 2 件");
  // What was said does not take the focus away.
  await expect(page.getByRole("button", { name: "加入购物车", exact: true })).toBeFocused();
});

test("a variant chosen by keyboard keeps the focus", async ({ page, shop }) => {
  await shop.open("/products/salmon-sashimi");
  await page.getByRole("radio", { name: /^200g/ }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /^400g/ })).toBeChecked();
  await expect(page.getByRole("radio", { name: /^400g/ })).toBeFocused();
});

test("a filter pressed by keyboard keeps the focus", async ({ page, shop }) => {
  await shop.open("/products");
  await expect(shop.rows.first()).toBeVisible();
  const special = shop.filters.getByRole("button", { name: "只看特惠" });
  await special.focus();
  await page.keyboard.press("Space");
  await expect(special).toHaveAttribute("aria-pressed", "true");
  await expect(special).toBeFocused();
});

test("a changed language keeps the focus", async ({ page, shop }) => {
  await shop.open("/settings");
  await page.getByRole("radio", { name: "中文" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  // On the choice or at the heading, but not lost.
  await expect(page.locator(":focus")).toHaveAccessibleName(/^(English|Settings)$/);
});

test("the way over the top bar of every page has names", async ({ page, shop }) => {
  for (const path of PAGES) {
    await shop.open(path);
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll("a[href], button, input, select")]
        .filter((element) => element.checkVisibility() && !(element.textContent.trim() || element.getAttribute("aria-label") || element.labels?.[0]?.textContent.trim()))
        .map((element) => element.outerHTML.slice(0, 120)),
    );
    expect(nameless, path).toEqual([]);
  }
});
