// Waiting: the skeleton of what will come, nothing that jumps, a word when it takes long.
import { expect, test } from "../fixtures.js";
import { shifts, watchShifts } from "../measure.js";
import { hold } from "../network.js";

const PAGES = [["home", "/", "今日特惠"], ["catalogue", "/products", "沙瓤番茄"], ["product", "/products/salmon-sashimi", "今早到店，在低温间"], ["mine", "/me", "阳光花园南门"]];

for (const [name, path, content] of PAGES) {
  test(`${name} shows the skeleton until its content comes`, { tag: "@tablet" }, async ({ page, shop }) => {
    const api = await hold(page, "**/api/v1/**");
    await shop.open(path);
    const busy = page.locator('[aria-busy="true"]').first();
    await expect(busy).toBeAttached();
    await expect(busy.getByRole("status")).toHaveText("正在取…");
    if (name !== "mine") await expect(busy.locator(".sk").first()).toBeVisible();
    api.letGo();
    await expect(page.getByText(content).first()).toBeVisible();
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  });

  for (const [mode, settings] of [["standard", {}], ["长辈版", { elder: true }], ["English", { language: "en" }]]) {
    test(`nothing jumps on ${name}: ${mode}`, { tag: mode === "standard" ? "@tablet" : [] }, async ({ page, shop }) => {
      await shop.keep(settings);
      await watchShifts(page);
      // The shell is drawn first, then the app, then the content: three layouts that must be one.
      const wasm = await hold(page, "**/*.wasm");
      const api = await hold(page, "**/api/v1/**");
      await page.goto(path);
      await shifts(page);
      wasm.letGo();
      await shop.ready();
      await shifts(page);
      api.letGo();
      await shop.settled();
      const { sum, where } = await shifts(page);
      expect(sum, JSON.stringify(where, null, 1)).toBeLessThan(0.02);
    });
  }

  test(`${name} says so when it takes long`, { tag: name === "home" ? "@tablet" : [] }, async ({ page, shop }) => {
    await page.clock.install();
    await hold(page, "**/api/v1/**");
    await shop.open(path);
    await expect(page.locator('[aria-busy="true"]').first()).toBeAttached();
    await page.clock.runFor(10_500);
    await expect(page.getByText("网络有点慢，还在取，请稍等。").first()).toBeVisible();
  });
}

// A browser counts no shift for what is replaced by something new: so the places are compared.
for (const [name, path, skeleton, content] of [
  ["home", "/", ".sk-hero", "main a:has(.scene)"],
  ["catalogue", "/products", ".list .sk-thumb", ".list li:has(h3) img"],
  ["product", "/products/salmon-sashimi", ".sk-plate.tall", "main .hero > span"],
]) {
  for (const [mode, settings] of [["standard", {}], ["长辈版", { elder: true }]]) {
    test(`shell, waiting page and ${name} are one layout: ${mode}`, { tag: mode === "standard" ? "@tablet" : [] }, async ({ page, shop }) => {
      await shop.keep(settings);
      const wasm = await hold(page, "**/*.wasm");
      const api = await hold(page, "**/api/v1/**");
      const top = async (place) => {
        const first = page.locator(`${place}:visible`).first();
        await expect(first).toBeVisible();
        return Math.round((await first.boundingBox()).y);
      };
      await page.goto(path);
      const shell = await top(`#shell ${skeleton}`);
      wasm.letGo();
      await shop.ready();
      const waiting = await top(`#app ${skeleton}`);
      api.letGo();
      await shop.settled();
      const here = await top(content);
      // The picture stands in the middle of its plate, a little below the plate's edge.
      const slack = name === "catalogue" ? 48 : 8;
      expect(Math.abs(waiting - shell), `the shell has it at ${shell}, the app at ${waiting}`).toBeLessThanOrEqual(4);
      expect(Math.abs(here - waiting), `the skeleton has it at ${waiting}, the content at ${here}`).toBeLessThanOrEqual(slack);
    });
  }
}

test("the sheet of variants shows its skeleton too", async ({ page, shop }) => {
  await shop.open("/");
  await shop.settled();
  const api = await hold(page, "**/api/v1/products/*");
  await page.getByRole("button", { name: "把牛油果加入购物车" }).click();
  await expect(shop.sheet.locator(".sk").first()).toBeVisible();
  api.letGo();
  await expect(shop.sheet.getByRole("radio").first()).toBeVisible();
});
