// What a browser makes of a rush of comments:
//   node live_rush.mjs http://127.0.0.1:8080 CODE [a second] [seconds] [times slower]
// CODE makes this a desk of the shop, once.
//
// A member may say only so much, so nobody can really say a thousand things a second. The room, its
// show, its snapshot and its pages are the real backend's; the stream of events is this program's: a
// relay before the backend answers it with comments that go on from the snapshot's last event. It keeps
// the protocol (ids without a gap, beats, resuming after an id), and so whatever the page does is real.
import { createServer, request as onward } from "node:http";
import { request } from "@playwright/test";
import { MB, memory, opened, pause, say } from "./measured.js";

const [address, code, rate = "1000", seconds = "60", slower = "1"] = process.argv.slice(2);
const backend = new URL(address);
const A_SECOND = Number(rate);
const LASTS = Number(seconds) * 1_000;
const PATIENCE = 60_000;
/** Data goes out in pieces, as from a server that collects for a moment. */
const PIECE = 20;
const BEAT = 10_000;
/** The owner of the demo shop. */
const PIN = "202611";

const SAYS = ["今天的三文鱼新鲜吗？", "有货吗", "多少钱一份", "我要两份", "上次买的很甜", "几点能取？", "可以少放盐吗？", "主播声音有点小", "看着真好吃", "下单了", "孩子爱吃这个", "还有别的口味吗？", "已经买了三次了", "这个怎么做好吃？", "给我留一份", "哈哈哈"];
const WHO = ["三号楼 王女士", "阿强", "爱做饭的老李", "", "小满妈妈", "十二号楼的陈阿姨", "Nina", "陈陈"];

/** The event with this number: always the same, whoever asks for it. Every tenth has its number in it. */
function frame(id, last, epochBegan) {
  const numbered = id % 10 === 0 || id === last;
  const says = SAYS[(id * 7) % SAYS.length];
  const at = new Date(epochBegan + Math.floor((id / A_SECOND) * 1_000)).toISOString().replace(/\.\d+/, "");
  const comment = {
    id: `rush-${id}`,
    author: `author-${(id * 13) % 80}`,
    name: WHO[(id * 13) % WHO.length],
    text: numbered ? `${says} №${id}` : says,
    ...(/？/.test(says) && { question: true }),
    at,
  };
  return `id: ${id}\ndata: ${JSON.stringify({ id, at, what: { kind: "comment", comment } })}\n\n`;
}

/** Makes a show and goes on air with it. */
async function onAir() {
  const desk = await request.newContext({ baseURL: backend.origin, extraHTTPHeaders: { "x-shop-request": "1" } });
  const fine = async (answer) => {
    if (!answer.ok()) throw new Error(`${answer.status()} ${answer.url()}: ${await answer.text()}`);
    return answer.status() === 204 ? null : answer.json();
  };
  await fine(await desk.post("/api/v1/desk/devices", { data: { code, name: "bench" } }));
  await fine(await desk.post("/api/v1/desk/sign-in", { data: { pin: PIN } }));
  const data = {
    kind: "kitchen",
    title: { zh: "一千句一秒" },
    host: { zh: "小满" },
    starts_at: new Date().toISOString().replace(/\.\d+/, ""),
    minutes: 60,
    goods: ["sweet-peas", "salmon-sashimi"],
  };
  const { id } = await fine(await desk.post("/api/v1/desk/shows", { headers: { "idempotency-key": crypto.randomUUID() }, data }));
  await fine(await desk.post(`/api/v1/desk/shows/${id}/start`));
  await fine(await desk.put(`/api/v1/desk/shows/${id}/pin`, { data: { product: "sweet-peas" } }));
  const { last_event_id } = await fine(await desk.get(`/api/v1/shows/${id}/room`));
  await desk.dispose();
  return { id, first: last_event_id };
}

const show = await onAir();
const last = show.first + Math.floor((A_SECOND * LASTS) / 1_000);
/** When the comments began to come; nothing before the page looks. */
let begun = 0;
let over = false;
const told = { streams: 0, snapshots: 0, sent: 0, bytes: 0 };
const streams = new Set();

/** The number of the event that is the last one now. */
function now() {
  if (!begun) return show.first;
  return over ? last : Math.min(last, show.first + Math.floor(((Date.now() - begun) * A_SECOND) / 1_000));
}

function stream(question, answer) {
  const from = new URL(question.url, backend).searchParams;
  let sent = Math.max(show.first, Number(from.get("after") ?? show.first));
  const epoch = from.get("epoch") ?? "";
  answer.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store", "x-content-type-options": "nosniff" });
  const beat = () => answer.write(`event: beat\ndata: ${JSON.stringify({ epoch, last: sent })}\n\n`);
  beat();
  told.streams += 1;
  const send = () => {
    const until = now();
    if (until <= sent || answer.writableLength > 1 << 22) return;
    let piece = "";
    while (sent < until) piece += frame(++sent, last, begun);
    told.sent = Math.max(told.sent, sent - show.first);
    told.bytes += Buffer.byteLength(piece);
    answer.write(piece);
  };
  const timers = [setInterval(send, PIECE), setInterval(beat, BEAT)];
  streams.add(answer);
  answer.on("close", () => {
    timers.forEach(clearInterval);
    streams.delete(answer);
  });
}

const relay = createServer((question, answer) => {
  const { pathname } = new URL(question.url, backend);
  if (pathname === `/api/v1/shows/${show.id}/events`) return stream(question, answer);
  if (pathname === `/api/v1/shows/${show.id}/room`) told.snapshots += 1;
  const asked = onward(new URL(question.url, backend), { method: question.method, headers: question.headers }, (reply) => {
    answer.writeHead(reply.statusCode, reply.headers);
    reply.pipe(answer);
  });
  asked.on("error", () => answer.destroy());
  answer.on("close", () => asked.destroy());
  return question.pipe(asked);
});

/** In the page: how long each frame was, and which tasks were long. */
function watch() {
  window.rush = { frames: 0, gaps: [], tasks: [], on: false };
  let before;
  const frame = (at) => {
    if (window.rush.on) {
      window.rush.frames += 1;
      if (before !== undefined && at - before > 50) window.rush.gaps.push(at - before);
    }
    before = window.rush.on ? at : undefined;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) if (window.rush.on) window.rush.tasks.push(duration);
  }).observe({ type: "longtask" });
}

/** The highest number that the page shows. */
const shown = (page) => page.evaluate(() => [...document.body.textContent.matchAll(/№(\d+)/g)].reduce((most, [, number]) => Math.max(most, Number(number)), 0));

await new Promise((done) => relay.listen(0, "127.0.0.1", done));
const browser = await opened(["--enable-precise-memory-info"]);
let shownLast = false;
try {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 }, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript(watch);
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  if (Number(slower) > 1) await client.send("Emulation.setCPUThrottlingRate", { rate: Number(slower) });
  await page.goto(`http://127.0.0.1:${relay.address().port}/live/${show.id}`, { timeout: PATIENCE });
  await page.locator("html[data-ready]").waitFor({ state: "attached", timeout: PATIENCE });
  const patient = Date.now() + PATIENCE;
  while (streams.size === 0) {
    if (Date.now() > patient) throw new Error("the page opened no stream");
    await pause(50);
  }
  await pause(2_000);
  const start = await memory(browser, client);
  const snapshots = told.snapshots;
  await page.evaluate(() => (window.rush.on = true));
  begun = Date.now();
  let behind = 0;
  while (Date.now() - begun < LASTS) {
    await pause(1_000);
    const until = now();
    // A number stands in every tenth comment only.
    behind = Math.max(behind, until - (await shown(page)) - 10);
  }
  over = true;
  await page.evaluate(() => (window.rush.on = false));
  const measured = await page.evaluate(() => window.rush);
  const caughtUp = Date.now() + PATIENCE;
  while (!(shownLast = (await shown(page)) === last) && Date.now() < caughtUp) await pause(100);
  const lag = Date.now() - begun - LASTS;
  const end = await memory(browser, client);
  const worst = (all) => (all.length ? `, the longest ${Math.round(Math.max(...all))} ms` : "");
  console.log(`a room in Chromium ${browser.version()}, ${A_SECOND} comments a second for ${LASTS / 1_000} s${Number(slower) > 1 ? `, its processor ${slower} times slower` : ""}`);
  console.log("pages, room and snapshot are the backend's; the stream of comments is the bench's");
  say("comments sent", `${told.sent} (${MB(told.bytes)})`);
  say("taken in by the page", shownLast ? `all; the last comment is shown ${Math.max(0, lag)} ms after the rush` : `not all: the last one shown is №${await shown(page)} of ${last}`);
  say("behind at most, by comments", String(Math.max(0, behind)));
  say("streams opened, snapshots asked", `${told.streams}, ${snapshots} before and ${told.snapshots - snapshots} in the rush`);
  say("frames", `${measured.frames} (${(measured.frames / (LASTS / 1_000)).toFixed(1)} a second)`);
  say("frames over 50 ms", `${measured.gaps.length}${worst(measured.gaps)}`);
  say("long tasks", `${measured.tasks.length}${worst(measured.tasks)}`);
  for (const [name, of] of [["at the start", start], ["at the end", end]]) {
    say(`memory ${name}`, `heap ${MB(of.heap)}, buffers ${MB(of.backing)}, process ${MB(of.resident)}; ${of.nodes} nodes, ${of.listeners} listeners`);
  }
  say("processor of the page", `${(end.busy - start.busy).toFixed(1)} s`);
  if (complaints.length) say("complaints", `${complaints.length}: ${complaints[0]}`);
} finally {
  await browser.close();
  relay.close();
  relay.closeAllConnections();
}
process.exit(shownLast ? 0 : 1);
