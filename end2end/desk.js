// The desk on a tablet, and who is let in.
import { expect } from "@playwright/test";
import { PINS } from "./tasting.js";

/** Somebody types a PIN at the tablet, which is open. */
export async function enters(page, pin = PINS.clerk) {
  await expect(page.getByRole("heading", { level: 1, name: "店员登录" })).toBeVisible();
  for (const digit of pin) await page.getByRole("button", { name: digit, exact: true }).click();
  await page.getByRole("button", { name: "进入工作台" }).click();
}

/** Opens the tablet, lets somebody in and comes to the counter. */
export async function atCounter(page, backend, pin = PINS.clerk) {
  await page.goto(backend.desk);
  await enters(page, pin);
  await expect(page.getByRole("heading", { level: 1, name: "柜台" })).toBeVisible();
}

/** A view of the counter. */
export const view = (page, name) => page.getByRole("tab", { name });
export const said = (page, text) => page.getByRole("status").filter({ hasText: text });
