// The picture of a show: by which way it comes, what happens when it stops, and what one may choose. The
// picture is a real one, through a real media server.
import { audit, fine } from "../fixtures.js";
import { Room } from "../live.js";
import { votes } from "../live_host.js";
import { MODES, SIZES } from "../measure.js";
import { signIn } from "../member.js";
import { requests } from "../network.js";
import { Picture, noteWords, saidAfter } from "../picture.js";
import { stepTaken } from "../shop.js";
import { neighbour } from "../slots.js";
import { PICTURE_AWAY, comesOut, expect, test } from "../studio.js";

const PLAYER = /^\/hls-[^/]+\.js$/;
const PIECES = /^\/media\/hls\//;
const STALLED = "画面停住了，正在接上";
const NOBODY = "主播这会儿没有画面";
const AWAY = "画面连不上，先看照片，会自己再试";
const SAVING = "省流量：先看照片";

test.beforeEach(({ complaints }) => complaints.allow(...PICTURE_AWAY));

test("it plays in its place without a sound, and one tap gives the sound", async ({ page, shop, onAir }) => {
  const show = await onAir();
  const players = requests(page, PLAYER);
  const pieces = requests(page, PIECES);
  await page.addInitScript(() => {
    window.awake = 0;
    if (!navigator.wakeLock) return;
    const ask = navigator.wakeLock.request.bind(navigator.wakeLock);
    navigator.wakeLock.request = (what) => {
      window.awake += 1;
      return ask(what);
    };
  });
  // Neither the first page nor the list of shows asks for a player.
  await shop.open("/");
  await shop.open("/live");
  await shop.settled();
  expect(players).toEqual([]);
  expect(pieces).toEqual([]);
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("hls");
  await picture.moves();
  expect(players).toHaveLength(1);
  await expect(picture.step).toHaveAccessibleName("画面：直播");
  const video = await page.evaluate(() => {
    const { muted, playsInline, controls } = window.seen();
    return { muted, playsInline, controls };
  });
  expect(video).toEqual({ muted: true, playsInline: true, controls: false });
  // The screen is kept awake as long as a picture is seen, where a browser can.
  if (await page.evaluate(() => "wakeLock" in navigator)) await expect.poll(() => page.evaluate(() => window.awake)).toBeGreaterThan(0);
  await audit(page);
  await picture.sound.click();
  await expect(picture.mute).toBeVisible();
  await expect.poll(() => page.evaluate(() => window.seen()?.muted)).toBe(false);
  await picture.moves();
  await picture.mute.click();
  await expect(picture.sound).toBeVisible();
  await expect.poll(() => page.evaluate(() => window.seen()?.muted)).toBe(true);
  // Leaving ends it, and coming back asks for no second player.
  await page.getByRole("button", { name: "离开直播间" }).click();
  await expect(page).toHaveURL("/live");
  await expect(page.locator("video")).toHaveCount(0);
  await page.waitForTimeout(1_500);
  const asked = pieces.length;
  await page.waitForTimeout(2_500);
  expect(pieces).toHaveLength(asked);
  await page.locator(`a[href="${show.path}"]`).click();
  await picture.shows("hls");
  await picture.moves();
  expect(players).toHaveLength(1);
});

test("a picture that stops is noticed within three seconds, and goes on", async ({ page, shop, onAir }) => {
  const show = await onAir();
  await noteWords(page, STALLED);
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("hls");
  await picture.moves();
  const paused = await page.evaluate(() => Date.now());
  show.sender.pause();
  // What is there already is shown until its end.
  const after = await saidAfter(page, STALLED, paused, 12_000);
  show.sender.resume();
  expect(after).toBeLessThanOrEqual(3_000);
  await picture.shows("hls");
  await picture.moves();
  await expect(picture.word(STALLED)).toHaveCount(0);
});

test("a media server that is killed leaves the photos, the room goes on, and the picture comes back by itself", async ({ page, shop, onAir, studio }) => {
  const show = await onAir({ title: "厨房教学：今晚吃鱼" });
  await show.pin("sweet-peas");
  const picture = new Picture(page);
  await signIn(shop, undefined, show.path);
  await picture.shows("hls");
  await picture.moves();
  await studio.media.kill();
  await picture.shows("photos");
  await expect(page.locator("[data-picture] img").first()).toBeVisible();
  await expect(picture.word(new RegExp(`${STALLED}|${AWAY}|${NOBODY}`))).toBeVisible({ timeout: 30_000 });
  // Nothing of the room waits for it.
  const room = new Room(page);
  await room.say("画面没有了，人还在");
  await expect(room.row("画面没有了，人还在")).not.toContainText("发送中");
  const who = await neighbour(studio.backend);
  const poll = await show.openPoll();
  const voting = page.getByRole("region", { name: "投票" });
  await voting.getByRole("button", { name: new RegExp(poll.options[0].text ?? poll.options[0]) }).click();
  await votes(who, show, poll, 1);
  await expect(voting).toContainText("共 2 票");
  await page.getByRole("region", { name: "正在讲" }).getByRole("button", { name: "把甜豌豆加入购物车" }).click();
  await expect(shop.toast).toContainText("甜豌豆 已加入");
  await show.sender.ended;
  await page.waitForTimeout(12_000);
  await picture.shows("photos");
  await audit(page);
  await studio.media.start();
  await show.send();
  await picture.shows("hls", 60_000);
  await picture.moves();
  await expect(picture.word(AWAY)).toHaveCount(0);
  await who.leave();
});

test("what is left of a media server that was killed is not seen again and again", async ({ page, shop, onAir, studio }) => {
  const show = await onAir();
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("hls");
  await picture.moves();
  await studio.media.kill();
  await picture.shows("photos");
  const seen = await page.evaluate(async () => {
    const stage = document.querySelector("[data-picture]");
    const steps = [];
    new MutationObserver(() => steps.push(stage.dataset.picture)).observe(stage, { attributeFilter: ["data-picture"] });
    await new Promise((done) => setTimeout(done, 25_000));
    return steps.filter((step) => step !== "photos");
  });
  await studio.media.start();
  // It is tried again meanwhile; the last pieces are still there, and old. Until the shop has seen that no new
  // ones come, each way may be taken in by them, once.
  expect(new Set(seen).size, `photos, and then ${seen}`).toBe(seen.length);
});

test("nobody sends yet: photos, until a picture comes by itself; when it ends that is said and nothing is asked for", async ({ page, shop, onAir }) => {
  const show = await onAir({ sending: false });
  const pieces = requests(page, PIECES);
  const players = requests(page, PLAYER);
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("photos");
  // Before a media server has told of this show the shop cannot know whether it will: then pages try.
  await expect(picture.word(new RegExp(`${NOBODY}|${AWAY}`))).toBeVisible();
  await audit(page);
  await show.send();
  await picture.shows("hls", 30_000);
  await picture.moves();
  await expect(picture.word(AWAY)).toHaveCount(0);
  expect(players).toHaveLength(1);
  await show.sender.stop();
  await picture.shows("photos");
  await expect(picture.word(NOBODY)).toBeVisible({ timeout: 15_000 });
  await page.waitForTimeout(1_000);
  const asked = pieces.length;
  await page.waitForTimeout(3_000);
  expect(pieces).toHaveLength(asked);
  // Who comes now is told so at once, and asks for nothing.
  await page.reload();
  await shop.ready();
  await expect(picture.word(NOBODY)).toBeVisible();
  await page.waitForTimeout(2_000);
  expect(pieces).toHaveLength(asked);
  expect(players).toHaveLength(1);
});

test("a browser that plays nothing before a tap gets one", async ({ page, shop, onAir }) => {
  const show = await onAir();
  // Chromium refuses nothing that is muted: others do.
  await page.addInitScript(() => {
    const play = HTMLMediaElement.prototype.play;
    // What the browser itself knows of taps is spoilt by the tests that ask it things.
    let tapped = false;
    addEventListener("click", ({ isTrusted }) => (tapped ||= isTrusted), true);
    HTMLMediaElement.prototype.play = function () {
      if (tapped) return play.call(this);
      this.autoplay = false;
      this.pause();
      return Promise.reject(new DOMException("not before a tap", "NotAllowedError"));
    };
  });
  const picture = new Picture(page);
  await shop.open(show.path);
  await expect(picture.tap).toBeVisible({ timeout: 20_000 });
  await picture.shows("photos");
  await audit(page);
  await picture.tap.click();
  await picture.shows("hls");
  await picture.moves();
  await expect(picture.tap).toHaveCount(0);
});

test("who saves data sees photos and loads nothing, until the picture is asked for", async ({ page, shop, onAir }) => {
  const show = await onAir();
  await page.addInitScript(() => {
    Object.defineProperty(navigator.connection ?? (navigator.connection = {}), "saveData", { get: () => true });
  });
  const loads = requests(page, /^\/(media\/hls\/|hls-)/);
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("photos");
  await expect(picture.word(SAVING)).toBeVisible();
  await page.waitForTimeout(3_000);
  expect(loads).toEqual([]);
  await audit(page);
  // By a key: the button goes, and the focus does not get lost with it.
  await picture.watch.press("Enter");
  await expect(picture.step).toBeFocused();
  await picture.shows("hls");
  await picture.moves();
  await expect(picture.word(SAVING)).toHaveCount(0);
  // What is chosen is kept on the phone, whatever the browser says.
  const saver = (await picture.opens()).getByRole("switch", { name: "省流量" });
  await expect(saver).toBeChecked();
  await saver.click();
  await expect(saver).not.toBeChecked();
  await page.keyboard.press("Escape");
  await stepTaken(page);
  await page.reload();
  await shop.ready();
  await picture.shows("hls");
});

test("what saves data is kept, also where the browser says nothing of it", async ({ page, shop, onAir }) => {
  const show = await onAir();
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("hls");
  const saver = (await picture.opens()).getByRole("switch", { name: "省流量" });
  await expect(saver).not.toBeChecked();
  await saver.click();
  await page.keyboard.press("Escape");
  await picture.shows("photos");
  await expect(picture.word(SAVING)).toBeVisible();
  const loads = requests(page, /^\/(media\/hls\/|hls-)/);
  await page.reload();
  await shop.ready();
  await picture.shows("photos");
  await page.waitForTimeout(3_000);
  expect(loads).toEqual([]);
});

test("sound only, and photos only, are a choice", async ({ page, shop, onAir }) => {
  const show = await onAir();
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("hls");
  await picture.chooses("只听声音");
  await picture.shows("audio");
  await expect(picture.step).toHaveAccessibleName("画面：只有声音");
  await expect(page.locator("[data-picture] img").first()).toBeVisible();
  const pieces = requests(page, /^\/media\/hls\/.*\/v\d+\.ts$/);
  await page.waitForTimeout(3_000);
  expect(pieces).toEqual([]);
  const hears = () => page.evaluate(() => [...document.querySelectorAll("audio, video")].some((one) => !one.paused && one.currentTime > 0));
  await expect.poll(hears).toBe(true);
  await audit(page);
  await picture.chooses("只看照片");
  await picture.shows("photos");
  await expect(picture.step).toHaveAccessibleName("画面：照片");
  const any = requests(page, PIECES);
  await page.waitForTimeout(3_000);
  expect(any).toEqual([]);
  await picture.chooses("直播画面");
  await picture.shows("hls");
  await picture.moves();
  await picture.chooses("自动");
  await picture.shows("hls");
});

test("a picture that cannot be had leaves its sound, and comes back by itself", async ({ page, shop, onAir }) => {
  const show = await onAir();
  const pictures = /\/media\/hls\/.*\/(index\.m3u8|v\d+\.ts)$/;
  await page.route(pictures, (route) => route.abort("failed"));
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("audio", 40_000);
  await expect(picture.step).toHaveAccessibleName("画面：只有声音");
  await expect(picture.word(AWAY)).toBeVisible();
  await expect(page.locator("[data-picture] img").first()).toBeVisible();
  await page.unroute(pictures);
  await picture.shows("hls", 60_000);
  await picture.moves();
  await expect(picture.word(AWAY)).toHaveCount(0);
});

test("a player that was altered is not run, and photos are seen", async ({ page, shop, onAir, complaints }) => {
  complaints.allow(/hls-/, /integrity/);
  const show = await onAir();
  let altered = 0;
  await page.route(/\/hls-[^/]+\.js$/, async (route) => {
    altered += 1;
    const answer = await route.fetch();
    const body = `window.altered = true;\n${await answer.text()}`;
    await route.fulfill({ contentType: "text/javascript", headers: { "cache-control": "no-store" }, body });
  });
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("photos");
  await expect.poll(() => altered).toBeGreaterThan(0);
  await expect(picture.word(AWAY)).toBeVisible({ timeout: 20_000 });
  expect(await page.evaluate(() => [window.altered, typeof window.Hls])).toEqual([undefined, "undefined"]);
  await expect(page.locator("[data-picture] img").first()).toBeVisible();
  // The true one comes when it is there.
  await page.unroute(/\/hls-[^/]+\.js$/);
  await picture.shows("hls", 60_000);
  await picture.moves();
});

test("it fills the screen, and stands in a small window where there is one", async ({ page, shop, onAir }) => {
  const show = await onAir();
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("hls");
  await picture.moves();
  await page.getByRole("button", { name: "全屏", exact: true }).click();
  await expect.poll(() => page.evaluate(() => Boolean(document.fullscreenElement))).toBe(true);
  await audit(page);
  await page.getByRole("button", { name: "退出全屏" }).click();
  await expect.poll(() => page.evaluate(() => Boolean(document.fullscreenElement))).toBe(false);
  await picture.moves();
  const small = page.getByRole("button", { name: "小窗播放" });
  if (!(await page.evaluate(() => document.pictureInPictureEnabled))) return expect(small).toHaveCount(0);
  await small.click();
  await expect.poll(() => page.evaluate(() => Boolean(document.pictureInPictureElement))).toBe(true);
  await page.evaluate(() => document.exitPictureInPicture());
});

test("a browser without small windows has no button for one", async ({ page, shop, onAir }) => {
  const show = await onAir();
  await page.addInitScript(() => {
    Object.defineProperty(Document.prototype, "pictureInPictureEnabled", { get: () => false });
    delete HTMLVideoElement.prototype.requestPictureInPicture;
  });
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("hls");
  await expect(picture.sound).toBeVisible();
  await expect(page.getByRole("button", { name: "小窗播放" })).toHaveCount(0);
});

for (const [mode, [settings, sizes]] of Object.entries(MODES)) {
  test(`the picture, its sheet and its photos are fine: ${mode}`, async ({ page, shop, onAir }) => {
    const show = await onAir({ sending: false });
    await show.pin("sweet-peas");
    await shop.keep(settings);
    await shop.open(show.path);
    const stage = page.locator("[data-picture]");
    await expect(stage).toHaveAttribute("data-picture", "photos");
    await fine(page, shop, sizes, "photos");
    await show.send();
    await expect(stage).toHaveAttribute("data-picture", "hls", { timeout: 30_000 });
    await fine(page, shop, sizes, "playing");
    await page.getByRole("button", { name: settings.language === "en" ? /^Picture: / : /^画面：/ }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await fine(page, shop, sizes, "its sheet");
    expect(sizes).toBe(settings.elder ? SIZES.elder : SIZES.standard);
    await page.keyboard.press("Escape");
    show.sender.pause();
    await expect(stage).toHaveAttribute("data-picture", "photos", { timeout: 30_000 });
    await fine(page, shop, sizes, "stopped");
    show.sender.resume();
  });
}

test("photos that cannot be had leave words, and buying goes on", async ({ page, shop, onAir, complaints }) => {
  complaints.allow(/\/media\//);
  const show = await onAir({ sending: false });
  await show.pin("sweet-peas");
  await page.route(/\/media\/[^/]+\.webp$/, (route) => route.abort("failed"));
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("text");
  await expect(picture.step).toHaveAccessibleName("画面：文字");
  await audit(page);
  await page.getByRole("region", { name: "正在讲" }).getByRole("button", { name: "把甜豌豆加入购物车" }).click();
  await expect(shop.toast).toContainText("甜豌豆 已加入");
  await show.send();
  await picture.shows("hls", 30_000);
  await comesOut(show);
});
