// Tastings at the desk: who comes is looked at by a code and checked in, who does not is said to be
// missing, who walks in gets what is free; a purchase becomes points; the owner sees where people
// come from.
import { readCode } from "../code.js";
import { change } from "../database.js";
import { atCounter, enters, said, view } from "../desk.js";
import { audit, expect, test } from "../fixtures.js";
import { PROBLEM, breakDown, hold } from "../network.js";
import { neighbour } from "../slots.js";
import { PINS, deskApi, neighbourBooks, planAround, puts } from "../tasting.js";

const field = (page) => page.getByLabel("取货码或试吃码");

async function look(page, code) {
  await field(page).fill(code);
  await field(page).press("Enter");
}

const tastings = (page) => page.getByRole("region", { name: "今天的试吃" });
const at = (slot) => slot.from.slice(11, 16);
/** A slot's row on the time line. */
const row = (page, slot, title = "冷萃咖啡") => tastings(page).locator("li.slot", { hasText: `${at(slot)}–` }).filter({ hasText: title });
const guest = (page, booking) => tastings(page).locator("li.guest", { hasText: booking.number });
const trouble = (page, text) => page.getByRole("alert").filter({ hasText: text });

/** What a page has asked to be done once: path, key and what was said. */
function tries(page, path) {
  const seen = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && path.test(request.url())) seen.push({ key: request.headers()["idempotency-key"], body: request.postData() });
  });
  return seen;
}

test.describe("tastings at the desk", { tag: "@desk" }, () => {
  // Who may not yet is told so by status 401 and 403.
  test.beforeEach(({ complaints }) => complaints.allow(/40[13].*\/api\/v1\/desk\/(device|session)/));
  test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

  test("digits are typed, looked at, checked in, taken back, and checked in again", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/422.*\/codes\/preview/);
    test.slow();
    const { next } = await planAround(ownBackend, { deposit: { amount: 1000, currency: "CNY" } });
    const booking = await neighbourBooks(ownBackend, next, { party: 2, name: "三号楼 王女士", note: "不吃冰" });
    await atCounter(page, ownBackend);
    await expect(view(page, "订单")).toHaveAttribute("aria-selected", "true");
    await view(page, "试吃").click();
    await expect(guest(page, booking)).toContainText("等人来");
    await expect(guest(page, booking)).toContainText("三号楼 王女士 × 2");
    await expect(tastings(page)).toContainText("2 位预约 · 0 位已到");
    // The code is the neighbour's to bring.
    await expect(page.locator("main")).not.toContainText(booking.code.digits);
    await audit(page);

    await look(page, booking.code.digits === "00000000" ? "00000001" : "00000000");
    await expect(trouble(page, "没有等着取的订单或试吃用这个码")).toBeVisible();
    await look(page, `${booking.code.digits.slice(0, 4)} ${booking.code.digits.slice(4)}`);
    const found = page.getByRole("group", { name: booking.number });
    await expect(found).toContainText("冷萃咖啡");
    await expect(found).toContainText("三号楼 王女士");
    await expect(found).toContainText("2 位 · 第一次来试吃");
    await expect(found).toContainText("不吃冰");
    await expect(found).toContainText("押金，请收");
    await expect(found).toContainText("10");
    await expect(found).toContainText(at(next));
    await expect(trouble(page, "没有等着取的订单")).toHaveCount(0);
    await audit(page);

    await found.getByRole("button", { name: "确认到店" }).click();
    await expect(said(page, "三号楼 王女士 已到店")).toBeVisible();
    await expect(found).toContainText("已到");
    await expect(found).toContainText(/\d\d:\d\d 前可以撤销/);
    await expect(field(page)).toBeFocused();
    await expect(field(page)).toHaveValue("");
    await expect(guest(page, booking)).toContainText("已到");
    await expect(tastings(page)).toContainText("2 位预约 · 2 位已到");
    await audit(page);

    await found.getByRole("button", { name: "撤销" }).click();
    await expect(said(page, "三号楼 王女士 已撤销")).toBeVisible();
    await expect(found.getByRole("button", { name: "确认到店" })).toBeEnabled();
    await expect(guest(page, booking)).toContainText("等人来");
    await found.getByRole("button", { name: "确认到店" }).click();
    await expect(guest(page, booking)).toContainText("已到");
    // From the list too.
    await guest(page, booking).getByRole("button", { name: /撤销/ }).click();
    await expect(guest(page, booking)).toContainText("等人来");
    await found.getByRole("button", { name: "下一位" }).click();
    await expect(found).toHaveCount(0);
  });

  test("the text of the QR code does the same, and who is in already is shown as that", async ({ page, ownBackend }) => {
    const { next } = await planAround(ownBackend);
    const booking = await neighbourBooks(ownBackend, next);
    await atCounter(page, ownBackend);
    expect(booking.code.qr.length).toBeGreaterThan(120);
    await look(page, booking.code.qr);
    const found = page.getByRole("group", { name: booking.number });
    await expect(found).toContainText(`没留名字 ${booking.number}`);
    await found.getByRole("button", { name: "不是这位" }).click();
    await expect(found).toHaveCount(0);
    await look(page, booking.code.qr);
    await found.getByRole("button", { name: "确认到店" }).click();
    await expect(found.getByRole("button", { name: "下一位" })).toBeVisible();
    await look(page, booking.code.digits);
    await expect(found).toContainText("已到");
    await expect(found.getByRole("button", { name: "确认到店" })).toHaveCount(0);
    // What was done long ago is not taken back.
    await change(ownBackend, "UPDATE bookings SET changed_at = changed_at - 180000 WHERE id = ?", booking.id);
    await look(page, booking.code.digits);
    await expect(found.getByRole("button", { name: "下一位" })).toBeVisible();
    await expect(found.getByRole("button", { name: "撤销" })).toHaveCount(0);
  });

  test("another day is said, and what has changed is looked at again", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/409.*\/check-in/);
    const { next } = await planAround(ownBackend);
    const who = await neighbour(ownBackend);
    const { days } = await (await who.request.get("/api/v1/tastings/salmon")).json();
    const later = days[2].slots.find((slot) => slot.state === "open");
    const tomorrow = await neighbourBooks(ownBackend, later, { name: "早到的人" });
    const booking = await neighbourBooks(ownBackend, next, { name: "改主意的人" });
    await who.leave();
    await atCounter(page, ownBackend);
    await look(page, tomorrow.code.digits);
    const early = page.getByRole("group", { name: tomorrow.number });
    await expect(early.getByRole("alert")).toContainText("不是今天");
    await expect(early.getByRole("alert")).toContainText(at(later));
    await expect(early.getByRole("button", { name: "确认到店" })).toBeDisabled();
    await audit(page);

    await look(page, booking.code.digits);
    const found = page.getByRole("group", { name: booking.number });
    await expect(found).toBeVisible();
    await change(ownBackend, "UPDATE bookings SET changed_at = changed_at + 1 WHERE id = ?", booking.id);
    await found.getByRole("button", { name: "确认到店" }).click();
    await expect(trouble(page, "刚刚有变动")).toBeVisible();
    await found.getByRole("button", { name: "确认到店" }).click();
    await expect(said(page, "改主意的人 已到店")).toBeVisible();
    await expect(trouble(page, "刚刚有变动")).toHaveCount(0);
  });

  test("another day is said also when the shop's clock is heard of after the code was typed", async ({ page, ownBackend }) => {
    const who = await neighbour(ownBackend);
    const { days } = await (await who.request.get("/api/v1/tastings/salmon")).json();
    await who.leave();
    const booking = await neighbourBooks(ownBackend, days[2].slots.find((slot) => slot.state === "open"), { name: "早到的人" });
    const today = await hold(page, /\/api\/v1\/desk\/(orders|tastings)$/);
    await atCounter(page, ownBackend);
    await look(page, booking.code.digits);
    const early = page.getByRole("group", { name: booking.number });
    await expect(early.getByRole("button", { name: "确认到店" })).toBeEnabled();
    await expect(early.getByRole("alert")).toHaveCount(0);
    today.letGo();
    await expect(early.getByRole("alert")).toContainText("不是今天");
    await expect(early.getByRole("button", { name: "确认到店" })).toBeDisabled();
  });

  test("nobody is missing before it has begun; then once more asked, and taken back", async ({ page, ownBackend }) => {
    const { running, next } = await planAround(ownBackend);
    const waits = await neighbourBooks(ownBackend, next, { name: "准时的人" });
    const late = await neighbourBooks(ownBackend, next, { name: "迟到的人" });
    await puts(ownBackend, late, running);
    await atCounter(page, ownBackend);
    await view(page, "试吃").click();
    await expect(guest(page, waits)).toBeVisible();
    await expect(guest(page, waits).getByRole("button")).toHaveCount(0);
    await guest(page, late).getByRole("button", { name: /^没来/ }).click();
    await guest(page, late).getByRole("button", { name: /^再等等/ }).click();
    await guest(page, late).getByRole("button", { name: /^没来/ }).click();
    const sure = guest(page, late).getByRole("button", { name: /^确定没来/ });
    await expect(sure).toBeFocused();
    await audit(page);
    await sure.click();
    await expect(said(page, "迟到的人 记为没来")).toBeVisible();
    await expect(guest(page, late)).toHaveAttribute("data-state", "no_show");
    await audit(page);
    await guest(page, late).getByRole("button", { name: /撤销/ }).click();
    await expect(guest(page, late)).toContainText("等人来");
    // Now between what has begun and what has not.
    const line = await tastings(page).locator("ol.line > li").evaluateAll((rows) => rows.map((row) => row.className));
    expect(line).toContain("now");
  });

  test("who walks in gets a place that is free, and no more than are", async ({ page, ownBackend }) => {
    const { running, next } = await planAround(ownBackend, { capacity: 2 });
    await neighbourBooks(ownBackend, next, { party: 2 });
    await atCounter(page, ownBackend);
    await view(page, "试吃").click();
    await expect(row(page, next)).toContainText("已满");
    await expect(row(page, next).getByRole("button", { name: /现场加一位/ })).toHaveCount(0);
    const here = row(page, running);
    await expect(here).toContainText("还空 2 位");
    await here.getByRole("button", { name: /现场加一位/ }).click();
    await expect(here.getByLabel("怎么称呼")).toBeFocused();
    await here.getByLabel("怎么称呼").fill("路过的老张");
    await here.getByRole("button", { name: "多一件" }).click();
    await expect(here.getByRole("button", { name: "多一件" })).toBeDisabled();
    await audit(page);
    // What is half typed outlives a look at the other view, and at what is new.
    await view(page, "试吃").focus();
    await page.keyboard.press("ArrowLeft");
    await expect(view(page, "订单")).toBeFocused();
    await expect(view(page, "订单")).toHaveAttribute("aria-selected", "true");
    await expect(page.getByRole("heading", { name: "现在没有订单" })).toBeVisible();
    await page.waitForResponse(/\/desk\/tastings$/);
    await page.keyboard.press("End");
    await expect(here.getByLabel("怎么称呼")).toHaveValue("路过的老张");
    await here.getByRole("button", { name: "加上，已到店" }).click();
    await expect(said(page, "路过的老张 × 2 已加上")).toBeVisible();
    await expect(here.locator("li.guest")).toContainText("路过的老张 × 2");
    await expect(here.locator("li.guest")).toContainText("已到");
    await expect(here).toContainText("已满");
    await expect(here.getByRole("button", { name: /现场加一位/ })).toHaveCount(0);
    // By mistake: a walk-in that is taken back was never there.
    await here.locator("li.guest").getByRole("button", { name: /撤销/ }).click();
    await expect(here.locator("li.guest")).toHaveCount(0);
    await expect(here).toContainText("还空 2 位");
  });

  test("a walk-in whose answer was lost is found out about under the same key", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/ERR_FAILED/, /409.*\/walk-in/);
    test.slow();
    const { running } = await planAround(ownBackend, { capacity: 2 });
    await atCounter(page, ownBackend);
    await view(page, "试吃").click();
    const sent = tries(page, /\/walk-in$/);
    const lose = async (route) => {
      await route.fetch();
      // The page may have given it up meanwhile.
      await route.abort().catch(() => {});
    };
    await page.route("**/walk-in", lose);
    const here = row(page, running);
    await here.getByRole("button", { name: /现场加一位/ }).click();
    await here.getByLabel("怎么称呼").fill("路过的老张");
    await here.getByRole("button", { name: "加上，已到店" }).click();
    await expect(said(page, "正在核对有没有加上")).toBeVisible();
    await expect(here.getByRole("button", { name: "加上，已到店" })).toBeDisabled();
    await audit(page);
    // Opened anew, it goes on.
    await page.reload();
    await expect(page.getByRole("heading", { level: 1, name: "柜台" })).toBeVisible();
    await view(page, "试吃").click();
    await expect(said(page, "正在核对有没有加上")).toBeVisible();
    await page.unroute("**/walk-in", lose);
    await expect(said(page, "路过的老张 已加上")).toBeVisible({ timeout: 30_000 });
    await expect(here.locator("li.guest")).toHaveCount(1);
    expect(sent.length).toBeGreaterThan(1);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
    // Another one is another intent; one that is refused says why, and keeps what was typed.
    await here.getByRole("button", { name: /现场加一位/ }).click();
    await here.getByLabel("怎么称呼").fill("老李");
    // The tablet has not heard of it yet.
    const news = await hold(page, "**/desk/tastings");
    await neighbourTakes(ownBackend, running);
    await here.getByRole("button", { name: "加上，已到店" }).click();
    await expect(here.getByRole("alert").filter({ hasText: "没有加上" })).toBeVisible();
    await expect(here.getByLabel("怎么称呼")).toHaveValue("老李");
    expect(new Set(sent.map(({ key }) => key)).size).toBe(2);
    news.letGo();
    await expect(here).toContainText("已满");
    await expect(here.getByLabel("怎么称呼")).toHaveValue("老李");
  });

  test("a purchase becomes points: one code, to be scanned or typed", async ({ page, context, ownBackend, complaints }) => {
    complaints.allow(/ERR_FAILED/);
    await atCounter(page, ownBackend);
    const purchase = page.getByRole("region", { name: "到店消费送积分" });
    await purchase.getByRole("button", { name: "到店消费送积分" }).click();
    const amount = purchase.getByLabel(/这一单付了多少/);
    await expect(amount).toBeFocused();
    for (const wrong of ["", "0", "六十八", "68.505"]) {
      await amount.fill(wrong);
      await purchase.getByRole("button", { name: "出码" }).click();
      await expect(purchase.getByRole("alert")).toHaveText("请输入金额，例如 68 或 68.50");
      await expect(amount).toHaveValue(wrong);
      await expect(amount).toHaveAttribute("aria-invalid", "true");
    }
    await audit(page);
    const sent = tries(page, /\/desk\/purchases$/);
    let lost = 0;
    await page.route("**/desk/purchases", async (route) => {
      if (lost > 0) return route.continue();
      lost += 1;
      await route.fetch();
      return route.abort();
    });
    await amount.fill("68.5");
    await purchase.getByRole("button", { name: "出码" }).click();
    await expect(purchase).toContainText("消费 ¥68.50，送 68 积分", { timeout: 30_000 });
    expect(JSON.parse(sent[0].body)).toEqual({ amount: { amount: 6850, currency: "CNY" } });
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    await expect(purchase).toContainText(/\d\d:\d\d 前有效/);
    const letters = (await purchase.locator(".letters [aria-hidden]").textContent()).trim();
    expect(letters).toMatch(/^[A-Z0-9]{6}$/);
    await audit(page);
    const link = new URL(await readCode(context, await purchase.getByRole("img", { name: "领积分的二维码" }).screenshot()));
    expect(link.origin).toBe(ownBackend.url);
    expect(link.pathname + link.search).toBe(`/join?from=counter&claim=${letters}`);
    // Until it is done with, it stays: the tablet may be opened anew before it was scanned.
    await page.reload();
    await expect(purchase.locator(".letters [aria-hidden]")).toHaveText(letters);
    const who = await neighbour(ownBackend);
    const credit = await who.request.post("/api/v1/me/claims", { data: { claim: letters } });
    expect(await credit.json()).toMatchObject({ points: 68 });
    await who.leave();
    await purchase.getByRole("button", { name: "好了" }).click();
    await expect(purchase.locator(".letters")).toHaveCount(0);
    await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("desk/")))).toEqual([]);
  });

  test("where people come from is the owner's to see", async ({ page, ownBackend, request }) => {
    for (const from of ["counter", "counter", "poster-2"]) {
      await request.post("/api/v1/visits", { headers: { "x-shop-request": "1" }, data: { from } });
    }
    await atCounter(page, ownBackend);
    await view(page, "试吃").click();
    await expect(tastings(page)).toBeVisible();
    await expect(page.getByRole("region", { name: "顾客从哪里来" })).toHaveCount(0);
    await page.getByRole("button", { name: "锁屏" }).click();
    await enters(page, PINS.owner);
    await expect(page.getByRole("heading", { level: 1, name: "柜台" })).toBeVisible();
    await view(page, "试吃").click();
    const sources = page.getByRole("region", { name: "顾客从哪里来" });
    await sources.getByRole("button", { name: /顾客从哪里来/ }).click();
    await expect(sources.getByRole("row").filter({ hasText: "柜台二维码" })).toContainText("2");
    await expect(sources.getByRole("row").filter({ hasText: "poster-2" })).toContainText("1");
    await expect(sources.getByRole("columnheader")).toHaveText(["来源", "进店次数", "成为会员", "约试吃", "订单"]);
    await audit(page);
  });

  test("says when it has no network, keeps what is there, and goes on by itself", async ({ page, context, ownBackend, complaints }) => {
    complaints.allow(/ERR_INTERNET_DISCONNECTED/);
    const { next } = await planAround(ownBackend);
    const booking = await neighbourBooks(ownBackend, next, { name: "王女士" });
    await atCounter(page, ownBackend);
    await view(page, "试吃").click();
    await expect(guest(page, booking)).toBeVisible();
    await context.setOffline(true);
    await expect(page.getByText("断网", { exact: true })).toBeVisible();
    await look(page, booking.code.digits);
    await expect(trouble(page, /网络|连不上/)).toBeVisible();
    await expect(field(page)).toHaveValue(booking.code.digits);
    await expect(guest(page, booking)).toBeVisible();
    await context.setOffline(false);
    // Before the page has heard of it, it would say again that there is none.
    await expect(page.getByText("在线", { exact: true })).toBeVisible({ timeout: 30_000 });
    await field(page).press("Enter");
    await page.getByRole("group", { name: booking.number }).getByRole("button", { name: "确认到店" }).click();
    await expect(guest(page, booking)).toContainText("已到");
  });

  test("tastings that do not come say so; the orders are there all the same", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/500/);
    const { next } = await planAround(ownBackend);
    const booking = await neighbourBooks(ownBackend, next);
    const trouble = await breakDown(page, "**/desk/tastings", PROBLEM);
    await atCounter(page, ownBackend);
    await expect(page.getByRole("heading", { name: "现在没有订单" })).toBeVisible();
    await expect(page.getByText("断网", { exact: true })).toBeVisible();
    await view(page, "试吃").click();
    await expect(tastings(page).getByRole("alert").filter({ hasText: "再试" })).toBeVisible();
    await expect(tastings(page)).not.toContainText("现在没有试吃");
    await audit(page);
    // The tablet looks every four seconds, and a look that fails is three tries.
    await trouble.mend();
    await expect(guest(page, booking)).toBeVisible({ timeout: 30_000 });
    // What was there stays, and says how old it is.
    const again = await breakDown(page, "**/desk/tastings", PROBLEM);
    await expect(page.getByText("断网", { exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(guest(page, booking)).toBeVisible();
    await again.mend();
    await expect(page.getByText("在线", { exact: true })).toBeVisible({ timeout: 30_000 });
  });

  test("keeps everything in its pane, with targets for fingers", async ({ page, ownBackend }) => {
    const { running, next } = await planAround(ownBackend);
    const booking = await neighbourBooks(ownBackend, next, { name: "一位名字特别特别特别特别特别长的邻居阿姨", note: "花生过敏，请提前说一声，谢谢" });
    await puts(ownBackend, booking, running);
    await atCounter(page, ownBackend);
    await view(page, "试吃").click();
    await guest(page, booking).getByRole("button", { name: /^没来/ }).click();
    await row(page, running).getByRole("button", { name: /现场加一位/ }).click();
    for (const width of [1280, 1024]) {
      await page.setViewportSize({ width, height: 800 });
      const out = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(out, `wider than the page at ${width} px`).toBeLessThanOrEqual(0);
      const small = await page.getByRole("main").locator("button:visible, input:visible").evaluateAll((parts) => parts.map((part) => [part.textContent || part.name, part.getBoundingClientRect()]).filter(([, box]) => box.height < 44 || box.width < 44).map(([name]) => name));
      expect(small, `targets under 44 px at ${width} px`).toEqual([]);
    }
  });
});

/** Somebody else takes what is left of a slot that has begun. */
async function neighbourTakes(backend, slot) {
  const desk = await deskApi(backend, PINS.host);
  const headers = { "idempotency-key": crypto.randomUUID() };
  const answer = await desk.post(`/api/v1/desk/tastings/${slot.id}/walk-in`, { headers, data: { name: "", party: 1 } });
  expect(answer.status(), await answer.text()).toBe(201);
  await desk.dispose();
}
