// The picture in a room, as whoever watches sees it.
import { expect } from "./fixtures.js";

export class Picture {
  constructor(page) {
    this.page = page;
    this.stage = page.locator("[data-picture]");
    this.step = page.getByRole("button", { name: /^画面：/ });
    this.sound = page.getByRole("button", { name: "打开声音" });
    this.mute = page.getByRole("button", { name: "静音", exact: true });
    this.tap = page.getByRole("button", { name: "点一下播放" });
    this.watch = page.getByRole("button", { name: "看直播画面" });
    this.jump = page.getByRole("button", { name: /^跳到现在/ });
    this.sheet = page.getByRole("dialog", { name: "画面" });
  }

  /** What is said about it. */
  word(text) {
    return this.page.getByRole("status").filter({ hasText: text });
  }

  /** Which step it comes to by itself: `whep`, `hls`, `audio`, `photos`, `text`. */
  async shows(step, timeout = 20_000) {
    await expect(this.stage).toHaveAttribute("data-picture", step, { timeout });
  }

  /** The drawn clock that is seen, in milliseconds since 1970. */
  burnt() {
    return this.page.evaluate(() => window.burnt());
  }

  /** How far what is seen is behind now, in milliseconds. */
  behind() {
    return this.page.evaluate(() => {
      const burnt = window.burnt();
      return burnt === null ? Infinity : Date.now() - burnt;
    });
  }

  /** A picture is seen, and it moves. */
  async moves(timeout = 15_000) {
    let before = null;
    const goesOn = async () => {
      const now = await this.burnt();
      const moved = before !== null && now !== null && now > before;
      before = now;
      return moved;
    };
    await expect.poll(goesOn, { timeout, message: "the drawn clock goes on" }).toBe(true);
  }

  /** Opens the sheet where a way is chosen. */
  async opens() {
    await this.step.click();
    await expect(this.sheet).toBeVisible();
    return this.sheet;
  }

  async chooses(name) {
    await (await this.opens()).getByRole("radio", { name }).check();
    await this.page.keyboard.press("Escape");
    await expect(this.sheet).toHaveCount(0);
  }
}

/**
 * In the page: when words appeared, each time, and how long after what is seen had moved last, by the page's
 * own clock. To be added before the page opens.
 */
function notes(words) {
  let frame;
  let moved = 0;
  const said = new Set();
  window.noted = [];
  setInterval(() => {
    const now = window.seen()?.currentTime;
    if (now !== undefined && now !== frame) [frame, moved] = [now, Date.now()];
    const text = [...document.querySelectorAll("[role=status]")].map((one) => one.textContent).join();
    for (const word of words) {
      if (!text.includes(word)) said.delete(word);
      else if (!said.has(word)) {
        said.add(word);
        window.noted.push({ word, at: Date.now(), after: Date.now() - moved });
      }
    }
  }, 40);
}

export const noteWords = (page, ...words) => page.addInitScript(notes, words);

/** How long after the picture had moved last a word first appeared since a moment, in milliseconds; waits for it. */
export async function saidAfter(page, word, since, timeout) {
  const found = () => page.evaluate(({ word, since }) => window.noted.find((one) => one.word === word && one.at >= since), { word, since });
  await expect.poll(found, { timeout, message: word }).toBeDefined();
  return (await found()).after;
}

/**
 * Does something at the desk, and sees when a part of the room (its name, a text in it) shows it. Returns by
 * how much what was seen then is later than when the host did it (`late`, by the drawn clock; negative: too
 * early), how long one waited (`waited`), both in milliseconds. `does` may say itself when that was.
 */
export async function seenWith(page, { name, text }, does) {
  const seen = page.evaluate(
    ({ name, text }) =>
      new Promise((done, failed) => {
        const patient = performance.now() + 60_000;
        const look = () => {
          const part = document.querySelector(`section[aria-label="${name}"]`);
          const there = part?.checkVisibility() && part.textContent.includes(text);
          const burnt = there ? window.burnt() : null;
          const noPicture = there && !window.seen();
          if (there && (burnt !== null || noPicture)) done({ burnt, at: Date.now() });
          else if (performance.now() > patient) failed(new Error(`“${text}” is not seen in ${name}`));
          else setTimeout(look, 20);
        };
        look();
      }),
    { name, text },
  );
  // Whoever is not waited for must not fail alone.
  seen.catch(() => {});
  const began = Date.now();
  const told = await does();
  const said = typeof told === "number" ? told : (began + Date.now()) / 2;
  const { burnt, at } = await seen;
  return { late: burnt === null ? null : Math.round(burnt - said), waited: Math.round(at - said) };
}
