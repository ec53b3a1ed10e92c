// Places at tastings: taken from aside, as other neighbours take them.
import { expect, request as playwright } from "@playwright/test";
import { number } from "./member.js";

const SAFE = { "x-shop-request": "1" };

/** Another neighbour, without a page: signed in, with what is asked of the backend in its name. */
export async function neighbour(backend, phone = number()) {
  const request = await playwright.newContext({ baseURL: backend.url, extraHTTPHeaders: SAFE });
  const told = await (await request.post("/api/v1/sign-in/codes", { data: { phone } })).json();
  const entered = await request.post("/api/v1/sign-in", { data: { phone, code: told.demo_code } });
  expect(entered.status(), await entered.text()).toBe(200);
  const book = async (slot, party = 1) => {
    const answer = await request.post("/api/v1/bookings", { headers: { "idempotency-key": crypto.randomUUID() }, data: { slot, party } });
    expect(answer.status(), await answer.text()).toBe(201);
    return answer.json();
  };
  const cancel = async (booking) => {
    const answer = await request.post(`/api/v1/bookings/${booking.id}/cancel`);
    expect(answer.status(), await answer.text()).toBe(200);
  };
  return { phone, request, book, cancel, leave: () => request.dispose() };
}

/** The slots of a day of a tasting, by how many days it is from today. */
export async function slotsOf(backend, tasting, ahead = 1) {
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
