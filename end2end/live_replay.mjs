// A recorded show, seen from its beginning to its end:
//   LINLI_BACKEND=… node live_replay.mjs http://127.0.0.1:8080 DATA [minutes] [speed] [comments a minute]
// DATA is the backend's folder. The show's events are put into its database from aside, its film is drawn by
// ffmpeg: the film's clock is drawn into it, so that what is seen can be compared with what is said.
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { request } from "@playwright/test";
import { API } from "./api.js";
import { change } from "./database.js";
import { openShow, says } from "./live_host.js";
import { BITS, HEIGHT, STEP, WIDTH, clock, readsClock } from "./media.js";
import { MB, memory, opened, pause, phone, say, spread } from "./measured.js";
import { neighbour } from "./slots.js";

const [url, folder, minutes = "60", speed = "3", rate = "120"] = process.argv.slice(2);
const backend = { url, folder };
const LENGTH = Math.round(Number(minutes) * 60_000);
const EVERY = 60_000 / Number(rate);
/** After how much of the film a pin comes. */
const PIN_EVERY = 180_000;

/** A show with one of each, which is over; then as many events as are wanted in their place. */
async function recorded() {
  const show = await openShow(backend, { title: "一小时的回放" });
  const who = await neighbour(backend);
  await show.pin("sweet-peas");
  await says(who, show, "第一句");
  const poll = await show.openPoll();
  await show.closePoll(poll);
  const { sources } = await show.room();
  await show.end();
  await show.leave();
  await who.leave();
  const ask = await request.newContext({ baseURL: url });
  const { items } = await (await ask.get(`${API}/shows/${show.id}/replay/events?after=0&limit=500`)).json();
  await ask.dispose();
  const of = (kind) => items.find(({ what }) => what.kind === kind).what;
  const starts = Date.now() - LENGTH - 3_600_000;
  const events = [];
  const add = (ms, what) => events.push({ id: events.length + 1, at: Math.round(starts + ms), what });
  add(0, of("started"));
  const goods = ["sweet-peas", "salmon-sashimi", "anyue-lemon"];
  for (let ms = EVERY; ms < LENGTH; ms += EVERY) {
    const [before, now] = [ms - EVERY, ms].map((ms) => Math.floor(ms / PIN_EVERY));
    if (now > before) add(ms - 1, { kind: "pinned", pin: { ...of("pinned").pin, product: goods[now % goods.length] } });
    const { comment } = of("comment");
    add(ms, { kind: "comment", comment: { ...comment, id: `said-${events.length}`, author: `author-${events.length % 60}`, text: `说到 №${Math.round(ms)} 了`, at: new Date(starts + ms).toISOString().replace(/\.\d+/, "") } });
  }
  add(LENGTH, of("ended"));
  for (const table of ["live_events", "live_rooms", "live_snapshots"]) await change(backend, `DELETE FROM ${table} WHERE show = ?`, show.id);
  const rows = JSON.stringify(events.map(({ id, at, what }) => [id, at, JSON.stringify(what)]));
  const put = "INSERT INTO live_events (show, id, at, clock, what) SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(?)";
  await change(backend, put, show.id, rows);
  await change(backend, "UPDATE shows SET started_at = ?, ended_at = ?, starts_at = ?, last_event = ? WHERE id = ?", starts, starts + LENGTH, starts, events.length, show.id);
  const stream = /\/media\/hls\/([^/]+)\//.exec(sources.find(({ kind }) => kind === "hls").url)[1];
  return { show, starts, stream, events: events.length };
}

const { show, starts, stream, events } = await recorded();
const records = join(folder, "media", "records");
await mkdir(records, { recursive: true });
const film = join(records, `${stream}-${starts}.mp4`);
const source = ["-f", "lavfi", "-i", `color=c=0x6b8f5e:size=${WIDTH}x${HEIGHT}:rate=4:duration=${LENGTH / 1_000}`];
const h264 = ["-vf", clock("t+0.001"), "-c:v", "libx264", "-preset", "ultrafast", "-crf", "35", "-g", "40", "-pix_fmt", "yuv420p", "-movflags", "+faststart"];
const drawn = Date.now();
await promisify(execFile)("ffmpeg", ["-loglevel", "error", "-nostdin", "-y", ...source, ...h264, film]);
console.log(`a replay of ${Number(minutes)} minutes with ${events} events, at ${speed} times its speed`);
say("drawing the film took", `${Math.round((Date.now() - drawn) / 1_000)} s`);

/** In the page: the film's time that is drawn into what is seen, and the last thing that is said, in milliseconds. */
function looks({ STEP, BITS }) {
  window.looks = () => {
    const burnt = window.burnt();
    const round = STEP * 2 ** BITS;
    const said = [...document.body.textContent.matchAll(/№(\d+)/g)].reduce((most, [, ms]) => Math.max(most, Number(ms)), -1);
    return { film: burnt === null ? null : ((burnt % round) + round) % round, said, at: document.querySelector("input[type=range]")?.valueAsNumber };
  };
}

const browser = await opened(["--enable-precise-memory-info"]);
let flat = false;
try {
  const context = await phone(browser);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript(readsClock, { STEP, BITS });
  await page.addInitScript(looks, { STEP, BITS });
  const client = await context.newCDPSession(page);
  await client.send("Performance.enable");
  await page.goto(`${url}${show.path}/replay`);
  await page.getByRole("combobox", { name: "速度" }).selectOption(speed);
  const play = page.getByRole("button", { name: "播放", exact: true });
  if (await play.isVisible()) await play.click();
  const marks = [];
  const apart = [];
  const began = Date.now();
  const lasts = LENGTH / Number(speed);
  let next = Math.min(60_000, lasts / 10);
  while (Date.now() - began < lasts - 3_000) {
    await pause(1_000);
    const { film, said } = await page.evaluate(() => window.looks());
    if (film !== null && said >= 0) apart.push(said - film);
    if (Date.now() - began >= next) {
      marks.push({ film, ...(await memory(browser, client)) });
      next += lasts / 6;
    }
  }
  await pause(6_000);
  const end = await page.evaluate(() => window.looks());
  marks.push({ film: end.film, ...(await memory(browser, client)) });
  say("what is said is after the picture by", spread(apart));
  say("the last thing said", `№${end.said} of ${LENGTH}, the film at ${end.film} ms`);
  for (const { film, heap, backing, resident, nodes, listeners } of marks) {
    say(`memory at ${Math.round((film ?? 0) / 60_000)} min`, `heap ${MB(heap)}, buffers ${MB(backing)}, process ${MB(resident)}; ${nodes} nodes, ${listeners} listeners`);
  }
  const [first, last] = [marks[0], marks.at(-1)];
  say("heap and buffers have grown by", MB(last.heap + last.backing - first.heap - first.backing));
  // What is kept of what was said is bounded, and so all of it.
  flat = last.heap + last.backing - first.heap - first.backing < 8 * 1_048_576 && last.nodes - first.nodes < 1_000;
  if (!flat) console.log("it has grown: that is more than is kept of what was said");

  // Anywhere: room and picture go together.
  const slider = page.getByRole("slider", { name: "进度" });
  for (const part of [0.1, 0.9, 0.5]) {
    await slider.fill(String(Math.round(part * Number(await slider.getAttribute("max")))));
    const sought = Date.now();
    let found = null;
    while (Date.now() - sought < 15_000 && found === null) {
      await pause(100);
      const { film, said } = await page.evaluate(() => window.looks());
      if (film !== null && Math.abs(film - part * LENGTH) < 15_000 && Math.abs(said - film) < 3_000) found = Date.now() - sought;
    }
    say(`room and picture at ${Math.round(part * 100)} %`, found === null ? "not together after 15 s" : `together after ${found} ms`);
    flat &&= found !== null;
  }
  if (complaints.length) say("complaints", `${complaints.length}: ${complaints[0]}`);
} finally {
  await browser.close();
}
process.exit(flat ? 0 : 1);
