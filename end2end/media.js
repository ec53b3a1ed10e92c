// A real media server, and somebody who sends to it: nginx and ffmpeg, as `cargo xtask media` starts them.
import { spawn } from "node:child_process";
import { createServer, connect } from "node:net";

/** A port that is free now. */
export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Addresses of a picture that this machine's media server makes, as a backend is told them. */
export const pictureAt = (port) => [
  "--media-hls",
  "/media/hls/{stream}/index.m3u8",
  "--media-audio",
  "/media/hls/{stream}/audio.m3u8",
  "--media-rtmp",
  `rtmp://{host}:${port}/live`,
];

/** Whether somebody listens at a port of this machine. */
function listens(port) {
  return new Promise((told) => {
    const socket = connect(port, "127.0.0.1");
    const say = (yes) => {
      socket.destroy();
      told(yes);
    };
    socket.once("connect", () => say(true));
    socket.once("error", () => say(false));
  });
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Groups that nobody has ended yet: they do not outlive whoever began them. */
const groups = new Set();
process.on("exit", () => groups.forEach((group) => group.signal("SIGKILL")));

/** How long a program may take to end, in milliseconds, before it is made to. */
const ENDS_WITHIN = 10_000;

/** A program in a group of its own, so that its children can be ended with it. */
function group(command, args) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const ended = new Promise((done) => child.once("exit", done).once("error", done));
  let words = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (words = (words + part).slice(-4_000)));
  child.once("error", (error) => (words += error));
  let over = false;
  const own = {
    ended,
    words: () => words,
    signal(name) {
      if (over) return;
      try {
        process.kill(-child.pid, name);
      } catch {
        // Nothing of it is there any more.
        over = true;
        groups.delete(own);
      }
    },
    /** Asks it to end, and waits for it; what is left of it then is ended too. */
    async end(name) {
      own.signal(name);
      const patience = setTimeout(() => own.signal("SIGKILL"), ENDS_WITHIN);
      await ended;
      clearTimeout(patience);
      own.signal("SIGKILL");
      over = true;
      groups.delete(own);
    },
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
  };
  groups.add(own);
  ended.then(() => own.signal(0));
  return own;
}

/** A media server for a backend, listening for RTMP at a port. */
export async function startMedia(backend, port) {
  const xtask = process.env.LINLI_XTASK;
  if (!xtask) throw new Error("LINLI_XTASK is not set: run the tests with `cargo xtask test browser`");
  let server;
  const media = {
    port,
    words: () => server.words(),
    async start() {
      server = group(xtask, ["media", "--backend", new URL(backend.url).host, "--data", backend.folder, "--rtmp", `127.0.0.1:${port}`]);
      for (const patient = Date.now() + 20_000; !(await listens(port)); await pause(50)) {
        if (server.running && Date.now() < patient) continue;
        await server.end("SIGKILL");
        throw new Error(`the media server does not listen:\n${server.words()}`);
      }
    },
    /** As by Ctrl-C. */
    stop: () => server.end("SIGINT"),
    /** At once, as when its power is cut: nobody is told. */
    kill: () => server.end("SIGKILL"),
  };
  await media.start();
  return media;
}

/** How many milliseconds a step of the drawn clock is. */
export const STEP = 50;
/** How many bits it has: it goes round in three and a half hours. */
export const BITS = 18;
/** The picture is ten cells wide; two rows of them are the clock: white, black, then its bits, the highest first. */
const CELL = 36;
export const WIDTH = 10 * CELL;
export const HEIGHT = 640;

/**
 * Filters of ffmpeg that draw the wall clock, or another one in seconds. In Gray's code only one bit changes from step to step, so that
 * a picture whose bits were asked for at slightly different times is a step wrong at most.
 */
export function clock(now = "time(0)") {
  const box = (at, color, when) => {
    const [x, y] = [(at % 10) * CELL, Math.floor(at / 10) * CELL];
    return `drawbox=x=${x}:y=${y}:w=${CELL}:h=${CELL}:color=${color}:t=fill${when ? `:enable='${when}'` : ""}`;
  };
  const bit = (at) => (at < BITS ? `floor((${now})*${1_000 / STEP}/${2 ** at})` : "0");
  const bits = Array.from({ length: BITS }, (_, at) => BITS - 1 - at);
  return [
    `drawbox=x=0:y=0:w=${WIDTH}:h=${2 * CELL}:color=black:t=fill`,
    box(0, "white"),
    ...bits.map((bitAt, at) => box(at + 2, "white", `mod(${bit(bitAt)}+${bit(bitAt + 1)},2)`)),
  ].join(",");
}

/**
 * Sends a picture with the wall clock in it, and a tone, to an address of RTMP. `gop`: after how many
 * pictures there is a key frame, at 25 a second.
 */
export function publish(address, { gop = 25, sound = true } = {}) {
  // ffmpeg is late with its first pictures. A camera is not, so they are left out: the media server's clock
  // begins with the first one that it gets.
  const warm = (kind) => `${kind}trim=start=1,${kind}setpts=PTS-STARTPTS`;
  const source = (what) => ["-re", "-f", "lavfi", "-i", what];
  const sender = group(
    "ffmpeg",
    [
      "-hide_banner -loglevel error -nostdin -filter_threads 1".split(" "),
      source(`color=c=0x6b8f5e:size=${WIDTH}x${HEIGHT}:rate=25`),
      sound ? source("sine=frequency=330:sample_rate=44100") : [],
      ["-vf", `${clock()},${warm("")}`],
      "-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -crf 28 -threads 1 -sc_threshold 0".split(" "),
      ["-g", gop, "-keyint_min", gop].map(String),
      sound ? ["-af", warm("a"), ..."-c:a aac -b:a 64k".split(" ")] : [],
      ["-f", "flv", address],
    ].flat(),
  );
  return {
    ended: sender.ended,
    words: sender.words,
    /** Nothing is sent any more, and nobody is told: as when the network is gone. */
    pause: () => sender.signal("SIGSTOP"),
    resume: () => sender.signal("SIGCONT"),
    /** Ends it; the media server is told. */
    async stop() {
      sender.signal("SIGCONT");
      await sender.end("SIGINT");
    },
  };
}

/**
 * In the page: `window.burnt()` is the drawn clock that is seen now, in milliseconds since 1970, or
 * nothing where there is none. To be added before the page opens.
 */
function readsClock({ STEP, BITS }) {
  const canvas = new OffscreenCanvas(10, 2);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.imageSmoothingEnabled = false;
  const ROUND = STEP * 2 ** BITS;
  /** The video that is seen, when there is one: while a better one is tried there are two. */
  window.seen = () => [...document.querySelectorAll("video")].find((video) => video.readyState >= 2 && video.videoWidth && video.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
  window.burnt = (video = window.seen()) => {
    if (!video || video.readyState < 2 || !video.videoWidth) return null;
    const cell = video.videoWidth / 10;
    // The middle of each cell, where nothing of its neighbours comes through.
    pen.drawImage(video, 0, 0, 10 * cell, 2 * cell, 0, 0, 10, 2);
    const light = [];
    const { data } = pen.getImageData(0, 0, 10, 2);
    for (let at = 0; at < 20; at += 1) light.push((data[4 * at] + data[4 * at + 1] + data[4 * at + 2]) / 3);
    if (light[0] < 170 || light[1] > 85 || light.some((one) => one >= 85 && one <= 170)) return null;
    let [bit, number] = [0, 0];
    for (const one of light.slice(2)) {
      bit ^= one > 128 ? 1 : 0;
      number = 2 * number + bit;
    }
    // The one of its many times that is nearest to now.
    const now = Date.now();
    const read = number * STEP;
    return read + Math.round((now - read) / ROUND) * ROUND;
  };
}

/** Lets a page, or each page of a context, read the drawn clock. */
export const letRead = (where) => where.addInitScript(readsClock, { STEP, BITS });
