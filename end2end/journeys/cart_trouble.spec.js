// What changes in the shop while something is in the cart: said at its line, mended by one tap.
import { change } from "../database.js";
import { audit, expect, test } from "../fixtures.js";
import { ordersOf, signIn } from "../member.js";
import { breakDown, hold, PROBLEM } from "../network.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

const QUOTE = "**/api/v1/carts/quote";
const line = (page, name) => page.getByRole("main").getByRole("listitem").filter({ hasText: name });
const sum = (page) => page.getByRole("main").getByRole("paragraph").filter({ hasText: /^(估算|合计) · / });
const checkout = (page) => page.getByRole("main").getByRole("link", { name: "去结算" });

/** The way to the checkout is there, or said to be closed. */
async function open(page, is) {
  if (is) await expect(checkout(page)).toHaveAttribute("href", "/checkout");
  else await expect(checkout(page)).toHaveAttribute("aria-disabled", "true");
  await expect(checkout(page)).toHaveCount(1);
}

const raise = (backend) => change(backend, "UPDATE variants SET price = 4990, former_price = NULL WHERE id = ?", "salmon-sashimi-200g");
const stock = (backend, variant, left) => change(backend, "UPDATE variants SET stock = ? WHERE id = ?", left, variant);

test("price, stock, sold out, no longer sold: each at its line with one tap that mends it", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  for (const product of ["salmon-sashimi", "hotpot-lamb", "lemon-soap", "fish-balls"]) await shop.put(product);
  await shop.open("/cart");
  for (let step = 0; step < 2; step += 1) await line(page, "羔羊").getByRole("button", { name: "多一件" }).click();
  // 45.90 + 3 × 89.80 + 19.90 + 18.80
  await expect(sum(page)).toHaveText(/^合计 · 共 6 件\s*¥354(.00)?$/);
  await open(page, true);
  await raise(ownBackend);
  await stock(ownBackend, "hotpot-lamb-800g", 2);
  await stock(ownBackend, "lemon-soap-2", 0);
  await change(ownBackend, "DELETE FROM variants WHERE id = ?", "fish-balls-300g");
  await page.reload();
  await shop.ready();
  const trouble = (name) => line(page, name).getByRole("status").filter({ hasText: /[^\d]/ });
  await expect(trouble("三文鱼刺身")).toContainText(/价格变了，现在 ¥49.90?/);
  await expect(trouble("羔羊")).toContainText("不够了，只剩 2 份");
  await expect(trouble("柠檬洗碗皂")).toContainText("刚刚卖完了");
  await expect(trouble("鱼丸")).toContainText("店里不卖了");
  await expect(page.getByText("有几样要看一下")).toBeVisible();
  await open(page, false);
  await checkout(page).click({ force: true });
  await expect(page).toHaveURL("/cart");
  await audit(page);
  await line(page, "三文鱼刺身").getByRole("button", { name: "按新价买" }).click();
  await expect(trouble("三文鱼刺身")).toHaveCount(0);
  await expect(line(page, "三文鱼刺身")).toContainText(/¥49.90?/);
  await line(page, "羔羊").getByRole("button", { name: "改成 2 份" }).click();
  await expect(trouble("羔羊")).toHaveCount(0);
  await expect(line(page, "羔羊").getByRole("status")).toHaveText("2");
  await open(page, false);
  await line(page, "柠檬洗碗皂").getByRole("button", { name: "拿出去" }).click();
  await expect(line(page, "柠檬洗碗皂")).toHaveCount(0);
  await line(page, "鱼丸").getByRole("button", { name: "拿出去" }).click();
  await expect(line(page, "鱼丸")).toHaveCount(0);
  // 49.90 + 2 × 89.80
  await expect(sum(page)).toHaveText(/^合计 · 共 3 件\s*¥229.50?$/);
  await expect(page.getByText("有几样要看一下")).toHaveCount(0);
  await open(page, true);
});

test("a price that changes at the last moment: nothing is ordered, and the cart says what", { tag: "@tablet" }, async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/409/);
  await signIn(shop);
  await shop.put("salmon-sashimi");
  await shop.open("/checkout");
  const submit = page.getByRole("button", { name: "提交订单" });
  await expect(submit).toBeEnabled();
  await raise(ownBackend);
  await submit.click();
  await expect(page).toHaveURL("/cart");
  await expect(shop.toast).toContainText("价格或库存刚变了");
  expect(await ordersOf(page)).toEqual([]);
  await line(page, "三文鱼刺身").getByRole("button", { name: "按新价买" }).click();
  await checkout(page).click();
  await submit.click();
  await expect(page).toHaveURL(/\/orders\/[0-9a-f]+$/);
  expect((await ordersOf(page)).map(({ total }) => total.amount)).toEqual([4990]);
});

test("the last one goes to somebody else: said at the checkout too", async ({ page, shop, ownBackend }) => {
  await signIn(shop);
  await shop.put("salmon-sashimi");
  await stock(ownBackend, "salmon-sashimi-200g", 0);
  await shop.open("/checkout");
  await expect(page.getByRole("button", { name: "提交订单" })).toBeDisabled();
  await page.getByRole("link", { name: "有几样要看一下" }).click();
  await expect(page).toHaveURL("/cart");
  await expect(line(page, "三文鱼刺身")).toContainText("刚刚卖完了");
});

test("until the shop has said its price the sum is an estimate", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.put("salmon-sashimi");
  const quote = await hold(page, QUOTE);
  await shop.open("/cart");
  await expect(sum(page)).toHaveText(/^估算 · 共 1 件\s*¥45.90?$/);
  await expect(shop.main).toContainText("正在问店里的价……");
  await open(page, false);
  await audit(page);
  quote.letGo();
  await expect(sum(page)).toHaveText(/^合计 · 共 1 件\s*¥45.90?$/);
  await open(page, true);
});

test("the number changes under the finger, whatever the shop is waited for", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.put("salmon-sashimi");
  await shop.open("/cart");
  await expect(sum(page)).toContainText("合计");
  const quote = await hold(page, QUOTE);
  const more = line(page, "三文鱼刺身").getByRole("button", { name: "多一件" });
  await more.click();
  await more.click();
  await expect(line(page, "三文鱼刺身").getByRole("status")).toHaveText("3", { timeout: 3_000 });
  await expect(line(page, "三文鱼刺身")).toContainText(/¥137.70?/);
  await expect(sum(page)).toHaveText(/^估算 · 共 3 件\s*¥137.70?$/);
  await expect(more).toBeFocused();
  quote.letGo();
  await expect(sum(page)).toHaveText(/^合计 · 共 3 件\s*¥137.70?$/);
});

test("an answer that comes late does not undo a newer one", async ({ page, shop }) => {
  await shop.put("salmon-sashimi");
  await shop.open("/cart");
  await expect(sum(page)).toContainText("合计");
  // The first question is answered last.
  let count = 0;
  let letGo;
  const gone = new Promise((done) => (letGo = done));
  await page.route(QUOTE, async (route) => {
    count += 1;
    if (count === 1) await gone;
    await route.continue().catch(() => {});
  });
  const more = line(page, "三文鱼刺身").getByRole("button", { name: "多一件" });
  await more.click();
  await expect.poll(() => count).toBe(1);
  await more.click();
  await expect(sum(page)).toHaveText(/^合计 · 共 3 件\s*¥137.70?$/);
  const late = page.waitForResponse(QUOTE);
  letGo();
  await (await late).finished();
  await expect(sum(page)).toHaveText(/^合计 · 共 3 件\s*¥137.70?$/);
});

test("the shop gives no price: said, and the estimate stays", { tag: "@tablet" }, async ({ page, shop, complaints }) => {
  complaints.allow(/500/);
  await shop.put("salmon-sashimi");
  const broken = await breakDown(page, QUOTE, PROBLEM);
  await shop.open("/cart");
  await expect(shop.main).toContainText("店里的电脑出了点问题");
  await expect(sum(page)).toHaveText(/^估算 · 共 1 件\s*¥45.90?$/);
  await open(page, false);
  await audit(page);
  await broken.mend();
  await line(page, "三文鱼刺身").getByRole("button", { name: "多一件" }).click();
  await expect(sum(page)).toHaveText(/^合计 · 共 2 件\s*¥91.80?$/);
  await open(page, true);
});

test("a price that did not come can be asked for again", async ({ page, shop, complaints }) => {
  complaints.allow(/500/);
  await shop.put("salmon-sashimi");
  const broken = await breakDown(page, QUOTE, PROBLEM);
  await shop.open("/cart");
  await expect(shop.main).toContainText("店里的电脑出了点问题");
  await broken.mend();
  await shop.main.getByRole("button", { name: "再试一次" }).click();
  await expect(sum(page)).toHaveText(/^合计 · 共 1 件\s*¥45.90?$/);
});

test("without a network the estimate stays, and the price comes by itself when it is back", { tag: "@tablet" }, async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/);
  await shop.put("salmon-sashimi");
  await shop.open("/cart");
  await expect(sum(page)).toContainText("合计");
  await context.setOffline(true);
  await line(page, "三文鱼刺身").getByRole("button", { name: "多一件" }).click();
  await expect(sum(page)).toHaveText(/^估算 · 共 2 件\s*¥91.80?$/);
  await open(page, false);
  await context.setOffline(false);
  await expect(sum(page)).toHaveText(/^合计 · 共 2 件\s*¥91.80?$/);
  await open(page, true);
});

test("what is mended in one tab is mended in the other", { tag: "@tablet" }, async ({ page, shop, context, ownBackend }) => {
  await shop.put("salmon-sashimi");
  await raise(ownBackend);
  await shop.open("/cart");
  const other = await context.newPage();
  await other.goto("/cart");
  await expect(line(other, "三文鱼刺身")).toContainText("价格变了");
  await line(page, "三文鱼刺身").getByRole("button", { name: "按新价买" }).click();
  await expect(sum(other)).toHaveText(/^合计 · 共 1 件\s*¥49.90?$/);
  await expect(line(other, "三文鱼刺身")).not.toContainText("价格变了");
  await line(other, "三文鱼刺身").getByRole("button", { name: "多一件" }).click();
  await expect(sum(page)).toHaveText(/^合计 · 共 2 件\s*¥99.80?$/);
});
