// The picture by WebRTC: a second page's peer connection is the other end, of the show (WHEP) and of the desk's
// camera (WHIP, RFC 9725).
import { audit } from "../fixtures.js";
import { atLiveDesk, listed, tab } from "../live_desk.js";
import { Picture, seenWith } from "../picture.js";
import { Shop } from "../shop.js";
import { PICTURE_AWAY, expect, median, test } from "../studio.js";
import { deskCode } from "../tasting.js";
import { otherEnd, otherEndBefore } from "../webrtc.js";

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
  await expect.poll(() => picture.behind()).toBeLessThan(1_500);
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
  await expect.poll(() => page.evaluate(() => window.seen()?.muted)).toBe(false);
  // Who leaves says so.
  await page.getByRole("button", { name: "离开直播间" }).click();
  await expect.poll(() => whep.told.ended).toEqual(["1"]);
  await whep.close();
});

test("who closes the page tells the server, and who opens another one as well", async ({ browser, studio, onAir }) => {
  const show = await onAir();
  const whep = await otherEndBefore(browser, studio.backend, WHEP, "send");
  const context = await browser.newContext({ baseURL: whep.url });
  const watches = async () => {
    const page = await context.newPage();
    await new Shop(page).open(show.path);
    await new Picture(page).shows("whep");
    return page;
  };
  const closed = await watches();
  expect(whep.told.ended).toEqual([]);
  // As by hand: without this the page would hear nothing of it.
  await closed.close({ runBeforeUnload: true });
  await expect.poll(() => whep.told.ended).toEqual(["1"]);
  const left = await watches();
  expect(whep.told.ended).toEqual(["1"]);
  await left.goto("about:blank");
  await expect.poll(() => whep.told.ended).toEqual(["1", "2"]);
  expect(whep.told.offers).toHaveLength(2);
  await context.close();
  await whep.close();
});

test("when the other end is gone that is noticed within three seconds, and the next way takes over", async ({ page, browser, shop, onAir }) => {
  const show = await onAir();
  const whep = await otherEnd(browser, page, WHEP, "send");
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("whep");
  await picture.moves();
  // Seen in the page, at once: from out here one looks only now and then.
  const left = picture.stage.evaluate(
    (stage) =>
      new Promise((done, failed) => {
        const look = () => stage.dataset.picture !== "whep" && done(Date.now());
        new MutationObserver(look).observe(stage, { attributeFilter: ["data-picture"] });
        look();
        setTimeout(failed, 20_000, new Error("it is still shown"));
      }),
  );
  left.catch(() => {});
  const gone = Date.now();
  await whep.close();
  // The clock of a stream goes on without a picture; the pictures do not.
  expect((await left) - gone).toBeLessThanOrEqual(3_500);
  await picture.shows("hls", 25_000);
  await picture.moves();
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

test("ICE servers that are named are taken, and the next connection begins with them", async ({ page, browser, shop, onAir }) => {
  const show = await onAir();
  await page.addInitScript(() => {
    window.peers = [];
    window.RTCPeerConnection = class extends window.RTCPeerConnection {
      constructor(began) {
        super(began);
        const first = structuredClone(began ?? {});
        window.peers.push({ began: () => first, now: () => this.getConfiguration() });
      }
    };
  });
  const whep = await otherEnd(browser, page, WHEP, "send");
  // Nobody answers there; the direct way is found all the same.
  whep.names(
    '</events>; rel="urn:ietf:params:whep:ext:core:server-sent-events"; events="active, inactive", <stun:127.0.0.1:34780>; rel="ice-server", ' +
      String.raw`<turn:127.0.0.1:34780?transport=udp>; rel="ice-server"; username="a, b"; credential="\"c\""; credential-type="password"`,
  );
  const servers = (which, when) =>
    page.evaluate(
      ([which, when]) => (window.peers.at(which)[when]().iceServers ?? []).map(({ urls, username, credential }) => [String(urls), username || "", credential || ""]),
      [which, when],
    );
  const named = [
    ["stun:127.0.0.1:34780", "", ""],
    ["turn:127.0.0.1:34780?transport=udp", "a, b", '"c"'],
  ];
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("whep");
  await picture.moves();
  expect(await servers(0, "began")).toEqual([]);
  expect(await servers(0, "now")).toEqual(named);
  await picture.chooses("只看照片");
  await picture.shows("photos");
  await picture.chooses("直播画面");
  await picture.shows("whep");
  await picture.moves();
  expect(whep.told.offers).toHaveLength(2);
  expect(await servers(-1, "began")).toEqual(named);
  await whep.close();
});

test.describe("at the desk", { tag: "@desk" }, () => {
  test.use({ viewport: { width: 1280, height: 800 }, isMobile: false });
  test.beforeEach(({ complaints }) => complaints.allow(/40[13].*\/api\/v1\/desk\/(device|session)/));

  /** Opens the tool for a show's picture. */
  async function leads(page, backend, title) {
    // The studio's own link is good once.
    await atLiveDesk(page, { desk: `${backend.url}/desk/#register=${await deskCode(backend)}` });
    await listed(page, title).click();
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await tab(page, "画面").click();
    const air = page.getByRole("region", { name: "画面", exact: true });
    await expect(air).toBeVisible();
    return { air, stands: (text) => air.getByRole("status").filter({ hasText: text }) };
  }

  test("a tablet's camera is sent by WHIP, and is let go", async ({ page, browser, studio, onAir, context }) => {
    const show = await onAir({ title: "用平板直播", sending: false });
    await context.grantPermissions(["camera", "microphone"]);
    await page.addInitScript(() => {
      window.opened = [];
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (what) => {
        const stream = await ask(what);
        window.opened.push(...stream.getTracks());
        return stream;
      };
    });
    const whip = await otherEnd(browser, page, WHIP, "take");
    const { air, stands } = await leads(page, studio.backend, "用平板直播");
    await expect(stands("还没有收到画面")).toBeVisible();
    await air.getByRole("button", { name: "用这台设备直播" }).click();
    const preview = air.locator("video.own");
    await expect.poll(() => preview.evaluate(({ videoWidth, muted }) => videoWidth > 0 && muted)).toBe(true);
    await expect(air.getByLabel("摄像头")).toBeVisible();
    await expect(air.getByLabel("麦克风")).toBeVisible();
    // Chromium's own microphone beeps once a second.
    await expect.poll(async () => Number(await air.getByRole("meter").getAttribute("aria-valuenow")), { intervals: [50] }).toBeGreaterThan(0);
    await audit(page);
    await air.getByRole("button", { name: "开始推送" }).click();
    await expect.poll(async () => (await whip.came()).pictures, { timeout: 20_000 }).toBeGreaterThan(5);
    expect((await whip.came()).sound).toBeGreaterThan(0);
    const { token } = (await show.doors()).whip;
    const [offer] = whip.told.headers;
    expect(offer.authorization).toBe(`Bearer ${token}`);
    expect(offer["content-type"]).toContain("application/sdp");
    expect(whip.told.offers[0]).toMatch(/a=sendonly/);
    // What is sent reaches no viewer here, so it does not say that it does.
    await page.waitForTimeout(3_000);
    await expect(stands("已播出：观众看得到")).toHaveCount(0);
    await audit(page);
    await air.getByRole("button", { name: "停止推送" }).click();
    await expect.poll(() => whip.told.ended).toEqual(["1"]);
    expect(whip.told.headers.at(-1).authorization).toBe(`Bearer ${token}`);
    await air.getByRole("button", { name: "关掉摄像头" }).click();
    await expect.poll(() => page.evaluate(() => window.opened.every(({ readyState }) => readyState === "ended"))).toBe(true);
    await whip.close();
  });

  test("when the server of a camera is gone, it is tried again and found again", async ({ page, browser, studio, onAir, context }) => {
    await onAir({ title: "断了再接", sending: false });
    await context.grantPermissions(["camera", "microphone"]);
    const whip = await otherEnd(browser, page, WHIP, "take");
    const { air } = await leads(page, studio.backend, "断了再接");
    await air.getByRole("button", { name: "用这台设备直播" }).click();
    await air.getByRole("button", { name: "开始推送" }).click();
    await expect.poll(async () => (await whip.came()).pictures, { timeout: 20_000 }).toBeGreaterThan(5);
    await whip.hangUp();
    await expect.poll(() => whip.told.offers.length, { timeout: 60_000 }).toBeGreaterThan(1);
    await expect.poll(async () => (await whip.came()).pictures, { timeout: 20_000 }).toBeGreaterThan(5);
    await whip.close();
  });

  test("a tablet whose page was opened anew waits until what it has sent before has ended", async ({ page, browser, studio, onAir, context }) => {
    await onAir({ title: "重开一次", sending: false });
    await context.grantPermissions(["camera", "microphone"]);
    const whip = await otherEnd(browser, page, WHIP, "take");
    whip.refuse(409);
    const { air, stands } = await leads(page, studio.backend, "重开一次");
    await air.getByRole("button", { name: "用这台设备直播" }).click();
    await air.getByRole("button", { name: "开始推送" }).click();
    await expect(stands("已经有设备在推这一场")).toBeVisible();
    whip.refuse(false);
    await expect.poll(() => whip.told.offers.length, { timeout: 20_000 }).toBe(1);
    await expect.poll(async () => (await whip.came()).pictures, { timeout: 20_000 }).toBeGreaterThan(5);
    await expect(stands("正在推送")).toBeVisible();
    await whip.close();
  });

  test("from OBS: on air is said when a viewer would see it, and that it broke off", async ({ page, studio, onAir }) => {
    const show = await onAir({ title: "用电脑直播", sending: false });
    const { air, stands } = await leads(page, studio.backend, "用电脑直播");
    await expect(stands("还没有收到画面")).toBeVisible();
    await show.send();
    await expect(stands("已播出：观众看得到")).toBeVisible({ timeout: 30_000 });
    await audit(page);
    show.sender.pause();
    await expect(stands("播出断了")).toBeVisible({ timeout: 20_000 });
    await audit(page);
    show.sender.resume();
    await show.sender.stop();
    await show.send();
    await expect(stands("已播出：观众看得到")).toBeVisible({ timeout: 40_000 });
    // The key is renewed: whoever has sent with the old one is cut off.
    await air.getByRole("button", { name: "换一把新钥匙" }).click();
    await air.getByRole("button", { name: "换，正在推的会断开" }).click();
    await show.sender.ended;
    await expect(stands("已播出：观众看得到")).toHaveCount(0);
  });
});
