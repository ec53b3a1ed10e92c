// The other end of WHEP and WHIP: a page with a peer connection, behind an address that the tests answer.
import { once } from "node:events";
import { createServer, request } from "node:http";
import { BITS, STEP } from "./media.js";

/** In the page at the other end: it sends a picture with a drawn clock, or shows what it is sent. */
function end({ STEP, BITS }) {
  const connections = new Map();
  const gathered = (connection) =>
    new Promise((done) => {
      const look = () => connection.iceGatheringState === "complete" && done();
      connection.addEventListener("icegatheringstatechange", look);
      look();
    });
  const answer = async (id, connection, offer) => {
    connections.set(id, connection);
    await connection.setRemoteDescription({ type: "offer", sdp: offer });
    return async () => {
      await connection.setLocalDescription(await connection.createAnswer());
      await gathered(connection);
      return connection.localDescription.sdp;
    };
  };
  const picture = () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [360, 640];
    const pen = canvas.getContext("2d");
    const box = (at, light) => {
      pen.fillStyle = light ? "white" : "black";
      pen.fillRect((at % 10) * 36, Math.floor(at / 10) * 36, 36, 36);
    };
    setInterval(() => {
      pen.fillStyle = "#6b8f5e";
      pen.fillRect(0, 0, 360, 640);
      box(0, true);
      box(1, false);
      const number = Math.floor(Date.now() / STEP) % 2 ** BITS;
      const gray = number ^ (number >> 1);
      for (let bit = 0; bit < BITS; bit += 1) box(2 + bit, (gray >> (BITS - 1 - bit)) & 1);
    }, 40);
    return canvas.captureStream(25);
  };
  let sent;
  window.end = {
    /** Answers an offer with a picture. */
    async send(id, offer) {
      const connection = new RTCPeerConnection();
      const then = await answer(id, connection, offer);
      sent ??= picture();
      for (const track of sent.getTracks()) connection.addTrack(track, sent);
      return then();
    },
    /** Answers an offer, and shows what comes. */
    async take(id, offer) {
      const connection = new RTCPeerConnection();
      const stream = new MediaStream();
      connection.addEventListener("track", ({ track }) => stream.addTrack(track));
      const then = await answer(id, connection, offer);
      const video = document.body.appendChild(document.createElement("video"));
      Object.assign(video, { muted: true, autoplay: true, srcObject: stream });
      return then();
    },
    close(id) {
      connections.get(id)?.close();
      connections.delete(id);
    },
    /** How much of a picture has come, and of a sound. */
    async came(id) {
      const stats = [...((await connections.get(id)?.getStats()) ?? new Map()).values()].filter(({ type }) => type === "inbound-rtp");
      const of = (kind, what) => stats.find((one) => one.kind === kind)?.[what] ?? 0;
      return { pictures: of("video", "framesDecoded"), sound: of("audio", "packetsReceived") };
    },
  };
}

/** The other end, however it is asked. `answer` tells what to answer; nothing once it is gone. */
async function begins(browser, does) {
  const context = await browser.newContext();
  const there = await context.newPage();
  await there.evaluate(end, { STEP, BITS });
  const told = { offers: [], headers: [], ended: [] };
  let refuses = false;
  let link = "";
  let lives = true;
  const answer = async ({ method, pathname, headers, body }) => {
    if (!lives) return null;
    told.headers.push({ method, ...headers });
    if (method === "POST") {
      if (refuses) return { status: refuses };
      const id = String(told.offers.push(body));
      const sdp = await there.evaluate(([does, id, offer]) => window.end[does](id, offer), [does, id, body]);
      const names = { "content-type": "application/sdp", location: `${pathname}/session/${id}`, etag: '"1"', ...(link && { link }) };
      return { status: 201, headers: names, body: sdp };
    }
    if (method === "DELETE") {
      const id = pathname.split("/").at(-1);
      told.ended.push(id);
      if (lives) await there.evaluate((id) => window.end.close(id), id);
      return { status: 200 };
    }
    // Candidates of the page's that come late are not needed: its first packet tells where it is.
    return { status: method === "PATCH" ? 204 : 405 };
  };
  const own = {
    page: there,
    told,
    /** Answers offers with this status. */
    refuse: (status) => (refuses = status),
    /** Says this in the `Link` header of its answers. */
    names: (text) => (link = text),
    /** What has come of the picture that a page sends. */
    came: () => there.evaluate((id) => window.end.came(id), String(told.offers.length)),
    /** The other end is gone, and so is its address. */
    async close() {
      lives = false;
      await context.close();
    },
    /** It ends the connection; its address answers as before. */
    async hangUp() {
      await there.evaluate((id) => window.end.close(id), String(told.offers.length));
    },
  };
  return { own, answer };
}

/**
 * Answers a page's offers to addresses like `pattern` from a page of another context. `does` is what the other
 * end does: `send` a picture (WHEP) or `take` one (WHIP). `told` has what was asked: the offers, each request's
 * headers and method, and which connections were ended.
 */
export async function otherEnd(browser, page, pattern, does) {
  const { own, answer } = await begins(browser, does);
  await page.route(pattern, async (route) => {
    const asked = route.request();
    const { pathname } = new URL(asked.url());
    const told = await answer({ method: asked.method(), pathname, headers: await asked.allHeaders(), body: asked.postData() });
    return told ? route.fulfill(told) : route.abort("connectionrefused");
  });
  return own;
}

/**
 * The same before a backend, over a real network: `url` is where a page is opened instead. Only so is heard what
 * a page sends while it is being closed.
 */
export async function otherEndBefore(browser, backend, pattern, does) {
  const { own, answer } = await begins(browser, does);
  const server = createServer(async (asked, answered) => {
    if (!pattern.test(asked.url)) {
      const there = request(new URL(asked.url, backend.url), { method: asked.method, headers: asked.headers }, (came) => {
        answered.writeHead(came.statusCode, came.headers);
        came.pipe(answered);
      });
      there.on("error", () => answered.destroy());
      answered.on("close", () => there.destroy());
      asked.pipe(there);
      return;
    }
    let body = "";
    for await (const part of asked) body += part;
    const told = await answer({ method: asked.method, pathname: asked.url, headers: asked.headers, body });
    if (!told) return answered.destroy();
    answered.writeHead(told.status, told.headers);
    answered.end(told.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    ...own,
    url: `http://127.0.0.1:${server.address().port}`,
    async close() {
      await own.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
