// The pages of tasting in the store in every state, audited and measured in every mode.
import { change } from "../database.js";
import { audit, expect, test } from "../fixtures.js";
import { hidden, sticksOut, tooSmall } from "../measure.js";
import { signIn } from "../member.js";
import { clock, fill, slotsOf } from "../slots.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

const SIZES = { standard: { text: 12, line: 1.3, target: 44 }, elder: { text: 18, line: 1.3, target: 60 } };
const MODES = {
  zh: [{}, SIZES.standard],
  en: [{ language: "en" }, SIZES.standard],
  长辈版: [{ elder: true }, SIZES.elder],
  "长辈版 at its largest": [{ elder: true, size: 3 }, SIZES.elder],
};

async function fine(page, shop, sizes) {
  await shop.settled();
  await audit(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  expect(await tooSmall(page, sizes), page.url()).toEqual([]);
  expect(await sticksOut(page), page.url()).toEqual([]);
  expect(await hidden(page), page.url()).toEqual([]);
}

for (const [mode, [settings, sizes]] of Object.entries(MODES)) {
  test(`choosing, holding, waiting, booked: ${mode}`, { tag: ["zh", "en"].includes(mode) ? "@tablet" : [] }, async ({ page, shop, ownBackend }) => {
    test.slow();
    await signIn(shop);
    await page.evaluate((kept) => localStorage.setItem("settings", JSON.stringify({ language: null, size: 0, elder: false, ...kept })), settings);
    const { date, slots } = await slotsOf(ownBackend, "salmon");
    const taken = await fill(ownBackend, slots[0]);
    const path = (slot) => `/tastings/salmon?day=${date}${slot ? `&slot=${encodeURIComponent(slot.id)}` : ""}`;
    await shop.open("/tastings");
    await fine(page, shop, sizes);
    await shop.open(path());
    await fine(page, shop, sizes);
    // A place is kept, then its time is over.
    await shop.open(path(slots[1]));
    await expect(page.locator("form button:not([type])")).toBeEnabled();
    await fine(page, shop, sizes);
    await shop.open(path());
    await expect(page.locator(".known")).toBeVisible();
    await fine(page, shop, sizes);
    // A full one, and the line.
    await shop.open(path(slots[0]));
    await page.locator(".panel .btn.wide").click();
    await expect(page.locator(".panel .known")).toContainText(/第 1 个|number 1/);
    await fine(page, shop, sizes);
    await taken[0].who.cancel(taken[0].booking);
    await shop.open(path());
    await expect(page.locator(".known").getByRole("link")).toBeVisible();
    await fine(page, shop, sizes);
    // Booked, and on its way to another time.
    await shop.open(path(slots[1]));
    await page.locator("form button:not([type])").click();
    await expect(page).toHaveURL(/\/bookings\//);
    await fine(page, shop, sizes);
    await shop.open(path());
    await fine(page, shop, sizes);
    await page.locator('.known a[href*="move="]').click();
    await fine(page, shop, sizes);
    await page.getByRole("button", { name: new RegExp(clock(slots[0].from)) }).click();
    await fine(page, shop, sizes);
  });

  test(`while it waits, when it fails, when there is none: ${mode}`, async ({ page, shop, ownBackend, complaints }) => {
    complaints.allow(/500/);
    await signIn(shop);
    await page.evaluate((kept) => localStorage.setItem("settings", JSON.stringify({ language: null, size: 0, elder: false, ...kept })), settings);
    let held = [];
    let broken = false;
    await page.route(/api\/v1\/(tastings|me\/bookings|bookings)/, (route) => {
      if (broken) return route.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify({ type: "about:blank", title: "Internal", status: 500 }) });
      held.push(route);
    });
    for (const path of ["/tastings", "/tastings/salmon", "/bookings", "/bookings/nowhere"]) {
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
    await page.unroute(/api\/v1\/(tastings|me\/bookings|bookings)/);
    await change(ownBackend, "DELETE FROM tasting_times");
    await shop.open("/tastings/salmon");
    await fine(page, shop, sizes);
    await shop.open("/bookings");
    await fine(page, shop, sizes);
  });
}
