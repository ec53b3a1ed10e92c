// Tastings without a page: times around now, members who book, what the desk does.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, request } from "@playwright/test";
import { API, SAFE, told } from "./api.js";
import { change } from "./database.js";
import { awayFromMidnight } from "./moments.js";
import { neighbour } from "./slots.js";

/** The PINs of the demo's staff. */
export const PINS = { owner: "202611", host: "301122", clerk: "880088" };

/** A code that makes one tablet a desk of the shop, once. */
export async function deskCode(backend) {
  const { stdout } = await promisify(execFile)(process.env.LINLI_BACKEND, ["--data", backend.folder, "register-desk"]);
  return stdout.split("\n")[0].trim();
}

/** A tablet of the shop's without a page, with somebody at it. The caller disposes of it. */
export async function deskApi(backend, pin = PINS.owner) {
  const desk = await request.newContext({ baseURL: backend.url, extraHTTPHeaders: SAFE });
  await told(await desk.post(`${API}/desk/devices`, { data: { code: await deskCode(backend), name: "tests" } }), 201);
  await told(await desk.post(`${API}/desk/sign-in`, { data: { pin } }));
  return desk;
}

/** A minute of the day, as a plan has it. */
const ofDay = (minute) => [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");

/**
 * Plans a tasting around now, whatever time it is in the shop: `running` began ten minutes ago and
 * goes on for an hour, `next` is still to begin, today, and can be booked. Both are slots as
 * `GET /tastings/{id}` has them. `plan` overrules whatever else is planned.
 */
export async function planAround(backend, { tasting = "cold-brew", ...plan } = {}) {
  // So that `next` has not begun before the test is over.
  await awayFromMidnight(5);
  const desk = await deskApi(backend);
  const { now, days: [today] } = await told(await desk.get(`${API}/tastings/${tasting}`));
  const [hour, minute] = now.slice(11, 16).split(":").map(Number);
  const at = hour * 60 + minute;
  // Within the day: near midnight the steps are smaller.
  const starts = [Math.max(0, at - 10), Math.min(24 * 60 - 1, at + 20)].map(ofDay);
  const data = {
    capacity: 4,
    minutes: 60,
    lead_minutes: 0,
    cancel_minutes: 0,
    times: starts.map((from) => ({ weekday: today.weekday, from })),
    closed: [],
    ...plan,
  };
  await told(await desk.put(`${API}/desk/tastings/${tasting}/plan`, { data }));
  const planned = await told(await desk.get(`${API}/tastings/${tasting}`));
  await desk.dispose();
  const slot = (from) => planned.days[0].slots.find((slot) => slot.from.slice(11, 16) === from);
  return { tasting, running: slot(starts[0]), next: slot(starts[1]) };
}

/** A neighbour nobody has seen before books a slot. */
export async function neighbourBooks(backend, slot, { party = 1, name = "", note = "" } = {}) {
  const who = await neighbour(backend);
  const booking = await who.book(slot.id, party, { name, note });
  await who.leave();
  return booking;
}

/** Makes a booking one of another slot from aside, for instance of one that has begun. */
export async function puts(backend, booking, slot) {
  const [from, to] = [Date.parse(slot.from), Date.parse(slot.to)];
  expect(await change(backend, "UPDATE bookings SET starts_at = ?, ends_at = ? WHERE id = ?", from, to, booking.id)).toBe(1);
}
