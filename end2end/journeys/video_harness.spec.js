// What the tests of the picture stand on: the drawn clock is read exactly, and pieces come late when they are
// to. On a bare page, with nothing of the shop's but its player.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { BITS, HEIGHT, STEP, WIDTH, clock } from "../media.js";
import { relay } from "../relay.js";
import { expect, median, test } from "../studio.js";

const BARE = "<!doctype html><title>bare</title><video muted autoplay playsinline></video>";

test("the drawn clock is read back exactly", async ({ page, baseURL }, info) => {
  // A clock that begins here, so that every picture's is known.
  const began = 1_795_000_000;
  const film = info.outputPath("clock.mp4");
  const source = ["-f", "lavfi", "-i", `color=c=gray:size=${WIDTH}x${HEIGHT}:rate=20:duration=12`];
  const h264 = ["-vf", clock(`${began}+t+0.001`), "-c:v", "libx264", "-preset", "ultrafast", "-crf", "28", "-g", "20", "-pix_fmt", "yuv420p"];
  await promisify(execFile)("ffmpeg", ["-loglevel", "error", "-nostdin", ...source, ...h264, film]);
  const body = await readFile(film);
  await page.route("**/bare", (route) => route.fulfill({ contentType: "text/html", body: BARE }));
  await page.route("**/clock.mp4", (route) => route.fulfill({ contentType: "video/mp4", body }));
  await page.goto(`${baseURL}/bare`);
  const read = await page.evaluate(async () => {
    const video = document.querySelector("video");
    video.autoplay = false;
    // All of it is here: what is asked for piece by piece would have to come in ranges.
    video.src = URL.createObjectURL(await (await fetch("/clock.mp4")).blob());
    await new Promise((there) => video.addEventListener("loadeddata", there, { once: true }));
    const read = [];
    for (let picture = 0; picture < 240; picture += 7) {
      const there = new Promise((done) => video.addEventListener("seeked", done, { once: true }));
      video.currentTime = picture / 20 + 0.025;
      await there;
      read.push([picture, window.burnt()]);
    }
    return read;
  });
  const round = STEP * 2 ** BITS;
  const modulo = (number) => ((number % round) + round) % round;
  for (const [picture, burnt] of read) {
    expect(modulo(burnt), `picture ${picture}`).toBe(modulo(began * 1_000 + picture * 50));
  }
});

test("a picture comes through the media server, and through the relay twelve seconds later", async ({ page, baseURL, onAir, complaints }) => {
  complaints.allow(/\/media\/hls\//);
  const show = await onAir();
  const { url } = (await show.room()).sources[0];
  await page.route("**/bare", (route) => route.fulfill({ contentType: "text/html", body: BARE }));
  const plays = async () => {
    await page.goto(`${baseURL}/bare`);
    // The policy of the shop's pages does not hold here; the player does.
    await page.evaluate(async (src) => {
      const config = JSON.parse(new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html").querySelector("#config").textContent);
      const script = Object.assign(document.createElement("script"), config.hls ?? {});
      await new Promise((there, failed) => Object.assign(document.head.appendChild(script), { onload: there, onerror: failed }));
      window.player = new window.Hls({ enableWorker: false, liveSyncDuration: 3 });
      window.player.loadSource(src);
      window.player.attachMedia(document.querySelector("video"));
    }, url);
    await expect.poll(() => page.evaluate(() => window.burnt()), { timeout: 20_000 }).not.toBeNull();
    const measured = [];
    for (let at = 0; at < 15; at += 1) {
      await page.waitForTimeout(150);
      measured.push(await page.evaluate(() => [Date.now() - window.burnt(), window.player.playingDate?.getTime() - window.burnt()]));
    }
    return { behind: median(measured.map(([behind]) => behind)), ahead: median(measured.map(([, ahead]) => ahead)) };
  };
  const now = await plays();
  expect(now.behind).toBeGreaterThan(500);
  expect(now.behind).toBeLessThan(6_000);
  // The playlist's clock is the drawn one, but for what the way to the server takes.
  expect(Math.abs(now.ahead)).toBeLessThan(1_000);
  const between = await relay(page, show, { later: 9_000 });
  await between.fills();
  const later = await plays();
  expect(later.behind - now.behind).toBeGreaterThan(7_000);
  expect(later.behind - now.behind).toBeLessThan(11_500);
  expect(Math.abs(later.ahead)).toBeLessThan(1_000);
  await between.end();
});
