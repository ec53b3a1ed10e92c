// One member, two phones: the carts meet at sign-in, nothing is lost and nothing counted twice.
import { change } from "../database.js";
import { expect, test } from "../fixtures.js";
import { signIn } from "../member.js";
import { PROBLEM } from "../network.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

const line = (shop, name) => shop.main.getByRole("listitem").filter({ hasText: name });
const pieces = (shop, name) => line(shop, name).getByRole("status");
/** The next code may be asked for at once. */
const aMinuteLater = (backend, phone) => change(backend, "UPDATE sent_codes SET sent_at = sent_at - 60000 WHERE phone = ?", phone);
/** The cart that the backend has of the member, as quantity by variant. */
async function there(page) {
  const { lines } = await (await page.request.get("/api/v1/me/cart")).json();
  return Object.fromEntries(lines.map(({ variant, quantity }) => [variant, quantity]));
}

test("what is in both carts is together after signing in, and once", { tag: "@tablet" }, async ({ page, shop, otherShop, ownBackend }) => {
  await shop.put("salmon-sashimi");
  await shop.put("lemon-soap");
  const phone = await signIn(shop);
  await expect.poll(() => there(page)).toEqual({ "salmon-sashimi-200g": 1, "lemon-soap-2": 1 });
  // The other phone has more of one thing, and something else.
  await otherShop.put("salmon-sashimi");
  await otherShop.page.getByRole("button", { name: "加入购物车", exact: true }).click();
  await otherShop.put("hotpot-lamb");
  await aMinuteLater(ownBackend, phone);
  await signIn(otherShop, phone);
  const both = { "salmon-sashimi-200g": 2, "lemon-soap-2": 1, "hotpot-lamb-800g": 1 };
  await expect.poll(() => there(otherShop.page)).toEqual(both);
  await otherShop.open("/cart");
  await expect(pieces(otherShop, "三文鱼刺身")).toHaveText("2");
  await expect(pieces(otherShop, "柠檬洗碗皂")).toHaveText("1");
  await expect(pieces(otherShop, "羔羊")).toHaveText("1");
  // Signing in once more on the first phone doubles nothing.
  await aMinuteLater(ownBackend, phone);
  await signIn(shop, phone);
  await expect(shop.tab(/购物车/)).toContainText("4");
  await shop.open("/cart");
  await expect(line(shop, "羔羊")).toBeVisible();
  await expect(pieces(shop, "三文鱼刺身")).toHaveText("2");
  await expect(shop.main.getByText(/共 4 件/)).toBeVisible();
  expect(await there(page)).toEqual(both);
});

test("what a member takes out stays out", async ({ page, shop, ownBackend }) => {
  await shop.put("salmon-sashimi");
  await shop.put("lemon-soap");
  const phone = await signIn(shop);
  await expect.poll(() => there(page)).toEqual({ "salmon-sashimi-200g": 1, "lemon-soap-2": 1 });
  await shop.open("/cart");
  await line(shop, "柠檬洗碗皂").getByRole("button", { name: "少一件" }).click();
  await expect.poll(() => there(page)).toEqual({ "salmon-sashimi-200g": 1 });
  // The last line too.
  await line(shop, "三文鱼刺身").getByRole("button", { name: "少一件" }).click();
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
  await expect.poll(() => there(page)).toEqual({});
  await aMinuteLater(ownBackend, phone);
  await signIn(shop, phone);
  await shop.open("/cart");
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
});

test("what a member puts in is there on the other phone", async ({ page, shop, otherShop, ownBackend }) => {
  const phone = await signIn(shop);
  await shop.put("salmon-sashimi");
  await expect.poll(() => there(page)).toEqual({ "salmon-sashimi-200g": 1 });
  await aMinuteLater(ownBackend, phone);
  await signIn(otherShop, phone);
  await otherShop.open("/cart");
  await expect(line(otherShop, "三文鱼刺身")).toBeVisible();
});

test("a cart that could not be fetched at sign-in stays there, whatever is changed here", async ({ page, shop, otherShop, ownBackend, complaints }) => {
  complaints.allow(/500/);
  await otherShop.put("hotpot-lamb");
  const phone = await signIn(otherShop);
  await expect.poll(() => there(otherShop.page)).toEqual({ "hotpot-lamb-800g": 1 });
  await shop.put("salmon-sashimi");
  await aMinuteLater(ownBackend, phone);
  // For as long as the test lasts, so that it does not matter how often the page tries.
  await page.route("**/api/v1/me/cart", (route) => (route.request().method() === "GET" ? route.fulfill(PROBLEM) : route.fallback()));
  await signIn(shop, phone);
  await shop.tab(/购物车/).click();
  await expect(line(shop, "三文鱼刺身")).toBeVisible();
  await line(shop, "三文鱼刺身").getByRole("button", { name: "多一件" }).click();
  await expect(pieces(shop, "三文鱼刺身")).toHaveText("2");
  // Long enough for the page to tell the backend of its change, if it does.
  await page.waitForTimeout(1_000);
  expect(await there(page)).toMatchObject({ "hotpot-lamb-800g": 1 });
});
