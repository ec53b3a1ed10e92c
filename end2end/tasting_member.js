// Tastings from aside: a desk without its page, slots around now, bookings made by the API.
import { expect, request } from "@playwright/test";
import { SAFE, keyed, told } from "./api.js";
import { AHEAD } from "./moments.js";

const MINUTE = 60_000;

/** The owner at a desk of a backend of one's own: the code that registers it is good once. */
export async function ownerOf(backend) {
  const desk = await request.newContext({ baseURL: backend.url, extraHTTPHeaders: { ...SAFE, "accept-language": "zh-CN" } });
  const code = /#register=(\S+)/.exec(backend.desk)[1];
  const device = await desk.post("/api/v1/desk/devices", { data: { code, name: "收银台" } });
  expect(device.ok(), await device.text()).toBe(true);
  const entered = await desk.post("/api/v1/desk/sign-in", { data: { pin: "202611" } });
  expect(entered.ok(), await entered.text()).toBe(true);
  return desk;
}

/**
 * Plans a tasting: it begins so many minutes from now, on whole minutes. Returns its slots, as their
 * ids. `rules` changes the plan: capacity, lead_minutes, cancel_minutes.
 */
export async function plan(desk, tasting, minutes, rules = {}) {
  const now = Math.ceil(Date.now() / MINUTE) * MINUTE;
  const starts = minutes.map((ahead) => now + ahead * MINUTE);
  const times = starts.map((start) => {
    const clock = new Date(start + AHEAD).toISOString();
    return { weekday: new Date(start + AHEAD).getUTCDay() || 7, from: clock.slice(11, 16) };
  });
  const data = { capacity: 8, minutes: 30, lead_minutes: 0, cancel_minutes: 0, times, closed: [], ...rules };
  await told(await desk.put(`/api/v1/desk/tastings/${tasting}/plan`, { data }), 200);
  return starts.map((start) => `${tasting}.${start}`);
}

/** Books for whoever is signed in on this page. */
export async function book(page, slot, more = {}) {
  const data = { slot, party: 1, name: "", note: "", ...more };
  return told(await page.request.post("/api/v1/bookings", { headers: keyed(), data }), 201);
}

/** Stands in the line of a full slot. */
export async function wait(page, slot) {
  return told(await page.request.post(`/api/v1/tastings/slots/${slot}/waiting`, { headers: keyed(), data: { party: 1 } }), 201);
}

/** Calls a booking off. */
export async function callOff(page, booking) {
  return told(await page.request.post(`/api/v1/bookings/${booking.id}/cancel`, { headers: SAFE }), 200);
}

/** A booking as the backend has it. */
export const bookingOf = async (page, booking) => told(await page.request.get(`/api/v1/bookings/${booking.id}`), 200);

/** They have come: looked at by the digits, then confirmed. */
export async function checkIn(desk, booking) {
  const found = await told(await desk.post("/api/v1/desk/codes/preview", { data: { code: booking.code.digits } }), 200);
  expect(found.kind).toBe("tasting");
  return told(await desk.post(`/api/v1/desk/bookings/${booking.id}/check-in`, { data: { nonce: found.nonce } }), 200);
}

/** A purchase at the counter of somebody who is no member yet; with the path of its QR code. */
export async function purchase(desk, amount = 5_800) {
  const data = { amount: { amount, currency: "CNY" } };
  return told(await desk.post("/api/v1/desk/purchases", { headers: keyed(), data }), 201);
}

/** What came of a source. */
export async function cameFrom(desk, source) {
  const all = await told(await desk.get("/api/v1/desk/sources"), 200);
  return all.find((one) => one.source === source) ?? { source, visits: 0, joins: 0, bookings: 0, orders: 0 };
}

/** How many points the member has. */
export const points = async (page) => (await told(await page.request.get("/api/v1/me/points"), 200)).balance;

/** `1234 5678`, as it is seen. */
export const grouped = (digits) => `${digits.slice(0, 4)} ${digits.slice(4)}`;
