// Try in store: a day, a time, a place that is kept, a booking, and what goes wrong on the way.
import { change } from "../database.js";
import { audit, expect, test } from "../fixtures.js";
import { tabTo } from "../keyboard.js";
import { enter, number, signIn } from "../member.js";
import { hold } from "../network.js";
import { bookingsOf, clock, fill, neighbour, slotsOf } from "../slots.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

const SALMON = "/tastings/salmon";
const confirm = (page) => page.getByRole("button", { name: "确认预约" });
const held = (page) => page.getByText(/位子给您留到 \d\d:\d\d/);
/** The button of a time. */
const at = (page, slot) => page.getByRole("button", { name: new RegExp(`^${clock(slot.from)}`) });
const BOOKING = /\/bookings\/[0-9a-f]+$/;

/** The place that is kept for whoever is signed in here, as the backend has it. */
const holdOf = async (page) => (await page.request.get("/api/v1/me/slot-hold")).json();

/** A member on the page of the salmon, at the times of tomorrow. */
async function atTimes(page, shop, backend, phone = number()) {
  const { date, slots } = await slotsOf(backend, "salmon");
  await signIn(shop, phone, `${SALMON}?day=${date}`);
  await expect(at(page, slots[0])).toBeVisible();
  return { date, slots };
}

test("from the home page to a booking: one signs in on the way, and the time is not lost", async ({ page, shop, ownBackend }) => {
  const { slots } = await slotsOf(ownBackend, "salmon");
  await shop.open("/");
  const invitation = page.getByRole("link", { name: /健康轻食套餐.*30 分钟/ });
  await expect(invitation).toContainText("免费");
  await page.getByRole("link", { name: /^全部.*先尝尝/ }).click();
  await expect(page).toHaveURL("/tastings");
  await page.getByRole("link", { name: /试吃 · 三文鱼/ }).click();
  await expect(page).toHaveURL(SALMON);
  await expect(page.getByRole("heading", { level: 1, name: "到店试吃" })).toBeFocused();
  // Fourteen days, of which one is chosen.
  const days = page.getByRole("listitem").filter({ hasText: /\d\d-\d\d/ }).getByRole("button");
  await expect(days).toHaveCount(14);
  await days.nth(1).click();
  await expect(days.nth(1)).toHaveAttribute("aria-pressed", "true");
  await expect(days.nth(1)).toContainText(/明天.*16 位/);
  await at(page, slots[1]).click();
  await page.getByRole("link", { name: "登录", exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await enter(page, number());
  // Back at the time that was chosen; its place is kept at once.
  await expect(page).toHaveURL(new RegExp(`slot=${encodeURIComponent(slots[1].id).replace(/[.]/g, "\\.")}`));
  await expect(held(page)).toBeVisible();
  await expect(at(page, slots[1])).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("group", { name: /几位/ }).getByRole("button", { name: "多一件" }).click();
  await expect(at(page, slots[1])).toContainText("还有 6 位");
  await page.getByLabel("怎么称呼您").fill("豆豆妈");
  await page.getByLabel("想跟店里说的").fill("不吃生的");
  await confirm(page).click();
  await expect(page).toHaveURL(BOOKING);
  await expect(shop.toast).toContainText("约好了");
  const [booking] = await bookingsOf(page);
  expect(booking).toMatchObject({ slot: slots[1].id, party: 2, name: "豆豆妈", note: "不吃生的", state: "booked" });
  await expect(shop.main).toContainText(clock(slots[1].from));
  // One step back is the page where it began, not the sign-in.
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(SALMON));
  await expect(page.getByText(/您约好了 明天/)).toBeVisible();
});

test("a place that is kept survives a reload with all that was typed; another one takes its place", async ({ page, shop, ownBackend }) => {
  const { slots } = await atTimes(page, shop, ownBackend);
  await at(page, slots[0]).click();
  await expect(held(page)).toBeVisible();
  const until = await held(page).textContent();
  await page.getByLabel("想跟店里说的").fill("带小朋友来");
  await page.getByRole("group", { name: /几位/ }).getByRole("button", { name: "多一件" }).click();
  await expect(page.getByRole("group", { name: /几位/ }).getByRole("status")).toHaveText("2");
  await expect(confirm(page)).toBeEnabled();
  // What is left is read out for whoever asks.
  await page.getByRole("button", { name: "还剩多久，点一下读出来" }).click();
  await expect(shop.toast).toContainText(/还剩 (4 分 \d+ 秒|5 分 0 秒)/);
  await page.reload();
  await shop.ready();
  await expect(held(page)).toHaveText(until);
  await expect(page.getByLabel("想跟店里说的")).toHaveValue("带小朋友来");
  await expect(page.getByRole("group", { name: /几位/ }).getByRole("status")).toHaveText("2");
  // Elsewhere and back: the way to it stands above the times.
  await page.goBack();
  await shop.open(SALMON);
  await expect(page.getByText(until)).toBeVisible();
  await page.getByRole("link", { name: "确认预约" }).click();
  await expect(confirm(page)).toBeEnabled();
  // Another time: one place a member.
  await at(page, slots[1]).click();
  await expect(at(page, slots[1])).toContainText("还有 7 位");
  await expect(at(page, slots[0])).toContainText("还有 8 位");
  await expect(page.getByLabel("想跟店里说的")).toHaveValue("带小朋友来");
  await page.getByRole("button", { name: "不要了" }).click();
  await expect(shop.toast).toContainText("位子让出来了");
  await expect(at(page, slots[1])).toContainText("还有 8 位");
  await expect(confirm(page)).toHaveCount(0);
  expect(await holdOf(page)).toBeNull();
});

test("when its time is over it says so, keeps what was typed, and keeps the place again", async ({ page, shop, ownBackend }) => {
  await page.clock.install();
  const { slots } = await atTimes(page, shop, ownBackend);
  await at(page, slots[0]).click();
  await expect(held(page)).toBeVisible();
  await page.getByLabel("想跟店里说的").fill("少放盐");
  const first = await holdOf(page);
  expect(first.slot).toBe(slots[0].id);
  // For the phone and for the shop.
  expect(await change(ownBackend, "UPDATE slot_holds SET expires_at = 1 WHERE state = 'running'")).toBe(1);
  await page.clock.fastForward("05:01");
  await expect(page.getByRole("alert")).toContainText("留位的时间到了，您填的还在");
  await expect(confirm(page)).toBeDisabled();
  expect(await holdOf(page)).toBeNull();
  await audit(page);
  // An instant is told in whole seconds.
  await expect.poll(() => Date.now()).toBeGreaterThan(Date.parse(first.now) + 1_000);
  await page.getByRole("button", { name: "再留一次" }).click();
  await expect(held(page)).toBeVisible();
  const second = await holdOf(page);
  expect(second.slot).toBe(slots[0].id);
  expect(Date.parse(second.expires_at)).toBeGreaterThan(Date.parse(first.expires_at));
  await expect(held(page)).toContainText(clock(second.expires_at));
  await expect(confirm(page)).toBeEnabled();
  await expect(page.getByLabel("想跟店里说的")).toHaveValue("少放盐");
});

for (const wrong of [10, -10]) {
  test(`a phone whose clock is ${Math.abs(wrong)} minutes ${wrong > 0 ? "fast" : "slow"} counts the same minutes`, async ({ page, shop, ownBackend }) => {
    await page.clock.install({ time: Date.now() + wrong * 60_000 });
    const { slots } = await atTimes(page, shop, ownBackend);
    await at(page, slots[0]).click();
    await expect(held(page)).toBeVisible();
    await expect(held(page)).toContainText(clock((await holdOf(page)).expires_at));
    const left = page.getByRole("button", { name: "还剩多久，点一下读出来" });
    await expect(left).toContainText(/(4:\d\d|5:00)$/);
    await left.click();
    await expect(shop.toast).toContainText(/还剩 (4 分 \d+ 秒|5 分 0 秒)/);
    await expect(page.getByRole("alert")).toHaveCount(0);
    await confirm(page).click();
    await expect(page).toHaveURL(BOOKING);
  });
}

test("a place that was kept too long and went to others: refused in words, nothing is lost", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/409.*\/bookings/);
  const { slots } = await atTimes(page, shop, ownBackend);
  await at(page, slots[0]).click();
  await expect(held(page)).toBeVisible();
  await page.getByLabel("怎么称呼您").fill("王阿姨");
  await change(ownBackend, "UPDATE slot_holds SET expires_at = 1 WHERE state = 'running'");
  await fill(ownBackend, slots[0]);
  await confirm(page).click();
  await expect(shop.toast).toContainText(/留位的时间过了|刚刚约满了/);
  expect(await bookingsOf(page)).toEqual([]);
  // The next best thing is offered, and the name is still known.
  await expect(page.getByRole("button", { name: "排队等位" })).toBeVisible();
  await audit(page);
  await at(page, slots[1]).click();
  await expect(page.getByLabel("怎么称呼您")).toHaveValue("王阿姨");
  await confirm(page).click();
  await expect(page).toHaveURL(BOOKING);
  expect(await bookingsOf(page)).toHaveLength(1);
});

test("a time that filled up while one looked: said at once, then the line is offered", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/409.*\/slot-hold/, /\(Conflict\).*\/slot-hold/);
  const { slots } = await atTimes(page, shop, ownBackend);
  await expect(at(page, slots[0])).toContainText("还有 8 位");
  // The page does not hear of it before it asks for the place.
  const times = await hold(page, "**/api/v1/tastings/salmon");
  await fill(ownBackend, slots[0]);
  await at(page, slots[0]).click();
  await expect(page.getByRole("alert")).toContainText("这个时间刚刚约满了");
  await expect(confirm(page)).toBeDisabled();
  await audit(page);
  times.letGo();
  await expect(page.getByRole("button", { name: "排队等位" })).toBeVisible();
  await expect(at(page, slots[0])).toContainText("约满");
});

test("a full time takes a line, and a place that becomes free is offered", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  test.slow();
  const { slots } = await slotsOf(ownBackend, "salmon");
  const taken = await fill(ownBackend, slots[0]);
  const first = await neighbour(ownBackend);
  await first.request.post(`/api/v1/tastings/slots/${slots[0].id}/waiting`, { headers: { "idempotency-key": crypto.randomUUID() }, data: { party: 4 } });
  await atTimes(page, shop, ownBackend);
  await expect(at(page, slots[0])).toContainText("约满 · 1 组在等");
  await at(page, slots[0]).click();
  await page.getByRole("button", { name: "排队等位" }).click();
  await expect(page.getByText("您排在第 2 个")).toBeVisible();
  await expect(shop.toast).toContainText("排上了");
  // The first four places go to whoever came first, in turn.
  await taken[0].who.cancel(taken[0].booking);
  await page.reload();
  await shop.ready();
  await expect(page.getByText("您排在第 1 个")).toBeVisible();
  await taken[1].who.cancel(taken[1].booking);
  await expect(page.getByText(/有位子了，给您留到|位子给您留到/).first()).toBeVisible({ timeout: 30_000 });
  await confirm(page).click();
  await expect(page).toHaveURL(BOOKING);
  const [booking] = await bookingsOf(page);
  expect(booking).toMatchObject({ slot: slots[0].id, state: "booked" });
});

test("leaving the line", async ({ page, shop, ownBackend }) => {
  const { slots } = await slotsOf(ownBackend, "salmon");
  await fill(ownBackend, slots[0]);
  await atTimes(page, shop, ownBackend);
  await at(page, slots[0]).click();
  await page.getByRole("button", { name: "排队等位" }).click();
  await expect(page.getByText("您排在第 1 个")).toBeVisible();
  // Also told where the times are chosen.
  await shop.open(SALMON);
  await expect(page.getByText("您排在第 1 个")).toBeVisible();
  await page.getByRole("button", { name: "不等了" }).click();
  await expect(shop.toast).toContainText("已经不排了");
  await expect(page.getByText("您排在第 1 个")).toHaveCount(0);
  const mine = await (await page.request.get("/api/v1/me/bookings")).json();
  expect(mine.waiting.filter((line) => line.state === "waiting")).toEqual([]);
});

test("one booking of a tasting; it can be moved, and only when that is done", async ({ page, shop, ownBackend }) => {
  const { slots, date } = await atTimes(page, shop, ownBackend);
  await at(page, slots[0]).click();
  await confirm(page).click();
  await expect(page).toHaveURL(BOOKING);
  const [booking] = await bookingsOf(page);
  await shop.open(`${SALMON}?day=${date}`);
  await expect(page.getByText("每位邻居约一场")).toBeVisible();
  await expect(at(page, slots[0])).toContainText("您在这场");
  await page.getByRole("link", { name: "改时间" }).click();
  await expect(page).toHaveURL(new RegExp(`move=${booking.id}`));
  await expect(page.getByText("改好以前，原来的位子还是您的")).toBeVisible();
  // The strip keeps saying which booking it is, also on another day.
  await page.getByRole("button", { name: /^明天/ }).click();
  await at(page, slots[1]).click();
  expect((await bookingsOf(page))[0].slot).toBe(slots[0].id);
  await page.getByRole("button", { name: new RegExp(`改到 明天 ${clock(slots[1].from)}`) }).click();
  await expect(page).toHaveURL(`/bookings/${booking.id}`);
  await expect(shop.toast).toContainText("时间改好了");
  const [moved] = await bookingsOf(page);
  expect(moved).toMatchObject({ id: booking.id, slot: slots[1].id, state: "booked" });
});

test("opened anew before the answer was heard: it shows what is booked, and leads nobody away", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/ERR_FAILED.*\/bookings/);
  const { slots, date } = await atTimes(page, shop, ownBackend);
  await at(page, slots[0]).click();
  let letGo;
  const gone = new Promise((done) => (letGo = done));
  await page.route("**/api/v1/bookings", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await route.fetch();
    // Not before the page is another one: it must not ask for the key and hear of it so.
    await gone;
    await route.abort().catch(() => {});
  });
  await confirm(page).click();
  await expect.poll(async () => (await bookingsOf(page)).length).toBe(1);
  await shop.open(`${SALMON}?day=${date}`);
  letGo();
  await expect(page.getByText("每位邻居约一场")).toBeVisible();
  await expect(shop.toast).toContainText("约好了");
  await expect(page).toHaveURL(new RegExp(`${SALMON}\\?day=${date}`));
  expect(await bookingsOf(page)).toHaveLength(1);
});

test("moving when the answer is lost: the booking itself tells", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/ERR_FAILED.*\/move/);
  const { date, slots } = await atTimes(page, shop, ownBackend);
  const headers = { "x-shop-request": "1", "idempotency-key": crypto.randomUUID() };
  const booking = await (await page.request.post("/api/v1/bookings", { headers, data: { slot: slots[0].id, party: 1 } })).json();
  await page.route("**/move", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await shop.open(`${SALMON}?day=${date}&move=${booking.id}&slot=${encodeURIComponent(slots[1].id)}`);
  await page.getByRole("button", { name: /^改到/ }).click();
  await expect(page).toHaveURL(`/bookings/${booking.id}`);
  expect((await bookingsOf(page))[0].slot).toBe(slots[1].id);
});

test.describe("a phone in another zone", () => {
  test.use({ timezoneId: "America/New_York" });
  test("shows the shop's times and says so", async ({ page, shop, ownBackend }) => {
    const { slots } = await atTimes(page, shop, ownBackend);
    await expect(page.getByText("时间都按店里的钟")).toBeVisible();
    await at(page, slots[0]).click();
    // Kept for five minutes by the shop's clock.
    await expect(held(page)).toBeVisible();
    const kept = await holdOf(page);
    await expect(held(page)).toContainText(clock(kept.expires_at));
    await expect(page.getByRole("button", { name: "还剩多久，点一下读出来" })).toContainText(/[45]:\d\d$/);
    await confirm(page).click();
    await expect(page).toHaveURL(BOOKING);
    await expect(shop.main).toContainText(`${clock(slots[0].from)}–${clock(slots[0].to)}`);
  });
});

test("offline at the moment of confirming: written down, sent when the network is back, booked once", async ({ page, shop, context, ownBackend, complaints }) => {
  test.slow();
  complaints.allow(/ERR_INTERNET_DISCONNECTED/);
  const { slots } = await atTimes(page, shop, ownBackend);
  await at(page, slots[0]).click();
  await expect(confirm(page)).toBeEnabled();
  await context.setOffline(true);
  await confirm(page).click();
  await expect(shop.main).toContainText(/正在提交|正在核对/);
  await expect(confirm(page)).toHaveCount(0);
  await audit(page);
  await context.setOffline(false);
  await expect(page).toHaveURL(BOOKING, { timeout: 30_000 });
  expect(await bookingsOf(page)).toHaveLength(1);
});

test("the answer is lost: checked by its key, booked once", async ({ page, shop, ownBackend, complaints }) => {
  test.slow();
  complaints.allow(/ERR_FAILED/);
  const { slots } = await atTimes(page, shop, ownBackend);
  await at(page, slots[0]).click();
  let lost = 0;
  await page.route("**/api/v1/bookings", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    lost += 1;
    await route.fetch();
    await route.abort();
  });
  await confirm(page).click();
  await expect(page).toHaveURL(BOOKING, { timeout: 30_000 });
  expect(lost).toBe(1);
  expect(await bookingsOf(page)).toHaveLength(1);
});

test("长辈版: a time on the clock, nothing that counts down", async ({ page, shop, ownBackend }) => {
  await shop.keep({ elder: true });
  const { slots } = await atTimes(page, shop, ownBackend);
  await at(page, slots[0]).click();
  await expect(page.getByText(/位子给您留到 \d\d:\d\d，慢慢填，不着急/)).toBeVisible();
  await expect(page.getByRole("button", { name: "还剩多久" })).toHaveCount(0);
  await expect(page.getByText(/^\d:\d\d$/)).toHaveCount(0);
});

test("by keyboard alone", async ({ page, shop, ownBackend }) => {
  const { slots } = await slotsOf(ownBackend, "salmon");
  await signIn(shop, number(), SALMON);
  await expect(page.getByRole("button", { name: /^明天/ })).toBeVisible();
  await tabTo(page, /^明天/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^明天/ })).toHaveAttribute("aria-pressed", "true");
  await expect(at(page, slots[0])).toBeVisible();
  await tabTo(page, new RegExp(`^${clock(slots[0].from)}`));
  await page.keyboard.press("Enter");
  await expect(held(page)).toBeVisible();
  await expect(confirm(page)).toBeEnabled();
  await tabTo(page, /怎么称呼您/);
  await page.keyboard.type("李");
  await tabTo(page, "确认预约");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(BOOKING);
  const [booking] = await bookingsOf(page);
  expect(booking).toMatchObject({ slot: slots[0].id, name: "李", state: "booked" });
});

test("a product and a bundle invite to taste them", async ({ page, shop }) => {
  await shop.open("/products/salmon-sashimi");
  await page.getByRole("link", { name: /试吃 · 三文鱼/ }).click();
  await expect(page).toHaveURL(SALMON);
  await page.getByRole("link", { name: "看看这一样" }).click();
  await expect(page).toHaveURL("/products/salmon-sashimi");
  await shop.open("/bundles/light-meal");
  await page.getByRole("link", { name: /试吃 · 健康轻食套餐/ }).click();
  await expect(page).toHaveURL("/tastings/light-meal");
});

test("a tasting that is none, and a part that does not come", async ({ page, shop, complaints }) => {
  complaints.allow(/404/, /ERR_FAILED|Failed to fetch/);
  await shop.open("/tastings/nothing");
  await expect(page.getByRole("heading", { name: "没有这场试吃" })).toBeVisible();
  await audit(page);
  await page.getByRole("link", { name: "看全部试吃" }).click();
  await expect(page).toHaveURL("/tastings");
  await page.route(/split_tasting.*\.wasm/, (route) => route.abort());
  await shop.open("/tastings");
  await expect(page.getByRole("button", { name: /再试一次/ })).toBeVisible();
  await audit(page);
});
