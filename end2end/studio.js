// A shop with a real picture: backend, media server, and somebody who sends to it.
import { startBackend } from "./backend.js";
import { expect, test as base } from "./fixtures.js";
import { openShow } from "./live_host.js";
import { freePort, letRead, pictureAt, publish, startMedia } from "./media.js";

export { expect };

/** What a page and the browser may complain of where pieces of a picture are away. */
export const PICTURE_AWAY = [/\/media\/hls\//];

export const test = base.extend({
  /** What else the backend is told of a media server. */
  mediaOptions: [[], { option: true, scope: "worker" }],
  /** A backend with a media server, one for the tests of a file, which run one after the other. */
  studio: [
    async ({ browser, mediaOptions }, use) => {
      await playsH264(browser);
      const port = await freePort();
      const backend = await startBackend([...pictureAt(port), ...mediaOptions]);
      try {
        const media = await startMedia(backend, port);
        await use({ backend, media });
        await media.stop();
      } finally {
        await backend.throwAway();
      }
    },
    { scope: "worker", timeout: 60_000 },
  ],
  baseURL: async ({ studio }, use) => use(studio.backend.url),
  context: async ({ context }, use) => {
    await letRead(context);
    await use(context);
  },
  /** Goes on air: `await onAir({ gop, sending, …openShow })` gives a show, with its picture in `show.sender`. */
  onAir: async ({ studio }, use) => {
    const shows = [];
    await use(async ({ gop, sound, sending = true, ...plan } = {}) => {
      const show = await openShow(studio.backend, plan);
      shows.push(show);
      show.origin = studio.backend.url;
      const { rtmp } = await show.newKey();
      show.address = `${rtmp.server.replace(/\/$/, "")}/${rtmp.key}`;
      /** Begins to send, and waits until viewers would find it. */
      show.send = async () => {
        show.sender = publish(show.address, { gop, sound });
        await comesOut(show);
      };
      if (sending) await show.send();
      return show;
    });
    for (const show of shows) {
      await show.sender?.stop();
      await show.leave();
    }
  },
});

/** Waits until what is sent comes out again where viewers fetch it. */
export async function comesOut(show) {
  const status = async () => (await show.air()).playlist.status;
  await expect.poll(status, { message: `the sender says: ${show.sender.words()}`, timeout: 20_000 }).toBe("fresh");
}

/** Not every build of Chromium plays H.264, and one that does not shows nothing of what is tried here. */
async function playsH264(browser) {
  const page = await browser.newPage();
  const plays = await page.evaluate(() => MediaSource.isTypeSupported('video/mp4; codecs="avc1.42c01f,mp4a.40.2"'));
  await page.close();
  if (!plays) throw new Error("This browser plays no H.264: set LINLI_CHROMIUM to the path of one that does, as Debian's");
}

/** The middle one of some numbers. */
export function median(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}
