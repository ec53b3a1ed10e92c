// What is asked of a backend without a page.
import { expect } from "@playwright/test";

export const API = "/api/v1";

/** Says that it is the shop that asks, and no other site. */
export const SAFE = { "x-shop-request": "1" };

/** The headers of what is to be done once: each time another key. */
export const keyed = () => ({ ...SAFE, "idempotency-key": crypto.randomUUID() });

/** What an answer says, which has to be as good as this. */
export async function told(answer, status = 200) {
  expect(answer.status(), `${answer.url()}: ${await answer.text()}`).toBe(status);
  return status === 204 ? undefined : answer.json();
}
