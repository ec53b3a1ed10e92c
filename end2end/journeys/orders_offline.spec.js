// Orders as they are looked at: without a network, by somebody else, while the shop works on them.
import { change } from "../database.js";
import { audit, expect, test } from "../fixtures.js";
import { hidden, sticksOut, tooSmall } from "../measure.js";
import { kept, known, number, order, ordersOf, shownCode, signIn } from "../member.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

const spaced = (digits) => `${digits.slice(0, 3)} ${digits.slice(3)}`;

/** A member with one order, whose page is open. */
async function atOrder(page, shop) {
  await signIn(shop);
  const placed = await order(page);
  await shop.open(`/orders/${placed.id}`);
  await expect(shop.main).toContainText(spaced(placed.code.digits));
  return placed;
}

test("an order seen before shows its code without a network", { tag: "@tablet" }, async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/);
  const placed = await atOrder(page, shop);
  // On a page opened anew, so that only what the phone keeps can help.
  await shop.open("/orders");
  const row = shop.main.getByRole("listitem").filter({ hasText: placed.number });
  await expect(row).toBeVisible();
  await context.setOffline(true);
  await row.getByRole("link").click();
  await expect(page).toHaveURL(`/orders/${placed.id}`);
  await expect(shop.main).toContainText(spaced(placed.code.digits));
  await expect(page.getByRole("img", { name: "取货码" })).toBeVisible();
  await expect(page.getByText(/网络不通，先看/)).toBeVisible();
  await audit(page);
  await page.goBack();
  await expect(row).toBeVisible();
  await page.goForward();
  await expect(shop.main).toContainText(spaced(placed.code.digits));
  await context.setOffline(false);
  // The order is looked at anew every ten seconds, should the first try have come too early.
  await expect(page.getByText(/网络不通/)).toHaveCount(0, { timeout: 30_000 });
  await expect(shop.main).toContainText(spaced(placed.code.digits));
});

test("a list never seen says that there is no network, and comes by itself", async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/);
  const placed = await atOrder(page, shop);
  await shop.open("/orders?tab=done");
  await expect(page.getByRole("heading", { name: "这里还没有订单" })).toBeVisible();
  await context.setOffline(true);
  await page.getByRole("link", { name: "待自提" }).click();
  await expect(page.getByRole("alert").getByRole("heading")).toHaveText("没有网络");
  await context.setOffline(false);
  await expect(shop.main.getByRole("listitem").filter({ hasText: placed.number })).toBeVisible();
});

test("an order that is over is not kept", async ({ page, shop, ownBackend }) => {
  const placed = await atOrder(page, shop);
  await expect.poll(() => page.evaluate(() => localStorage.getItem("orders"))).toContain(placed.id);
  await change(ownBackend, "UPDATE orders SET state = 'handed_over' WHERE id = ?", placed.id);
  await shop.open(`/orders/${placed.id}`);
  await expect(page.getByText("谢谢光顾，吃得好再来")).toBeVisible();
  await expect(page.getByRole("img", { name: "取货码" })).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => localStorage.getItem("orders") ?? "")).not.toContain(placed.id);
});

test("somebody else's order is none", { tag: "@tablet" }, async ({ page, shop, otherShop, complaints }) => {
  complaints.allow(/404/);
  const placed = await atOrder(page, shop);
  await signIn(otherShop);
  for (const id of [placed.id, "nowhere", "'; drop table orders"]) {
    await otherShop.open(`/orders/${id}`);
    await expect(otherShop.page.getByRole("heading", { name: "没有这一单" })).toBeVisible();
    await expect(otherShop.main).not.toContainText(placed.number);
  }
  await audit(otherShop.page);
  await otherShop.main.getByRole("link", { name: "我的订单" }).click();
  await expect(otherShop.page.getByRole("heading", { name: "这里还没有订单" })).toBeVisible();
});

test("the page follows what the shop does", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  const placed = await atOrder(page, shop);
  await expect(page.getByText("到店报这六位数，或给店员扫码")).toBeVisible();
  await change(ownBackend, "UPDATE orders SET state = 'ready' WHERE id = ?", placed.id);
  await expect(page.getByText("备好了，随时来取")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: "取消订单" })).toHaveCount(0);
});

test("what is being asked is still asked when the page looks again", async ({ page, shop }) => {
  await atOrder(page, shop);
  await page.getByRole("button", { name: "取消订单" }).click();
  await page.waitForResponse(/\/api\/v1\/orders\/[0-9a-f]+$/, { timeout: 30_000 });
  await page.waitForTimeout(300);
  await expect(page.getByRole("button", { name: "取消这一单" })).toBeVisible();
});

test("what is packed already cannot be called off, and says so", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/409/);
  const placed = await atOrder(page, shop);
  await page.getByRole("button", { name: "取消订单" }).click();
  await change(ownBackend, "UPDATE orders SET state = 'packed' WHERE id = ?", placed.id);
  await page.getByRole("button", { name: "取消这一单" }).click();
  await expect(shop.toast).toContainText("这一单已经往下走了");
  await expect(shop.main).toContainText("已打包");
  expect((await ordersOf(page))[0].state).toBe("packed");
});

test.describe("a session that ends elsewhere", () => {
  test.beforeEach(({ complaints }) => complaints.allow(/401/));

  test("while an order is open: its page asks to sign in", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
    const placed = await atOrder(page, shop);
    await change(ownBackend, "DELETE FROM sessions");
    await expect(page.getByRole("heading", { name: "请先登录" })).toBeVisible({ timeout: 30_000 });
    await expect(shop.main).not.toContainText(spaced(placed.code.digits));
    await expect.poll(() => kept(page)).toEqual([]);
  });

  test("before the list is opened: it asks to sign in and leads back", async ({ page, shop, ownBackend }) => {
    await atOrder(page, shop);
    await change(ownBackend, "DELETE FROM sessions");
    await shop.open("/orders");
    await expect(page.getByRole("heading", { name: "请先登录" })).toBeVisible();
    await audit(page);
    await expect(shop.main.getByRole("link", { name: "登录" })).toHaveAttribute("href", "/sign-in?next=/orders");
    await shop.open("/me");
    await expect(page.getByText("邻居，您好")).toBeVisible();
  });

  test("at the checkout: nothing is ordered, and nothing in the cart is lost", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
    await signIn(shop);
    await shop.put("salmon-sashimi");
    await shop.open("/checkout");
    const submit = page.getByRole("button", { name: "提交订单" });
    await expect(submit).toBeEnabled();
    await change(ownBackend, "DELETE FROM sessions");
    await submit.click();
    await expect(page.getByRole("heading", { name: "请重新登录" })).toBeVisible();
    expect(await known(page)).toBe(401);
    // Whoever signs in next is somebody else, and has nothing of it in the way.
    await signIn(shop, number(), "/checkout");
    await submit.click();
    await expect(page).toHaveURL(/\/orders\/[0-9a-f]+$/);
    expect(await ordersOf(page)).toHaveLength(1);
  });
});

// Every page of whoever buys, in its fullest state.
const MODES = { standard: {}, 长辈版: { elder: true }, "长辈版 at its largest": { elder: true, size: 3 } };

for (const [mode, settings] of Object.entries(MODES)) {
  test(`audit and measures of the pages of whoever buys: ${mode}`, { tag: mode === "standard" ? "@tablet" : [] }, async ({ page, shop, ownBackend }) => {
    test.slow();
    await shop.keep(settings);
    const least = settings.elder ? { text: 18, line: 1.3, target: 60 } : { text: 12, line: 1.3, target: 44 };
    const check = async (what) => {
      await test.step(what, async () => {
        await audit(page);
        expect.soft(await tooSmall(page, least), what).toEqual([]);
        for (const width of [390, 320]) {
          await page.setViewportSize({ width, height: 844 });
          expect.soft(await sticksOut(page), `${what} at ${width} px`).toEqual([]);
          expect.soft(await hidden(page), `${what} at ${width} px`).toEqual([]);
        }
        await page.setViewportSize({ width: 390, height: 844 });
      });
    };
    await shop.open("/sign-in");
    await expect(page.getByLabel("手机号")).toBeVisible();
    await page.getByRole("button", { name: "发验证码" }).click();
    await check("sign-in, with a wrong number");
    await page.getByLabel("手机号").fill(number());
    await page.getByRole("button", { name: "发验证码" }).click();
    await shownCode(page);
    await check("sign-in, with its code");
    await signIn(shop);
    const placed = await order(page);
    await shop.open(`/orders/${placed.id}`);
    await page.getByRole("button", { name: "取消订单" }).click();
    await check("order");
    await shop.open("/orders");
    await expect(shop.main.getByRole("listitem")).toHaveCount(1);
    await check("orders");
    for (const product of ["hotpot-lamb", "salmon-sashimi"]) await shop.put(product);
    await shop.open("/checkout");
    await expect(page.getByRole("button", { name: "提交订单" })).toBeEnabled();
    await check("checkout");
    await change(ownBackend, "UPDATE variants SET price = 4990, former_price = NULL WHERE id = 'salmon-sashimi-200g'");
    await change(ownBackend, "UPDATE variants SET stock = 0 WHERE id = 'hotpot-lamb-800g'");
    await shop.open("/cart");
    await expect(page.getByRole("button", { name: "按新价买" })).toBeVisible();
    await check("cart with trouble");
  });
}
