// A member: signed in as people do it, and what the backend knows of them.
import { expect } from "@playwright/test";
import { awayFromHalfHour } from "./moments.js";

/** A mobile number that no other test has. */
export const number = () => `13${String(Math.floor(Math.random() * 1e9)).padStart(9, "0")}`;

/** As the shop shows it. */
export const masked = (phone) => `${phone.slice(0, 3)}****${phone.slice(7)}`;

/** The code that the demo shows, when it is there. */
export async function shownCode(page) {
  const said = page.getByRole("status").filter({ hasText: /演示店不发短信|The demo sends no messages/ });
  await expect(said).toHaveText(/\d{6}$/);
  return (await said.textContent()).slice(-6);
}

/** Signs in on the page for it, which is open. */
export async function enter(page, phone) {
  await page.getByLabel("手机号").fill(phone);
  await page.getByRole("button", { name: "发验证码" }).click();
  await page.getByLabel("验证码").fill(await shownCode(page));
  await page.getByRole("main").getByRole("button", { name: "登录", exact: true }).click();
}

/** Opens the page for it, signs in, and waits for the page after it. */
export async function signIn(shop, phone = number(), next = "/me") {
  await shop.open(`/sign-in?next=${encodeURIComponent(next)}`);
  await enter(shop.page, phone);
  await expect(shop.page).toHaveURL(next);
  return phone;
}

const SAFE = { "x-shop-request": "1" };

/** The member's orders, as the backend has them, the newest first. */
export async function ordersOf(page) {
  const answer = await page.request.get("/api/v1/orders");
  expect(answer.status()).toBe(200);
  return (await answer.json()).items;
}

/** Orders without a page. */
export async function order(page, variant = "lemon-soap-2", quantity = 1) {
  const { request } = page;
  await awayFromHalfHour(2);
  const quote = await (await request.post("/api/v1/carts/quote", { headers: SAFE, data: { lines: [{ variant, quantity }] } })).json();
  const { times } = await (await request.get("/api/v1/pickup-times")).json();
  const lines = quote.lines.map((line) => ({ variant, quantity, seen: line.unit_price }));
  const data = { quote: quote.id, lines, pickup_from: times[0].from, contact: { name: "", phone: "" }, note: "", payment: "at_store" };
  const answer = await request.post("/api/v1/orders", { headers: { ...SAFE, "idempotency-key": crypto.randomUUID() }, data });
  expect(answer.status(), await answer.text()).toBe(201);
  return answer.json();
}

/** What this phone keeps, by its keys. */
export const kept = (page) => page.evaluate(() => Object.keys(localStorage).sort());

/** Whether the backend takes this phone for somebody's. */
export const known = async (page) => (await page.request.get("/api/v1/me")).status();
