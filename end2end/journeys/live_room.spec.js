// The live room: what is said, by whom it is seen, and what goes wrong on the way.
import { startBackend } from "../backend.js";
import { audit, expect, test } from "../fixtures.js";
import { tabTo } from "../keyboard.js";
import { Room, many } from "../live.js";
import { authorOf, openShow, roomOf, says } from "../live_host.js";
import { signIn } from "../member.js";
import { breakDown, hold, requests, STOPPED } from "../network.js";
import { still } from "../shop.js";
import { neighbour } from "../slots.js";

test.use({
  baseURL: async ({ ownBackend }, use) => use(ownBackend.url),
  // What moves is what this is about; what stands still has tests of its own below.
  contextOptions: { reducedMotion: "no-preference" },
});

const COMMENTS = /\/shows\/[^/]+\/comments$/;
/** A stream that is cut, and a server that is away, are heard of. */
const AWAY = [STOPPED, /ERR_INTERNET_DISCONNECTED/, /ERR_NETWORK_CHANGED/, /Failed to fetch/];

test("a guest sees all of it, and what is typed is there after signing in", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  const made = await openShow(ownBackend);
  const who = await neighbour(ownBackend);
  await says(who, made, "今天的鱼真新鲜", { name: "三号楼阿姨" });
  await shop.open(made.path);
  const room = new Room(page);
  await expect(page.getByRole("heading", { level: 1, name: "厨房教学：今晚吃鱼" })).toBeAttached();
  await expect(shop.main).toContainText("小满");
  await expect(shop.main).toContainText(/厨房教学 · 第 \d+ 场/);
  await expect(shop.main.getByText(/位邻居在看/)).toBeAttached();
  await expect(room.row("今天的鱼真新鲜")).toContainText("三号楼阿姨");
  // It comes by itself.
  await says(who, made, "刀工可以");
  await expect(room.row("刀工可以")).toBeVisible();
  await audit(page);
  await room.field.fill("小朋友能直接吃吗？");
  await page.getByRole("link", { name: "登录后发送" }).click();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.goBack();
  await expect(room.field).toHaveValue("小朋友能直接吃吗？");
  await signIn(shop, undefined, made.path);
  await expect(room.field).toHaveValue("小朋友能直接吃吗？");
  await room.field.press("Enter");
  await expect(room.row("小朋友能直接吃吗？")).toContainText("我");
  await expect(room.field).toHaveValue("");
  await expect(room.field).toBeFocused();
  // The way out leads to all shows.
  await shop.open(made.path);
  await page.getByRole("button", { name: "离开直播间" }).click();
  await expect(page).toHaveURL("/live");
  await Promise.all([who.leave(), made.leave()]);
});

test("what one says is there at once, marked until the show has it, and on the other phone", { tag: "@tablet" }, async ({ page, shop, otherShop, ownBackend }) => {
  const made = await openShow(ownBackend);
  await signIn(shop, undefined, made.path);
  await otherShop.open(made.path);
  const [room, there] = [new Room(page), new Room(otherShop.page)];
  const { letGo } = await hold(page, COMMENTS);
  // The name is asked for once, above the field.
  await room.field.focus();
  await page.getByLabel("怎么称呼您").fill("豆豆妈");
  await page.getByRole("button", { name: "好了" }).click();
  await room.say("下周想吃牛油果！");
  await expect(room.row("下周想吃牛油果！")).toContainText("发送中");
  await expect(there.rows).toHaveCount(0);
  letGo();
  await expect(room.row("下周想吃牛油果！")).not.toContainText("发送中");
  await expect(room.row("下周想吃牛油果！")).toHaveCount(1);
  await expect(there.row("下周想吃牛油果！")).toContainText("豆豆妈");
  // Asked no more, and changeable.
  await room.field.fill("还");
  await expect(page.getByText("您叫「豆豆妈」")).toBeVisible();
  await page.getByRole("button", { name: "改名字" }).click();
  await expect(page.getByLabel("怎么称呼您")).toBeFocused();
  await expect(page.getByLabel("怎么称呼您")).toHaveValue("豆豆妈");
  await made.leave();
});

test("what many say is one row; questions have a lane with their answers", async ({ page, shop, ownBackend }) => {
  const made = await openShow(ownBackend);
  await shop.open(made.path);
  const room = new Room(page);
  await expect(room.talk).toContainText("还没有人说话");
  const [asked] = await many(ownBackend, made, 4, (at) => ["能直接吃吗？", "能直接吃吗", " 能直接吃吗??", "能直接吃吗？"][at]);
  await many(ownBackend, made, 3, "好吃");
  await expect(room.rows).toHaveCount(2);
  await expect(room.row("能直接吃吗")).toContainText("+3 同问");
  await expect(room.row("好吃")).toContainText("+2");
  await expect(room.row("好吃")).not.toContainText("同问");
  await made.answer(asked, "冷链到店，解冻就能吃");
  await page.getByRole("button", { name: "提问", exact: true }).click();
  await expect(room.rows).toHaveCount(1);
  await expect(room.row("能直接吃吗")).toContainText("冷链到店，解冻就能吃");
  await expect(room.field).toHaveAttribute("placeholder", "问一句…");
  await audit(page);
  // What the host takes away goes.
  await page.getByRole("button", { name: "全部", exact: true }).click();
  const [rude] = await many(ownBackend, made, 1, "骗人的");
  await expect(room.row("骗人的")).toBeVisible();
  await made.remove(rude);
  await expect(room.row("骗人的")).toHaveCount(0);
  await made.leave();
});

test("a screen reader hears now and then how many are new; what is taken away is no news", async ({ page, shop, ownBackend }) => {
  const made = await openShow(ownBackend);
  await many(ownBackend, made, 3, (at) => `先来的 ${at}`);
  await shop.open(made.path);
  const room = new Room(page);
  await expect(room.rows).toHaveCount(3);
  const summary = room.talk.getByRole("status");
  await summary.evaluate((status) => {
    window.heard = [];
    new MutationObserver(() => window.heard.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
  });
  const [rude] = await many(ownBackend, made, 1, "骗人的");
  await expect(summary).toHaveText("1 条新评论，最近：骗人的", { timeout: 30_000 });
  await made.remove(rude);
  await expect(room.row("骗人的")).toHaveCount(0);
  await many(ownBackend, made, 2, (at) => `后来的 ${at}`);
  await expect(summary).toHaveText(/最近：后来的 1$/, { timeout: 30_000 });
  // One, and then two, in one summary or in two.
  const heard = (await page.evaluate(() => window.heard)).filter(Boolean);
  const counts = heard.map((text) => Number(/^(\d+) 条新评论，最近：/.exec(text)?.[1]));
  expect(counts.reduce((sum, count) => sum + count, 0), heard.join("; ")).toBe(3);
  // Also where the list stands still.
  await page.getByRole("button", { name: "停住动画" }).click();
  const [again] = await many(ownBackend, made, 1, "又骗人");
  await expect(room.fresh).toHaveText("1 条新的");
  await room.fresh.click();
  await expect(room.row("又骗人")).toBeVisible();
  await made.remove(again);
  await expect(room.row("又骗人")).toHaveCount(0);
  await expect(room.fresh).toHaveCount(0);
  await many(ownBackend, made, 1, "接着来");
  await expect(room.fresh).toHaveText("1 条新的");
  await made.leave();
});

test("slow mode keeps what is typed and says when; in 长辈版 nothing counts down", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/429/);
  const made = await openShow(ownBackend);
  await signIn(shop, undefined, made.path);
  const room = new Room(page);
  await room.say("第一句");
  await expect(room.row("第一句")).not.toContainText("发送中");
  // The phone does not know yet: it is refused, and the text comes back.
  await made.slow(60);
  await room.say("第二句");
  await expect(room.field).toHaveValue("第二句");
  await expect(page.getByRole("alert").filter({ hasText: "说得有点快" })).toBeVisible();
  await expect(page.getByText("主播开了慢速：每 60 秒说一句")).toBeVisible();
  await expect(room.send).toHaveText(/^\d+ 秒$/);
  await expect(room.send).toHaveAttribute("aria-disabled", "true");
  await audit(page);
  await page.reload();
  await shop.ready();
  await expect(room.field).toHaveValue("第二句");
  await expect(room.send).toHaveText(/^\d+ 秒$/);
  await page.getByRole("button", { name: "长辈版" }).click();
  await expect(room.send).toHaveText(/^\d\d:\d\d:\d\d 后能发$/);
  await made.slow(0);
  await expect(room.send).toHaveText("发送");
  await room.send.click();
  await expect(room.row("第二句")).toBeVisible();
  await expect(room.field).toHaveValue("");
  await made.leave();
});

test("whoever is muted is told, and has not lost a word", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/403/);
  const made = await openShow(ownBackend);
  await signIn(shop, undefined, made.path);
  const room = new Room(page);
  // Only who has said something can be muted.
  await room.say("先说一句");
  await expect(room.talk).toContainText("先说一句");
  await expect(page.getByText("发送中")).toHaveCount(0);
  await room.field.fill("我要说");
  const author = await authorOf(page, made);
  await made.mute(author);
  await expect(page.getByText("主播请您先不要发言")).toBeVisible();
  await room.field.press("Enter");
  await expect(room.field).toHaveValue("我要说");
  await audit(page);
  await made.unmute(author);
  await expect(page.getByText("主播请您先不要发言")).toHaveCount(0);
  await room.field.press("Enter");
  await expect(room.row("我要说")).toBeVisible();
  await made.leave();
});

test("a comment whose answer is lost keeps its text, also over a reload, and is said once", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/ERR_FAILED/, /failed:/);
  const made = await openShow(ownBackend);
  await signIn(shop, undefined, made.path);
  const room = new Room(page);
  const keys = [];
  let lost = 0;
  await page.route(COMMENTS, async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    lost += 1;
    if (lost > 2) return route.fallback();
    return route.abort("failed");
  });
  await room.say("给我留一条");
  await expect(room.row("给我留一条")).toContainText("不知道发出去没有");
  await audit(page);
  await page.reload();
  await shop.ready();
  await room.row("给我留一条").getByRole("button", { name: "再发一次" }).click();
  await expect(room.row("给我留一条")).toContainText("不知道发出去没有");
  await room.row("给我留一条").getByRole("button", { name: "再发一次" }).click();
  await expect(room.row("给我留一条").getByRole("button")).toHaveCount(0);
  await expect(room.row("给我留一条")).toHaveCount(1);
  expect(new Set(keys).size, "one key for one comment").toBe(1);
  await expect.poll(async () => (await roomOf(page, made)).comments.length).toBe(1);
  // One may also give it up.
  lost = 0;
  await room.say("算了");
  await room.row("算了").getByRole("button", { name: "放弃" }).click();
  await expect(room.row("算了")).toHaveCount(0);
  await made.leave();
});

test("a comment that did arrive is confirmed by its event, whatever became of the answer", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/ERR_FAILED/, /failed:/);
  const made = await openShow(ownBackend);
  await signIn(shop, undefined, made.path);
  const room = new Room(page);
  await page.route(COMMENTS, async (route) => {
    await route.fetch();
    await route.abort("failed");
  });
  await room.say("到了吗");
  await expect(room.row("到了吗")).toHaveCount(1);
  await expect(room.row("到了吗").getByRole("button")).toHaveCount(0);
  await made.leave();
});

test("a text that is too long is kept and told", async ({ page, shop, ownBackend }) => {
  const made = await openShow(ownBackend);
  await signIn(shop, undefined, made.path);
  const room = new Room(page);
  const asked = requests(page, COMMENTS);
  await room.field.fill("鱼".repeat(90));
  await expect(page.getByText("还能写 10 个字")).toBeVisible();
  await room.field.fill("鱼".repeat(104));
  await expect(page.getByText("多了 4 个字")).toBeVisible();
  await room.field.press("Enter");
  await expect(room.field).toHaveValue("鱼".repeat(104));
  expect(asked).toEqual([]);
  await made.leave();
});

test("offline for a while, then caught up; it is said meanwhile", { tag: "@tablet" }, async ({ page, shop, context, ownBackend, complaints }) => {
  complaints.allow(...AWAY);
  const made = await openShow(ownBackend);
  await shop.open(made.path);
  const room = new Room(page);
  await many(ownBackend, made, 1, "断网之前");
  await expect(room.row("断网之前")).toBeVisible();
  await context.setOffline(true);
  await expect(room.strip).toContainText("没有网络");
  await audit(page);
  await many(ownBackend, made, 5, (at) => `没网时说的 ${at}`);
  await made.pin("salmon-sashimi");
  await expect(room.row("没网时说的")).toHaveCount(0);
  await context.setOffline(false);
  for (let at = 0; at < 5; at += 1) await expect(room.row(`没网时说的 ${at}`)).toHaveCount(1, { timeout: 30_000 });
  await expect(room.strip).toHaveCount(0);
  await made.leave();
});

test("the server is killed and starts again: nothing lost, nothing twice", async ({ page, shop, ownBackend, complaints }) => {
  test.slow();
  complaints.allow(...AWAY, /50[0-9]/);
  const made = await openShow(ownBackend);
  await many(ownBackend, made, 2, (at) => `之前 ${at}`);
  await shop.open(made.path);
  const room = new Room(page);
  await expect(room.rows).toHaveCount(2);
  await ownBackend.stop();
  await expect(room.strip).toContainText("正在接上直播间");
  await expect(room.rows).toHaveCount(2);
  const again = await startBackend([], { folder: ownBackend.folder, port: new URL(ownBackend.url).port });
  try {
    await many(again, made, 2, (at) => `之后 ${at}`);
    await expect(room.rows).toHaveCount(4, { timeout: 30_000 });
    for (const text of ["之前 0", "之前 1", "之后 0", "之后 1"]) await expect(room.row(text)).toHaveCount(1);
    await expect(room.strip).toHaveCount(0);
    await made.leave();
  } finally {
    await again.stop();
  }
});

test("two tabs, one stream; the second goes on when the first is closed", { tag: "@tablet" }, async ({ page, shop, context, ownBackend }) => {
  const made = await openShow(ownBackend);
  await shop.open(made.path);
  const first = new Room(page);
  await many(ownBackend, made, 1, "一");
  await expect(first.row("一")).toBeVisible();
  const second = await context.newPage();
  const streams = requests(second, /\/events$/);
  await second.goto(made.path);
  const there = new Room(second);
  await expect(there.row("一")).toBeVisible();
  await many(ownBackend, made, 1, "二");
  await expect(there.row("二")).toBeVisible();
  await expect(first.row("二")).toBeAttached();
  expect(streams, "the other tab has the stream").toEqual([]);
  await page.close();
  await many(ownBackend, made, 1, "三");
  await expect(there.row("三")).toBeVisible();
  expect(streams.length).toBeGreaterThan(0);
  for (const text of ["一", "二", "三"]) await expect(there.row(text)).toHaveCount(1);
  // A third one hears of all from the second.
  const third = await context.newPage();
  await third.goto(made.path);
  await expect(new Room(third).rows).toHaveCount(3);
  await many(ownBackend, made, 1, "四");
  await expect(new Room(third).row("四")).toBeVisible();
  await made.leave();
});

test("whoever reads further up is not moved, and told how many are new", async ({ page, shop, ownBackend }) => {
  test.slow();
  const made = await openShow(ownBackend);
  await many(ownBackend, made, 20, (at) => `第 ${at} 句话，够长的一句话，看得见滚动`);
  await shop.open(made.path);
  const room = new Room(page);
  await expect(room.rows).toHaveCount(20);
  await expect(room.row("第 19 句")).toBeInViewport();
  await room.list.evaluate((list) => list.scrollTo(0, -300));
  const place = () => room.row("第 10 句").boundingBox();
  // What comes in at the beginning moves.
  const before = await still(page, place);
  await many(ownBackend, made, 3, (at) => `新的 ${at}`);
  await expect(room.fresh).toHaveText("3 条新的");
  // Three rows have come; it has not moved by a quarter of one.
  await expect.poll(async () => Math.abs((await place()).y - before.y)).toBeLessThan(before.height / 4);
  await audit(page);
  await room.fresh.click();
  await expect(room.row("新的 2")).toBeInViewport();
  await expect(room.fresh).toHaveCount(0);
  await many(ownBackend, made, 1, "接着来");
  await expect(room.row("接着来")).toBeInViewport();
  await made.leave();
});

test("a room has sixty rows at most", async ({ page, shop, ownBackend }) => {
  test.slow();
  const made = await openShow(ownBackend);
  await many(ownBackend, made, 64, (at) => `第 ${at} 个`);
  await shop.open(made.path);
  const room = new Room(page);
  await expect(room.rows).toHaveCount(60);
  await expect(room.rows.last()).toContainText("第 63 个");
  await made.leave();
});

test("likes are counted at once and sent together", async ({ page, shop, otherShop, ownBackend }) => {
  const made = await openShow(ownBackend);
  await signIn(shop, undefined, made.path);
  await otherShop.open(made.path);
  await expect(otherShop.page.getByRole("link", { name: /登录后点赞/ })).toBeVisible();
  const sent = requests(page, /\/likes$/);
  const like = page.getByRole("button", { name: /^点赞/ });
  for (let tap = 0; tap < 8; tap += 1) await like.click();
  await expect(like).toHaveAttribute("aria-label", "点赞，已有 8 个");
  await expect.poll(async () => (await roomOf(page, made)).likes).toBe(8);
  expect(sent.length).toBeLessThan(8);
  await expect(otherShop.page.getByRole("link", { name: "登录后点赞，已有 8 个" })).toBeVisible();
  await made.leave();
});

test("likes that came too fast go with the next ones; those of which nobody knows are not sent again", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/429|500/);
  const made = await openShow(ownBackend);
  await signIn(shop, undefined, made.path);
  const like = page.getByRole("button", { name: /^点赞/ });
  const likes = async () => (await roomOf(page, made)).likes;
  const fails = (status, headers) => breakDown(page, /\/likes$/, { status, headers, contentType: "application/problem+json", body: JSON.stringify({ type: "about:blank", title: "No", status }) });
  const tooFast = await fails(429, { "retry-after": "1" });
  const refused = page.waitForResponse(/\/likes$/);
  await like.click();
  await refused;
  await tooFast.mend();
  await expect.poll(likes).toBe(1);
  const broken = await fails(500);
  const failed = page.waitForResponse(/\/likes$/);
  await like.click();
  await failed;
  await broken.mend();
  await like.click();
  await expect.poll(likes).toBe(2);
  await page.waitForTimeout(2_500);
  expect(await likes()).toBe(2);
  await made.leave();
});

test("one can stop what moves, and this phone remembers", async ({ page, shop, ownBackend }) => {
  const made = await openShow(ownBackend);
  await many(ownBackend, made, 1, "先来的");
  await shop.open(made.path);
  const room = new Room(page);
  const still = page.getByRole("button", { name: "停住动画" });
  await expect(still).toHaveAttribute("aria-pressed", "false");
  await still.click();
  await expect(still).toHaveAttribute("aria-pressed", "true");
  await many(ownBackend, made, 2, (at) => `后来的 ${at}`);
  await expect(room.fresh).toHaveText("2 条新的");
  await expect(room.rows).toHaveCount(1);
  await page.reload();
  await shop.ready();
  await expect(still).toHaveAttribute("aria-pressed", "true");
  await still.click();
  await many(ownBackend, made, 1, "又动了");
  await expect(room.row("又动了")).toBeVisible();
  await made.leave();
});

test.describe("where the device asks for less motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });
  test("nothing moves from the start, and all of it is one tap away", async ({ page, shop, ownBackend }) => {
    const made = await openShow(ownBackend);
    await many(ownBackend, made, 1, "先来的");
    await signIn(shop, undefined, made.path);
    const room = new Room(page);
    await expect(room.row("先来的")).toBeVisible();
    await expect(page.getByRole("button", { name: "停住动画" })).toHaveAttribute("aria-pressed", "true");
    await many(ownBackend, made, 1, "后来的");
    await expect(room.fresh).toHaveText("1 条新的");
    await room.fresh.click();
    await expect(room.row("后来的")).toBeVisible();
    // One's own is there at once all the same.
    await room.say("我说的");
    await expect(room.row("我说的")).toBeVisible();
    await audit(page);
    await made.leave();
  });
});

test("by keyboard alone: say something, ask, buy, vote, leave", async ({ page, shop, ownBackend }) => {
  test.slow();
  const made = await openShow(ownBackend);
  await made.pin("sweet-peas");
  await made.openPoll();
  await signIn(shop, undefined, made.path);
  const room = new Room(page);
  await expect(room.field).toBeVisible();
  // From the top of the page.
  await page.reload();
  await shop.ready();
  await expect(room.field).toBeVisible();
  for (const name of [/长辈版/, "停住动画", "评论"]) await tabTo(page, name);
  await tabTo(page, "说点什么…");
  await page.keyboard.type("键盘也能说话");
  await page.keyboard.press("Enter");
  await expect(room.row("键盘也能说话")).not.toContainText("发送中");
  await expect(room.field).toHaveValue("");
  await expect(room.field).toBeFocused();
  await expect.poll(async () => (await roomOf(page, made)).comments.map(({ text }) => text)).toEqual(["键盘也能说话"]);
  await tabTo(page, "提问");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "提问", exact: true })).toHaveAttribute("aria-pressed", "true");
  await expect(room.row("键盘也能说话")).toHaveCount(0);
  await tabTo(page, "问一句…");
  await page.keyboard.type("豌豆甜吗");
  await page.keyboard.press("Enter");
  await expect(room.row("豌豆甜吗")).toBeVisible();
  await tabTo(page, "把甜豌豆加入购物车");
  await page.keyboard.press("Enter");
  await expect(shop.toast).toContainText("甜豌豆 已加入，购物车共 1 件");
  await tabTo(page, /番茄牛腩/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /番茄牛腩/ })).toHaveAttribute("aria-pressed", "true");
  await expect.poll(async () => (await roomOf(page, made)).mine.vote?.option).toBe(0);
  await tabTo(page, /^点赞/);
  await tabTo(page, "离开直播间");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/live");
  await made.leave();
});
