// The live desk: a show is planned, begun, led and ended on the tablet.
import { enters, said } from "../desk.js";
import { audit, expect, test } from "../fixtures.js";
import { adds, atLiveDesk, comments, good, listed, opensDrop, opensPoll, opensWishes, panel, planForm, questions, really, shopTime, tab, way } from "../live_desk.js";
import { claims, openShow, roomOf, says, triesToSay, votes, wishes } from "../live_host.js";
import { sticksOut, tooSmall } from "../measure.js";
import { order } from "../member.js";
import { neighbour } from "../slots.js";
import { PINS, deskApi } from "../tasting.js";

/** What a page has asked to be done once: its keys. */
function keys(page, path) {
  const seen = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && path.test(request.url())) seen.push(request.headers()["idempotency-key"]);
  });
  return seen;
}

/** Opens a show that was begun from aside, on the tablet. */
async function leads(page, backend, what) {
  const show = await openShow(backend, what);
  await atLiveDesk(page, backend, PINS.host);
  await listed(page, "厨房教学：今晚吃鱼").click();
  await expect(page.getByRole("heading", { level: 1, name: "厨房教学：今晚吃鱼" })).toBeVisible();
  return show;
}

test.describe("the live desk", { tag: "@desk" }, () => {
  // Who may not yet is told so by status 401 and 403.
  test.beforeEach(({ complaints }) => complaints.allow(/40[13].*\/api\/v1\/desk\/(device|session)/));
  test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

  test("a show is planned, and what is filled in stays until it is", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/ERR_FAILED/);
    test.slow();
    await atLiveDesk(page, ownBackend);
    await page.getByRole("button", { name: "排一场直播" }).click();
    const form = planForm(page);
    await expect(form.getByLabel("标题")).toBeFocused();
    await audit(page);
    await form.getByRole("button", { name: "排好" }).click();
    await expect(form.getByRole("alert")).toHaveText("请写个标题");
    await form.getByLabel("厨房教学").check();
    await form.getByLabel("标题").fill("周五晚上一起做鱼");
    await form.getByRole("button", { name: "排好" }).click();
    await expect(form.getByRole("alert")).toHaveText("请选开始的日期和时间");
    const when = shopTime(90);
    await form.getByLabel(/^什么时候开始/).fill(when);
    await form.getByLabel("大约几分钟").fill("4");
    await form.getByRole("button", { name: "排好" }).click();
    await expect(form.getByRole("alert")).toHaveText("时长请写 5 到 480 分钟");
    await form.getByLabel("大约几分钟").fill("45");
    await adds(page, "tianwandou", "甜豌豆");
    await adds(page, "三文鱼刺身", "三文鱼刺身");
    await adds(page, "安岳", "安岳黄柠檬");
    const goods = form.getByRole("list", { name: "商品", exact: true });
    await expect(goods.getByRole("listitem")).toHaveCount(3);
    await goods.getByRole("button", { name: "上移 安岳黄柠檬" }).click();
    await goods.getByRole("button", { name: "拿掉 甜豌豆" }).click();
    // Enter in the field for goods plans nothing.
    await form.getByLabel("加商品").press("Enter");
    await expect(form).toBeVisible();
    // Opened anew, and after a look at the counter, everything is there.
    await page.reload();
    await way(page).click();
    await expect(form.getByLabel("标题")).toHaveValue("周五晚上一起做鱼");
    await expect(form.getByLabel("厨房教学")).toBeChecked();
    await expect(form.getByLabel(/^什么时候开始/)).toHaveValue(when);
    await expect(goods.getByRole("listitem").locator("span")).toHaveText(["安岳黄柠檬", "三文鱼刺身"]);
    await audit(page);
    const sent = keys(page, /\/desk\/shows$/);
    let lost = 0;
    await page.route(/\/desk\/shows$/, async (route) => {
      if (route.request().method() !== "POST" || lost > 0) return route.fallback();
      lost += 1;
      await route.fetch();
      return route.abort();
    });
    await form.getByRole("button", { name: "排好" }).click();
    await expect(said(page, "「周五晚上一起做鱼」排好了")).toBeVisible({ timeout: 30_000 });
    expect(sent.length).toBeGreaterThan(1);
    expect(new Set(sent).size).toBe(1);
    await expect(listed(page, "周五晚上一起做鱼")).toHaveCount(1);
    await expect(listed(page, "周五晚上一起做鱼")).toContainText(when.slice(11));
    await expect(form).toBeHidden();
    await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("desk/")))).toEqual([]);
    // What the backend has is what was filled in.
    const desk = await deskApi(ownBackend);
    const { coming } = await (await desk.get("/api/v1/desk/shows")).json();
    const { id } = coming.find(({ title }) => title === "周五晚上一起做鱼");
    const plan = await (await desk.get(`/api/v1/desk/shows/${id}`)).json();
    expect(plan).toMatchObject({ kind: "kitchen", minutes: 45, goods: ["anyue-lemon", "salmon-sashimi"] });
    expect(plan.starts_at).toBe(`${when}:00+08:00`);
    await desk.dispose();
  });

  test("what was planned is decided otherwise, for everybody", async ({ page, ownBackend }) => {
    const show = await leads(page, ownBackend);
    const who = await neighbour(ownBackend);
    await page.getByRole("button", { name: "改这一场的安排" }).click();
    const form = page.getByRole("form", { name: "改这一场的安排" });
    await expect(form.getByLabel("标题")).toBeFocused();
    await expect(form.getByLabel("标题")).toHaveValue("厨房教学：今晚吃鱼");
    await expect(form.getByLabel("厨房教学")).toBeChecked();
    const goods = form.getByRole("list", { name: "商品", exact: true });
    await expect(goods.getByRole("listitem")).toHaveCount(3);
    await audit(page);
    await form.getByLabel("标题").fill("别的");
    await form.getByRole("button", { name: "不改了" }).click();
    await expect(page.getByRole("button", { name: "改这一场的安排" })).toBeFocused();
    await page.getByRole("button", { name: "改这一场的安排" }).click();
    await expect(form.getByLabel("标题")).toHaveValue("厨房教学：今晚吃鱼");
    await form.getByLabel("标题").fill("今晚吃鱼，也吃菜");
    await goods.getByRole("button", { name: "拿掉 安岳黄柠檬" }).click();
    await page.reload();
    await way(page).click();
    await expect(form.getByLabel("标题")).toHaveValue("今晚吃鱼，也吃菜");
    await form.getByRole("button", { name: "存好" }).click();
    await expect(said(page, "改好了")).toBeVisible();
    await expect(page.getByRole("heading", { level: 1, name: "今晚吃鱼，也吃菜" })).toBeVisible();
    await expect(good(page, "安岳黄柠檬")).toHaveCount(0);
    const room = await roomOf(who, show);
    expect(room.show.title).toBe("今晚吃鱼，也吃菜");
    expect(room.goods.map(({ product }) => product)).toEqual(["sweet-peas", "salmon-sashimi"]);
    await who.leave();
    await show.leave();
  });

  test("begun, its goods shown one after the other, and ended", async ({ page, ownBackend }) => {
    test.slow();
    const show = await leads(page, ownBackend, { live: false });
    const who = await neighbour(ownBackend);
    await expect(page.getByText("还没开播", { exact: true })).toBeVisible();
    await expect(good(page, "甜豌豆")).toContainText("只剩 7 份");
    await expect(page.getByRole("button", { name: /^展示 / })).toHaveCount(0);
    await audit(page);
    await page.getByRole("button", { name: "开播", exact: true }).click();
    await expect(page.getByRole("button", { name: "确定开播" })).toBeFocused();
    await page.getByRole("button", { name: "再等等" }).click();
    await expect(page.getByRole("button", { name: "开播", exact: true })).toBeFocused();
    await really(page, "开播", "确定开播");
    await expect(page.getByText("直播中", { exact: true })).toBeVisible();
    expect((await roomOf(who, show)).show.state).toBe("live");

    await page.getByLabel(/^配一句话/).fill("今早摘的");
    await good(page, "甜豌豆").getByRole("button", { name: "展示 甜豌豆" }).click();
    await expect(good(page, "甜豌豆")).toContainText("展示中");
    await expect(said(page, "现在展示： 甜豌豆 · 今早摘的")).toBeVisible();
    await expect(page.getByLabel(/^配一句话/)).toHaveValue("");
    expect((await roomOf(who, show)).pin).toMatchObject({ product: "sweet-peas", note: "今早摘的" });
    // Another word for what is shown already.
    await page.getByLabel(/^配一句话/).fill("最后几份");
    await good(page, "甜豌豆").getByRole("button", { name: "换上这句话 甜豌豆" }).click();
    await expect(said(page, "甜豌豆 · 最后几份")).toBeVisible();
    await order(who, "sweet-peas-250g", 4);
    await expect(good(page, "甜豌豆")).toContainText("只剩 3 份");
    await order(who, "sweet-peas-250g", 3);
    await expect(good(page, "甜豌豆")).toContainText("卖完了");
    await good(page, "安岳黄柠檬").getByRole("button", { name: "展示 安岳黄柠檬" }).click();
    await expect(good(page, "甜豌豆").getByText("展示中", { exact: true })).toBeHidden();
    await good(page, "安岳黄柠檬").getByRole("button", { name: "撤下 安岳黄柠檬" }).click();
    await expect(said(page, "现在展示： 没有商品")).toBeVisible();
    expect((await roomOf(who, show)).pin).toBeUndefined();

    await really(page, "结束直播", "确定结束");
    await expect(page.getByText("已结束", { exact: true }).first()).toBeVisible();
    await expect(said(page, "这场直播结束了")).toBeVisible();
    expect((await roomOf(who, show)).show.state).toBe("ended");
    await audit(page);
    await page.getByRole("button", { name: /直播场次/ }).click();
    await expect(page.getByRole("heading", { level: 1, name: "直播场次" })).toBeFocused();
    await expect(listed(page, "厨房教学：今晚吃鱼")).toHaveCount(0);
    await who.leave();
    await show.leave();
  });

  test("a poll is written, opened once, followed and closed", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/ERR_FAILED/);
    test.slow();
    const show = await leads(page, ownBackend);
    const who = await neighbour(ownBackend);
    await tab(page, "投票").click();
    const form = page.getByRole("form", { name: "发一次投票" });
    await form.getByRole("button", { name: "开始投票" }).click();
    await expect(form.getByRole("alert")).toHaveText("请写问什么");
    await form.getByLabel("问什么").fill("下周做哪个？");
    await form.getByLabel("选项 1").fill("番茄牛腩");
    await form.getByLabel("选项 2").fill("番茄牛腩 ");
    await form.getByRole("button", { name: "开始投票" }).click();
    await expect(form.getByRole("alert")).toHaveText("有两个选项是一样的");
    // Half written it outlives a lock, and a show that is connected anew.
    await page.getByRole("button", { name: "锁屏" }).click();
    await enters(page, PINS.host);
    await tab(page, "投票").click();
    await expect(form.getByLabel("选项 2")).toHaveValue("番茄牛腩 ");
    await form.getByLabel("选项 2").fill("咖喱鸡胸");
    for (const at of [3, 4, 5, 6]) {
      await form.getByRole("button", { name: "再加一个选项" }).click();
      await expect(form.getByLabel(`选项 ${at}`)).toBeVisible();
    }
    await expect(form.getByRole("button", { name: "再加一个选项" })).toBeHidden();
    const sent = keys(page, /\/polls$/);
    let lost = 0;
    await page.route("**/polls", async (route) => {
      if (lost > 0) return route.fallback();
      lost += 1;
      await route.fetch();
      return route.abort();
    });
    await form.getByRole("button", { name: "开始投票" }).click();
    await expect(said(page, "投票开始了")).toBeVisible({ timeout: 30_000 });
    expect(new Set(sent).size).toBe(1);
    await expect(form.getByLabel("问什么")).toHaveValue("");
    await expect(tab(page, "投票")).toContainText("进行中");
    const { poll } = await roomOf(who, show);
    expect(poll.options.map(({ text }) => text)).toEqual(["番茄牛腩", "咖喱鸡胸"]);
    const last = page.getByRole("region", { name: "上一次投票" });
    await votes(who, show, poll, 1);
    await expect(last).toContainText("1 人投了");
    await expect(last.getByRole("listitem").filter({ hasText: "咖喱鸡胸" })).toContainText("1 票");
    await audit(page);
    // What is typed for the next one is not touched by a vote.
    await form.getByLabel("问什么").fill("再来一个");
    await votes(who, show, poll, 0);
    await expect(last.getByRole("listitem").filter({ hasText: "番茄牛腩" })).toContainText("1 票");
    await expect(form.getByLabel("问什么")).toHaveValue("再来一个");
    await expect(form.getByLabel("问什么")).toBeFocused();
    await really(last, "结束投票", "确定结束投票");
    await expect(last).toContainText("已结束");
    await expect(tab(page, "投票")).not.toContainText("进行中");
    await who.leave();
    await show.leave();
  });

  test("wishes are asked for, counted and closed; words that mean the same are kept", async ({ page, ownBackend }) => {
    const show = await leads(page, ownBackend);
    const who = await neighbour(ownBackend);
    await tab(page, "许愿").click();
    const same = page.getByRole("region", { name: "同义词" });
    await same.getByRole("button", { name: "同义词" }).click();
    const words = same.getByLabel(/^一行一样东西/);
    await expect(words).toHaveValue(/牛油果 = 鳄梨/);
    await words.fill("牛油果 = 鳄梨, avocado\n榴莲＝果王，猫山王");
    await page.reload();
    await way(page).click();
    await tab(page, "许愿").click();
    await same.getByRole("button", { name: "同义词" }).click();
    await expect(words).toHaveValue(/猫山王/);
    await audit(page);
    await same.getByRole("button", { name: "存好" }).click();
    await expect(said(page, "同义词存好了")).toBeVisible();
    await expect(words).toHaveValue("牛油果 = 鳄梨, avocado\n榴莲 = 果王, 猫山王");

    await opensWishes(page, "下周想吃什么？");
    await expect(said(page, "许愿开始了")).toBeVisible();
    await wishes(who, show, "猫山王");
    const other = await neighbour(ownBackend);
    await wishes(other, show, "想吃榴莲");
    const last = page.getByRole("region", { name: "上一次许愿" });
    await expect(last.getByRole("listitem").filter({ hasText: "榴莲" })).toContainText("2 人想要");
    await expect(last).toContainText("1 样东西有人想要");
    await really(last, "结束许愿", "确定结束许愿");
    await expect(last).toContainText("已结束");
    await other.leave();
    await who.leave();
    await show.leave();
  });

  test("coupons are given away, counted down and stopped", async ({ page, ownBackend }) => {
    const show = await leads(page, ownBackend);
    const who = await neighbour(ownBackend);
    await opensDrop(page, { title: "直播间专享", off: "30", from: "30", count: "3" });
    const form = page.getByRole("form", { name: "发一批券" });
    await expect(form.getByRole("alert")).toHaveText("「满」要比「减」大");
    await form.getByLabel("减多少元").fill("5.50");
    await form.getByLabel("几张").fill("0");
    await form.getByRole("button", { name: "发出去" }).click();
    await expect(form.getByRole("alert")).toHaveText("张数请写 1 到 1000");
    await form.getByLabel("几张").fill("3");
    await form.getByRole("button", { name: "发出去" }).click();
    await expect(said(page, "券发出去了")).toBeVisible();
    const last = page.getByRole("region", { name: "上一次发券" });
    await expect(last).toContainText("满 ¥30 减 ¥5.5");
    await expect(last).toContainText("还剩 3 张，共 3 张");
    const { drop } = await roomOf(who, show);
    expect(drop).toMatchObject({ benefit: { off: { amount: 550 } }, at_least: { amount: 3000 }, count: 3 });
    expect((await claims(who, show, drop)).status()).toBe(201);
    await expect(last).toContainText("还剩 2 张");
    await audit(page);
    await really(last, "停止领券", "确定停止");
    await expect(last).toContainText("已结束");
    await who.leave();
    await show.leave();
  });

  test("equal questions are one, answered in words or on air", async ({ page, ownBackend }) => {
    test.slow();
    const show = await leads(page, ownBackend);
    const [one, other] = [await neighbour(ownBackend), await neighbour(ownBackend)];
    await says(one, show, "几点能取？", { name: "三号楼" });
    await says(other, show, "几点能取", { question: true });
    await says(one, show, "可以少盐吗？");
    await says(other, show, "看着真好吃");
    await expect(questions(page).getByRole("heading", { name: "提问（2 个没回答）" })).toBeVisible();
    const row = questions(page).getByRole("listitem").filter({ hasText: "几点能取" });
    await expect(row).toContainText("还有 1 人同问");
    await row.getByRole("button", { name: /^写回答/ }).click();
    await expect(row.getByLabel("回答", { exact: true })).toBeFocused();
    await row.getByRole("button", { name: "发出去" }).click();
    await expect(row.getByRole("alert")).toContainText("请写一句回答");
    await row.getByLabel("回答", { exact: true }).fill("六点以后");
    await audit(page);
    // Half written it outlives whatever else is asked, and opening the page anew.
    await says(other, show, "有券吗？");
    await expect(questions(page).getByRole("heading", { name: "提问（3 个没回答）" })).toBeVisible();
    await expect(row.getByLabel("回答", { exact: true })).toBeFocused();
    await page.reload();
    await way(page).click();
    await expect(row.getByLabel("回答", { exact: true })).toHaveValue("六点以后");
    await row.getByRole("button", { name: "发出去" }).click();
    await expect(row).toHaveCount(0);
    const { questions: kept } = await roomOf(one, show);
    expect(kept.filter(({ answer }) => answer?.text === "六点以后")).toHaveLength(2);
    await questions(page).getByRole("listitem").filter({ hasText: "可以少盐吗" }).getByRole("button", { name: /^说过了/ }).click();
    await expect(questions(page).getByRole("heading", { name: "提问（1 个没回答）" })).toBeVisible();
    await questions(page).getByRole("button", { name: "回答过的 2 个" }).click();
    await expect(questions(page)).toContainText("在直播里说过了");
    await audit(page);
    await one.leave();
    await other.leave();
    await show.leave();
  });

  test("whoever disturbs is muted, what they wrote is taken away, and all are slowed down", async ({ page, ownBackend }) => {
    test.slow();
    const show = await leads(page, ownBackend);
    const [one, other] = [await neighbour(ownBackend), await neighbour(ownBackend)];
    await says(one, show, "加我微信领红包", { name: "路人甲" });
    await says(other, show, "今天的鱼真好", { name: "三号楼" });
    const row = comments(page).getByRole("listitem").filter({ hasText: "加我微信领红包" });
    await row.getByRole("button", { name: "禁言 路人甲" }).click();
    await expect(said(page, "路人甲 不能再发言了")).toBeVisible();
    await expect(row).toContainText("已禁言");
    const refused = await triesToSay(one, show, "再来");
    expect(refused.status()).toBe(403);
    expect((await refused.json()).type).toBe("urn:problem:muted");
    await row.getByRole("button", { name: /^删除/ }).click();
    await audit(page);
    await row.getByRole("button", { name: /^确定删除/ }).click();
    await expect(row).toHaveCount(0);
    expect((await roomOf(other, show)).comments.map(({ text }) => text)).toEqual(["今天的鱼真好"]);
    // Their comment has gone, they can be let in again all the same.
    await comments(page).getByRole("button", { name: /^解除禁言/ }).click();
    await expect(comments(page).getByRole("button", { name: /^解除禁言/ })).toHaveCount(0);
    await says(one, show, "我不发了");

    // A list that is held stands still, and says how many are new.
    await expect(comments(page)).toContainText("我不发了");
    await comments(page).getByRole("button", { name: "停住列表" }).click();
    await says(other, show, "第二句");
    await expect(comments(page).getByRole("button", { name: "1 条新的" })).toBeVisible();
    await expect(comments(page).getByText("第二句")).toHaveCount(0);
    await comments(page).getByRole("button", { name: "1 条新的" }).click();
    await expect(comments(page).getByText("第二句")).toBeVisible();

    const slow = comments(page).getByRole("group", { name: /^慢速/ });
    await expect(slow.getByRole("button", { name: "不限" })).toHaveAttribute("aria-pressed", "true");
    await slow.getByRole("button", { name: "30 秒" }).click();
    await expect(slow.getByRole("button", { name: "30 秒" })).toHaveAttribute("aria-pressed", "true");
    // Whoever has not said anything yet may do so at once, and then waits.
    const third = await neighbour(ownBackend);
    await says(third, show, "第三句");
    const fast = await triesToSay(third, show, "第四句");
    expect(fast.status()).toBe(429);
    expect(Number(fast.headers()["retry-after"])).toBeGreaterThan(0);
    await slow.getByRole("button", { name: "不限" }).click();
    await expect(slow.getByRole("button", { name: "不限" })).toHaveAttribute("aria-pressed", "true");
    await third.leave();
    await one.leave();
    await other.leave();
    await show.leave();
  });

  test("without a network it says so, keeps everything, and catches up by itself", async ({ page, context, ownBackend, complaints }) => {
    complaints.allow(/ERR_INTERNET_DISCONNECTED/);
    test.slow();
    const show = await leads(page, ownBackend);
    const who = await neighbour(ownBackend);
    await says(who, show, "断网前的一句");
    await expect(comments(page)).toContainText("断网前的一句");
    await tab(page, "投票").click();
    await page.getByRole("form", { name: "发一次投票" }).getByLabel("问什么").fill("写到一半");
    await context.setOffline(true);
    await expect(said(page, "平板断网了，看到的是断网前的样子")).toBeVisible();
    await audit(page);
    await tab(page, "商品").click();
    await good(page, "甜豌豆").getByRole("button", { name: "展示 甜豌豆" }).click();
    await expect(said(page, /网络|连不上/).first()).toBeVisible();
    await expect(good(page, "甜豌豆").getByRole("button", { name: "展示 甜豌豆" })).toBeEnabled();
    await says(who, show, "断网时的一句");
    await context.setOffline(false);
    await expect(comments(page)).toContainText("断网时的一句", { timeout: 30_000 });
    await expect(said(page, "看到的是断网前的样子")).toHaveCount(0);
    await good(page, "甜豌豆").getByRole("button", { name: "展示 甜豌豆" }).click();
    await expect(good(page, "甜豌豆")).toContainText("展示中");
    await tab(page, "投票").click();
    await expect(page.getByRole("form", { name: "发一次投票" }).getByLabel("问什么")).toHaveValue("写到一半");
    await who.leave();
    await show.leave();
  });

  test("the counter loses nothing while a show is led, and the other way round", async ({ page, ownBackend }) => {
    const show = await leads(page, ownBackend);
    const places = page.getByRole("navigation", { name: "工作台" });
    await tab(page, "许愿").click();
    await page.getByRole("form", { name: "征集愿望" }).getByLabel("问什么").fill("下周");
    await places.getByRole("button", { name: "柜台" }).click();
    await expect(places.getByRole("button", { name: "柜台" })).toHaveAttribute("aria-current", "page");
    await page.getByLabel("取货码或试吃码").fill("1234");
    await way(page).click();
    await expect(panel(page, "许愿")).toBeVisible();
    await expect(page.getByRole("form", { name: "征集愿望" }).getByLabel("问什么")).toHaveValue("下周");
    await places.getByRole("button", { name: "柜台" }).click();
    await expect(page.getByLabel("取货码或试吃码")).toHaveValue("1234");
    await show.leave();
  });

  test("what another tablet does is seen here, and what came too late is said", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/409/);
    const show = await leads(page, ownBackend, { live: false });
    await show.start();
    await expect(page.getByText("直播中", { exact: true })).toBeVisible();
    await opensPoll(page, "做哪个？", ["甲", "乙", "丙"]);
    const last = page.getByRole("region", { name: "上一次投票" });
    await expect(last).toContainText("丙");
    const { poll } = await show.room();
    await show.closePoll(poll);
    await expect(last).toContainText("已结束");
    await show.leave();
  });

  test("a clerk sees nothing of it, and is refused", async ({ page, ownBackend }) => {
    const show = await openShow(ownBackend);
    await page.goto(ownBackend.desk);
    await enters(page, PINS.clerk);
    await expect(page.getByRole("heading", { level: 1, name: "柜台" })).toBeVisible();
    await expect(page.getByRole("navigation", { name: "工作台" })).toHaveCount(0);
    const clerk = await deskApi(ownBackend, PINS.clerk);
    const path = show.there;
    const headers = { "idempotency-key": crypto.randomUUID() };
    const plan = { kind: "source", title: { zh: "不该有" }, starts_at: "2030-01-01T20:00:00+08:00", minutes: 30 };
    const tried = [
      clerk.get("/api/v1/desk/shows"),
      clerk.post("/api/v1/desk/shows", { headers, data: plan }),
      clerk.post(`${path}/end`),
      clerk.put(`${path}/pin`, { data: { product: "sweet-peas" } }),
      clerk.post(`${path}/polls`, { headers, data: { question: "?", options: ["a", "b"] } }),
      clerk.put(`${path}/slow-mode`, { data: { seconds: 5 } }),
      clerk.get("/api/v1/desk/synonyms"),
    ];
    for (const answer of await Promise.all(tried)) expect(answer.status(), answer.url()).toBe(403);
    await clerk.dispose();
    await show.leave();
  });

  test("whoever led a show and leaves, leaves the clerk at the counter", async ({ page, ownBackend }) => {
    const show = await leads(page, ownBackend);
    await page.getByRole("button", { name: "锁屏" }).click();
    await enters(page, PINS.clerk);
    await expect(page.getByRole("heading", { level: 1, name: "柜台" })).toBeVisible();
    await page.getByRole("button", { name: "锁屏" }).click();
    await enters(page, PINS.host);
    await expect(page.getByRole("heading", { level: 1, name: "厨房教学：今晚吃鱼" })).toBeVisible();
    await show.leave();
  });

  test("keeps everything in its pane, with targets for fingers", async ({ page, ownBackend }) => {
    test.slow();
    const show = await leads(page, ownBackend);
    const who = await neighbour(ownBackend);
    await says(who, show, "请问这个三文鱼是今天早上刚刚到的还是昨天晚上就到了的呀？", { name: "一位名字特别特别特别长的邻居" });
    await says(who, show, "好");
    await questions(page).getByRole("button", { name: /^写回答/ }).click();
    await questions(page).getByRole("button", { name: /^删除/ }).click();
    await page.getByRole("button", { name: "结束直播", exact: true }).click();
    await opensPoll(page, "下周做哪个？", ["番茄牛腩", "咖喱鸡胸", "清蒸鲈鱼", "葱油鸡", "红烧肉", "白灼虾"]);
    await expect(page.getByRole("region", { name: "上一次投票" })).toBeVisible();
    await opensWishes(page, "下周想吃什么？");
    await expect(page.getByRole("region", { name: "上一次许愿" })).toBeVisible();
    await opensDrop(page, { title: "直播间专享", off: "5", from: "30", count: "5" });
    await expect(page.getByRole("region", { name: "上一次发券" })).toBeVisible();
    for (const name of ["商品", "投票", "许愿", "发券", "画面"]) {
      await tab(page, name).click();
      for (const width of [1280, 1024]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await sticksOut(page), `${name} at ${width} px`).toEqual([]);
        expect(await tooSmall(page, { text: 12, target: 44 }), `${name} at ${width} px`).toEqual([]);
      }
      await audit(page);
    }
    // By the keys alone.
    await tab(page, "发券").focus();
    await page.keyboard.press("Home");
    await expect(tab(page, "商品")).toBeFocused();
    await page.keyboard.press("ArrowLeft");
    await expect(tab(page, "画面")).toBeFocused();
    await expect(panel(page, "画面")).toBeVisible();
    await who.leave();
    await show.leave();
  });
});
