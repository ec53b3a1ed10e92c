// What it takes to watch a show on this machine, with a real picture:
//   LINLI_BACKEND=… node live_video.mjs http://127.0.0.1:8080 DATA [seconds]
// DATA is the backend's folder; a media server runs for it. The picture is 360×640 at 25 a second with a key
// frame each second. Sender, media server, backend and browser share the processors.
import { openShow } from "./live_host.js";
import { letRead, publish } from "./media.js";
import { MB, memory, opened, pause, phone, say, spread } from "./measured.js";

const [url, folder, seconds = "60"] = process.argv.slice(2);
const LASTS = Number(seconds) * 1_000;
const TIMES = 5;
const PATIENCE = 40_000;

const show = await openShow({ url, folder }, { title: "量一量画面" });
const { rtmp } = await show.newKey();
const began = Date.now();
const sender = publish(`${rtmp.server}/${rtmp.key}`);
const browser = await opened(["--enable-precise-memory-info"]);

/** In the page: when the drawn clock was seen for the first time. */
function first() {
  const look = () => {
    if (window.burnt() === null) return setTimeout(look, 10);
    window.first = performance.now();
  };
  look();
}

/** Opens the room, and tells after how many milliseconds there was a picture. */
async function enters(page) {
  await page.goto(`${url}${show.path}`);
  await page.waitForFunction(() => window.first, null, { timeout: PATIENCE });
  return page.evaluate(() => window.first);
}

async function opens(context) {
  const page = await context.newPage();
  await letRead(page);
  await page.addInitScript(first);
  return page;
}

try {
  while ((await show.air()).playlist.status !== "fresh") {
    if (Date.now() - began > PATIENCE) throw new Error(`no picture comes out: ${sender.words()}`);
    await pause(100);
  }
  console.log(`a show with a picture in Chromium ${browser.version()}`);
  say("on air after the sender began", `${Date.now() - began} ms`);
  const [cold, warm] = [[], []];
  for (let at = 0; at < TIMES; at += 1) {
    const context = await phone(browser);
    const page = await opens(context);
    cold.push(await enters(page));
    await page.goto("about:blank");
    warm.push(await enters(page));
    await context.close();
  }
  say("first picture, first visit", spread(cold));
  say("first picture, all but it cached", spread(warm));

  const context = await phone(browser);
  const page = await opens(context);
  const client = await context.newCDPSession(page);
  await client.send("Network.enable");
  await client.send("Performance.enable");
  const urls = new Map();
  const loads = [];
  client.on("Network.responseReceived", ({ requestId, response }) => urls.set(requestId, new URL(response.url).pathname));
  client.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => loads.push({ path: urls.get(requestId) ?? "", bytes: encodedDataLength, at: Date.now() }));
  await enters(page);
  await pause(3_000);
  const before = await memory(browser, client);
  const from = Date.now();
  await page.evaluate(() => {
    window.waits = 0;
    window.seen().addEventListener("waiting", () => (window.waits += 1));
  });
  const behind = [];
  while (Date.now() - from < LASTS) {
    await pause(250);
    const one = await page.evaluate(() => [Date.now(), window.burnt()]);
    if (one[1] !== null) behind.push(one[0] - one[1]);
  }
  const { waits, quality } = await page.evaluate(() => {
    const { totalVideoFrames, droppedVideoFrames } = window.seen()?.getVideoPlaybackQuality() ?? {};
    return { waits: window.waits, quality: `${totalVideoFrames}, ${droppedVideoFrames} of them dropped` };
  });
  const after = await memory(browser, client);
  const sum = (pattern, since = 0) => {
    const some = loads.filter(({ path, at }) => pattern.test(path) && at >= since);
    return `${(some.reduce((sum, { bytes }) => sum + bytes, 0) / 1_024).toFixed(0)} KiB in ${some.length}`;
  };
  say("behind the wall clock", spread(behind));
  say("pictures shown", quality);
  say("stops", String(waits));
  say("hls.js, as it is sent", sum(/\/hls-[^/]+\.js$/));
  say(`pieces in ${LASTS / 1_000} s`, sum(/\/media\/hls\/.*\.ts$/, from));
  say(`playlists in ${LASTS / 1_000} s`, sum(/\/media\/hls\/.*\.m3u8$/, from));
  for (const [name, of] of [["at the start", before], ["at the end", after]]) say(`memory ${name}`, `heap ${MB(of.heap)}, buffers ${MB(of.backing)}`);
  say("processor of the page", `${(after.busy - before.busy).toFixed(1)} s of ${LASTS / 1_000}`);
} finally {
  await browser.close();
  await sender.stop();
  await show.leave();
}
