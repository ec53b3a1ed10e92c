// Places at tastings: taken from aside, as other neighbours take them.
import { expect, request as playwright } from "@playwright/test";
import { SAFE, keyed, told } from "./api.js";
import { number } from "./member.js";
import { awayFromMidnight } from "./moments.js";

/** Another neighbour, without a page: signed in, with what is asked of the backend in its name. */
export async function neighbour(backend, phone = number()) {
  const request = await playwright.newContext({ baseURL: backend.url, extraHTTPHeaders: SAFE });
  const { demo_code } = await told(await request.post("/api/v1/sign-in/codes", { data: { phone } }), 202);
  await told(await request.post("/api/v1/sign-in", { data: { phone, code: demo_code } }));
  const book = async (slot, party = 1, more = {}) => told(await request.post("/api/v1/bookings", { headers: keyed(), data: { slot, party, ...more } }), 201);
  const cancel = async (booking) => told(await request.post(`/api/v1/bookings/${booking.id}/cancel`));
  return { phone, request, book, cancel, leave: () => request.dispose() };
}

/** The slots of a day of a tasting, by how many days it is from today. */
export async function slotsOf(backend, tasting, ahead = 1) {
  await awayFromMidnight();
  const request = await playwright.newContext({ baseURL: backend.url });
  const { days } = await (await request.get(`/api/v1/tastings/${tasting}`)).json();
  await request.dispose();
  return { date: days[ahead].date, slots: days[ahead].slots };
}

/** Takes every place of a slot but so many; returns who took them and their bookings. */
export async function fill(backend, slot, but = 0) {
  const taken = [];
  for (let left = slot.capacity - but; left > 0; left -= 4) {
    const who = await neighbour(backend);
    taken.push({ who, booking: await who.book(slot.id, Math.min(left, 4)) });
  }
  return taken;
}

/** `10:30` of a moment on the wire: what the shop's clock shows. */
export const clock = (moment) => moment.slice(11, 16);

/** The member's bookings, as the backend has them. */
export async function bookingsOf(page) {
  const answer = await page.request.get("/api/v1/me/bookings");
  expect(answer.status()).toBe(200);
  return (await answer.json()).bookings;
}
