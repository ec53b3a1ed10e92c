// A booking: its code, moving and calling off, the day itself, and what comes after.
import { readFile } from "node:fs/promises";
import { readCode } from "../code.js";
import { change } from "../database.js";
import { audit, expect, test } from "../fixtures.js";
import { MODES, chinese, hidden, sticksOut, tooSmall } from "../measure.js";
import { kept, signIn } from "../member.js";
import { awayFromMidnight, laterToday, untilNoon } from "../moments.js";
import { breakDown, hold, PROBLEM, requests } from "../network.js";
import { clock } from "../slots.js";
import { book, bookingOf, callOff, checkIn, grouped, ownerOf, plan, wait } from "../tasting_member.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

const state = (page, name) => page.getByRole("main").getByRole("status").filter({ hasText: name }).first();
const code = (page) => page.getByRole("img", { name: "试吃码" });
const cancel = (page) => page.getByRole("button", { name: "取消预约" });
const sure = (page) => page.getByRole("button", { name: "取消这次预约" });

/** A member with a booking that begins in a while, whose page is open. */
async function atBooking(page, shop, backend, { tasting = "salmon", ahead = 20, rules, more } = {}) {
  const desk = await ownerOf(backend);
  const [slot] = await plan(desk, tasting, [ahead], rules);
  await signIn(shop);
  const booking = await book(page, slot, more);
  await shop.open(`/bookings/${booking.id}`);
  await expect(state(page, "约好了")).toBeVisible();
  return { desk, booking };
}

/** The same with one that begins soon, and today: who has booked is checked in on the day only. */
async function atBookingToday(page, shop, backend, options) {
  await awayFromMidnight(5);
  return atBooking(page, shop, backend, { ahead: 2, ...options });
}

/** Has missed this tasting, as the desk says. */
async function missed(page, backend, desk, tasting) {
  const [slot] = await plan(desk, tasting, [30]);
  const booking = await book(page, slot);
  await change(backend, "UPDATE bookings SET state = 'no_show' WHERE id = ?", booking.id);
}

test("what is booked stands on its page, with the code to say and to scan", { tag: "@tablet" }, async ({ page, shop, context, ownBackend }) => {
  const more = { party: 2, name: "王阿姨", note: "不吃芥末" };
  const { booking } = await atBooking(page, shop, ownBackend, { more });
  await expect(page).toHaveTitle("我的预约 · 邻里优选");
  for (const said of ["试吃 · 三文鱼", `${clock(booking.from)}–${clock(booking.to)}`, "2 位", "王阿姨", "不吃芥末", booking.place, booking.number]) {
    await expect(shop.main).toContainText(said);
  }
  await expect(shop.main).toContainText(grouped(booking.code.digits));
  // Read out digit by digit.
  await expect(shop.main).toContainText(`试吃码 ${[...booking.code.digits].join(" ")}`);
  expect(await readCode(context, await code(page).screenshot())).toBe(booking.code.qr);
  await expect(shop.main.getByRole("link", { name: /\d{3,}/ })).toHaveAttribute("href", /^tel:/);
  const line = page.getByRole("region", { name: "这次预约的经过" });
  await expect(line.getByRole("listitem")).toHaveText([/预约.*您/]);
  await expect(page.getByRole("link", { name: "改时间" })).toHaveAttribute("href", `/tastings/salmon?move=${booking.id}`);
  await audit(page);
});

test("the calendar file has the right times", async ({ page, shop, ownBackend }) => {
  const { booking } = await atBooking(page, shop, ownBackend);
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "加到日历" }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe("tasting.ics");
  const text = await readFile(await file.path(), "utf8");
  const utc = (moment) => new Date(moment).toISOString().replace(/[-:]|\.\d+/g, "");
  expect(text).toContain(`DTSTART:${utc(booking.from)}\r\n`);
  expect(text).toContain(`DTEND:${utc(booking.to)}\r\n`);
  await expect(page).toHaveURL(`/bookings/${booking.id}`);
  await expect(state(page, "约好了")).toBeVisible();
});

test("the code is shown without a network, also on a page opened anew", { tag: "@tablet" }, async ({ page, shop, context, ownBackend, complaints }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/);
  const { booking } = await atBooking(page, shop, ownBackend);
  await shop.open("/bookings");
  const row = shop.main.getByRole("listitem").filter({ hasText: "三文鱼" });
  await expect(row).toContainText("约好了");
  await context.setOffline(true);
  await row.getByRole("link").click();
  await expect(page).toHaveURL(`/bookings/${booking.id}`);
  await expect(shop.main).toContainText(grouped(booking.code.digits));
  await expect(code(page)).toBeVisible();
  await expect(page.getByText(/网络不通，先看/)).toBeVisible();
  await audit(page);
  // Nothing is sent that cannot arrive.
  const asked = requests(page, /\/cancel$/);
  await cancel(page).click();
  await sure(page).click();
  await expect(shop.toast).toContainText("没有网络");
  expect(asked).toEqual([]);
  await context.setOffline(false);
  await expect(page.getByText(/网络不通/)).toHaveCount(0, { timeout: 30_000 });
});

test("it leaves this phone with its member, and when it is over", async ({ page, shop, ownBackend, complaints }) => {
  // What was on its way when the session ended is refused.
  complaints.allow(/401/);
  const { booking } = await atBooking(page, shop, ownBackend);
  const bookings = () => page.evaluate(() => localStorage.getItem("bookings") ?? "");
  await expect.poll(bookings).toContain(booking.id);
  await change(ownBackend, "UPDATE bookings SET state = 'no_show' WHERE id = ?", booking.id);
  await shop.open(`/bookings/${booking.id}`);
  await expect(state(page, "这次没来")).toBeVisible();
  await expect(code(page)).toHaveCount(0);
  await expect.poll(bookings).not.toContain(booking.id);
  await expect(page.getByRole("link", { name: "再约一次" })).toHaveAttribute("href", "/tastings/salmon");
  await audit(page);
  await change(ownBackend, "UPDATE bookings SET state = 'booked' WHERE id = ?", booking.id);
  await shop.open(`/bookings/${booking.id}`);
  await expect(code(page)).toBeVisible();
  await shop.open("/me");
  await page.getByRole("button", { name: "退出登录" }).click();
  await expect.poll(() => kept(page)).toEqual([]);
});

test("calling off asks once, and leads to another time", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  const { booking } = await atBooking(page, shop, ownBackend, { rules: { cancel_minutes: 5 } });
  await expect(shop.main).toContainText(/\d\d-\d\d \d\d:\d\d 前可以改时间或取消/);
  await cancel(page).click();
  await expect(page.getByText("确定不来了吗？")).toBeVisible();
  await page.getByRole("button", { name: "再想想" }).click();
  await expect(cancel(page)).toBeVisible();
  expect((await bookingOf(page, booking)).state).toBe("booked");
  await cancel(page).click();
  // What is asked is still asked after the page has looked again.
  await page.waitForResponse(/\/api\/v1\/bookings\/[^/]+$/, { timeout: 30_000 });
  await sure(page).click();
  await expect(shop.toast).toContainText("预约取消了");
  await expect(state(page, "已取消")).toBeVisible();
  await expect(code(page)).toHaveCount(0);
  expect((await bookingOf(page, booking)).state).toBe("cancelled");
  await audit(page);
  await page.getByRole("link", { name: "再约一次" }).click();
  await expect(page).toHaveURL("/tastings/salmon");
});

test("an answer that does not come: the booking is looked at, and nothing is pressed twice", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/ERR_FAILED/);
  await atBooking(page, shop, ownBackend);
  let sent = 0;
  await page.route("**/cancel", async (route) => {
    sent += 1;
    await route.fetch();
    await route.abort();
  });
  await cancel(page).click();
  await sure(page).click();
  await expect(state(page, "已取消")).toBeVisible({ timeout: 30_000 });
  expect(sent).toBe(1);
});

test("after the cut-off it says what to do instead", { tag: "@tablet" }, async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/409/, /ERR_FAILED/);
  const { booking } = await atBooking(page, shop, ownBackend);
  // It comes while one thinks about it.
  await cancel(page).click();
  await page.route(`**/api/v1/bookings/${booking.id}`, (route) => route.abort());
  await change(ownBackend, "UPDATE tastings SET cancel_minutes = 120 WHERE id = 'salmon'");
  await sure(page).click();
  await expect(shop.toast).toContainText("现在不能这样做了");
  await page.unroute(`**/api/v1/bookings/${booking.id}`);
  await shop.open(`/bookings/${booking.id}`);
  await expect(page.getByText("现在不能在手机上改了")).toBeVisible();
  await expect(shop.main.getByRole("link", { name: "电话" })).toHaveAttribute("href", /^tel:\d/);
  await expect(cancel(page)).toHaveCount(0);
  await expect(page.getByRole("link", { name: "改时间" })).toHaveCount(0);
  await expect(code(page)).toBeVisible();
  await audit(page);
});

test("who has missed two is asked to confirm on the day", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  const desk = await ownerOf(ownBackend);
  await signIn(shop);
  for (const tasting of ["salmon", "cold-brew"]) await missed(page, ownBackend, desk, tasting);
  // At noon: what begins soon after midnight leaves no time to confirm on the day.
  const [ahead] = await plan(desk, "light-meal", [untilNoon(2)]);
  const booking = await book(page, ahead);
  expect(booking.confirm).toMatchObject({ given: false });
  await shop.open(`/bookings/${booking.id}`);
  await expect(page.getByText("当天请点一下确认")).toBeVisible();
  await expect(shop.main).toContainText(`${booking.confirm.until.slice(5, 10)} ${clock(booking.confirm.until)} 前`);
  const come = page.getByRole("button", { name: "我会来" });
  await expect(come).toHaveCount(0);
  await audit(page);
  await shop.open("/bookings");
  await expect(shop.main.getByRole("listitem").first()).toContainText("当天请点一下确认");
  await shop.open(`/bookings/${booking.id}`);
  await expect(page.getByText("当天请点一下确认")).toBeVisible();

  // The day has come.
  await awayFromMidnight(5);
  const now = Date.now();
  const starts = laterToday(20);
  const day = "UPDATE bookings SET starts_at = ?, ends_at = ?, confirm_from = ?, confirm_until = ? WHERE id = ?";
  await change(ownBackend, day, starts, starts + 30 * 60_000, now - 3_600_000, laterToday(10), booking.id);
  await expect(come).toBeVisible({ timeout: 30_000 });
  await audit(page);
  await come.click();
  await expect(shop.main).toContainText("您说了会来，位子给您留着");
  await expect(come).toHaveCount(0);
  await expect(page.getByRole("region", { name: "这次预约的经过" })).toContainText("确认会来");
  expect((await bookingOf(page, booking)).confirm.given).toBe(true);

  // Not said in time: others have the place.
  await change(ownBackend, "UPDATE bookings SET confirmed = 0, confirm_until = ? WHERE id = ?", now - 60_000, booking.id);
  await expect(state(page, "已取消")).toBeVisible({ timeout: 30_000 });
  await expect(shop.main).toContainText("当天没有确认，位子让给了别人");
});

test("after the tasting one tap buys it, and one question is asked", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  const { desk, booking } = await atBookingToday(page, shop, ownBackend);
  await checkIn(desk, booking);
  await expect(state(page, "尝过了")).toBeVisible({ timeout: 30_000 });
  await expect(code(page)).toHaveCount(0);
  await audit(page);
  const liked = page.getByRole("button", { name: "喜欢", exact: true });
  const not = page.getByRole("button", { name: "不太适合我" });
  await liked.click();
  await expect(liked).toHaveAttribute("aria-pressed", "true");
  await expect(liked).toBeFocused();
  await expect(page.getByText("谢谢，记下了")).toBeVisible();
  expect((await bookingOf(page, booking)).verdict).toBe("liked");
  await not.click();
  await expect(not).toHaveAttribute("aria-pressed", "true");
  await expect(liked).toHaveAttribute("aria-pressed", "false");
  await audit(page);
  await page.reload();
  await shop.ready();
  await expect(not).toHaveAttribute("aria-pressed", "true");
  expect((await bookingOf(page, booking)).verdict).toBe("not_for_me");

  await page.getByRole("button", { name: /^买刚才尝的 ¥45\.90/ }).click();
  await expect(shop.toast).toContainText("三文鱼刺身 已加入，购物车共 1 件");
  await shop.toast.getByRole("button", { name: "去购物车" }).click();
  await expect(page).toHaveURL("/cart");
  await expect(shop.main).toContainText("三文鱼刺身");
});

test("a bundle that was tasted goes in as it is offered first", async ({ page, shop, ownBackend }) => {
  const { desk, booking } = await atBookingToday(page, shop, ownBackend, { tasting: "light-meal" });
  await checkIn(desk, booking);
  await page.getByRole("button", { name: "买刚才尝的" }).click({ timeout: 30_000 });
  await expect(shop.toast).toContainText("健康轻食套餐 已加入");
  const cart = await page.evaluate(() => JSON.parse(localStorage.getItem("cart")));
  expect(cart.bundles).toMatchObject([{ bundle: "light-meal", quantity: 1 }]);
  expect(cart.bundles[0].choice[0]).toBe("salmon-sashimi-200g");
});

test("what is sold out meanwhile says so", async ({ page, shop, ownBackend }) => {
  const { desk, booking } = await atBookingToday(page, shop, ownBackend);
  await checkIn(desk, booking);
  const buy = page.getByRole("button", { name: /^买刚才尝的/ });
  await expect(buy).toBeVisible({ timeout: 30_000 });
  await change(ownBackend, "UPDATE variants SET stock = 0 WHERE product = 'salmon-sashimi'");
  await buy.click();
  await expect(shop.toast).toContainText("刚刚卖完了");
  expect(await page.evaluate(() => localStorage.getItem("cart"))).toBeNull();
});

test("the list: what is to come, the lines, what was", { tag: "@tablet" }, async ({ page, shop, otherShop, ownBackend }) => {
  const desk = await ownerOf(ownBackend);
  const [full] = await plan(desk, "salmon", [40], { capacity: 1 });
  const [free] = await plan(desk, "light-meal", [50]);
  await signIn(otherShop);
  const taken = await book(otherShop.page, full);
  await signIn(shop);
  await shop.main.getByRole("link", { name: "我的预约" }).click();
  await expect(page).toHaveURL("/bookings");
  await expect(page.getByRole("heading", { name: "还没有预约" })).toBeVisible();
  await expect(page.getByRole("link", { name: "看看能尝什么" })).toHaveAttribute("href", "/tastings");
  await audit(page);

  const called = await book(page, free);
  await callOff(page, called);
  const booking = await book(page, free, { party: 2 });
  await wait(page, full);
  await shop.open("/bookings");
  await expect(page.getByRole("heading", { level: 2 })).toHaveText(["在排队的", "要来的", "以前的"]);
  const rows = shop.main.getByRole("listitem");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(0)).toContainText("排在第 1 位");
  await expect(rows.nth(1)).toContainText("约好了 · 2 位");
  await expect(rows.nth(2)).toContainText("已取消");
  await audit(page);

  // A place becomes free: it is kept for a while, by the shop's clock.
  await callOff(otherShop.page, taken);
  await expect(rows.nth(0)).toContainText(/有位子了，给您留到 \d\d:\d\d/, { timeout: 30_000 });
  await expect(rows.nth(0).getByRole("link", { name: "就约这个" })).toHaveAttribute("href", `/tastings/salmon?slot=${full}`);
  await audit(page);
  await rows.nth(0).getByRole("button", { name: "不排了" }).click();
  await rows.nth(0).getByRole("button", { name: "再想想" }).click();
  await rows.nth(0).getByRole("button", { name: "不排了" }).click();
  await rows.nth(0).getByRole("button", { name: "不排了，让给别人" }).click();
  await expect(shop.toast).toContainText("已经不排了");
  await expect(rows).toHaveCount(2);
  await rows.nth(0).getByRole("link").click();
  await expect(page).toHaveURL(`/bookings/${booking.id}`);
});

test("somebody else's booking is none, and nobody's asks to sign in", { tag: "@tablet" }, async ({ page, shop, otherShop, ownBackend, complaints }) => {
  complaints.allow(/404/);
  const { booking } = await atBooking(page, shop, ownBackend);
  await otherShop.open(`/bookings/${booking.id}`);
  await expect(otherShop.page.getByRole("heading", { name: "请先登录" })).toBeVisible();
  await expect(otherShop.main.getByRole("link", { name: "登录" })).toHaveAttribute("href", `/sign-in?next=/bookings/${booking.id}`);
  await audit(otherShop.page);
  await signIn(otherShop, undefined, `/bookings/${booking.id}`);
  await expect(otherShop.page.getByRole("heading", { name: "没有这个预约" })).toBeVisible();
  await audit(otherShop.page);
});

test("a session that is over elsewhere takes the code along", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/401/);
  const { booking } = await atBooking(page, shop, ownBackend);
  await change(ownBackend, "DELETE FROM sessions");
  await expect(page.getByRole("heading", { name: "请先登录" })).toBeVisible({ timeout: 30_000 });
  await expect(shop.main).not.toContainText(grouped(booking.code.digits));
  await expect.poll(() => kept(page)).toEqual([]);
});

for (const [mode, [settings, sizes]] of Object.entries(MODES)) {
  test(`every state of bookings, audited and measured: ${mode}`, { tag: mode === "zh" ? "@tablet" : [] }, async ({ page, shop, otherShop, ownBackend, complaints }) => {
    complaints.allow(/500/);
    test.slow();
    const fine = async (what) => {
      await test.step(what, async () => {
        await shop.settled();
        await audit(page);
        await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
        expect.soft(await tooSmall(page, sizes), what).toEqual([]);
        for (const width of [390, 320]) {
          await page.setViewportSize({ width, height: 844 });
          expect.soft(await sticksOut(page), `${what} at ${width} px`).toEqual([]);
          expect.soft(await hidden(page), `${what} at ${width} px`).toEqual([]);
        }
        await page.setViewportSize({ width: 390, height: 844 });
      });
    };
    const desk = await ownerOf(ownBackend);
    const [slot] = await plan(desk, "light-meal", [20]);
    const [full] = await plan(desk, "salmon", [40], { capacity: 1 });
    await signIn(otherShop);
    const taken = await book(otherShop.page, full);
    await signIn(shop);
    const booking = await book(page, slot, { party: 2, name: "王阿姨", note: "不吃芥末" });
    await wait(page, full);
    await page.evaluate((kept) => localStorage.setItem("settings", JSON.stringify({ language: null, size: 0, elder: false, ...kept })), settings);

    const path = `/bookings/${booking.id}`;
    const held = await hold(page, `**/api/v1${path}`);
    await shop.open(path);
    await expect(page.locator('[aria-busy="true"]').first()).toBeAttached();
    await audit(page);
    held.letGo();
    await shop.settled();
    await page.unroute(`**/api/v1${path}`);
    await page.getByRole("button", { name: /^(取消预约|Cancel the booking)$/ }).click();
    await fine("to come, asked if one is sure");
    // What a member has typed stays as it is; everything else is English.
    if (settings.language === "en") {
      const own = new Set(["王阿姨", "不吃芥末"]);
      expect((await chinese(page)).filter((words) => !own.has(words))).toEqual([]);
    }

    const now = Date.now();
    await change(ownBackend, "UPDATE bookings SET confirm_from = ?, confirm_until = ? WHERE id = ?", now - 60_000, now + 15 * 60_000, booking.id);
    await shop.open(path);
    await expect(page.getByRole("button", { name: /^(我会来|I am coming)$/ })).toBeVisible();
    await fine("to be confirmed now");
    await change(ownBackend, "UPDATE bookings SET confirmed = 1 WHERE id = ?", booking.id);
    await change(ownBackend, "UPDATE tastings SET cancel_minutes = 120 WHERE id = 'light-meal'");
    await shop.open(path);
    await fine("confirmed, after the cut-off");
    for (const state of ["checked_in", "no_show", "cancelled"]) {
      await change(ownBackend, "UPDATE bookings SET state = ? WHERE id = ?", state, booking.id);
      await shop.open(path);
      await fine(state);
    }
    await shop.open("/bookings");
    await expect(shop.main.getByRole("listitem")).toHaveCount(2);
    await fine("the list, in line");
    await callOff(otherShop.page, taken);
    await shop.open("/bookings");
    await page.getByRole("button", { name: /^(不排了|Leave the line)$/ }).click();
    await fine("the list, offered, asked if one is sure");
    const broken = await breakDown(page, /\/api\/v1\/(me\/)?bookings/, PROBLEM);
    for (const there of ["/bookings", path]) {
      await shop.open(there);
      await expect(page.getByRole("button", { name: /再试一次|Try again/ })).toBeVisible({ timeout: 30_000 });
      await fine(`${there}, failing`);
    }
    await broken.mend();
  });
}
