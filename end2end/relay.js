// Between a page and the pieces of a picture: the same pieces, but later, or with another clock, or for longer.
// What is sent is the media server's own; only when, and what the playlist says of it, is changed.

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** What a media playlist has: its pieces with their numbers. */
function read(text) {
  const pieces = [];
  let number = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1] ?? 0);
  let [length, time] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#EXTINF:")) length = parseFloat(line.slice(8));
    else if (line.startsWith("#EXT-X-PROGRAM-DATE-TIME:")) time = Date.parse(line.slice(25).replace(/(\d\d)(\d\d)$/, "$1:$2"));
    else if (line && !line.startsWith("#")) pieces.push({ name: line, number: number++, length, time });
  }
  return pieces;
}

/**
 * Stands before the picture of a show, from when the page opens. `later`: by how many milliseconds everything
 * comes later. `keeps`: how many pieces the playlist has. Both, and `shifts`, may be changed at any time.
 */
export async function relay(page, show, { later = 0, keeps = 15 } = {}) {
  const { url } = (await show.room()).sources.find(({ kind }) => kind === "hls");
  const there = new URL(url, show.origin);
  const pieces = [];
  let goesOn = true;
  const own = {
    later,
    keeps,
    /** What is added to the playlist's clock of all pieces that come from now on, in milliseconds. */
    shifts: 0,
    /** Waits until there is as much as it holds back, and a little more. */
    async fills() {
      while (!pieces[4] || Date.now() - pieces[4].came < own.later) await pause(100);
    },
    /** How long it has collected, in milliseconds. */
    holds: () => (pieces.length ? Date.now() - pieces[0].came : 0),
    async end() {
      goesOn = false;
      await collecting;
      await page.unroute(matches, answer);
    },
  };
  const collect = async () => {
    while (goesOn) {
      const text = await fetch(there).then((answer) => (answer.ok ? answer.text() : "")).catch(() => "");
      for (const piece of read(text)) {
        if (pieces.some(({ name }) => name === piece.name)) continue;
        // A piece that cannot be had now may be had next time.
        const body = await fetch(new URL(piece.name, there)).then((answer) => (answer.ok ? answer.arrayBuffer() : null)).catch(() => null);
        if (body) pieces.push({ ...piece, body: Buffer.from(body), came: Date.now(), shift: own.shifts });
      }
      await pause(200);
    }
  };
  const collecting = collect();
  const folder = there.pathname.replace(/[^/]*$/, "");
  const matches = (asked) => asked.pathname.startsWith(folder);
  const answer = async (route) => {
    const { pathname } = new URL(route.request().url());
    const out = pieces.filter(({ came }) => came <= Date.now() - own.later);
    if (pathname !== there.pathname) {
      const piece = pieces.find(({ name }) => pathname === folder + name);
      // Sound alone goes straight through.
      return piece ? route.fulfill({ contentType: "video/mp2t", body: piece.body }) : route.continue();
    }
    const shown = out.slice(-own.keeps);
    if (!shown.length) return route.fulfill({ status: 404 });
    const body = [
      "#EXTM3U",
      "#EXT-X-VERSION:6",
      `#EXT-X-TARGETDURATION:${Math.max(...shown.map(({ length }) => Math.ceil(length)))}`,
      `#EXT-X-MEDIA-SEQUENCE:${shown[0].number}`,
      "#EXT-X-INDEPENDENT-SEGMENTS",
      ...shown.flatMap(({ length, time, shift, name }) => [`#EXTINF:${length.toFixed(6)},`, `#EXT-X-PROGRAM-DATE-TIME:${new Date(time + shift).toISOString()}`, name]),
      "",
    ].join("\n");
    return route.fulfill({ contentType: "application/vnd.apple.mpegurl", headers: { "cache-control": "no-store" }, body });
  };
  await page.route(matches, answer);
  return own;
}
