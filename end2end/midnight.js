// The shop's midnight: what is of today or of tomorrow before it is of another day after it.
import { test } from "@playwright/test";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** The demo shop's clock is always so far ahead of UTC. */
export const AHEAD = 8 * 60 * MINUTE;

/** How long it is until the shop's midnight, in milliseconds. */
const left = () => DAY - ((Date.now() + AHEAD) % DAY);

/** So many minutes from now; near midnight less, so that it is today in any case. */
export const laterToday = (minutes) => Date.now() + Math.min(minutes * MINUTE, left() - 1_000);

/**
 * Waits until the next day where this one has not so many minutes left: what a test plans for today, or sees
 * as tomorrow, is still that when it is looked at. The test has so much longer.
 */
export async function awayFromMidnight(minutes = 3) {
  if (left() > minutes * MINUTE) return;
  const wait = left() + 1_000;
  const info = test.info();
  info.setTimeout(info.timeout + wait);
  await new Promise((done) => setTimeout(done, wait));
}
