// Paying over the net: every way in which it can end, and never a second payment for what may be paid.
import { ORDER, atCheckout, holdQuestion, submit, theOne } from "../checkout.js";
import { change } from "../database.js";
import { atCounter } from "../desk.js";
import { audit, expect, test } from "../fixtures.js";
import { hidden, sticksOut, tooSmall } from "../measure.js";
import { ordersOf } from "../member.js";
import { frames } from "../shop.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

const PAGE = /\/pay\/sandbox\/[0-9a-f]+$/;
const pay = (page) => page.getByRole("button", { name: /^去付款/ });
const choose = (page, name) => page.getByRole("button", { name }).click();
const status = (page, text) => page.getByRole("status").filter({ hasText: text });

/** From the checkout to the provider's page. */
async function toPay(page, shop) {
  await atCheckout(page, shop);
  await page.getByRole("radio", { name: /^现在付/ }).check();
  await submit(page).click();
  // An order, its payment, the provider's page: one after the other.
  await expect(page).toHaveURL(PAGE, { timeout: 30_000 });
}

/** How often the member's orders were begun to be paid. */
const begun = async (page) => {
  const [one] = await ordersOf(page);
  return one.history.filter(({ event }) => event === "payment_started").length;
};

test("one tap leads to the provider, and back to an order that is paid", { tag: "@tablet" }, async ({ page, shop }) => {
  await atCheckout(page, shop);
  await expect(page.getByText(/^给您留到 \d\d:\d\d$/)).toBeVisible();
  await expect(page.getByRole("radio", { name: /^到店付款/ })).toBeChecked();
  await page.getByRole("radio", { name: /^现在付/ }).check();
  await audit(page);
  // The way is kept for a reload.
  await page.reload();
  await shop.ready();
  await expect(page.getByRole("radio", { name: /^现在付/ })).toBeChecked();
  await submit(page).click();
  await expect(page).toHaveURL(PAGE);
  await expect(page.getByRole("heading", { name: "沙盒支付 · 不会扣钱" })).toBeVisible();
  await expect(page.locator("main")).toContainText("¥45.90");
  await audit(page);
  await choose(page, "付款成功 马上通知店里");
  await expect(page).toHaveURL(ORDER);
  await shop.ready();
  await expect(status(page, "已下单")).toBeVisible();
  await expect(shop.main).toContainText("已付款");
  await expect(pay(page)).toHaveCount(0);
  await expect(page.getByRole("region", { name: "这一单的经过" }).getByRole("listitem")).toHaveText([/待付款/, /去付款/, /付款成功/]);
  await audit(page);
  const paid = await theOne(page);
  expect(paid).toMatchObject({ state: "placed", payment: "online", payment_state: "paid" });
  expect(await begun(page)).toBe(1);
  await shop.open("/cart");
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
});

test("a tab that waits at the checkout meanwhile is led to the order, and does not go to pay", async ({ page, shop, context }) => {
  await atCheckout(page, shop);
  await page.getByRole("radio", { name: /^现在付/ }).check();
  const other = await context.newPage();
  await other.goto("/checkout");
  await expect(submit(other)).toBeEnabled();
  await submit(page).click();
  await expect(page).toHaveURL(PAGE);
  await expect(other).toHaveURL(ORDER);
  await expect(pay(other)).toBeVisible();
  await expect(other).toHaveURL(ORDER);
  expect(await begun(page)).toBe(1);
});

test("an order that waits for its payment is looked at again and again, and the focus stays where it is", async ({ page, shop }) => {
  await toPay(page, shop);
  await choose(page, "不付，直接离开");
  await expect(page).toHaveURL(ORDER);
  await pay(page).focus();
  const look = () => page.waitForResponse((response) => /\/api\/v1\/orders\/[0-9a-f]+$/.test(response.url()));
  await look();
  await look();
  await frames(page);
  await expect(pay(page)).toBeFocused();
});

test("declined: nothing was taken, and it can be tried again", async ({ page, shop }) => {
  await toPay(page, shop);
  await choose(page, "付款被拒");
  await expect(page).toHaveURL(ORDER);
  await expect(status(page, "没有付成功，钱没有扣")).toBeVisible();
  await audit(page);
  await pay(page).click();
  await expect(page).toHaveURL(PAGE);
  await choose(page, "付款成功 马上通知店里");
  await expect(status(page, "已下单")).toBeVisible();
  expect(await begun(page)).toBe(2);
});

test("left without an answer: the same payment goes on", { tag: "@tablet" }, async ({ page, shop }) => {
  await toPay(page, shop);
  const first = page.url();
  await choose(page, "不付，直接离开");
  await expect(page).toHaveURL(ORDER);
  await expect(status(page, "还没付款")).toBeVisible();
  await expect(shop.main).toContainText(/请在 \d\d:\d\d 前付款/);
  await expect(page.getByRole("img", { name: "取货码" })).toHaveCount(0);
  await audit(page);
  // Out and in again, by the list of what is to be paid.
  await shop.open("/orders?tab=to_pay");
  await shop.main.getByRole("listitem").getByRole("link").click();
  await pay(page).click();
  await expect(page).toHaveURL(first);
  // And by the browser's own way back.
  await page.goBack();
  await expect(status(page, "还没付款")).toBeVisible();
  await pay(page).click();
  await expect(page).toHaveURL(first);
  await choose(page, "付款成功 马上通知店里");
  await expect(status(page, "已下单")).toBeVisible();
  expect(await begun(page)).toBe(1);
});

test("paid, and the notice comes late: no button meanwhile", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  test.slow();
  await toPay(page, shop);
  await choose(page, "付款成功，通知晚到");
  await expect(page).toHaveURL(ORDER);
  // Later still, so that it does not come while the page is looked at.
  const later = 60_000;
  await change(ownBackend, "UPDATE sandbox_payments SET known_from = known_from + ?", later);
  await change(ownBackend, "UPDATE sandbox_notices SET due_at = due_at + ?", later);
  await expect(status(page, "正在核对付款")).toBeVisible();
  await expect(shop.main).toContainText("不用再付一次");
  await expect(pay(page)).toHaveCount(0);
  await audit(page);
  // Also whoever calls it off is told that it may be paid.
  await page.reload();
  await shop.ready();
  await expect(status(page, "正在核对付款")).toBeVisible();
  await expect(pay(page)).toHaveCount(0);
  await change(ownBackend, "UPDATE sandbox_payments SET known_from = known_from - ?", later);
  await change(ownBackend, "UPDATE sandbox_notices SET due_at = due_at - ?", later);
  await expect(status(page, "已下单")).toBeVisible({ timeout: 60_000 });
  await expect(shop.main).toContainText("已付款");
  expect(await theOne(page)).toMatchObject({ payment_state: "paid" });
});

test("the answer to the tap on pay is lost: it is asked for, and leads to the one payment", async ({ page, shop, complaints }) => {
  complaints.allow(/ERR_FAILED/);
  await toPay(page, shop);
  const first = page.url();
  await choose(page, "不付，直接离开");
  await expect(pay(page)).toBeVisible();
  await page.route("**/api/v1/orders/*/payment", async (route) => {
    await route.fetch();
    return route.abort();
  });
  // As long as the page is looked at.
  const question = await holdQuestion(page);
  await pay(page).click();
  await expect(status(page, "正在打开付款页面")).toBeVisible();
  await expect(pay(page)).toHaveCount(0);
  question.letGo();
  await expect(page).toHaveURL(first, { timeout: 30_000 });
  expect(await begun(page)).toBe(1);
});

test("called off when it is paid: the money goes back", async ({ page, shop }) => {
  await toPay(page, shop);
  await choose(page, "付款成功 马上通知店里");
  await expect(status(page, "已下单")).toBeVisible();
  await page.getByRole("button", { name: "取消订单" }).click();
  await page.getByRole("button", { name: "取消这一单" }).click();
  await expect(status(page, "已取消").first()).toBeVisible();
  await expect(shop.main).toContainText("已退回 ¥45.90");
  expect(await theOne(page)).toMatchObject({ state: "cancelled", payment_state: "refunded", refunded: { amount: 4590 } });
});

test("not paid in time: called off by itself, and the goods are back", async ({ page, shop, ownBackend }) => {
  await toPay(page, shop);
  await choose(page, "不付，直接离开");
  await expect(status(page, "还没付款")).toBeVisible();
  await change(ownBackend, "UPDATE orders SET pay_until = 1 WHERE state = 'awaiting_payment'");
  await expect(status(page, "已取消")).toBeVisible({ timeout: 30_000 });
  await expect(pay(page)).toHaveCount(0);
  await page.getByRole("button", { name: "再买一次" }).click();
  await expect(page.getByRole("link", { name: "去结算" })).toHaveAttribute("href", "/checkout");
});

test("one that is not paid at a time: the other is pointed to", async ({ page, shop, complaints }) => {
  complaints.allow(/409/);
  await toPay(page, shop);
  await choose(page, "不付，直接离开");
  await expect(status(page, "还没付款")).toBeVisible();
  await shop.put("lemon-soap");
  await shop.open("/checkout");
  await page.getByRole("radio", { name: /^现在付/ }).check();
  await submit(page).click();
  await expect(shop.toast).toContainText("还有一单没付款");
  await shop.toast.getByRole("button", { name: "看那一单" }).click();
  await expect(page).toHaveURL("/orders?tab=to_pay");
  await expect(shop.main.getByRole("listitem")).toHaveCount(1);
  // What was in the cart is still there, and may be paid at the counter.
  await shop.open("/checkout");
  await page.getByRole("radio", { name: /^到店付款/ }).check();
  await submit(page).click();
  await expect(page).toHaveURL(ORDER);
  await expect(status(page, "已下单")).toBeVisible();
});

for (const [mode, settings, sizes] of [
  ["standard", {}, { text: 12, line: 1.3, target: 44 }],
  ["English", { language: "en" }, { text: 12, line: 1.3, target: 44 }],
  ["长辈版", { elder: true }, { text: 18, line: 1.3, target: 60 }],
]) {
  test(`what is to be paid is large enough and keeps inside: ${mode}`, async ({ page, shop, ownBackend }) => {
    await toPay(page, shop);
    await choose(page, "不付，直接离开");
    await shop.put("lemon-soap");
    await page.evaluate((kept) => localStorage.setItem("settings", JSON.stringify({ language: null, size: 0, elder: false, ...kept })), settings);
    const [one] = await ordersOf(page);
    for (const state of ["open", "declined", "checking"]) {
      // Only the shop's word is changed; nobody asks the provider meanwhile.
      await change(ownBackend, "UPDATE payments SET state = ? WHERE order_id = ?", state, one.id);
      await shop.open(`/orders/${one.id}`);
      await shop.settled();
      await audit(page);
      expect(await tooSmall(page, sizes), state).toEqual([]);
      expect(await sticksOut(page), state).toEqual([]);
      expect(await hidden(page), state).toEqual([]);
    }
    await change(ownBackend, "UPDATE orders SET state = 'placed', pay_until = NULL WHERE id = ?", one.id);
    await shop.open("/checkout");
    await shop.settled();
    await audit(page);
    expect(await tooSmall(page, sizes), "checkout").toEqual([]);
    expect(await sticksOut(page), "checkout").toEqual([]);
  });
}

test("at the desk a paid bag asks for no money", { tag: "@desk" }, async ({ page, otherShop, ownBackend, complaints }) => {
  complaints.allow(/40[13].*\/api\/v1\/desk\/(device|session)/);
  await toPay(otherShop.page, otherShop);
  await choose(otherShop.page, "付款成功 马上通知店里");
  await expect(status(otherShop.page, "已下单")).toBeVisible();
  const [paid] = await ordersOf(otherShop.page);
  await atCounter(page, ownBackend);
  const row = page.getByRole("listitem").filter({ hasText: paid.number });
  await expect(row).toContainText("已付款");
  await row.getByRole("button", { name: /^打包/ }).click();
  await page.getByLabel(/取货码/).fill(paid.code.digits);
  await page.keyboard.press("Enter");
  const found = page.getByRole("group", { name: paid.number });
  await expect(found).toContainText("不用收钱");
  await expect(found).not.toContainText(/¥|收款/);
  await expect(found.getByRole("button", { name: "交给顾客", exact: true })).toBeEnabled();
  await audit(page);
});

test("what one holds at the checkout is not there for others, until one leaves", async ({ page, shop, otherShop, ownBackend }) => {
  await change(ownBackend, "UPDATE variants SET stock = 1 WHERE id = 'salmon-sashimi-200g'");
  await atCheckout(page, shop);
  await expect(page.getByText(/^给您留到/)).toBeVisible();
  await otherShop.open("/products/salmon-sashimi");
  await expect(otherShop.main).toContainText(/卖完|售罄|400g/);
  await expect(otherShop.main).not.toContainText("只剩 1 份");
  await page.getByRole("button", { name: "返回" }).click();
  await expect.poll(async () => {
    await otherShop.open("/products/salmon-sashimi?variant=salmon-sashimi-200g");
    // The skeleton says nothing of it.
    await otherShop.settled();
    return otherShop.main.textContent();
  }, { timeout: 30_000 }).toContain("只剩 1 份");
});
