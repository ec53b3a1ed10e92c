// A recorded show, made up from aside: its events are put into the database, its film is drawn by ffmpeg with the
// film's own time in it, so that what is seen can be compared with what is said.
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { request } from "@playwright/test";
import { API } from "./api.js";
import { change } from "./database.js";
import { openShow, says } from "./live_host.js";
import { BITS, HEIGHT, STEP, WIDTH, clock } from "./media.js";
import { neighbour } from "./slots.js";

/** After how much of the film another good is shown. */
const PIN_EVERY = 180_000;

/**
 * A show that is over, so many milliseconds long, with so many comments a minute: each says in `№` when on the
 * show's line it was said. Every three minutes another good is shown. The backend has to have been started with
 * the address of HLS: it tells the name of the film.
 */
export async function recorded(backend, length, rate) {
  const every = 60_000 / rate;
  // One of each is done in earnest, and the rest is like these.
  const show = await openShow(backend, { title: "从头看一遍" });
  const who = await neighbour(backend);
  await show.pin("sweet-peas");
  await says(who, show, "第一句");
  const { sources } = await show.room();
  await show.end();
  await show.leave();
  await who.leave();
  const ask = await request.newContext({ baseURL: backend.url });
  const { items } = await (await ask.get(`${API}/shows/${show.id}/replay/events?after=0&limit=500`)).json();
  await ask.dispose();
  const of = (kind) => items.find(({ what }) => what.kind === kind).what;
  const starts = Date.now() - length - 3_600_000;
  const events = [];
  const add = (ms, what) => events.push([events.length + 1, Math.round(starts + ms), JSON.stringify(what)]);
  add(0, of("started"));
  const goods = ["sweet-peas", "salmon-sashimi", "anyue-lemon"];
  for (let ms = every; ms < length; ms += every) {
    const [before, now] = [ms - every, ms].map((ms) => Math.floor(ms / PIN_EVERY));
    if (now > before) add(ms - 1, { kind: "pinned", pin: { ...of("pinned").pin, product: goods[now % goods.length] } });
    const more = { id: `said-${events.length}`, author: `author-${events.length % 60}`, text: `说到 №${Math.round(ms)} 了`, at: new Date(starts + ms).toISOString().replace(/\.\d+/, "") };
    add(ms, { kind: "comment", comment: { ...of("comment").comment, ...more } });
  }
  add(length, of("ended"));
  for (const table of ["live_events", "live_rooms", "live_snapshots"]) await change(backend, `DELETE FROM ${table} WHERE show = ?`, show.id);
  const [id, at, what] = [0, 1, 2].map((part) => `json_extract(value, '$[${part}]')`);
  await change(backend, `INSERT INTO live_events (show, id, at, clock, what) SELECT ?, ${id}, ${at}, ${at}, ${what} FROM json_each(?)`, show.id, JSON.stringify(events));
  await change(backend, "UPDATE shows SET started_at = ?, ended_at = ?, starts_at = ?, last_event = ? WHERE id = ?", starts, starts + length, starts, events.length, show.id);
  const stream = /\/media\/hls\/([^/]+)\//.exec(sources.find(({ kind }) => kind === "hls").url)[1];
  await film(backend, `${stream}-${starts}.mp4`, length);
  return { ...show, events: events.length };
}

/** Draws a film that says its own time: four pictures a second, few bytes. */
async function film(backend, name, length) {
  const records = join(backend.folder, "media", "records");
  await mkdir(records, { recursive: true });
  const source = ["-f", "lavfi", "-i", `color=c=0x6b8f5e:size=${WIDTH}x${HEIGHT}:rate=4:duration=${length / 1_000}`];
  const h264 = "-c:v libx264 -preset ultrafast -crf 35 -g 40 -pix_fmt yuv420p -movflags +faststart".split(" ");
  await promisify(execFile)("ffmpeg", ["-loglevel", "error", "-nostdin", ...source, "-vf", clock("t+0.001"), ...h264, join(records, name)]);
}

/** In the page: the film's time that is drawn into what is seen, and the last thing that is said, in milliseconds. */
function looks({ STEP, BITS }) {
  const round = STEP * 2 ** BITS;
  window.looks = () => {
    const burnt = window.burnt();
    const said = [...document.body.textContent.matchAll(/№(\d+)/g)].reduce((most, [, ms]) => Math.max(most, Number(ms)), -1);
    return { film: burnt === null ? null : ((burnt % round) + round) % round, said };
  };
}

/** To be added before the page opens, after what reads the drawn clock. */
export const letLook = (where) => where.addInitScript(looks, { STEP, BITS });
