// The cart with bundles and partners' goods: one line that opens, goods by merchant, coupons with
// their reasons, points, and what one tap mends.
import { LIGHT, putBundles } from "../bundles.js";
import { change } from "../database.js";
import { audit, expect, test } from "../fixtures.js";
import { chinese, sticksOut, tooSmall } from "../measure.js";
import { ordersOf, signIn } from "../member.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

const stock = (backend, variant, left) => change(backend, "UPDATE variants SET stock = ? WHERE id = ?", left, variant);
const line = (page, name) => page.getByRole("main").locator("ul > li").filter({ hasText: name }).first();
const card = (page, merchant) => page.getByRole("main").locator(".card").filter({ has: page.getByRole("heading", { name: merchant }) });
const total = (page) => page.getByRole("main").getByRole("paragraph").filter({ hasText: /^合计 · / });
const checkout = (page) => page.getByRole("main").getByRole("link", { name: "去结算" });
const orderable = (page) => expect(checkout(page)).toHaveAttribute("href", "/checkout");

/** The cart with these bundles, and one of each of these products. */
async function open(page, shop, bundles, products = []) {
  for (const product of products) await shop.put(product);
  await shop.open("/cart");
  await putBundles(page, bundles);
  await shop.ready();
  await expect(total(page).or(page.getByText(/^估算/)).first()).toBeVisible();
}

test("a bundle is one line that opens, and says what is saved", { tag: "@tablet" }, async ({ page, shop }) => {
  await open(page, shop, [LIGHT]);
  await orderable(page);
  await expect(total(page)).toHaveText(/^合计 · 共 1 件\s*¥59.80?$/);
  await expect(shop.main).toContainText(/已省 ¥12.60?/);
  const row = line(page, "健康轻食套餐");
  await expect(row).toContainText("三文鱼刺身 · 三色藜麦 · 安岳黄柠檬");
  await expect(row.getByText("三色藜麦 250g")).toBeHidden();
  await row.getByText("三文鱼刺身 · 三色藜麦").click();
  await expect(row.getByText("三色藜麦 250g")).toBeVisible();
  // The shares add up to the price, to the fen.
  const shares = await row.locator("details li span:last-child").allTextContents();
  expect(shares.map((text) => Math.round(Number(text.replace("¥", "")) * 100)).reduce((sum, fen) => sum + fen)).toBe(5980);
  await row.getByRole("button", { name: "多一件" }).click();
  await expect(total(page)).toHaveText(/^合计 · 共 2 件\s*¥119.60?$/);
  await audit(page);
});

test("goods stand by who sells them, each with its place and its sum", { tag: "@tablet" }, async ({ page, shop }) => {
  await open(page, shop, [LIGHT], ["drip-bag-coffee", "lemon-soap"]);
  await orderable(page);
  const own = card(page, "邻里优选");
  await expect(own).toContainText("健康轻食套餐");
  await expect(own).toContainText("南门 12 号店内");
  const coffee = page.getByRole("main").locator(".card").filter({ hasText: "手冲挂耳" });
  await expect(coffee).not.toContainText("健康轻食套餐");
  await expect(coffee).toContainText(/小计 ¥\d/);
  await expect(shop.main).toContainText(/\d 处自提/);
  const amounts = (await page.getByRole("main").locator(".subtotal:visible").allTextContents()).map((text) => Math.round(Number(text.replace(/[^\d.]/g, "")) * 100));
  expect(amounts.length).toBeGreaterThan(1);
  const sum = Math.round(Number((await total(page).textContent()).split("¥")[1]) * 100);
  expect(amounts.reduce((a, b) => a + b)).toBe(sum);
  await audit(page);
});

test("a part that is sold out: one tap swaps it, and the line says for how much", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  await stock(ownBackend, "salmon-sashimi-200g", 0);
  await open(page, shop, [LIGHT]);
  const row = line(page, "健康轻食套餐");
  await expect(row.locator(".wrong")).toContainText("三文鱼刺身刚刚卖完了");
  await expect(checkout(page)).toHaveAttribute("aria-disabled", "true");
  await audit(page);
  await row.getByRole("button", { name: /^换成.*−¥8/ }).click();
  await expect(row.locator(".wrong")).toHaveCount(0);
  await orderable(page);
  await expect(total(page)).toHaveText(/^合计 · 共 1 件\s*¥51.80?$/);
  await expect(row).toContainText("鸡胸");
});

test("shared parts are counted together: what is proposed leads to a cart that can be ordered", async ({ page, shop, ownBackend }) => {
  await stock(ownBackend, "salmon-sashimi-200g", 3);
  await open(page, shop, [{ ...LIGHT, quantity: 2 }], ["salmon-sashimi", "salmon-sashimi"]);
  // Two alone and two sets want four of three.
  await expect(line(page, "健康轻食套餐").locator(".wrong")).toBeVisible();
  for (let tap = 0; tap < 4 && (await page.locator(".wrong").count()); tap += 1) {
    const quote = page.waitForResponse("**/api/v1/carts/quote");
    await page.locator(".wrong").first().getByRole("button").click();
    await quote;
    // Its answer has come, and is on the page.
    await expect(page.getByText("正在问店里的价")).toHaveCount(0);
  }
  await orderable(page);
});

test("a price that moved is taken by one tap", async ({ page, shop }) => {
  await open(page, shop, [{ ...LIGHT, price: { amount: 4980, currency: "CNY" } }]);
  const row = line(page, "健康轻食套餐");
  await expect(row.locator(".wrong")).toContainText(/价格变了，现在 ¥59.80?/);
  await row.getByRole("button", { name: "按新价买" }).click();
  await orderable(page);
});

test("coupons: each with its reason, the best are used, others may be", { tag: "@tablet" }, async ({ page, shop }) => {
  await signIn(shop);
  await open(page, shop, [{ ...LIGHT, quantity: 2 }], ["drip-bag-coffee"]);
  await orderable(page);
  const before = await total(page).textContent();
  await expect(shop.main).toContainText("已选最省");
  await page.getByRole("button", { name: /^优惠券/ }).click();
  const rows = shop.sheet.getByRole("listitem");
  await expect.poll(() => rows.count()).toBeGreaterThan(4);
  // Every one says why.
  for (const row of await rows.all()) await expect(row.locator(".why")).not.toBeEmpty();
  await expect(shop.sheet).toContainText("不同享");
  await audit(page);
  const other = rows.getByRole("button", { pressed: false }).first();
  const name = await other.locator("strong").textContent();
  await other.click();
  await expect(shop.sheet.getByRole("button", { pressed: true }).filter({ hasText: name })).toBeVisible();
  await shop.sheet.getByRole("button", { name: "用最省的一组" }).click();
  await expect(shop.sheet.getByRole("button", { name: "用最省的一组" })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(total(page)).toHaveText(before);
});

test("points pay a part, frozen at the order and back when it is called off", { tag: "@tablet" }, async ({ page, shop }) => {
  await signIn(shop);
  await open(page, shop, [{ ...LIGHT, quantity: 2 }]);
  await orderable(page);
  const fen = async () => Math.round(Number((await total(page).textContent()).split("¥")[1]) * 100);
  const without = await fen();
  const points = page.getByRole("button", { name: /积分抵/ });
  const worth = Number(/(\d+) 积分/.exec(await points.textContent())[1]);
  expect(worth).toBeGreaterThan(0);
  await points.click();
  await expect.poll(fen).toBe(without - worth);
  const balance = async () => (await (await page.request.get("/api/v1/me/points")).json()).balance;
  const had = await balance();
  await checkout(page).click();
  await page.getByRole("button", { name: "提交订单" }).click();
  await expect(page).toHaveURL(/\/orders\/[0-9a-f]+$/);
  await expect(shop.main).toContainText("健康轻食套餐 × 2");
  await expect(shop.main).toContainText("三色藜麦 250g × 2");
  await expect(shop.main).toContainText(`${worth} 积分抵`);
  expect((await ordersOf(page))[0].total.amount).toBe(without - worth);
  expect(await balance()).toBe(had - worth);
  await audit(page);
  await page.getByRole("button", { name: "取消订单" }).click();
  await page.getByRole("button", { name: "取消这一单" }).click();
  await expect(shop.main).toContainText("已取消");
  expect(await balance()).toBe(had);
  // And into the cart again.
  await page.getByRole("button", { name: "再买一次" }).click();
  await expect(page).toHaveURL("/cart");
  await expect(line(page, "健康轻食套餐")).toBeVisible();
  await orderable(page);
});

test("two shoppers on the last bundle: one has it, the other is told and helped", async ({ page, shop, otherShop, ownBackend, complaints }) => {
  complaints.allow(/409|422/);
  await stock(ownBackend, "salmon-sashimi-200g", 1);
  await signIn(shop);
  await open(page, shop, [LIGHT]);
  await orderable(page);
  await checkout(page).click();
  await expect(page.getByText(/^给您留到/)).toBeVisible();
  // The first who goes to the checkout has it held.
  const late = otherShop.page;
  await signIn(otherShop);
  await open(late, otherShop, [LIGHT]);
  await line(late, "健康轻食套餐").getByRole("button", { name: /^换成/ }).click();
  await orderable(late);
  await checkout(late).click();
  await late.getByRole("button", { name: "提交订单" }).click();
  await expect(late).toHaveURL(/\/orders\/[0-9a-f]+$/);
  expect((await ordersOf(late))[0].bundles[0].parts[0].variant).not.toBe("salmon-sashimi-200g");
  await page.getByRole("button", { name: "提交订单" }).click();
  await expect(page).toHaveURL(/\/orders\/[0-9a-f]+$/);
  expect((await ordersOf(page))[0].bundles[0].parts[0].variant).toBe("salmon-sashimi-200g");
});

test("a member has the bundle on the other phone too", async ({ page, shop, otherShop, ownBackend }) => {
  const phone = await signIn(shop);
  await open(page, shop, [LIGHT]);
  await orderable(page);
  await expect.poll(async () => (await (await page.request.get("/api/v1/me/cart")).json()).bundles?.length).toBe(1);
  await change(ownBackend, "UPDATE sent_codes SET sent_at = sent_at - 60000 WHERE phone = ?", phone);
  await signIn(otherShop, phone);
  await otherShop.open("/cart");
  await expect(line(otherShop.page, "健康轻食套餐")).toBeVisible();
});

test("长辈版 and English", async ({ page, shop }) => {
  await signIn(shop);
  await shop.put("drip-bag-coffee");
  await page.evaluate(() => localStorage.setItem("settings", JSON.stringify({ language: null, size: 0, elder: true })));
  await open(page, shop, [LIGHT]);
  await orderable(page);
  expect(await tooSmall(page, { text: 18, line: 1.3, target: 60 })).toEqual([]);
  expect(await sticksOut(page)).toEqual([]);
  await page.getByRole("button", { name: /^优惠券/ }).click();
  expect(await tooSmall(page, { text: 18, line: 1.3, target: 60 })).toEqual([]);
  await audit(page);
  await page.keyboard.press("Escape");
  await page.evaluate(() => {
    localStorage.setItem("settings", JSON.stringify({ language: "en", size: 0, elder: false }));
    localStorage.removeItem("cart");
  });
  await page.request.put("/api/v1/me/cart", { headers: { "x-shop-request": "1" }, data: { lines: [], bundles: [{ bundle: "light-meal", choice: ["salmon-sashimi-200g", "tricolour-quinoa-250g", "anyue-lemon-4"], quantity: 2 }] } });
  await shop.open("/cart");
  await expect(page.getByRole("link", { name: "Check out" })).toHaveAttribute("href", "/checkout");
  await page.getByRole("button", { name: /^Coupons/ }).click();
  expect(await chinese(page)).toEqual([]);
});
