// The picture by WebRTC: a second page's peer connection is the other end, of the show (WHEP) and of the desk's
// camera (WHIP, RFC 9725).
import { audit } from "../fixtures.js";
import { atLiveDesk, listed } from "../live_desk.js";
import { Picture, noteWords, saidAfter, seenWith } from "../picture.js";
import { PICTURE_AWAY, expect, median, test } from "../studio.js";
import { otherEnd } from "../webrtc.js";

const STALLED = "画面停住了，正在接上";
const WHEP = /\/whep\//;
const WHIP = /\/whip\//;

test.use({
  mediaOptions: ["--media-whep", "/whep/{stream}", "--media-whip", "/whip/{stream}"],
  launchOptions: async ({ launchOptions }, use) => {
    const args = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection"];
    await use({ ...launchOptions, args: [...launchOptions.args, ...args] });
  },
});

test.beforeEach(({ complaints }) => complaints.allow(...PICTURE_AWAY, WHEP, WHIP));

test("a picture by WHEP is a moment behind, needs no player, and its pins come at once", async ({ page, browser, shop, onAir }) => {
  const show = await onAir();
  const whep = await otherEnd(browser, page, WHEP, "send");
  const loads = [];
  page.on("request", (request) => /\/hls-[^/]+\.js$/.test(request.url()) && loads.push(request.url()));
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("whep");
  await picture.moves();
  await expect(picture.step).toHaveAccessibleName("画面：实时");
  expect(await picture.behind()).toBeLessThan(1_500);
  expect(loads).toEqual([]);
  expect(whep.told.headers[0]["content-type"]).toContain("application/sdp");
  expect(whep.told.offers[0]).toMatch(/a=recvonly/);
  expect(whep.told.offers[0]).not.toMatch(/a=sendrecv|a=sendonly/);
  const seen = [];
  for (const [product, text] of [["sweet-peas", "甜豌豆"], ["salmon-sashimi", "三文鱼刺身"], ["sweet-peas", "甜豌豆"]]) {
    seen.push(await seenWith(page, { name: "正在讲", text }, () => show.pin(product)));
  }
  expect(Math.abs(median(seen.map(({ late }) => late)))).toBeLessThanOrEqual(1_000);
  expect(median(seen.map(({ waited }) => waited))).toBeLessThan(1_500);
  await audit(page);
  await picture.sound.click();
  expect(await page.evaluate(() => window.seen().muted)).toBe(false);
  // Who leaves says so.
  await page.getByRole("button", { name: "离开直播间" }).click();
  await expect.poll(() => whep.told.ended).toEqual(["1"]);
  await whep.close();
});

test("a page that is closed says so too", async ({ page, browser, shop, onAir }) => {
  const show = await onAir({ sending: false });
  const whep = await otherEnd(browser, page, WHEP, "send");
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("whep");
  await page.goto("about:blank");
  await expect.poll(() => whep.told.ended).toEqual(["1"]);
  await whep.close();
});

test("when the other end is gone that is said within three seconds, and the next way takes over", async ({ page, browser, shop, onAir }) => {
  const show = await onAir();
  await noteWords(page, STALLED);
  const whep = await otherEnd(browser, page, WHEP, "send");
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("whep");
  await picture.moves();
  const gone = Date.now();
  await whep.close();
  await expect(picture.stage).not.toHaveAttribute("data-picture", "whep", { timeout: 8_000 });
  // The clock of a stream goes on without a picture; the pictures do not.
  expect(Date.now() - gone).toBeLessThanOrEqual(3_500);
  await picture.shows("hls", 25_000);
  await picture.moves();
  const after = await saidAfter(page, STALLED);
  if (after !== undefined) expect(after).toBeLessThanOrEqual(3_000);
});

test("a server that refuses leaves the other ways, and is asked again", async ({ page, browser, shop, onAir }) => {
  const show = await onAir();
  const whep = await otherEnd(browser, page, WHEP, "send");
  whep.refuse(503);
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("hls");
  await picture.moves();
  whep.refuse(false);
  await picture.shows("whep", 60_000);
  await picture.moves();
  await whep.close();
});

test("without sending by anybody a camera goes on air from the desk", { tag: "@desk" }, async ({ page, browser, studio, onAir, context }) => {
  const show = await onAir({ title: "用平板直播", sending: false });
  await context.grantPermissions(["camera", "microphone"]);
  await page.setViewportSize({ width: 1280, height: 800 });
  const whip = await otherEnd(browser, page, WHIP, "take");
  const bearers = [];
  page.on("request", (request) => WHIP.test(request.url()) && request.method() !== "OPTIONS" && bearers.push([request.method(), request.headers().authorization]));
  await atLiveDesk(page, studio.backend);
  await listed(page, "用平板直播").click();
  const air = page.getByRole("region", { name: "画面" });
  await expect(air).toBeVisible();
  const key = air.getByRole("button", { name: /^(拿一把推流钥匙|换一把新钥匙)$/ });
  await expect(key).toBeVisible();
  await audit(page);
  await expect(air.getByRole("status").filter({ hasText: "还没有收到画面" })).toBeVisible();
  await air.getByRole("button", { name: "用这台设备直播" }).click();
  await expect.poll(() => page.evaluate(() => window.seen()?.videoWidth ?? 0)).toBeGreaterThan(0);
  await expect(air.getByRole("combobox", { name: /摄像头/ })).toBeVisible();
  await expect(air.getByRole("combobox", { name: /麦克风/ })).toBeVisible();
  await expect(air.getByRole("meter")).toBeVisible();
  // The preview is never heard: it would whistle.
  expect(await page.evaluate(() => window.seen().muted)).toBe(true);
  await audit(page);
  await air.getByRole("button", { name: "开始推送" }).click();
  await expect.poll(async () => (await whip.came()).pictures, { timeout: 20_000 }).toBeGreaterThan(5);
  expect((await whip.came()).sound).toBeGreaterThan(0);
  const { token } = (await show.doors()).whip;
  expect(bearers[0]).toEqual(["POST", `Bearer ${token}`]);
  expect(whip.told.headers[0]["content-type"]).toContain("application/sdp");
  expect(whip.told.offers[0]).toMatch(/a=sendonly/);
  // What is sent reaches no viewer here: it does not say that it does.
  await expect(air.getByText("已播出：观众看得到")).toHaveCount(0);
  await audit(page);
  await air.getByRole("button", { name: "停止推送" }).click();
  await expect.poll(() => whip.told.ended).toEqual(["1"]);
  expect(bearers.at(-1)).toEqual(["DELETE", `Bearer ${token}`]);
  // The camera is let go.
  await whip.close();
});

test("from OBS: server and key as they are, hidden and shown, renewed, and on air only when a viewer would see it", { tag: "@desk" }, async ({ page, studio, onAir, complaints }) => {
  complaints.allow(/\/whep\//);
  const show = await onAir({ title: "用电脑直播", sending: false });
  await page.setViewportSize({ width: 1280, height: 800 });
  await atLiveDesk(page, studio.backend);
  await listed(page, "用电脑直播").click();
  const air = page.getByRole("region", { name: "画面" });
  const { rtmp } = await show.doors();
  await expect(air.getByText(rtmp.server, { exact: true })).toBeVisible();
  await expect(air.getByText(rtmp.key)).toHaveCount(0);
  await air.getByRole("button", { name: "显示" }).click();
  await expect(air.getByText(rtmp.key)).toBeVisible();
  const says = (text) => air.getByRole("status").filter({ hasText: text });
  await expect(says("还没有收到画面")).toBeVisible();
  await show.send();
  await expect(says("已播出：观众看得到")).toBeVisible({ timeout: 30_000 });
  await audit(page);
  await show.sender.stop();
  await expect(says(/播出断了|还没有收到画面/)).toBeVisible({ timeout: 20_000 });
  // A new key: the old one is good for nothing.
  await air.getByRole("button", { name: "换一把新钥匙" }).click();
  await audit(page);
  await air.getByRole("button", { name: /^换|^是/ }).last().click();
  await expect.poll(async () => (await show.doors()).rtmp.key).not.toBe(rtmp.key);
});
