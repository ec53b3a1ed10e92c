// The other end of WHEP and WHIP: a page with a peer connection, behind an address that the tests answer.
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

/**
 * Answers a page's offers to addresses like `pattern` from a page of another context. `does` is what the other
 * end does: `send` a picture (WHEP) or `take` one (WHIP). `told` has what was asked: the offers, each request's
 * headers and method, and which connections were ended.
 */
export async function otherEnd(browser, page, pattern, does) {
  const context = await browser.newContext();
  const there = await context.newPage();
  await there.evaluate(end, { STEP, BITS });
  const told = { offers: [], headers: [], ended: [] };
  let refuses = false;
  let link = "";
  let lives = true;
  const handler = async (route) => {
    const request = route.request();
    const { pathname } = new URL(request.url());
    if (!lives) return route.abort("connectionrefused");
    told.headers.push({ method: request.method(), ...(await request.allHeaders()) });
    if (request.method() === "POST") {
      if (refuses) return route.fulfill({ status: refuses });
      const id = String(told.offers.push(request.postData()));
      const body = await there.evaluate(([does, id, offer]) => window.end[does](id, offer), [does, id, request.postData()]);
      const headers = { location: `${pathname}/session/${id}`, etag: '"1"', ...(link && { link }) };
      return route.fulfill({ status: 201, contentType: "application/sdp", headers, body });
    }
    if (request.method() === "DELETE") {
      const id = pathname.split("/").at(-1);
      told.ended.push(id);
      if (lives) await there.evaluate((id) => window.end.close(id), id);
      return route.fulfill({ status: 200 });
    }
    // Candidates of the page's that come late are not needed: its first packet tells where it is.
    return route.fulfill({ status: request.method() === "PATCH" ? 204 : 405 });
  };
  await page.route(pattern, handler);
  return {
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
}
