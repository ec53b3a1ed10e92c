// The pages of a member and of the desk in every state, audited and measured in every mode.
import { change } from "../database.js";
import { audit, expect, fine, test } from "../fixtures.js";
import { MODES, SIZES, sticksOut, tooSmall } from "../measure.js";
import { number, order, shownCode, signIn } from "../member.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

for (const [mode, [settings, sizes]] of Object.entries(MODES)) {
  test(`signed in: ${mode}`, { tag: ["zh", "en"].includes(mode) ? "@tablet" : [] }, async ({ page, shop, ownBackend }) => {
    test.slow();
    await signIn(shop);
    const placed = await order(page);
    await shop.put("salmon-sashimi");
    await page.evaluate((kept) => localStorage.setItem("settings", JSON.stringify({ language: null, size: 0, elder: false, ...kept })), settings);
    for (const path of ["/me", "/cart", "/checkout", "/orders", "/orders?tab=done", "/orders?tab=after_sale"]) {
      await shop.open(path);
      await fine(page, shop, sizes);
    }
    for (const state of ["placed", "packed", "ready", "handed_over", "cancelled", "awaiting_payment"]) {
      await change(ownBackend, "UPDATE orders SET state = ? WHERE id = ?", state, placed.id);
      await shop.open(`/orders/${placed.id}`);
      await expect(shop.main).toContainText(placed.number);
      await fine(page, shop, sizes);
    }
    await change(ownBackend, "UPDATE orders SET state = 'placed' WHERE id = ?", placed.id);
    await shop.open(`/orders/${placed.id}`);
    await page.getByRole("button", { name: /取消订单|Cancel order/ }).click();
    await fine(page, shop, sizes);
  });

  test(`while it waits, and when it fails: ${mode}`, async ({ page, shop, complaints }) => {
    complaints.allow(/500/);
    await signIn(shop);
    await shop.put("salmon-sashimi");
    await page.evaluate((kept) => localStorage.setItem("settings", JSON.stringify({ language: null, size: 0, elder: false, ...kept })), settings);
    let held = [];
    let broken = false;
    await page.route(/api\/v1\/(orders|pickup-times|carts)/, (route) => {
      if (broken) return route.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify({ type: "about:blank", title: "Internal", status: 500 }) });
      held.push(route);
    });
    for (const path of ["/cart", "/checkout", "/orders", "/orders/nowhere"]) {
      broken = false;
      await shop.open(path);
      await expect.poll(() => held.length, path).toBeGreaterThan(0);
      await audit(page);
      expect(await tooSmall(page, sizes), path).toEqual([]);
      broken = true;
      held = [];
      await shop.open(path);
      await expect(page.getByText(/再试一次|Try again/).first(), path).toBeVisible();
      await audit(page);
      expect(await tooSmall(page, sizes), path).toEqual([]);
      expect(await sticksOut(page), path).toEqual([]);
    }
  });

  test(`a code that was sent, a code that is wrong: ${mode}`, async ({ page, shop, complaints }) => {
    complaints.allow(/422/);
    await shop.keep(settings);
    await shop.open("/sign-in");
    await page.locator("input[type=tel]").fill(number());
    await page.keyboard.press("Enter");
    const code = await shownCode(page);
    await fine(page, shop, sizes);
    await page.locator("input[name=code]").fill(code === "000000" ? "111111" : "000000");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main").getByRole("alert")).not.toBeEmpty();
    await fine(page, shop, sizes);
  });
}

test("the desk in every state of its orders", { tag: "@desk" }, async ({ page, shop, otherShop, ownBackend, complaints }) => {
  complaints.allow(/40[13].*\/api\/v1\/desk\/(device|session)/);
  await signIn(otherShop);
  const placed = await order(otherShop.page);
  await page.goto(ownBackend.desk);
  for (const digit of "880088") await page.getByRole("button", { name: digit, exact: true }).click();
  await audit(page);
  expect(await tooSmall(page, SIZES.standard)).toEqual([]);
  await page.getByRole("button", { name: "进入工作台" }).click();
  const row = page.getByRole("listitem").filter({ hasText: placed.number });
  for (const state of ["placed", "packed", "ready", "handed_over", "cancelled"]) {
    await change(ownBackend, "UPDATE orders SET state = ? WHERE id = ?", state, placed.id);
    await page.reload();
    await expect(page.getByRole("heading", { level: 1, name: "柜台" })).toBeVisible();
    if (["placed", "packed", "ready"].includes(state)) await expect(row).toBeVisible();
    await shop.settled();
    await audit(page);
    expect(await tooSmall(page, SIZES.standard), state).toEqual([]);
    expect(await sticksOut(page), state).toEqual([]);
  }
});
