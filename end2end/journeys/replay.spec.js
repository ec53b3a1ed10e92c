// A show that is over, seen again: its room as it was, at any time and any speed, and bought from today.
// The demo's recorded show: greens at 0:13, tomatoes 0:46, a poll 1:11 to 1:59, avocados 1:39, wishes 2:09
// to 3:31, sea bass 2:55, eggs 3:44 to 4:11.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startBackend } from "../backend.js";
import { audit, expect, fine, test } from "../fixtures.js";
import { Room } from "../live.js";
import { openShow, says } from "../live_host.js";
import { MODES } from "../measure.js";
import { PROBLEM, breakDown, hold, requests } from "../network.js";
import { neighbour } from "../slots.js";

const SHOW = "/live/market-morning";
const REPLAY = `${SHOW}/replay`;

/** A replay on a page, by its parts. */
class Replay {
  constructor(page) {
    this.page = page;
    this.play = page.getByRole("button", { name: "播放", exact: true });
    this.pause = page.getByRole("button", { name: "暂停", exact: true });
    this.line = page.getByRole("slider", { name: "进度" });
    this.speed = page.getByRole("combobox", { name: "速度" });
    this.chapters = page.getByRole("region", { name: "章节" });
    this.current = this.chapters.locator("[aria-current=true]");
    this.card = page.getByRole("region", { name: "正在讲" });
    this.poll = page.getByRole("region", { name: "投票" });
    this.room = new Room(page);
  }

  chapter(name) {
    return this.chapters.getByRole("button", { name });
  }

  /** In whole seconds. */
  async second() {
    return Number(await this.line.inputValue());
  }

  /** Drags to a second. */
  seek(second) {
    return this.line.fill(String(second));
  }
}

/** Whether the backend could draw a film. */
const hasFfmpeg = () => promisify(execFile)("ffmpeg", ["-version"]).then(() => true, () => false);

/** Opens it, and waits until the room of that time is there, and what follows. */
async function opens(page, shop, path = REPLAY) {
  const replay = new Replay(page);
  const room = page.waitForResponse(/replay\/room/);
  const events = page.waitForResponse(/replay\/events/);
  await shop.open(path);
  await expect(replay.play).toBeVisible();
  // To its end: the network may be taken away next.
  for (const answer of [await room, await events]) await answer.finished();
  return replay;
}

test("a replay waits to be played; its chapters lead to the room as it was", { tag: "@tablet" }, async ({ page, shop }) => {
  const replay = await opens(page, shop);
  await expect(page).toHaveTitle(/^回放：带您逛清晨的菜市场/);
  await expect(page.getByRole("heading", { level: 1, name: "带您逛清晨的菜市场" })).toBeAttached();
  await expect(replay.line).toHaveAttribute("aria-valuetext", /^0 秒，共 4 分/);
  await expect(replay.chapters.getByRole("button")).toHaveCount(7);
  await expect(replay.card).toHaveCount(0);
  await audit(page);
  expect(await replay.second()).toBe(0);

  await replay.chapter(/番茄/).click();
  await expect(replay.card).toContainText("沙瓤番茄");
  await expect(replay.current).toContainText("番茄");
  await expect(replay.line).toHaveAttribute("aria-valuetext", /^46 秒，共/);
  await expect(replay.room.row("Are the greens washed?")).toContainText("Rinsed once");
  await expect(replay.room.row("沙瓤的才有番茄味")).toHaveCount(0);

  // The poll as it stood; later its result.
  await replay.seek(80);
  await expect(replay.poll).toContainText("共 25 票");
  await expect(replay.poll.getByRole("button", { name: /香椿/ })).toBeDisabled();
  await expect(replay.poll.getByRole("link")).toHaveCount(0);
  await replay.seek(125);
  await expect(replay.poll).toContainText("已结束");
  await expect(replay.poll).toContainText("共 38 票");
  await expect(replay.card).toContainText("牛油果");

  // Back again: nothing of what came later is there.
  await replay.seek(20);
  await expect(replay.card).toContainText("鸡毛菜");
  await expect(replay.poll).toHaveCount(0);
  await expect(replay.room.rows.last()).toContainText("几点能到店");
  await audit(page);
});

test("nothing can be said, voted or wished for in a replay", async ({ page, shop }) => {
  const replay = await opens(page, shop, `${REPLAY}?t=160`);
  await expect(replay.line).toHaveAttribute("aria-valuetext", /^2 分 40 秒，共/);
  await expect(replay.room.field).toHaveCount(0);
  await expect(page.getByRole("button", { name: /点赞/ })).toHaveCount(0);
  await page.getByRole("button", { name: "下周想吃什么", exact: true }).click();
  const wish = shop.sheet.getByRole("listitem").filter({ hasText: "牛油果" });
  await expect(wish).toContainText("人想要");
  await expect(wish.getByRole("button")).toBeDisabled();
  await expect(shop.sheet.getByRole("textbox")).toHaveCount(0);
  await audit(page);
  await page.keyboard.press("Escape");
  await expect(shop.sheet).toHaveCount(0);
});

test("it plays at any speed, stops, and the address says where", { tag: "@tablet" }, async ({ page, shop }) => {
  const replay = await opens(page, shop);
  await expect(replay.speed.getByRole("option")).toHaveText(["0.5 倍", "0.75 倍", "1 倍", "1.25 倍", "1.5 倍", "2 倍", "3 倍"]);
  await expect(replay.speed).toHaveValue("1");
  await replay.speed.selectOption("3");
  const began = Date.now();
  await replay.play.click();
  // At three times its speed the first comment, at 0:03, is there after a second.
  await expect(replay.room.row("早啊小满")).toBeVisible();
  await expect(replay.card).toContainText("鸡毛菜");
  const second = await replay.second();
  const passed = (Date.now() - began) / 1_000;
  expect(second).toBeGreaterThanOrEqual(13);
  expect(second).toBeLessThanOrEqual(passed * 3 + 2);
  expect(page.url()).not.toContain("t=");
  // By the space bar, wherever it does nothing else.
  await replay.line.focus();
  await page.keyboard.press(" ");
  await expect(replay.play).toBeVisible();
  const stopped = await replay.second();
  await expect(page).toHaveURL(`${REPLAY}?t=${stopped}`);
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => replay.second()).toBe(stopped + 5);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => replay.second()).toBe(stopped);
  await page.reload();
  await shop.ready();
  await expect.poll(() => replay.second()).toBe(stopped);
  await expect(replay.card).toContainText("鸡毛菜");
});

test("it comes to its end, and begins anew", async ({ page, shop }) => {
  const replay = await opens(page, shop);
  const end = Number(await replay.line.getAttribute("max"));
  await replay.seek(end - 3);
  await replay.speed.selectOption("3");
  await replay.play.click();
  await expect(replay.play).toBeVisible();
  await expect.poll(() => replay.second()).toBe(end);
  await expect(page).toHaveURL(REPLAY);
  await expect(replay.card).toHaveCount(0);
  await replay.play.click();
  await expect.poll(() => replay.second()).toBeLessThan(20);
  await replay.pause.click();
});

test("the newest seek wins, and what is drawn is of one time", async ({ page, shop }) => {
  const replay = await opens(page, shop);
  const late = await hold(page, /replay\/room\?at_ms=100000/);
  const asked = page.waitForRequest(/at_ms=100000/);
  await replay.seek(100);
  await asked;
  await replay.seek(180);
  await expect(replay.card).toContainText("鲈鱼");
  late.letGo();
  await expect(replay.room.row("鱼是活的")).toBeVisible();
  await page.waitForTimeout(500);
  await expect(replay.card).toContainText("鲈鱼");
  expect(await replay.second()).toBe(180);
});

test("a key that is held down does not ask each time", async ({ page, shop }) => {
  const replay = await opens(page, shop);
  const asked = requests(page, /replay\/room$/);
  await replay.line.focus();
  // As a key that is held down repeats, however slow this machine is: none waits for the one before.
  await Promise.all(Array.from({ length: 10 }, () => page.keyboard.down("ArrowRight")));
  await page.keyboard.up("ArrowRight");
  await expect(replay.card).toContainText("番茄");
  await expect.poll(() => replay.second()).toBe(50);
  expect(asked.length).toBeLessThan(5);
});

test("what was shown is bought at today's price, without leaving it", { tag: "@tablet" }, async ({ page, shop }) => {
  const replay = await opens(page, shop, `${REPLAY}?t=180`);
  await expect(replay.card).toContainText("鲜活鲈鱼");
  await expect(replay.card).toContainText("25.8");
  await expect(page.getByText("评论是当时的，价格和库存是今天的")).toBeVisible();
  await replay.card.getByRole("button", { name: "把鲜活鲈鱼加入购物车" }).click();
  await expect(shop.toast).toContainText("鲜活鲈鱼 已加入，购物车共 1 件");
  // Of several kinds one is asked.
  await replay.seek(60);
  await replay.card.getByRole("button", { name: /沙瓤番茄/ }).click();
  await expect(shop.sheet.getByRole("radio")).toHaveCount(2);
  await shop.sheet.getByRole("button", { name: "加入购物车", exact: true }).click();
  await expect(shop.toast).toContainText("购物车共 2 件");
  await page.getByRole("button", { name: "这一场的商品，5 样" }).click();
  await expect(shop.sheet.getByRole("listitem").first()).toBeVisible();
  await audit(page);
  await shop.sheet.getByRole("link", { name: /去购物车（2 件）/ }).click();
  await expect(page).toHaveURL("/cart");
  // Back one is where one was.
  await page.goBack();
  await expect.poll(() => replay.second()).toBe(60);
  await expect(replay.card).toContainText("沙瓤番茄");
});

test("coupons are those of then, and the end of a show leads here", async ({ page, shop, backend }) => {
  const show = await openShow(backend, { title: "有券的一场" });
  const who = await neighbour(backend);
  await says(who, show, "券在哪里");
  const drop = await show.openDrop({ title: "那晚的券", count: 5 });
  await page.waitForTimeout(2_500);
  await show.closeDrop(drop);
  await show.pin("sweet-peas");
  await page.waitForTimeout(1_200);
  await show.end();
  await shop.open(show.path);
  await page.getByRole("link", { name: "看回放" }).click();
  const replay = new Replay(page);
  await expect(page).toHaveURL(`${show.path}/replay`);
  await replay.chapter(/那晚的券/).click();
  const card = page.getByRole("region", { name: "发券" });
  await expect(card).toContainText("当时的券，现在领不了了");
  await expect(card.getByRole("button", { name: /领/ })).toHaveCount(0);
  await audit(page);
  await replay.chapter(/甜豌豆/).click();
  await expect(card).toHaveCount(0);
  await expect(replay.card).toContainText("甜豌豆");
  await page.getByRole("button", { name: "离开回放" }).click();
  await expect(page).toHaveURL(show.path);
  await who.leave();
  await show.leave();
});

test("a show that is on leads to its room; one that is none says so", async ({ page, shop, backend, complaints }) => {
  complaints.allow(/404/, /409/);
  const show = await openShow(backend);
  await shop.open(`${show.path}/replay`);
  await expect(page.getByRole("heading", { name: "这一场还没有播完" })).toBeVisible();
  await audit(page);
  await page.getByRole("link", { name: "去直播间" }).click();
  await expect(new Room(page).talk).toBeVisible();
  await shop.open("/live/nothing-like-that/replay");
  await expect(page.getByRole("heading", { name: "没有这场直播" })).toBeVisible();
  await audit(page);
  await show.end();
  await show.leave();
});

test("a shop that does not answer: again; a seek that is not answered goes on by itself", async ({ page, shop, complaints }) => {
  complaints.allow(/500/);
  test.slow();
  const broken = await breakDown(page, /\/api\/v1\/.*\/replay$/, PROBLEM);
  await page.goto(REPLAY);
  const again = page.getByRole("button", { name: /再试/ });
  await expect(again).toBeVisible({ timeout: 30_000 });
  await audit(page);
  await broken.mend();
  await again.click();
  const replay = new Replay(page);
  await expect(replay.play).toBeVisible();
  const lost = await breakDown(page, /replay\/room/, PROBLEM);
  await replay.seek(60);
  await expect(page.getByRole("status").filter({ hasText: "网络不好，先停在这里，正在再试" })).toBeVisible({ timeout: 30_000 });
  await audit(page);
  await lost.mend();
  await expect(replay.card).toContainText("番茄", { timeout: 30_000 });
});

test("without a network it goes on with what is there; a seek waits, and comes by itself", async ({ page, shop, context, complaints }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/);
  test.slow();
  const replay = await opens(page, shop);
  await context.setOffline(true);
  await replay.speed.selectOption("3");
  await replay.play.click();
  await expect(replay.card).toContainText("鸡毛菜");
  await replay.pause.click();
  await replay.seek(200);
  await expect(page.getByRole("status").filter({ hasText: "没有网络，先停在这里" })).toBeVisible({ timeout: 30_000 });
  await audit(page);
  await context.setOffline(false);
  await expect(replay.card).toContainText("鲈鱼", { timeout: 30_000 });
});

test("with a film the picture leads: it says that it is a demo, and goes wherever one goes", async ({ page, browser }) => {
  test.skip(!(await hasFfmpeg()), "without ffmpeg there is no film");
  test.setTimeout(360_000);
  const backend = await startBackend(["--demo-video"]);
  try {
    const drawn = async () => {
      const { parts } = await (await page.request.get(`${backend.url}/api/v1/shows/market-morning/replay`)).json();
      return parts.length;
    };
    // It takes a minute or so of a processor that others use too.
    await expect.poll(drawn, { timeout: 240_000, message: "the film is drawn" }).toBe(1);
    const context = await browser.newContext({ baseURL: backend.url, viewport: { width: 390, height: 844 }, isMobile: true });
    const phone = await context.newPage();
    await phone.goto(REPLAY);
    const replay = new Replay(phone);
    await expect(phone.getByText("这是演示录像")).toBeVisible();
    const plays = await phone.evaluate(() => document.createElement("video").canPlayType('video/mp4; codecs="avc1.42E01E"'));
    test.skip(!plays, "this browser plays no H.264");
    const film = phone.locator("video");
    const seconds = () => film.evaluate((video) => video.currentTime);
    // Nothing of it is loaded before somebody wants to see it.
    await expect(film).not.toHaveAttribute("src");
    await replay.play.click();
    await expect(film).toBeVisible();
    await expect.poll(seconds).toBeGreaterThan(2);
    for (const [second, name] of [[180, "鲈鱼"], [60, "番茄"], [230, "土鸡蛋"]]) {
      await replay.seek(second);
      await expect(replay.card).toContainText(name);
      await expect.poll(seconds).toBeGreaterThan(second);
      // Both at one moment.
      const line = await replay.line.elementHandle();
      const apart = () => film.evaluate((video, line) => Math.abs(video.currentTime - Number(line.value)), line);
      await expect.poll(apart).toBeLessThan(1.5);
    }
    await replay.speed.selectOption("2");
    await expect.poll(() => film.evaluate((video) => video.playbackRate)).toBe(2);
    await phone.getByRole("button", { name: "静音", exact: true }).click();
    await expect.poll(() => film.evaluate((video) => video.muted)).toBe(true);
    await expect(phone.getByRole("button", { name: "打开声音" })).toBeVisible();
    await replay.pause.click();
    await expect.poll(() => film.evaluate((video) => video.paused)).toBe(true);
    await audit(phone);
    // Where data are to be saved, photos play until the film is asked for.
    await phone.evaluate(() => localStorage.setItem("live-saver", "true"));
    await phone.reload();
    await expect(phone.getByRole("status").filter({ hasText: "省流量：先看照片" })).toBeVisible();
    const before = await replay.second();
    await replay.play.click();
    await expect.poll(() => replay.second()).toBeGreaterThan(before);
    await expect(film).not.toHaveAttribute("src");
    await phone.getByRole("button", { name: "看录像" }).click();
    await expect.poll(seconds).toBeGreaterThan(before + 1);
    await expect(film).toBeVisible();
    await context.close();
  } finally {
    await backend.throwAway();
  }
});

for (const [mode, [settings, sizes]] of Object.entries(MODES)) {
  test(`a replay in all its parts: ${mode}`, { tag: ["zh", "en"].includes(mode) ? "@tablet" : [] }, async ({ page, shop }) => {
    await shop.keep(settings);
    await shop.open(`${REPLAY}?t=150`);
    await expect(page.getByRole("region", { name: /^(章节|Chapters)$/ })).toBeVisible();
    await expect(page.getByRole("region", { name: /^(正在讲|On now)$/ })).toBeVisible();
    await fine(page, shop, sizes, "wishes");
    await page.getByRole("slider").fill("110");
    await expect(page.getByRole("region", { name: /^(投票|Poll)$/ })).toBeVisible();
    await fine(page, shop, sizes, "poll");
  });
}
