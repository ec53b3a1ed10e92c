// After the sale: a refund of a part is asked for on the phone, decided at the desk, and seen by both.
import { change } from "../database.js";
import { atCounter } from "../desk.js";
import { audit, expect, test } from "../fixtures.js";
import { order, signIn } from "../member.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

const SAFE = { "x-shop-request": "1" };
const EGGS = "mountain-eggs-10";

/** The clerk hands an order over, without the page. */
async function handOver(clerk, bought) {
  for (const step of ["pack", "hand-over"]) {
    const answer = await clerk.request.post(`/api/v1/desk/orders/${bought.id}/${step}`, { headers: SAFE });
    expect(answer.status(), await answer.text()).toBe(200);
  }
}

/** Another device of the same backend, with the desk open on it. */
async function clerkOf(browser, backend) {
  const context = await browser.newContext({ baseURL: backend.url, locale: "zh-CN", timezoneId: "Asia/Shanghai", viewport: { width: 1280, height: 800 } });
  const clerk = await context.newPage();
  await atCounter(clerk, backend);
  return { clerk, close: () => context.close() };
}

/** A picture as a phone's camera makes one: large. Drawn in a page of its own. */
async function photo(context, width = 2400, height = 1800) {
  const aside = await context.newPage();
  const base64 = await aside.evaluate(([width, height]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const pen = canvas.getContext("2d");
    for (let x = 0; x < width; x += 8) {
      for (let y = 0; y < height; y += 8) {
        pen.fillStyle = `hsl(${(x * 7 + y * 13) % 360} 70% ${30 + ((x ^ y) % 40)}%)`;
        pen.fillRect(x, y, 8, 8);
      }
    }
    return canvas.toDataURL("image/jpeg", 0.95).split(",")[1];
  }, [width, height]);
  await aside.close();
  return Buffer.from(base64, "base64");
}

/** Buys eggs on this phone, has them handed over, and opens the page on which one asks. */
async function bought(page, shop, clerk, quantity = 3) {
  await signIn(shop);
  const placed = await order(page, EGGS, quantity);
  await handOver(clerk, placed);
  await shop.open(`/orders/${placed.id}`);
  return placed;
}

const row = (page, name) => page.getByRole("group", { name: "退哪几样" }).getByRole("listitem").filter({ hasText: name });
const send = (page) => page.getByRole("button", { name: "提交申请" });
const ask = (page) => page.getByRole("main").getByRole("link", { name: "申请退款" });

test("a part comes back: asked with a picture, approved at the desk", async ({ page, shop, context, browser, ownBackend }) => {
  test.slow();
  const { clerk, close } = await clerkOf(browser, ownBackend);
  const placed = await bought(page, shop, clerk);
  // The time line says what happened, who did it and when; what was last counts now.
  const line = page.getByRole("region", { name: "这一单的经过" });
  await expect(line.getByRole("listitem")).toHaveText([/已下单.*您/, /已打包.*店里/, /已取货.*店里/]);
  await expect(line.locator("[aria-current=step]")).toContainText("已取货");
  await ask(page).click();
  await expect(page).toHaveURL(`/orders/${placed.id}/return`);
  await expect(page.getByRole("heading", { level: 1, name: "申请退款" })).toBeVisible();
  await audit(page);

  // What is missing is said, one after the other.
  await send(page).click();
  await expect(page.getByRole("alert")).toHaveText("请先选要退的商品");
  await row(page, "鸡蛋").getByRole("button", { name: "多一件" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
  const back = page.getByRole("region", { name: "退给您" });
  await expect(back).toContainText(/退 ¥\d/);
  await expect(back).toContainText("到店里柜台退");
  await send(page).click();
  await expect(page.getByRole("alert")).toHaveText("请选一个原因");
  await page.getByRole("radio", { name: "破了、漏了、压坏了" }).check();
  await page.getByLabel("补充一句").fill("破了一盒");

  // A large picture is made small here, and can be taken out again.
  const picture = page.getByLabel(/拍照或选一张|换一张/);
  await picture.setInputFiles({ name: "eggs.jpg", mimeType: "image/jpeg", buffer: await photo(context) });
  const seen = page.getByRole("img", { name: "您拍的照片" });
  await expect(seen).toBeVisible();
  const size = await seen.evaluate((image) => [image.naturalWidth, image.naturalHeight, image.src.length]);
  expect(Math.max(size[0], size[1])).toBeLessThanOrEqual(1280);
  expect(size[2]).toBeLessThan(410_000);
  await page.getByRole("button", { name: "去掉照片" }).click();
  await expect(seen).toHaveCount(0);
  // One that is none says so, and takes nothing away.
  await picture.setInputFiles({ name: "eggs.jpg", mimeType: "image/jpeg", buffer: Buffer.from("<html>no picture</html>") });
  await expect(page.getByText("这张照片打不开")).toBeVisible();
  await expect(page.getByLabel("补充一句")).toHaveValue("破了一盒");
  await picture.setInputFiles({ name: "eggs.jpg", mimeType: "image/jpeg", buffer: await photo(context) });
  await expect(seen).toBeVisible();
  await audit(page);

  // Closed and opened again: everything is there.
  await page.reload();
  await shop.ready();
  await expect(page.getByLabel("补充一句")).toHaveValue("破了一盒");
  await expect(page.getByRole("radio", { name: "破了、漏了、压坏了" })).toBeChecked();
  await expect(row(page, "鸡蛋").getByRole("status")).toHaveText("1");
  await expect(seen).toBeVisible();
  await send(page).click();
  await expect(page).toHaveURL(`/orders/${placed.id}`);
  await expect(shop.toast).toContainText("申请交给店里了");
  const returns = page.getByRole("region", { name: "售后" });
  await expect(returns).toContainText("等店里处理");
  await expect(returns).toContainText("破了一盒");
  await expect(returns.getByRole("img", { name: "您拍的照片" })).toBeVisible();
  await expect(ask(page)).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => localStorage.getItem("return"))).toBeNull();
  await audit(page);

  // The desk hears of it, sees the picture large, and decides.
  await expect(clerk.getByRole("status").filter({ hasText: `${placed.number} 申请退款` })).toBeVisible({ timeout: 30_000 });
  const desk = clerk.getByRole("region", { name: "售后" });
  const waits = desk.getByRole("listitem").filter({ hasText: placed.number });
  await expect(desk).toContainText("1 个申请要处理");
  await expect(waits).toContainText("破了、漏了、压坏了");
  await expect(waits).toContainText("柜台退给顾客");
  const small = waits.getByRole("button", { name: "放大照片" });
  // A picture that is still on its way has no size yet; it comes when it is near.
  await small.scrollIntoViewIfNeeded();
  await expect(small.locator("img")).toHaveJSProperty("complete", true);
  const before = (await small.boundingBox()).width;
  await small.click();
  await expect.poll(async () => (await waits.getByRole("button", { name: "缩小照片" }).boundingBox()).width).toBeGreaterThan(before * 2);
  await audit(clerk);
  await waits.getByRole("button", { name: /^同意退款/ }).click();
  await waits.getByRole("button", { name: /^确定退 ¥/ }).click();
  await expect(waits).toContainText("已同意");
  await expect(desk).toContainText("0 个申请要处理");

  await page.reload();
  await shop.ready();
  await expect(returns).toContainText("同意退款");
  await expect(returns).toContainText(/已退 ¥\d/);
  await expect(line.getByRole("listitem")).toHaveText([/已下单/, /已打包/, /已取货/, /申请退款.*您/, /同意退款.*店里/]);
  // The rest can still be asked for, and no more than that.
  await ask(page).click();
  const more = row(page, "鸡蛋").getByRole("button", { name: "多一件" });
  await more.click();
  await more.click();
  await expect(more).toBeDisabled();
  // It is found under both tabs.
  for (const tab of ["done", "after_sale"]) {
    await shop.open(`/orders?tab=${tab}`);
    await expect(page.getByRole("listitem").filter({ hasText: placed.number })).toHaveCount(1);
  }
  await close();
});

test("declined with a word, asked again, withdrawn", async ({ page, shop, browser, ownBackend }) => {
  test.slow();
  const { clerk, close } = await clerkOf(browser, ownBackend);
  const placed = await bought(page, shop, clerk);
  const askFor = async () => {
    await ask(page).click();
    await row(page, "鸡蛋").getByRole("button", { name: "多一件" }).click();
    await page.getByRole("radio", { name: "不好吃" }).check();
    await send(page).click();
    await expect(page).toHaveURL(`/orders/${placed.id}`);
  };
  await askFor();
  const desk = clerk.getByRole("region", { name: "售后" });
  const waits = desk.getByRole("listitem").filter({ hasText: placed.number }).first();
  await waits.getByRole("button", { name: /^不同意/ }).click({ timeout: 30_000 });
  await waits.getByRole("button", { name: "告诉顾客" }).click();
  await expect(waits.getByRole("alert")).toHaveText("请写一句为什么");
  const why = waits.getByRole("textbox");
  await why.fill("吃过一半了");
  // What is typed outlives the next looks of the desk.
  await clerk.waitForResponse("**/api/v1/desk/returns");
  await clerk.waitForResponse("**/api/v1/desk/returns");
  await expect(why).toHaveValue("吃过一半了");
  await why.press("Enter");
  await expect(waits).toContainText("没同意");
  await page.reload();
  await shop.ready();
  const returns = page.getByRole("region", { name: "售后" });
  await expect(returns).toContainText("没有同意退款");
  await expect(returns).toContainText("店里说：吃过一半了");
  await askFor();
  await returns.getByRole("button", { name: "撤回申请" }).click();
  await returns.getByRole("button", { name: "再等等" }).click();
  await returns.getByRole("button", { name: "撤回申请" }).click();
  await returns.getByRole("button", { name: "撤回", exact: true }).click();
  await expect(returns).toContainText("撤回了退款申请");
  await expect(ask(page)).toHaveCount(1);
  await expect(desk).toContainText("0 个申请要处理", { timeout: 30_000 });
  await close();
});

test("without a network nothing that was filled in is lost, and nothing is asked for twice", async ({ page, shop, context, browser, ownBackend, complaints }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/, /ERR_FAILED/);
  test.slow();
  const { clerk, close } = await clerkOf(browser, ownBackend);
  const placed = await bought(page, shop, clerk);
  await ask(page).click();
  await row(page, "鸡蛋").getByRole("button", { name: "多一件" }).click();
  await page.getByRole("radio", { name: "少了" }).check();
  await context.setOffline(true);
  await page.getByLabel("补充一句").fill("少了一盒");
  await expect(page.getByText("填的都留在这台手机上").first()).toBeVisible();
  // It arrives once the network is back, but its answer does not: it is asked for by its key.
  const address = `**/api/v1/orders/${placed.id}/returns`;
  const keys = [];
  await page.route(address, async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    await route.fetch();
    await route.abort();
  });
  await send(page).click();
  await expect(page.getByText("不用重填")).toBeVisible();
  await expect(page.getByRole("button", { name: "正在提交" })).toBeDisabled();
  await expect(page.getByLabel("补充一句")).toHaveValue("少了一盒");
  await context.setOffline(false);
  await expect(page).toHaveURL(`/orders/${placed.id}`, { timeout: 30_000 });
  await expect(shop.toast).toContainText("申请交给店里了");
  expect(keys).toHaveLength(1);
  const there = await (await page.request.get(`/api/v1/orders/${placed.id}`)).json();
  expect(there.returns).toHaveLength(1);
  await close();
});

test("what is too late says so", async ({ page, shop, browser, ownBackend, complaints }) => {
  complaints.allow(/409/);
  const { clerk, close } = await clerkOf(browser, ownBackend);
  const placed = await bought(page, shop, clerk);
  await ask(page).click();
  await row(page, "鸡蛋").getByRole("button", { name: "多一件" }).click();
  await page.getByRole("radio", { name: "发错了" }).check();
  await change(ownBackend, "UPDATE order_changes SET at = at - 7 * 86400000 WHERE order_id = ?", placed.id);
  await send(page).click();
  await expect(page.getByRole("heading", { name: "这一单现在不能申请退款" })).toBeVisible();
  await audit(page);
  await page.getByRole("link", { name: "看这一单" }).click();
  await expect(page).toHaveURL(`/orders/${placed.id}`);
  await expect(ask(page)).toHaveCount(0);
  await close();
});

test("the page for an order of nobody's, and for nobody", async ({ page, shop, complaints }) => {
  complaints.allow(/40[14]/);
  await shop.open("/orders/00000000000000000000/return");
  await expect(page.getByRole("heading", { name: "请先登录" })).toBeVisible();
  await signIn(shop, undefined, "/orders/00000000000000000000/return");
  await expect(page.getByRole("heading", { name: "没有这一单" })).toBeVisible();
});

test("in 长辈版 everything that is touched is large", async ({ page, shop, browser, ownBackend }) => {
  await shop.keep({ elder: true });
  const { clerk, close } = await clerkOf(browser, ownBackend);
  await bought(page, shop, clerk);
  await ask(page).click();
  await expect(send(page)).toBeVisible();
  const small = await page.getByRole("main").evaluate((main) =>
    [...main.querySelectorAll("button, textarea, .reasons span, .pick")]
      .map((part) => [part.textContent.trim().slice(0, 12), part.getBoundingClientRect().height])
      .filter(([, height]) => height > 0 && height < 60),
  );
  expect(small).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await audit(page);
  await close();
});

test("bought again: what is gone says so at its line, and each has its remedy", async ({ page, shop, ownBackend }) => {
  await signIn(shop);
  const { request } = page;
  const wanted = [["lemon-soap-2", 1], ["fish-balls-300g", 1], ["hotpot-lamb-800g", 3], ["salmon-sashimi-200g", 1]];
  const lines = wanted.map(([variant, quantity]) => ({ variant, quantity }));
  const quote = await (await request.post("/api/v1/carts/quote", { headers: SAFE, data: { lines } })).json();
  const { times } = await (await request.get("/api/v1/pickup-times")).json();
  const data = { quote: quote.id, lines, pickup_from: times[0].from, contact: { name: "", phone: "" }, note: "", payment: "at_store" };
  const placed = await request.post("/api/v1/orders", { headers: { ...SAFE, "idempotency-key": crypto.randomUUID() }, data });
  expect(placed.status(), await placed.text()).toBe(201);
  await change(ownBackend, "UPDATE variants SET stock = 0 WHERE id = ?", "lemon-soap-2");
  await change(ownBackend, "DELETE FROM variants WHERE id = ?", "fish-balls-300g");
  await change(ownBackend, "UPDATE variants SET stock = 2 WHERE id = ?", "hotpot-lamb-800g");
  await change(ownBackend, "UPDATE variants SET price = 4990, former_price = NULL WHERE id = ?", "salmon-sashimi-200g");

  await shop.open(`/orders/${(await placed.json()).id}`);
  await page.getByRole("button", { name: "再买一次" }).click();
  await expect(page).toHaveURL("/cart");
  const line = (name) => page.getByRole("main").getByRole("listitem").filter({ hasText: name });
  await expect(line("柠檬洗碗皂")).toContainText("刚刚卖完了");
  await expect(line("鱼丸")).toContainText("店里不卖了");
  await expect(line("羔羊")).toContainText("不够了，只剩 2 份");
  await expect(line("三文鱼刺身")).toContainText(/价格变了，现在 ¥49.90?/);
  await audit(page);
  await line("柠檬洗碗皂").getByRole("button", { name: "拿出去" }).click();
  await line("鱼丸").getByRole("button", { name: "拿出去" }).click();
  await line("羔羊").getByRole("button", { name: "改成 2 份" }).click();
  await line("三文鱼刺身").getByRole("button", { name: "按新价买" }).click();
  await expect(page.getByRole("main").getByRole("link", { name: "去结算" })).toHaveAttribute("href", "/checkout");
  await expect(page.getByText("有几样要看一下")).toHaveCount(0);
});
