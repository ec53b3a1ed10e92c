// The live desk as whoever leads a show sees it.
import { expect } from "@playwright/test";
import { enters } from "./desk.js";
import { PINS } from "./tasting.js";

/** The way from the counter to the live desk. */
export const way = (page) => page.getByRole("navigation", { name: "工作台" }).getByRole("button", { name: "直播", exact: true });

/** Opens the tablet, lets somebody in and goes to the live desk. */
export async function atLiveDesk(page, backend, pin = PINS.owner) {
  await page.goto(backend.desk);
  await enters(page, pin);
  await way(page).click();
  await expect(page.getByRole("heading", { level: 1, name: "直播场次" })).toBeVisible();
}

/** A reading of the shop's clock, so many minutes from now, as the field for it takes it. */
export function shopTime(minutes) {
  return new Date(Date.now() + minutes * 60_000).toLocaleString("sv", { timeZone: "Asia/Shanghai" }).replace(" ", "T").slice(0, 16);
}

export const planForm = (page) => page.locator("form#plan");

/** Looks for goods in the plan and adds one. */
export async function adds(page, query, name) {
  await page.getByLabel("加商品").fill(query);
  await page.getByRole("list", { name: "找到的商品" }).getByRole("button", { name: `加上 ${name}` }).click();
}

/** A show in the list. */
export const listed = (page, title) => page.getByRole("listitem").getByRole("button", { name: title });

/** Presses something that is asked for once more, and says yes. */
export async function really(scope, name, sure) {
  await scope.getByRole("button", { name, exact: true }).click();
  await scope.getByRole("button", { name: sure, exact: true }).click();
}

export const tab = (page, name) => page.getByRole("tab", { name: new RegExp(`^${name}`) });
export const panel = (page, name) => page.getByRole("tabpanel", { name: new RegExp(`^${name}`) });
export const questions = (page) => page.getByRole("region", { name: "提问", exact: true });
export const comments = (page) => page.getByRole("region", { name: "评论", exact: true });
export const good = (page, name) => panel(page, "商品").getByRole("listitem").filter({ hasText: name });

/** Writes a poll and opens it. */
export async function opensPoll(page, question, options) {
  await tab(page, "投票").click();
  const form = page.getByRole("form", { name: "发一次投票" });
  await form.getByLabel("问什么").fill(question);
  for (const [at, option] of options.entries()) {
    if (at >= 2) await form.getByRole("button", { name: "再加一个选项" }).click();
    await form.getByLabel(`选项 ${at + 1}`).fill(option);
  }
  await form.getByRole("button", { name: "开始投票" }).click();
}

/** Asks for wishes. */
export async function opensWishes(page, title) {
  await tab(page, "许愿").click();
  const form = page.getByRole("form", { name: "征集愿望" });
  await form.getByLabel("问什么").fill(title);
  await form.getByRole("button", { name: "开始许愿" }).click();
}

/** Gives coupons away. */
export async function opensDrop(page, { title, off, from = "", count, days = "" }) {
  await tab(page, "发券").click();
  const form = page.getByRole("form", { name: "发一批券" });
  await form.getByLabel("券的名字").fill(title);
  await form.getByLabel("减多少元").fill(off);
  await form.getByLabel(/^满多少元/).fill(from);
  await form.getByLabel("几张").fill(count);
  await form.getByLabel("几天内有效").fill(days);
  await form.getByRole("button", { name: "发出去" }).click();
}
