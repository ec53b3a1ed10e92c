// The picture of a show as whoever hosts sends it: key, code, camera, and whether viewers have it.
import { readCode } from "../code.js";
import { startBackend } from "../backend.js";
import { enters, said } from "../desk.js";
import { audit, expect, test as base } from "../fixtures.js";
import { atLiveDesk, listed, panel, really, tab } from "../live_desk.js";
import { openShow } from "../live_host.js";
import { sticksOut, tooSmall } from "../measure.js";
import { PINS } from "../tasting.js";

const TITLE = "厨房教学：今晚吃鱼";
const DOORS = [
  "--media-hls",
  "/media/hls/{stream}/index.m3u8",
  "--media-rtmp",
  "rtmp://{host}:1935/live",
  "--media-whip",
  "/whip/{stream}",
];
const AIR = /\/desk\/shows\/[^/]+\/air$/;

/** A backend that is told of a media server which is not there: what it says is said by the tests. */
const test = base.extend({
  doors: [DOORS, { option: true }],
  ownBackend: async ({ doors }, use) => {
    const backend = await startBackend(doors);
    await use(backend);
    await backend.throwAway();
  },
  baseURL: async ({ ownBackend }, use) => use(ownBackend.url),
});

const air = (page) => page.getByRole("region", { name: "画面", exact: true });
const standing = (page, text) => air(page).getByRole("status").filter({ hasText: text });

/** Opens a show on the tablet, and its tool for the picture. */
async function leads(page, backend, what) {
  const show = await openShow(backend, what);
  await atLiveDesk(page, backend, PINS.host);
  await listed(page, TITLE).click();
  await expect(page.getByRole("heading", { level: 1, name: TITLE })).toBeVisible();
  await tab(page, "画面").click();
  await expect(air(page)).toBeVisible();
  return show;
}

/** A picture that comes in, as the shop tells of it. */
const comesIn = (status, sending = true) => {
  const now = new Date().toISOString();
  return { now, sending, since: now, playlist: { status, ...(status === "fresh" && { program_date_time: now, age_ms: 800 }) } };
};

/** Has the shop say this of what is on air, until it is told otherwise. */
async function tells(page) {
  let says = comesIn("missing", false);
  await page.route(AIR, (route) => route.fulfill({ json: says }));
  return (status, sending) => (says = comesIn(status, sending));
}

/** A camera that is a drawn picture, without a sound; or an error of the browser's. */
const hasCamera = (page, error) =>
  page.addInitScript((error) => {
    const canvas = document.createElement("canvas");
    canvas.getContext("2d").fillRect(0, 0, 300, 150);
    const drawn = () => setInterval(() => canvas.getContext("2d").fillRect(0, 0, 300, 150), 100);
    navigator.mediaDevices.getUserMedia = async ({ audio }) => {
      const name = window.cameraError ?? error;
      if (name) throw new DOMException("no", name);
      // There is no microphone.
      if (audio) throw new DOMException("no", "NotFoundError");
      drawn();
      return canvas.captureStream(10);
    };
  }, error);

test.describe("the picture at the desk", { tag: "@desk" }, () => {
  // Who may not yet is told so by status 401 and 403; there is no media server, so nothing can be fetched.
  test.beforeEach(({ complaints }) => complaints.allow(/40[13].*\/api\/v1\/desk\/(device|session)/, /\/media\/hls\//, /\/whip\//));

  test.describe("without a media server", () => {
    test.use({ doors: [] });

    test("says so, and that the show runs with photos", async ({ page, ownBackend }) => {
      const show = await leads(page, ownBackend);
      await expect(air(page).getByText("店里还没有接上视频服务器")).toBeVisible();
      await audit(page);
      await air(page).getByRole("button", { name: "拿一把推流钥匙" }).click();
      await expect(air(page).getByRole("button", { name: "拿一把推流钥匙" })).toHaveCount(0);
      await expect(air(page).getByText("店里还没有接上视频服务器")).toBeVisible();
      await expect(air(page).getByRole("button", { name: "用这台设备直播" })).toBeHidden();
      await show.leave();
    });
  });

  test("a key is got, shown, copied, scanned and made anew, and is nowhere else", async ({ page, context, ownBackend }) => {
    test.slow();
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const logged = [];
    page.on("console", (message) => logged.push(message.text()));
    const show = await leads(page, ownBackend, { live: false });
    await expect(standing(page, "还没有收到画面")).toBeVisible();
    await audit(page);
    await air(page).getByRole("button", { name: "拿一把推流钥匙" }).click();
    await expect(air(page).getByText("rtmp://127.0.0.1:1935/live", { exact: true })).toBeVisible();
    const doors = async () => page.evaluate(async (url) => (await fetch(url)).json(), `${show.there}/publishing`);
    const { rtmp, whip } = await doors();
    expect(whip.token).toBe(rtmp.key);
    // Hidden, it is not in the page at all, and can be copied.
    expect(await page.content()).not.toContain(rtmp.key);
    await expect(air(page).getByRole("img", { name: "推流地址二维码" })).toHaveCount(0);
    const copies = async (what, text) => {
      await air(page).getByRole("button", { name: `复制 ${what}`, exact: true }).click();
      await expect(said(page, `${what}复制好了`)).toBeVisible();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
    };
    await copies("服务器", rtmp.server);
    await copies("钥匙", rtmp.key);
    await copies("地址", `${rtmp.server}/${rtmp.key}`);
    // A path of the shop's own host would be of no use in an app.
    const whipAddress = new URL(whip.url, page.url()).href;
    await copies("WHIP 地址", whipAddress);
    await expect(air(page).getByRole("img", { name: /WHIP/ })).toHaveCount(0);
    await air(page).getByRole("button", { name: "显示" }).click();
    await expect(air(page).getByText(rtmp.key, { exact: true })).toBeVisible();
    const code = air(page).getByRole("img", { name: "推流地址二维码" });
    await code.scrollIntoViewIfNeeded();
    expect(await readCode(context, await code.screenshot())).toBe(`${rtmp.server}/${rtmp.key}`);
    // By WHIP an app asks for address and token, each by itself.
    for (const [name, text] of [
      ["WHIP 地址二维码", whipAddress],
      ["WHIP 令牌二维码", whip.token],
    ]) {
      const part = air(page).getByRole("img", { name });
      await part.scrollIntoViewIfNeeded();
      expect(await readCode(context, await part.screenshot())).toBe(text);
    }
    await audit(page);
    await air(page).getByRole("button", { name: "藏起来" }).click();
    await expect(air(page).getByRole("img", { name: /二维码/ })).toHaveCount(0);
    // Asked once more, because whoever sends is cut off.
    await air(page).getByRole("button", { name: "换一把新钥匙" }).click();
    await expect(air(page).getByRole("button", { name: "换，正在推的会断开" })).toBeFocused();
    await air(page).getByRole("button", { name: "再等等" }).click();
    expect((await doors()).rtmp.key).toBe(rtmp.key);
    await really(air(page), "换一把新钥匙", "换，正在推的会断开");
    await expect.poll(async () => (await doors()).rtmp.key).not.toBe(rtmp.key);
    const anew = (await doors()).rtmp.key;
    // The shop has it before the page has: what is drawn anew then is hidden, whatever was pressed before.
    await expect(async () => {
      const shows = air(page).getByRole("button", { name: "显示" });
      if (await shows.isVisible()) await shows.click();
      await expect(air(page).getByText(anew, { exact: true })).toBeVisible({ timeout: 1_000 });
    }).toPass();
    const elsewhere = await page.evaluate(() => JSON.stringify([location.href, document.title, { ...localStorage }, { ...sessionStorage }]));
    for (const key of [rtmp.key, anew]) {
      expect(elsewhere).not.toContain(key);
      expect(logged.join("\n")).not.toContain(key);
    }
    await show.leave();
  });

  test("what cannot be found out is said, and is asked for again", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/50[03]/);
    await page.route(/\/publishing$/, (route) => route.fulfill({ status: 503, json: {} }));
    const show = await leads(page, ownBackend);
    await expect(air(page).getByRole("button", { name: "再试一次" })).toBeVisible({ timeout: 20_000 });
    await page.unroute(/\/publishing$/);
    await air(page).getByRole("button", { name: "再试一次" }).click();
    await expect(air(page).getByRole("button", { name: "拿一把推流钥匙" })).toBeVisible();
    await show.leave();
  });

  for (const [error, words] of [
    ["NotAllowedError", "浏览器没有得到允许"],
    ["NotFoundError", "没有找到摄像头"],
    ["NotReadableError", "摄像头正被别的程序用着"],
  ]) {
    test(`a camera that is not to be had is said: ${error}`, async ({ page, ownBackend }) => {
      await hasCamera(page, error);
      const show = await leads(page, ownBackend);
      await air(page).getByRole("button", { name: "拿一把推流钥匙" }).click();
      await air(page).getByRole("button", { name: "用这台设备直播" }).click();
      await expect(air(page).getByRole("alert").filter({ hasText: words })).toBeVisible();
      await audit(page);
      // Allowed meanwhile.
      await page.evaluate(() => (window.cameraError = ""));
      await air(page).getByRole("button", { name: "再打开一次" }).click();
      await expect(air(page).getByRole("button", { name: "开始推送" })).toBeFocused();
      await show.leave();
    });
  }

  test("sending goes on with another tool open, tries again, and is asked about before it ends", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/503/);
    test.slow();
    await hasCamera(page);
    let offers = 0;
    await page.route(/\/whip\//, (route) => {
      offers += 1;
      return route.fulfill({ status: 503 });
    });
    const show = await leads(page, ownBackend);
    await air(page).getByRole("button", { name: "拿一把推流钥匙" }).click();
    await air(page).getByRole("button", { name: "用这台设备直播" }).click();
    await expect(air(page).getByText("没有麦克风，观众听不到声音")).toBeVisible();
    await expect(air(page).getByRole("meter", { name: "音量" })).toBeVisible();
    await audit(page);
    await air(page).getByRole("button", { name: "开始推送" }).click();
    await expect(standing(page, "断了，正在自己重连")).toBeVisible();
    await tab(page, "商品").click();
    await expect(page.getByText("画面：重连中")).toBeVisible();
    const before = offers;
    await expect.poll(() => offers, { timeout: 20_000 }).toBeGreaterThan(before);
    // Neither the list nor the lock ends it without a word.
    await page.getByRole("button", { name: "直播场次" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "离开就停了" })).toBeVisible();
    await audit(page);
    await page.getByRole("button", { name: "再等等" }).click();
    await expect(page.getByRole("heading", { level: 1, name: TITLE })).toBeVisible();
    await page.getByRole("button", { name: "锁屏" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "锁了就停" })).toBeVisible();
    await page.getByRole("button", { name: "停止并锁屏" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "店员登录" })).toBeVisible();
    const after = offers;
    await enters(page, PINS.host);
    await tab(page, "画面").click();
    await expect(air(page).getByRole("button", { name: "用这台设备直播" })).toBeVisible();
    expect(offers - after).toBeLessThanOrEqual(1);
    await show.leave();
  });

  test("a key that is not good any more ends sending, with words", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/403/);
    await hasCamera(page);
    await page.route(/\/whip\//, (route) => route.fulfill({ status: 403 }));
    const show = await leads(page, ownBackend);
    await air(page).getByRole("button", { name: "拿一把推流钥匙" }).click();
    await air(page).getByRole("button", { name: "用这台设备直播" }).click();
    await air(page).getByRole("button", { name: "开始推送" }).click();
    await expect(standing(page, "钥匙不能用了")).toBeVisible();
    await expect(air(page).getByRole("button", { name: "开始推送" })).toBeVisible();
    await show.leave();
  });

  test("where somebody sends already that is said and tried again for a while, and then there is a word what to do", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/409/);
    test.slow();
    await page.clock.install();
    await hasCamera(page);
    let offers = 0;
    await page.route(/\/whip\//, (route) => {
      offers += 1;
      return route.fulfill({ status: 409 });
    });
    const show = await leads(page, ownBackend);
    await air(page).getByRole("button", { name: "拿一把推流钥匙" }).click();
    await air(page).getByRole("button", { name: "用这台设备直播" }).click();
    await air(page).getByRole("button", { name: "开始推送" }).click();
    await expect(standing(page, "已经有设备在推这一场")).toBeVisible();
    await expect(air(page).getByRole("button", { name: "停止推送" })).toBeVisible();
    await audit(page);
    // By itself, after two seconds.
    await expect.poll(() => offers, { timeout: 15_000 }).toBeGreaterThan(1);
    // And after longer and longer pauses, which need not be waited for here.
    await expect(async () => {
      await page.clock.fastForward(31_000);
      await expect(standing(page, "一直有别的设备在推这一场")).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 90_000 });
    expect(offers).toBeGreaterThanOrEqual(6);
    await audit(page);
    // Whoever begins again begins from the first pause.
    const before = offers;
    await air(page).getByRole("button", { name: "开始推送" }).click();
    await expect(standing(page, "已经有设备在推这一场")).toBeVisible();
    await expect.poll(() => offers, { timeout: 15_000 }).toBeGreaterThan(before + 1);
    await air(page).getByRole("button", { name: "停止推送" }).click();
    await expect(air(page).getByRole("button", { name: "开始推送" })).toBeVisible();
    await show.leave();
  });

  test("on air is said when viewers have it, and that it broke off wherever one is", async ({ page, ownBackend, complaints }) => {
    complaints.allow(/hls/i);
    test.slow();
    const says = await tells(page);
    const show = await leads(page, ownBackend);
    await expect(standing(page, "还没有收到画面")).toBeVisible();
    says("missing");
    await expect(standing(page, "收到画面，正在看观众那边")).toBeVisible();
    // The shop says yes and nothing plays here: that is not on air.
    const heard = page.waitForResponse(async (answer) => AIR.test(answer.url()) && (await answer.json()).playlist.status === "fresh");
    says("fresh");
    await heard;
    await expect(air(page).getByText("观众那边没有动")).toBeVisible({ timeout: 30_000 });
    await expect(air(page).getByText("已播出：观众看得到")).toHaveCount(0);
    await audit(page);
    // Where the tool is not open, the shop's word counts.
    await tab(page, "商品").click();
    await expect(page.getByText("画面：播出中")).toBeVisible();
    says("stale", false);
    await expect(page.getByText("画面：断了", { exact: true }).first()).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole("alert").filter({ hasText: "画面：断了" })).toHaveCount(1);
    await tab(page, "画面").click();
    await expect(air(page).getByRole("alert").filter({ hasText: "播出断了" })).toBeVisible();
    await audit(page);
    await air(page).getByRole("button", { name: "知道了" }).click();
    await expect(standing(page, "还没有收到画面")).toBeVisible();
    await show.leave();
  });

  test("an ended show has no key any more", async ({ page, ownBackend }) => {
    const show = await leads(page, ownBackend);
    await air(page).getByRole("button", { name: "拿一把推流钥匙" }).click();
    await expect(air(page).getByRole("button", { name: "换一把新钥匙" })).toBeVisible();
    await show.end();
    await expect(air(page).getByText("这场直播结束了，推流钥匙也不能用了。")).toBeVisible();
    await expect(air(page).getByRole("button")).toHaveCount(0);
    await show.leave();
  });

  test("fits a tablet and a phone", async ({ page, ownBackend }) => {
    await hasCamera(page);
    const show = await leads(page, ownBackend);
    await air(page).getByRole("button", { name: "拿一把推流钥匙" }).click();
    await air(page).getByRole("button", { name: "显示" }).click();
    await air(page).getByRole("button", { name: "用这台设备直播" }).click();
    await expect(panel(page, "画面").getByRole("button", { name: "开始推送" })).toBeVisible();
    for (const width of [1280, 1024, 390]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await sticksOut(page), `at ${width} px`).toEqual([]);
      expect(await tooSmall(page, { text: 12, target: 44 }), `at ${width} px`).toEqual([]);
    }
    await audit(page);
    await show.leave();
  });
});
