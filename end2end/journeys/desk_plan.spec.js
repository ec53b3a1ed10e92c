// What the owner decides about tastings, at the counter: how many, how long, until when, when in the
// week, on which days not. What is booked stays.
import { API, told } from "../api.js";
import { atCounter, enters, said, view } from "../desk.js";
import { audit, expect, test } from "../fixtures.js";
import { tabTo } from "../keyboard.js";
import { PROBLEM, breakDown } from "../network.js";
import { neighbour } from "../slots.js";
import { PINS, deskApi } from "../tasting.js";

const WEEKDAYS = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const WEEK = [1, 2, 3, 4, 5, 6, 7];
const SALMON = "/tastings/salmon";
const OF_SALMON = `${API}/desk/tastings/salmon/plan`;

/** Every day at ten, four people. */
const PLAN = { capacity: 4, minutes: 30, lead_minutes: 0, cancel_minutes: 30, times: WEEK.map((weekday) => ({ weekday, from: "10:00" })), closed: [] };

/** What is decided of the salmon, as the backend has it; before that it is decided like this. */
async function decided(backend, plan) {
  const desk = await deskApi(backend);
  if (plan) await told(await desk.put(OF_SALMON, { data: plan }));
  const now = await told(await desk.get(OF_SALMON));
  await desk.dispose();
  return now;
}

/** The days of the salmon, as the backend has them. */
const days = async (page) => (await told(await page.request.get(`${API}${SALMON}`))).days;

const plans = (page) => page.getByRole("region", { name: "试吃安排" });
const row = (page, title = "试吃 · 三文鱼") => plans(page).getByRole("listitem").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
const opener = (page, title = "试吃 · 三文鱼") => plans(page).getByRole("button", { name: `安排 ${title}`, exact: true });
const unsaved = (page) => row(page).getByText("有没保存的改动");
const sheet = (page) => page.getByRole("form", { name: "安排 试吃 · 三文鱼" });
const day = (page, weekday) => sheet(page).getByRole("group", { name: WEEKDAYS[weekday - 1], exact: true });
const save = (page) => sheet(page).getByRole("button", { name: "保存", exact: true });
const cancel = (page) => sheet(page).getByRole("button", { name: "取消", exact: true });
const trouble = (page, text) => sheet(page).getByRole("alert").filter({ hasText: text });

/** The owner, or whoever, looks at the tastings. */
async function atTastings(page, backend, pin = PINS.owner) {
  await atCounter(page, backend, pin);
  await view(page, "试吃").click();
}

/** The sheet of the salmon is open, and its first field has the focus. */
async function opens(page) {
  await opener(page).click();
  await expect(sheet(page).getByLabel("每场名额")).toBeFocused();
}

/** Chooses another time of a weekday and adds it. */
async function adds(page, weekday, time) {
  const name = WEEKDAYS[weekday - 1];
  await day(page, weekday).getByLabel(`${name}加一场的时间`).fill(time);
  await day(page, weekday).getByRole("button", { name: `加到${name}`, exact: true }).click();
}

const chip = (page, weekday, time) => day(page, weekday).getByRole("button", { name: `去掉 ${WEEKDAYS[weekday - 1]} ${time}`, exact: true });

/** The plans that are sent, as they are sent. */
function sends(page) {
  const sent = [];
  page.on("request", (request) => {
    if (request.method() === "PUT" && /\/plan$/.test(request.url())) sent.push(request.postDataJSON());
  });
  return sent;
}

/** Has saving meet this, and nothing else. */
const saving = (page, meets) => page.route("**/desk/tastings/*/plan", (route) => (route.request().method() === "PUT" ? meets(route) : route.fallback()));

test.describe("planning tastings", { tag: "@desk" }, () => {
  // Who may not yet is told so by status 401 and 403.
  test.beforeEach(({ complaints }) => complaints.allow(/40[13].*\/api\/v1\/desk\/(device|session)/));
  test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

  test("the owner decides how many and when: a shopper sees it, and what is booked stays", async ({ page, otherShop, ownBackend }) => {
    await decided(ownBackend, PLAN);
    const [, tomorrow] = await days(page);
    const who = await neighbour(ownBackend);
    const booking = await who.book(tomorrow.slots[0].id, 4);
    await atTastings(page, ownBackend);
    await expect(plans(page)).toContainText("只有店主看得到");
    await expect(row(page)).toContainText(/30 分钟 · 免费 · 最近有位 \d\d-\d\d 10:00/);
    await expect(opener(page)).toHaveAttribute("aria-expanded", "false");
    await opens(page);
    await expect(opener(page)).toHaveAttribute("aria-expanded", "true");
    await expect(sheet(page)).toContainText("已经约好的都留着，时间、人数不变");
    await expect(sheet(page).getByLabel("每场名额")).toHaveValue("4");
    await expect(sheet(page).getByLabel("每场时长")).toHaveValue("30");
    await expect(sheet(page).getByLabel("预约截止：开始前")).toHaveValue("0");
    await expect(sheet(page).getByLabel("改期、取消截止：开始前")).toHaveValue("30");
    await expect(sheet(page).getByRole("radio", { name: "免费" })).toBeChecked();
    await expect(said(sheet(page), "一周共 7 场")).toBeVisible();
    await audit(page);

    await sheet(page).getByLabel("每场名额").fill("6");
    await adds(page, tomorrow.weekday, "15:30");
    await expect(chip(page, tomorrow.weekday, "15:30")).toBeVisible();
    await expect(said(sheet(page), "一周共 8 场")).toBeVisible();
    await chip(page, tomorrow.weekday, "10:00").click();
    await expect(chip(page, tomorrow.weekday, "10:00")).toHaveCount(0);
    // What had the focus is gone; it is not lost.
    await expect(day(page, tomorrow.weekday).getByRole("button", { name: /^加到/ })).toBeFocused();
    await expect(said(sheet(page), "一周共 7 场")).toBeVisible();
    await expect(unsaved(page)).toBeVisible();
    await audit(page);
    await save(page).click();
    await expect(said(page, "已保存")).toBeVisible();
    await expect(sheet(page)).toHaveCount(0);
    await expect(opener(page)).toBeFocused();
    await expect(unsaved(page)).toBeHidden();
    const now = await decided(ownBackend);
    expect(now.capacity).toBe(6);
    expect(now.times.filter(({ weekday }) => weekday === tomorrow.weekday)).toEqual([{ weekday: tomorrow.weekday, from: "15:30" }]);
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("desk/tasting-plan/")))).toEqual([]);

    await otherShop.open(`${SALMON}?day=${tomorrow.date}`);
    const strip = otherShop.main.getByRole("listitem").filter({ hasText: /\d\d-\d\d/ }).getByRole("button");
    await expect(strip).toHaveCount(14);
    await expect(strip.nth(1)).toContainText(/明天.*6 位/);
    await expect(otherShop.main.getByRole("button", { name: /^15:30.*还有 6 位/ })).toBeVisible();
    await expect(otherShop.main.getByRole("button", { name: /^10:00/ })).toHaveCount(0);
    const booked = await told(await who.request.get(`${API}/bookings/${booking.id}`));
    expect(booked).toMatchObject({ state: "booked", party: 4, from: booking.from, to: booking.to });
    await who.leave();
  });

  test("a closed day is shown as closed, and open again when it is taken out", async ({ page, otherShop, ownBackend }) => {
    await decided(ownBackend, PLAN);
    const all = await days(page);
    const closed = all[2];
    await atTastings(page, ownBackend);
    await opens(page);
    await expect(sheet(page)).toContainText("没有，每周照常");
    const field = sheet(page).getByLabel("哪天不办");
    const add = sheet(page).getByRole("button", { name: "加到不办的日子" });
    await field.fill("2020-01-01");
    await add.click();
    await expect(trouble(page, "这一天已经过了")).toBeVisible();
    await field.fill(closed.date);
    await add.click();
    const out = sheet(page).getByRole("button", { name: `去掉 ${closed.date} ${WEEKDAYS[closed.weekday - 1]}` });
    await expect(out).toBeVisible();
    await expect(field).toHaveValue("");
    await field.fill(closed.date);
    await field.press("Enter");
    await expect(trouble(page, `${closed.date} 已经有了`)).toBeVisible();
    await audit(page);
    await field.fill("");
    await save(page).click();
    await expect(said(page, "已保存")).toBeVisible();

    await otherShop.open(`${SALMON}?day=${closed.date}`);
    const strip = otherShop.main.getByRole("listitem").filter({ hasText: /\d\d-\d\d/ }).getByRole("button");
    await expect(strip.nth(2)).toContainText("不办");
    await expect(strip.nth(3)).toContainText("4 位");
    await expect(otherShop.main.getByRole("button", { name: /^10:00.*不办/ })).toBeDisabled();

    await opens(page);
    await out.click();
    await expect(sheet(page)).toContainText("没有，每周照常");
    await save(page).click();
    await expect(sheet(page)).toHaveCount(0);
    expect((await decided(ownBackend)).closed).toEqual([]);
    await otherShop.open(`${SALMON}?day=${closed.date}`);
    await expect(strip.nth(2)).toContainText("4 位");
  });

  test("what cannot be is said by its field, nothing is sent, and all of it stays", async ({ page, ownBackend }) => {
    await decided(ownBackend, PLAN);
    await atTastings(page, ownBackend);
    await opens(page);
    const sent = sends(page);
    const fields = [
      ["每场名额", "0", "请填 1 到 500 的整数"],
      ["每场时长", "481", "请填 5 到 480 的整数"],
      ["预约截止：开始前", "半小时", "请填 0 到 10080 的整数"],
      ["改期、取消截止：开始前", "10081", "请填 0 到 10080 的整数"],
    ];
    for (const [name, wrong] of fields) await sheet(page).getByLabel(name).fill(wrong);
    await sheet(page).getByText("收押金").click();
    await sheet(page).getByLabel("押金金额").fill("1000.01");
    await save(page).click();
    await expect(trouble(page, "还没保存：请先改好标出来的地方")).toBeVisible();
    for (const [name, wrong, says] of [...fields, ["押金金额", "1000.01", "请填 0.01 到 1000 元"]]) {
      const field = sheet(page).getByLabel(name);
      await expect(field).toHaveValue(wrong);
      await expect(field).toHaveAttribute("aria-invalid", "true");
      await expect(field).toHaveAccessibleDescription(new RegExp(says));
    }
    await expect(sheet(page).getByLabel("每场名额")).toBeFocused();
    await audit(page);
    expect(sent).toEqual([]);
    // Mended one by one; the others stay marked.
    await sheet(page).getByLabel("每场名额").fill("500");
    await expect(sheet(page).getByLabel("每场名额")).not.toHaveAttribute("aria-invalid");
    await expect(sheet(page).getByLabel("每场时长")).toHaveAttribute("aria-invalid", "true");
    await sheet(page).getByLabel("每场时长").fill(" ４５ ");
    await sheet(page).getByLabel("预约截止：开始前").fill("10080");
    await sheet(page).getByLabel("改期、取消截止：开始前").fill("0");
    await sheet(page).getByLabel("押金金额").fill("");
    await save(page).click();
    await expect(sheet(page).getByLabel("押金金额")).toBeFocused();
    await sheet(page).getByLabel("押金金额").fill("10.5");

    // Times: none chosen, one that is there, one that is not added yet.
    await day(page, 1).getByRole("button", { name: "加到周一" }).click();
    await expect(trouble(page, "请先选时间")).toBeVisible();
    await adds(page, 1, "10:00");
    await expect(trouble(page, "周一 10:00 已经有了")).toBeVisible();
    await day(page, 1).getByLabel("周一加一场的时间").fill("14:05");
    await save(page).click();
    await expect(trouble(page, "周一 14:05 还没加上")).toBeVisible();
    await expect(day(page, 1).getByLabel("周一加一场的时间")).toBeFocused();
    await audit(page);
    expect(sent).toEqual([]);
    // Enter adds, and saves nothing.
    await day(page, 1).getByLabel("周一加一场的时间").press("Enter");
    await expect(chip(page, 1, "14:05")).toBeVisible();
    expect(sent).toEqual([]);
    await save(page).click();
    await expect(said(page, "已保存")).toBeVisible();
    const plan = { capacity: 500, minutes: 45, lead_minutes: 10080, cancel_minutes: 0, deposit: { amount: 1050, currency: "CNY" }, closed: [] };
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject(plan);
    expect(await decided(ownBackend)).toEqual(sent[0]);
    await expect(row(page)).toContainText("45 分钟 · 押金 ¥10.5");
    // Free again: the amount is not sent any more.
    await opens(page);
    await expect(sheet(page).getByLabel("押金金额")).toHaveValue("10.5");
    await sheet(page).getByText("免费", { exact: true }).click();
    await expect(sheet(page).getByLabel("押金金额")).toBeHidden();
    await save(page).click();
    await expect(row(page)).toContainText("45 分钟 · 免费");
    expect((await decided(ownBackend)).deposit).toBeUndefined();
  });

  test("what only the backend does not take is said by its field too", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/400.*\/plan/, /403.*\/plan/);
    await decided(ownBackend, PLAN);
    await atTastings(page, ownBackend);
    await opens(page);
    await sheet(page).getByLabel("每场名额").fill("400");
    const problem = (type, status, problems) => ({ status, contentType: "application/problem+json", body: JSON.stringify({ type: `urn:problem:${type}`, title: "No", status, problems }) });
    const refused = problem("invalid-body", 400, [{ field: "/capacity", detail: "at most 50" }, { field: "/times/0", detail: "not at night" }]);
    let answer = refused;
    await saving(page, (route) => route.fulfill(answer));
    await save(page).click();
    await expect(trouble(page, "还没保存：请先改好标出来的地方")).toBeVisible();
    await expect(sheet(page).getByLabel("每场名额")).toHaveAttribute("aria-invalid", "true");
    await expect(sheet(page).getByLabel("每场名额")).toBeFocused();
    await expect(sheet(page)).toContainText("这些时间系统不收");
    await audit(page);
    // The role may have been taken away meanwhile.
    answer = problem("forbidden", 403, []);
    await save(page).click();
    await expect(trouble(page, "只有店主能改安排，没有保存")).toBeVisible();
    await expect(sheet(page).getByLabel("每场名额")).toHaveValue("400");
  });

  test("whoever is not the owner has no button, and may not", async ({ page, ownBackend }) => {
    for (const pin of [PINS.clerk, PINS.host]) {
      const desk = await deskApi(ownBackend, pin);
      expect((await desk.get(OF_SALMON)).status()).toBe(403);
      expect((await desk.put(OF_SALMON, { data: PLAN })).status()).toBe(403);
      await desk.dispose();
    }
    await atTastings(page, ownBackend, PINS.clerk);
    await expect(page.getByRole("region", { name: "今天的试吃" })).toBeVisible();
    await expect(plans(page)).toHaveCount(0);
    await expect(page.getByRole("button", { name: /^安排/ })).toHaveCount(0);
    await page.getByRole("button", { name: "锁屏" }).click();
    await enters(page, PINS.host);
    await expect(page.getByRole("heading", { level: 1, name: "柜台" })).toBeVisible();
    await view(page, "试吃").click();
    await expect(page.getByRole("region", { name: "今天的试吃" })).toBeVisible();
    await expect(page.getByRole("button", { name: /^安排/ })).toHaveCount(0);
    await page.getByRole("button", { name: "锁屏" }).click();
    await enters(page, PINS.owner);
    await expect(page.getByRole("heading", { level: 1, name: "柜台" })).toBeVisible();
    await view(page, "试吃").click();
    await expect(opener(page)).toBeVisible();
  });

  test("without a network nobody knows: it is said, what was typed stays, also when the page is opened anew", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/ERR_FAILED/);
    await decided(ownBackend, PLAN);
    await atTastings(page, ownBackend);
    await opens(page);
    await sheet(page).getByLabel("每场名额").fill("7");
    await adds(page, 3, "18:00");
    let fail;
    const failing = new Promise((done) => (fail = done));
    await saving(page, async (route) => {
      await failing;
      await route.abort();
    });
    await save(page).click();
    await expect(said(sheet(page), "正在保存")).toBeVisible();
    await expect(save(page)).toBeFocused();
    await audit(page);
    // What is on its way is not changed, and not closed.
    await sheet(page).getByLabel("每场名额").press("9");
    await opener(page).click();
    fail();
    await expect(trouble(page, "不知道保存上了没有")).toContainText("再按一次「保存」就好");
    await expect(said(sheet(page), "正在保存")).toHaveCount(0);
    await expect(sheet(page).getByLabel("每场名额")).toHaveValue("7");
    await expect(chip(page, 3, "18:00")).toBeVisible();
    await audit(page);
    await page.unrouteAll();
    await page.reload();
    await expect(page.getByRole("heading", { level: 1, name: "柜台" })).toBeVisible();
    await view(page, "试吃").click();
    await expect(unsaved(page)).toBeVisible();
    await opens(page);
    await expect(said(page, "上次改了一半，没有保存")).toBeVisible();
    await expect(sheet(page).getByLabel("每场名额")).toHaveValue("7");
    await expect(chip(page, 3, "18:00")).toBeVisible();
    await audit(page);
    // Somebody else decides something meanwhile: said, before it is overwritten.
    await opener(page).click();
    await expect(sheet(page)).toHaveCount(0);
    await decided(ownBackend, { ...PLAN, minutes: 20 });
    await opens(page);
    await expect(said(page, "后来安排在别处改过")).toBeVisible();
    await expect(sheet(page).getByLabel("每场名额")).toHaveValue("7");
    await save(page).click();
    await expect(said(page, "已保存")).toBeVisible();
    expect(await decided(ownBackend)).toMatchObject({ capacity: 7, minutes: 30 });
  });

  test("an answer that was lost: saved once more it is the same, and nothing is left over", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/ERR_FAILED/);
    await decided(ownBackend, PLAN);
    await atTastings(page, ownBackend);
    const sent = sends(page);
    await opens(page);
    await sheet(page).getByLabel("每场名额").fill("9");
    await saving(page, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await save(page).click();
    await expect(trouble(page, "不知道保存上了没有")).toBeVisible();
    expect((await decided(ownBackend)).capacity).toBe(9);
    await page.unrouteAll();
    await save(page).click();
    await expect(said(page, "已保存")).toBeVisible();
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    // Lost again, and the page opened anew: what was saved is not told as unsaved.
    await opens(page);
    await sheet(page).getByLabel("每场名额").fill("8");
    await saving(page, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await save(page).click();
    await expect(trouble(page, "不知道保存上了没有")).toBeVisible();
    await page.unrouteAll();
    await page.reload();
    await view(page, "试吃").click();
    await opens(page);
    await expect(sheet(page).getByLabel("每场名额")).toHaveValue("8");
    await expect(page.getByText("上次改了一半")).toHaveCount(0);
    await expect(unsaved(page)).toBeHidden();
  });

  test("giving up asks first where something would be lost", async ({ page, ownBackend }) => {
    await decided(ownBackend, PLAN);
    await atTastings(page, ownBackend);
    const sent = sends(page);
    await opens(page);
    await cancel(page).click();
    await expect(sheet(page)).toHaveCount(0);
    await expect(opener(page)).toBeFocused();
    await opens(page);
    await sheet(page).getByLabel("每场时长").fill("60");
    await cancel(page).click();
    const drop = sheet(page).getByRole("button", { name: "不要这些改动" });
    await expect(drop).toBeFocused();
    await audit(page);
    await sheet(page).getByRole("button", { name: "接着改" }).click();
    await expect(cancel(page)).toBeFocused();
    await expect(sheet(page).getByLabel("每场时长")).toHaveValue("60");
    // Another sheet: one at a time, and nothing is lost by it, not even what is not added yet.
    const chosen = day(page, 2).getByLabel("周二加一场的时间");
    await chosen.fill("12:10");
    await opener(page, "试喝 · 冷萃咖啡").click();
    await expect(page.getByRole("form", { name: "安排 试喝 · 冷萃咖啡" })).toBeVisible();
    await expect(sheet(page)).toHaveCount(0);
    await expect(unsaved(page)).toBeVisible();
    await opens(page);
    await expect(sheet(page).getByLabel("每场时长")).toHaveValue("60");
    await expect(chosen).toHaveValue("12:10");
    // As it was: there is nothing to be lost any more.
    await chosen.fill("");
    await sheet(page).getByLabel("每场时长").fill("30");
    await expect(unsaved(page)).toBeHidden();
    await sheet(page).getByLabel("每场时长").fill("61");
    await cancel(page).click();
    await drop.click();
    await expect(sheet(page)).toHaveCount(0);
    await expect(opener(page)).toBeFocused();
    await opens(page);
    await expect(sheet(page).getByLabel("每场时长")).toHaveValue("30");
    expect(sent).toEqual([]);
  });

  test("a whole day at once: every day like it, or none of it", async ({ page, ownBackend }) => {
    await decided(ownBackend, PLAN);
    await atTastings(page, ownBackend);
    await opens(page);
    const every = (weekday) => day(page, weekday).getByRole("button", { name: `每天都照${WEEKDAYS[weekday - 1]}` });
    const none = (weekday) => day(page, weekday).getByRole("button", { name: `${WEEKDAYS[weekday - 1]}都去掉` });
    // All are the same.
    await expect(every(1)).toBeHidden();
    await expect(none(1)).toBeHidden();
    await adds(page, 1, "09:00");
    await expect(day(page, 1).getByRole("listitem")).toHaveText([/^09:00/, /^10:00/]);
    await every(1).click();
    await expect(said(sheet(page), "一周共 14 场")).toBeVisible();
    for (const weekday of WEEK) await expect(chip(page, weekday, "09:00")).toBeVisible();
    await expect(day(page, 1).getByRole("button", { name: "加到周一" })).toBeFocused();
    await none(7).click();
    await expect(day(page, 7)).toContainText("这天没有");
    await expect(said(sheet(page), "一周共 12 场")).toBeVisible();
    await save(page).click();
    await expect(said(page, "已保存")).toBeVisible();
    const { times } = await decided(ownBackend);
    expect(times).toEqual(WEEK.slice(0, 6).flatMap((weekday) => ["09:00", "10:00"].map((from) => ({ weekday, from }))));
  });

  test("also where nothing is to be tasted today, or at all", async ({ page, ownBackend }) => {
    const desk = await deskApi(ownBackend);
    const { items } = await told(await desk.get(`${API}/tastings`));
    for (const { id } of items) await told(await desk.put(`${API}/desk/tastings/${id}/plan`, { data: { ...PLAN, times: [] } }));
    await desk.dispose();
    await atTastings(page, ownBackend);
    await expect(page.getByText("现在没有试吃")).toBeVisible();
    await expect(plans(page).getByRole("button", { name: /^安排/ })).toHaveCount(items.length);
    await expect(row(page)).toContainText("14 天内没有空位");
    const [today] = await days(page);
    await opens(page);
    await adds(page, today.weekday, "23:59");
    await save(page).click();
    await expect(said(page, "已保存")).toBeVisible();
    // Both lists have it by themselves.
    await expect(page.getByRole("region", { name: "今天的试吃" }).locator("li.slot", { hasText: "23:59–" })).toBeVisible();
    await expect(row(page)).toContainText(/最近有位 \d\d-\d\d 23:59/);
  });

  test("a plan that does not come says so, and comes later", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/500/);
    await decided(ownBackend, PLAN);
    await atTastings(page, ownBackend);
    const broken = await breakDown(page, "**/desk/tastings/*/plan", PROBLEM);
    await opener(page).click();
    const failed = row(page).getByRole("alert");
    await expect(failed).toContainText("再试", { timeout: 20_000 });
    await audit(page);
    await broken.mend();
    await failed.getByRole("button", { name: "再试一次" }).click();
    await expect(sheet(page).getByLabel("每场名额")).toHaveValue("4");
  });

  test("by the keyboard alone", async ({ page, ownBackend }) => {
    test.slow();
    await decided(ownBackend, PLAN);
    await page.goto(ownBackend.desk);
    await enters(page, PINS.owner);
    await expect(page.getByRole("heading", { level: 1, name: "柜台" })).toBeVisible();
    await tabTo(page, "订单");
    await page.keyboard.press("ArrowRight");
    await expect(view(page, "试吃")).toBeFocused();
    // Today's times come before, each with what can be done.
    await tabTo(page, "安排 试吃 · 三文鱼", 200);
    await page.keyboard.press("Enter");
    await expect(sheet(page).getByLabel("每场名额")).toBeFocused();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("5");
    await tabTo(page, "去掉 周一 10:00");
    await page.keyboard.press("Enter");
    await expect(day(page, 1).getByRole("button", { name: "加到周一" })).toBeFocused();
    await expect(day(page, 1)).toContainText("这天没有");
    await tabTo(page, "周二加一场的时间");
    // The browser's own field: hours, minutes, perhaps which half of the day.
    const field = day(page, 2).getByLabel("周二加一场的时间");
    for (let part = 0; part < 3 && !(await field.inputValue()); part += 1) {
      await page.keyboard.press("ArrowUp");
      if (!(await field.inputValue())) await page.keyboard.press("ArrowRight");
    }
    const time = await field.inputValue();
    expect(time).toMatch(/^\d\d:\d\d$/);
    await page.keyboard.press("Enter");
    await expect(chip(page, 2, time)).toBeVisible();
    await expect(field).toBeFocused();
    await tabTo(page, "保存", 150);
    await page.keyboard.press("Enter");
    await expect(said(page, "已保存")).toBeVisible();
    await expect(opener(page)).toBeFocused();
    const now = await decided(ownBackend);
    expect(now.capacity).toBe(5);
    expect(now.times.map(({ weekday }) => weekday)).not.toContain(1);
    expect(now.times).toContainEqual({ weekday: 2, from: time });
  });

  test("keeps everything in its pane, with targets for fingers", async ({ page, ownBackend }) => {
    const times = WEEK.flatMap((weekday) => Array.from({ length: 24 }, (_, at) => ({ weekday, from: `${String(8 + Math.floor(at / 2)).padStart(2, "0")}:${at % 2 ? "30" : "00"}` })));
    const next = (await days(page)).slice(1, 9).map(({ date }) => date);
    await decided(ownBackend, { ...PLAN, times, closed: next, deposit: { amount: 1000, currency: "CNY" } });
    await atTastings(page, ownBackend);
    await opens(page);
    for (const width of [1280, 1024, 820]) {
      await page.setViewportSize({ width, height: 800 });
      const out = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(out, `wider than the page at ${width} px`).toBeLessThanOrEqual(0);
      const targets = sheet(page).locator("button:visible, input:not([type=radio]):visible, label.choice:visible");
      const small = await targets.evaluateAll((parts) => parts.map((part) => [part.textContent || part.name, part.getBoundingClientRect()]).filter(([, box]) => box.height < 44 || box.width < 44).map(([name]) => name));
      expect(small, `targets under 44 px at ${width} px`).toEqual([]);
    }
    await audit(page);
  });
});
