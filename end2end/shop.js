// The shop as a shopper sees it: pages by their parts, found by role and name.
import { expect } from "@playwright/test";

export class Shop {
  constructor(page) {
    this.page = page;
    this.main = page.getByRole("main");
    this.tabs = page.getByRole("navigation", { name: /^(主要页面|Main pages)$/ });
    this.toast = page.locator('[role="status"][aria-live="polite"]').last();
    this.sheet = page.getByRole("dialog");
    // Catalogue
    this.search = page.getByRole("searchbox");
    this.rail = page.getByRole("navigation", { name: /^(货架|Shelves)$/ });
    this.rows = page.locator(".list li:has(h3)");
    this.filters = page.getByRole("group", { name: /^(筛选|Filters)$/ });
  }

  /** Opens an address anew and waits until the app runs. */
  async open(path = "/") {
    await this.page.goto(path);
    await this.ready();
  }

  async ready() {
    await expect(this.page.locator("html[data-ready]")).toBeAttached({ timeout: 30_000 });
  }

  /** Nothing is waited for any more. */
  async settled() {
    await expect(this.page.locator('[aria-busy="true"]')).toHaveCount(0);
  }

  tab(name) {
    return this.tabs.getByRole("link", { name });
  }

  /** The names of the rows, in their order. */
  names() {
    return this.rows.locator("h3").allTextContents();
  }

  /** Puts one of a product with a single variant into the cart. */
  async put(product) {
    await this.open(`/products/${product}`);
    await this.page.getByRole("button", { name: "加入购物车", exact: true }).click();
    await expect(this.toast).toContainText("已加入");
  }

  /** Turns 长辈版 on, as kept on the device, before the page opens. */
  async keep(settings) {
    await this.page.addInitScript((kept) => {
      // Only where nothing is kept yet: what the test changes stays changed after a reload.
      if (!localStorage.getItem("settings")) localStorage.setItem("settings", JSON.stringify(kept));
    }, { language: null, size: 0, elder: false, ...settings });
  }
}

/**
 * Waits until a sheet that was closed by hand has taken its step of the history back, which follows when it
 * is gone from the screen: whoever goes on before that is led back again.
 */
export async function stepTaken(page) {
  await expect.poll(() => page.evaluate(() => navigation.canGoForward), { message: "the sheet's step is taken back" }).toBe(true);
}

/** Waits until what the page does two frames later is done: it gives the place on a page back so. */
export const frames = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))));

/** Where something is when it does not move any more: what `place` gives, twice the same. */
export async function still(page, place) {
  let before;
  await expect(async () => {
    before = await place();
    await frames(page);
    expect(await place()).toEqual(before);
  }).toPass();
  return before;
}

/** A swipe with one finger, as the browser gets it from a screen. */
export async function swipe(page, from, to) {
  const client = await page.context().newCDPSession(page);
  const touch = (type, points) => client.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  await touch("touchStart", [from]);
  for (let step = 1; step <= 5; step += 1) {
    const part = (name) => from[name] + ((to[name] - from[name]) * step) / 5;
    await touch("touchMove", [{ x: part("x"), y: part("y") }]);
  }
  await touch("touchEnd", []);
  await client.detach();
}
