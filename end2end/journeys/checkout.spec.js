// From the shelf to the code at the counter; and one order stays one, whatever the network does.
import { ORDER, atCheckout, holdQuestion, loseAnswers, submit, theOne, tries } from "../checkout.js";
import { readCode } from "../code.js";
import { audit, expect, test } from "../fixtures.js";
import { chinese } from "../measure.js";
import { enter, kept, number, ordersOf, signIn } from "../member.js";
import { hold } from "../network.js";

// Orders take from the shelves.
test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

test("from the shelf to the code at the counter, and off again", { tag: "@tablet" }, async ({ page, shop, context }) => {
  const phone = number();
  const keys = tries(page);
  await shop.put("salmon-sashimi");
  await page.getByRole("link", { name: "购物车 共 1 件" }).click();
  await page.getByRole("link", { name: "去结算" }).click();
  await expect(page).toHaveURL("/checkout");
  await expect(page).toHaveTitle("结算 · 邻里优选");
  await expect(page.getByRole("heading", { name: "请先登录" })).toBeVisible();
  await shop.main.getByRole("link", { name: "登录" }).click();
  await enter(page, phone);
  await expect(page).toHaveURL("/checkout");
  // When, who, a word to the shop.
  const when = page.getByLabel("自提时间");
  const second = await when.locator("option").nth(1).getAttribute("value");
  await when.selectOption(second);
  await page.getByLabel("怎么称呼").fill("林阿姨");
  await page.getByLabel("留言").fill("鱼皮留着，谢谢");
  await expect(shop.main).toContainText("到店付款");
  await expect(shop.main.getByRole("paragraph").filter({ hasText: "共 1 件" })).toContainText(/¥45.90?/);
  await audit(page);
  await submit(page).click();
  await expect(page).toHaveURL(ORDER);
  await expect(shop.toast).toContainText("下单成功");
  // Placed once, as it was wanted.
  const order = await theOne(page);
  expect(keys).toHaveLength(1);
  expect(order).toMatchObject({ state: "placed", note: "鱼皮留着，谢谢", contact: { name: "林阿姨" }, total: { amount: 4590 }, pickup: { from: second } });
  expect(order.lines.map(({ variant, quantity }) => [variant, quantity])).toEqual([["salmon-sashimi-200g", 1]]);
  // The code, for the ear, the eye and the scanner.
  const { digits, qr } = order.code;
  await expect(shop.main).toContainText(`${digits.slice(0, 3)} ${digits.slice(3)}`);
  await expect(shop.main).toContainText([...digits].join(" "));
  expect(await readCode(context, await page.getByRole("img", { name: "取货码" }).screenshot())).toBe(qr);
  await expect(shop.main).toContainText(order.number);
  await expect(shop.main).toContainText("鱼皮留着，谢谢");
  await expect(page.getByRole("status").filter({ hasText: "已下单" })).toBeVisible();
  await audit(page);
  // What was ordered is out of the cart, and the way back leads to nothing that would order again.
  await page.goBack();
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
  await expect(submit(page)).toHaveCount(0);
  await shop.open("/cart");
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
  await shop.tab("我的").click();
  await page.getByRole("link", { name: "我的订单" }).click();
  const row = shop.main.getByRole("listitem").filter({ hasText: order.number });
  await expect(row).toContainText("已下单");
  await expect(row).toContainText(/三文鱼刺身[\s\S]*共 1 件[\s\S]*¥45.90?/);
  await row.getByRole("link").click();
  await expect(page).toHaveURL(`/orders/${order.id}`);
  // Calling it off asks first.
  await page.getByRole("button", { name: "取消订单" }).click();
  await expect(shop.main).toContainText("确定不要了吗？");
  await page.getByRole("button", { name: "再想想" }).click();
  await expect(page.getByText("确定不要了吗？")).toBeHidden();
  expect((await theOne(page)).state).toBe("placed");
  await page.getByRole("button", { name: "取消订单" }).click();
  await page.getByRole("button", { name: "取消这一单" }).click();
  await expect(shop.toast).toContainText("已取消");
  await expect(page.getByText("东西已经放回货架")).toBeVisible();
  await expect(page.getByRole("img", { name: "取货码" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "取消订单" })).toHaveCount(0);
  expect((await theOne(page)).state).toBe("cancelled");
  await shop.open("/orders");
  await expect(page.getByRole("heading", { name: "这里还没有订单" })).toBeVisible();
  await page.getByRole("link", { name: "售后" }).click();
  await shop.main.getByRole("listitem").filter({ hasText: order.number }).getByRole("link").click();
  await page.getByRole("button", { name: "再买一次" }).click();
  await expect(page).toHaveURL("/cart");
  await expect(shop.main.getByRole("listitem")).toContainText(["三文鱼刺身"]);
  await expect(page.getByRole("link", { name: "去结算" })).toHaveAttribute("href", "/checkout");
});

test("after signing in on the way, one step back leaves the checkout", async ({ page, shop }) => {
  await shop.put("salmon-sashimi");
  await shop.open("/cart");
  await page.getByRole("link", { name: "去结算" }).click();
  await shop.main.getByRole("link", { name: "登录" }).click();
  await enter(page, number());
  await expect(submit(page)).toBeEnabled();
  await page.getByRole("button", { name: "返回" }).click();
  await expect(page).toHaveURL("/cart");
});

test("what was typed is there after a reload", { tag: "@tablet" }, async ({ page, shop }) => {
  await atCheckout(page, shop);
  await page.getByLabel("怎么称呼").fill("林阿姨");
  await page.getByLabel("手机号").fill("13800138000");
  await page.getByLabel("留言").fill("牛油果要熟一点的");
  await page.reload();
  await shop.ready();
  await expect(page.getByLabel("怎么称呼")).toHaveValue("林阿姨");
  await expect(page.getByLabel("手机号")).toHaveValue("13800138000");
  await expect(page.getByLabel("留言")).toHaveValue("牛油果要熟一点的");
});

test("a number for the pickup that is none is said at once", async ({ page, shop, complaints }) => {
  complaints.allow(/400/);
  await atCheckout(page, shop);
  await page.getByLabel("手机号").fill("138");
  await submit(page).click();
  await expect(shop.main.getByRole("alert").or(shop.toast)).toContainText("手机号是 11 位数字");
  expect(await ordersOf(page)).toEqual([]);
  // What was typed is still there to be mended.
  await expect(page.getByLabel("手机号")).toHaveValue("138");
});

test("a second tap orders once", { tag: "@tablet" }, async ({ page, shop }) => {
  const keys = tries(page);
  await atCheckout(page, shop);
  await submit(page).dblclick();
  await expect(page).toHaveURL(ORDER);
  await theOne(page);
  expect(keys).toHaveLength(1);
});

test("an answer that is lost after the order was placed: checked, not ordered again", { tag: "@tablet" }, async ({ page, shop, complaints }) => {
  complaints.allow(/ERR_FAILED/);
  const keys = tries(page);
  await atCheckout(page, shop);
  const answers = await loseAnswers(page);
  // As long as the page is looked at.
  const asked = await holdQuestion(page);
  await submit(page).click();
  await expect(page.getByRole("heading", { name: "正在核对这一单" })).toBeVisible();
  await expect(shop.main).toContainText("不用重新下单");
  await audit(page);
  await expect(submit(page)).toHaveCount(0);
  await expect(shop.main.getByRole("button", { name: /^(?!返回|长辈版|大)/ })).toHaveCount(0);
  asked.letGo();
  const order = await theOne(page);
  await expect(page).toHaveURL(`/orders/${order.id}`, { timeout: 30_000 });
  await theOne(page);
  await answers.mend();
  expect(keys).toHaveLength(1);
  await expect.poll(() => kept(page)).not.toContain("intent");
});

test("the page is closed before the answer: the next one shows the same order", { tag: "@tablet" }, async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_FAILED/);
  await atCheckout(page, shop);
  const answers = await loseAnswers(context);
  await holdQuestion(page);
  await submit(page).click();
  await expect(page.getByRole("heading", { name: "正在核对这一单" })).toBeVisible();
  const order = await theOne(page);
  await page.close();
  await answers.mend();
  const next = await context.newPage();
  await next.goto("/cart");
  await expect(next).toHaveURL(`/orders/${order.id}`, { timeout: 30_000 });
  // At once, before the page has put its things away: the cart is looked at, and is not led away from.
  await next.goto("/cart");
  await expect(next.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
  await theOne(next);
  await expect(next).toHaveURL("/cart");
});

test("the page is closed before the answer: whatever page comes next tells of the order", async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_FAILED/);
  await atCheckout(page, shop);
  const answers = await loseAnswers(context);
  await holdQuestion(page);
  await submit(page).click();
  await expect(page.getByRole("heading", { name: "正在核对这一单" })).toBeVisible();
  const order = await theOne(page);
  await page.close();
  await answers.mend();
  const next = await context.newPage();
  await next.goto("/");
  const toast = next.locator("#toast");
  await expect(toast).toContainText("下单成功", { timeout: 30_000 });
  await toast.getByRole("button", { name: "看那一单" }).click();
  await expect(next).toHaveURL(`/orders/${order.id}`);
  await theOne(next);
});

test("no network at the very moment: it goes out once when it is back", { tag: "@tablet" }, async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/);
  await atCheckout(page, shop);
  await context.setOffline(true);
  await submit(page).click();
  await expect(page.getByRole("heading", { name: "正在核对这一单" })).toBeVisible();
  await expect(submit(page)).toHaveCount(0);
  await context.setOffline(false);
  await expect(page).toHaveURL(ORDER, { timeout: 30_000 });
  await theOne(page);
});

test("whoever signs in next does not order what the one before meant to", async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/, /ERR_FAILED/, /401/);
  await atCheckout(page, shop);
  // It never comes to the backend, and the member gives the phone away.
  await context.route("**/api/v1/orders", (route) => (route.request().method() === "POST" ? route.abort() : route.fallback()));
  await submit(page).click();
  await expect(page.getByRole("heading", { name: "正在核对这一单" })).toBeVisible();
  await page.close();
  const next = await context.newPage();
  await next.goto("/me");
  await next.getByRole("button", { name: "退出登录" }).click();
  await expect(next.getByText("邻居，您好")).toBeVisible();
  await context.unroute("**/api/v1/orders");
  await next.goto("/sign-in?next=/checkout");
  await enter(next, number());
  await expect(next).not.toHaveURL(/sign-in/);
  await expect(next.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
  expect(await ordersOf(next)).toEqual([]);
});

test("what was put in while the order was on its way stays in the cart", async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_ABORTED/);
  await atCheckout(page, shop);
  // For the other tab too, which follows the order up as well.
  const held = await hold(context, "**/api/v1/orders");
  await submit(page).click();
  await expect(page.getByRole("heading", { name: "正在提交" })).toBeVisible();
  const other = await context.newPage();
  await other.goto("/products/salmon-sashimi");
  await other.getByRole("button", { name: "加入购物车", exact: true }).click();
  await other.goto("/products/lemon-soap");
  await other.getByRole("button", { name: "加入购物车", exact: true }).click();
  await expect(other.getByRole("link", { name: "购物车 共 3 件" })).toBeVisible();
  held.letGo();
  await expect(page).toHaveURL(ORDER);
  // One was ordered of the two that were there in the end.
  await page.goto("/cart");
  await expect(page.getByRole("listitem").filter({ hasText: "柠檬洗碗皂" })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "三文鱼刺身" }).getByRole("status")).toHaveText("1");
});

test("in English nothing Chinese is left of checkout, order and list", async ({ page, shop }) => {
  await signIn(shop);
  await page.evaluate(() => localStorage.setItem("settings", JSON.stringify({ language: "en", size: 0, elder: false })));
  await shop.open("/products/salmon-sashimi");
  await page.getByRole("button", { name: "Add to cart", exact: true }).click();
  await shop.open("/cart");
  await expect(page.getByRole("link", { name: "Check out" })).toBeVisible();
  await expect.poll(() => chinese(page)).toEqual([]);
  await page.getByRole("link", { name: "Check out" }).click();
  await expect(page.getByRole("button", { name: "Place order" })).toBeEnabled();
  await expect.poll(() => chinese(page)).toEqual([]);
  await page.getByRole("button", { name: "Place order" }).click();
  await expect(page).toHaveURL(ORDER);
  await expect(shop.toast).toContainText("Your order is placed");
  await expect.poll(() => chinese(page)).toEqual([]);
  await page.getByRole("button", { name: "Cancel order" }).click();
  await expect(shop.main).toContainText("Really cancel it?");
  await expect.poll(() => chinese(page)).toEqual([]);
  await shop.open("/orders");
  await expect(shop.main.getByRole("listitem")).toHaveCount(1);
  await expect.poll(() => chinese(page)).toEqual([]);
});
