// A recorded show, seen from its beginning to its end:
//   LINLI_BACKEND=… node live_replay.mjs http://127.0.0.1:8080 DATA [minutes] [speed] [comments a minute]
// DATA is the backend's folder.
import { letRead } from "./media.js";
import { MB, memory, opened, pause, phone, say, spread } from "./measured.js";
import { letLook, recorded } from "./recorded.js";

const [url, folder, minutes = "60", speed = "3", rate = "120"] = process.argv.slice(2);
const LENGTH = Math.round(Number(minutes) * 60_000);

/** A time of the film. */
const clock = (ms) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1_000) % 60).padStart(2, "0")}`;

const drawn = Date.now();
const show = await recorded({ url, folder }, LENGTH, Number(rate));
console.log(`a replay of ${Number(minutes)} minutes with ${show.events} events, at ${speed} times its speed`);
say("events and film were made in", `${Math.round((Date.now() - drawn) / 1_000)} s`);

const browser = await opened(["--enable-precise-memory-info"]);
let flat = false;
try {
  const context = await phone(browser);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await letRead(page);
  await letLook(page);
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
  while (Date.now() - began < lasts - 12_000) {
    // Seldom: a Chromium without a graphics card keeps some of what is read out of a picture, which counts
    // for the process and is not the page's.
    await pause(10_000);
    const { film, said } = await page.evaluate(() => window.looks());
    if (film !== null && said >= 0) apart.push(said - film);
    if (Date.now() - began >= next) {
      marks.push({ film, ...(await memory(browser, client)) });
      next += lasts / 6;
    }
  }
  await pause(18_000);
  const end = await page.evaluate(() => window.looks());
  marks.push({ film: end.film, ...(await memory(browser, client)) });
  say("what is said is after the picture by", spread(apart));
  say("the last thing said", `№${end.said} of ${LENGTH}, the film at ${end.film} ms`);
  for (const { film, heap, backing, resident, nodes, listeners } of marks) {
    say(`memory at ${clock(film ?? 0)}`, `heap ${MB(heap)}, buffers ${MB(backing)}, process ${MB(resident)}; ${nodes} nodes, ${listeners} listeners`);
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
