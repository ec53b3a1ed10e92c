// Moments at which the shop itself turns from one thing to the next: a test that is under way then sees both.
import { test } from "@playwright/test";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** The demo shop's clock is always so far ahead of UTC. */
export const AHEAD = 8 * 60 * MINUTE;

/** How long it is until the shop's clock has gone through so much of a day again, in milliseconds. */
const left = (part = DAY) => part - ((Date.now() + AHEAD) % part);

/** Waits; the test has so much longer. */
async function waits(ms) {
  const info = test.info();
  info.setTimeout(info.timeout + ms);
  await new Promise((done) => setTimeout(done, ms));
}

/**
 * Waits until the next day where this one has not so many minutes left: what a test plans for today, or sees
 * as tomorrow, is still that when it is looked at.
 */
export async function awayFromMidnight(minutes = 3) {
  if (left() <= minutes * MINUTE) await waits(left() + 1_000);
}

/**
 * Waits until the next half hour where this one has not so many seconds left: with each a time for the pickup
 * is over, which a page that is open has offered and chosen.
 */
export async function awayFromHalfHour(seconds) {
  if (left(MINUTE * 30) <= seconds * 1_000) await waits(left(MINUTE * 30) + 1_000);
}

/** So many minutes from now; near midnight less, so that it is today in any case. */
export const laterToday = (minutes) => Date.now() + Math.min(minutes * MINUTE, left() - 1_000);

/** How many whole minutes it is until noon of a day, so many days from the shop's today. */
export function untilNoon(days) {
  const today = Math.floor((Date.now() + AHEAD) / DAY) * DAY - AHEAD;
  return Math.floor((today + days * DAY + DAY / 2 - Date.now()) / MINUTE);
}
