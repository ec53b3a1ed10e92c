// Counts what a shopper's browser is sent when it opens the shop for the first time:
//   node sizes.mjs http://127.0.0.1:8080   →   {"files": [{path, raw, sent}, …], "twice": [path, …]}
//
// It is counted on the wire. The browser is given the address of a small relay in front of the
// backend, so that whatever it asks for is seen, also what no page event tells of: the manifest, what
// a service worker fetches, a second download of the same file.
import { createServer, request } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { chromium } from "@playwright/test";

const backend = new URL(process.argv[2]);
const PATIENCE = 60_000;
/** The first load is over when nothing more was asked for in this time. */
const QUIET = 1_500;

/** Data and pictures are the shop's content, not the program: they are not counted. */
const isContent = (path, type) =>
  path.startsWith("/api/") || path.startsWith("/media/") || type.startsWith("image/");

const unpack = { br: brotliDecompressSync, gzip: gunzipSync };

/** Every file that was sent: path → { raw, sent, times }. */
const files = new Map();
let open = 0;
let last = Date.now();

const relay = createServer((question, answer) => {
  const { method, url, headers } = question;
  const counted = !isContent(url, "");
  if (counted) open += 1;
  const onward = request(new URL(url, backend), { method, headers }, (reply) => {
    answer.writeHead(reply.statusCode, reply.headers);
    const parts = [];
    reply.on("data", (part) => parts.push(part));
    reply.on("end", () => counted && reply.statusCode === 200 && note(url, reply, Buffer.concat(parts)));
    reply.pipe(answer);
  });
  onward.on("error", () => answer.destroy());
  answer.on("close", () => {
    onward.destroy();
    if (counted) open -= 1;
    last = Date.now();
  });
  question.pipe(onward);
});

function note(path, reply, body) {
  if (isContent(path, reply.headers["content-type"] ?? "")) return;
  const file = files.get(path);
  if (file) {
    file.times += 1;
    file.sent += body.length;
  } else {
    const raw = unpack[reply.headers["content-encoding"]]?.(body) ?? body;
    files.set(path, { raw: raw.length, sent: body.length, times: 1 });
  }
}

async function quiet() {
  while (open > 0 || Date.now() - last < QUIET) {
    await new Promise((done) => setTimeout(done, 100));
  }
}

await new Promise((done) => relay.listen(0, "127.0.0.1", done));
const browser = await chromium.launch({
  executablePath: process.env.LINLI_CHROMIUM || undefined,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
try {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await page.goto(`http://127.0.0.1:${relay.address().port}/`, { timeout: PATIENCE });
  await page.locator("html[data-ready]").waitFor({ state: "attached", timeout: PATIENCE });
  await Promise.race([quiet(), new Promise((done) => setTimeout(done, PATIENCE))]);
} finally {
  await browser.close();
  relay.close();
  relay.closeAllConnections();
}

const sent = [...files].map(([path, { raw, sent }]) => ({ path, raw, sent }));
const twice = [...files].filter(([, { times }]) => times > 1).map(([path]) => path);
console.log(JSON.stringify({ files: sent.sort((a, b) => b.sent - a.sent), twice }));
process.exit(0);
