// Tastings without a page: times around now, members who book, what the desk does.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, request } from "@playwright/test";
import { change } from "./database.js";
import { number } from "./member.js";

const SAFE = { "x-shop-request": "1" };
const API = "/api/v1";

/** The PINs of the demo's staff. */
export const PINS = { owner: "202611", host: "301122", clerk: "880088" };

async function fine(answer, status = 200) {
  expect(answer.status(), `${answer.url()}: ${await answer.text()}`).toBe(status);
  return status === 204 || status === 202 ? answer : answer.json();
}

/** A tablet of the shop's without a page, with somebody at it. The caller disposes of it. */
export async function deskApi(backend, pin = PINS.owner) {
  const { stdout } = await promisify(execFile)(process.env.LINLI_BACKEND, ["--data", backend.folder, "register-desk"]);
  const desk = await request.newContext({ baseURL: backend.url, extraHTTPHeaders: SAFE });
  await fine(await desk.post(`${API}/desk/devices`, { data: { code: stdout.split("\n")[0].trim(), name: "tests" } }), 201);
  await fine(await desk.post(`${API}/desk/sign-in`, { data: { pin } }));
  return desk;
}

const clock = (minute) => [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");

/**
 * Plans a tasting around now, whatever time it is in the shop: `running` began ten minutes ago and
 * goes on for an hour, `next` is still to begin, today, and can be booked. Both are slots as
 * `GET /tastings/{id}` has them. `plan` overrules whatever else is planned.
 */
export async function planAround(backend, { tasting = "cold-brew", ...plan } = {}) {
  const desk = await deskApi(backend);
  const { now, days: [today] } = await fine(await desk.get(`${API}/tastings/${tasting}`));
  const [hour, minute] = now.slice(11, 16).split(":").map(Number);
  const at = hour * 60 + minute;
  // Within the day: near midnight the steps are smaller.
  const starts = [Math.max(0, at - 10), Math.min(24 * 60 - 1, at + 20)].map(clock);
  const data = {
    capacity: 4,
    minutes: 60,
    lead_minutes: 0,
    cancel_minutes: 0,
    times: starts.map((from) => ({ weekday: today.weekday, from })),
    closed: [],
    ...plan,
  };
  await fine(await desk.put(`${API}/desk/tastings/${tasting}/plan`, { data }));
  const planned = await fine(await desk.get(`${API}/tastings/${tasting}`));
  await desk.dispose();
  const slot = (from) => planned.days[0].slots.find((slot) => slot.from.slice(11, 16) === from);
  return { tasting, running: slot(starts[0]), next: slot(starts[1]) };
}

/** A phone without a page, with a member signed in. The caller disposes of it. */
export async function memberApi(backend, phone = number()) {
  const member = await request.newContext({ baseURL: backend.url, extraHTTPHeaders: { ...SAFE, "accept-language": "zh-CN" } });
  const sent = await member.post(`${API}/sign-in/codes`, { data: { phone } });
  expect(sent.status(), await sent.text()).toBe(202);
  const { demo_code } = await sent.json();
  await fine(await member.post(`${API}/sign-in`, { data: { phone, code: demo_code } }));
  return member;
}

/** Books a slot for a member of `memberApi`, or of a page's own requests. */
export async function bookByApi(member, slot, { party = 1, name = "", note = "" } = {}) {
  const headers = { ...SAFE, "idempotency-key": crypto.randomUUID() };
  return fine(await member.post(`${API}/bookings`, { headers, data: { slot: slot.id, party, name, note } }), 201);
}

/** A neighbour nobody has seen before books a slot. */
export async function neighbourBooks(backend, slot, what) {
  const member = await memberApi(backend);
  const booking = await bookByApi(member, slot, what);
  await member.dispose();
  return booking;
}

/** Makes a booking one of another slot from aside, for instance of one that has begun. */
export async function puts(backend, booking, slot) {
  const [from, to] = [Date.parse(slot.from), Date.parse(slot.to)];
  expect(await change(backend, "UPDATE bookings SET starts_at = ?, ends_at = ? WHERE id = ?", from, to, booking.id)).toBe(1);
}
