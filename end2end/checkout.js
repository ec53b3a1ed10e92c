// At the checkout: one tap, and what becomes of it.
import { expect } from "@playwright/test";
import { number, ordersOf, signIn } from "./member.js";
import { awayFromHalfHour } from "./moments.js";
import { hold } from "./network.js";

export const submit = (page) => page.getByRole("button", { name: "提交订单" });
export const ORDER = /\/orders\/[0-9a-f]+$/;

/** A member at the checkout, with one piece in the cart. */
export async function atCheckout(page, shop, phone = number()) {
  await signIn(shop, phone);
  await shop.put("salmon-sashimi");
  await awayFromHalfHour(20);
  await shop.open("/checkout");
  await expect(submit(page)).toBeEnabled();
  return phone;
}

/** The keys under which this page has tried to order. */
export function tries(page) {
  const keys = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && /\/api\/v1\/orders$/.test(request.url())) keys.push(request.headers()["idempotency-key"]);
  });
  return keys;
}

/** Lets orders come to the backend and loses the answers, until it is mended. */
export async function loseAnswers(target) {
  const lose = async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    await route.fetch();
    return route.abort();
  };
  await target.route("**/api/v1/orders", lose);
  return { mend: () => target.unroute("**/api/v1/orders", lose) };
}

/**
 * Holds the question for a key back: as long as it is, the page goes on checking, and neither hears of the
 * outcome nor takes it in. A page that is closed meanwhile has heard nothing.
 */
export const holdQuestion = (page) => hold(page, "**/api/v1/intents/*");

/** The one order of whoever is signed in here. */
export async function theOne(page) {
  const orders = await ordersOf(page);
  expect(orders).toHaveLength(1);
  return orders[0];
}
