// All shows, the lobby before one, and its end.
import { audit, expect, fine, test } from "../fixtures.js";
import { Room, many } from "../live.js";
import { openShow } from "../live_host.js";
import { MODES } from "../measure.js";
import { signIn } from "../member.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

const coming = (page, title) => page.getByRole("listitem").filter({ hasText: title });

test("what is on, to come and past; a show that starts appears by itself", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  test.slow();
  const made = await openShow(ownBackend, { live: false, title: "厨房教学：包馄饨" });
  await shop.open("/live");
  await shop.settled();
  await expect(coming(page, "包馄饨")).toContainText("大约 60 分钟");
  await expect(page.getByRole("heading", { name: "播过的" })).toBeVisible();
  await expect(coming(page, "带您逛清晨的菜市场")).toBeVisible();
  await audit(page);
  const file = coming(page, "包馄饨").getByRole("link", { name: "放进日历" });
  const download = page.waitForEvent("download");
  await file.click();
  expect((await download).suggestedFilename()).toBe("show.ics");
  await made.start();
  const card = page.getByRole("link", { name: /直播中.*包馄饨.*进直播间/ });
  await expect(card).toBeVisible({ timeout: 40_000 });
  await audit(page);
  await card.click();
  await expect(page).toHaveURL(made.path);
  await expect(new Room(page).talk).toBeVisible();
  await made.leave();
});

test("a guest signs in to be reminded; a member is, keeps the focus, and may think again", async ({ page, shop, ownBackend }) => {
  const made = await openShow(ownBackend, { live: false, title: "厨房教学：包馄饨" });
  await shop.open("/live");
  await expect(coming(page, "包馄饨").getByRole("link", { name: "登录后提醒我" })).toHaveAttribute("href", "/sign-in?next=/live");
  await signIn(shop, undefined, "/live");
  const button = coming(page, "包馄饨").getByRole("button", { name: /提醒/ });
  await expect(button).toHaveAttribute("aria-pressed", "false");
  await button.click();
  await expect(button).toHaveAttribute("aria-pressed", "true");
  await expect(button).toBeFocused();
  await expect(shop.toast).toContainText("记下了");
  await page.reload();
  await shop.ready();
  await expect(button).toHaveAttribute("aria-pressed", "true");
  await button.click();
  await expect(button).toHaveAttribute("aria-pressed", "false");
  await made.leave();
});

test("the lobby: when, what, a countdown; it turns into the room by itself", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  const made = await openShow(ownBackend, { live: false, startsIn: 30 });
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await signIn(shop, undefined, made.path);
  await expect(page.getByRole("heading", { level: 1, name: "厨房教学：今晚吃鱼" })).toBeVisible();
  await expect(page.getByRole("timer")).toHaveText(/^还有 (29|30):\d\d$/);
  await expect(shop.main.getByRole("link", { name: /三文鱼/ }).first()).toBeVisible();
  await audit(page);
  await page.getByRole("button", { name: "提醒我" }).click();
  await expect(page.getByRole("button", { name: "会提醒您" })).toBeVisible();
  // In 长辈版 nothing counts down.
  await page.getByRole("button", { name: "长辈版" }).click();
  await expect(page.getByRole("timer")).toHaveText(/^\d\d:\d\d 开始$/);
  await page.getByRole("button", { name: "标准版" }).click();
  await made.start();
  await expect(new Room(page).talk).toBeVisible();
  await expect(shop.toast).toContainText("开播了");
  await made.leave();
});

test("a show of another day says how long it still is in days", async ({ page, shop, ownBackend }) => {
  const made = await openShow(ownBackend, { live: false, startsIn: 2 * 24 * 60 + 190 });
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await shop.open(made.path);
  await expect(page.getByRole("timer")).toHaveText("还有 2 天 3 小时");
  await made.leave();
});

test("the end: thanks, figures, what there was, the way on", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  const made = await openShow(ownBackend);
  await many(ownBackend, made, 2, (at) => `第 ${at} 句`);
  await shop.open(made.path);
  await expect(new Room(page).talk).toBeVisible();
  await made.end();
  await expect(page.getByText("播完了")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "厨房教学：今晚吃鱼" })).toBeFocused();
  const said = page.getByRole("term").filter({ hasText: "条评论" }).locator("..");
  await expect(said).toContainText("2");
  await expect(shop.main.getByRole("link", { name: /三文鱼/ }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: /下一场/ })).toBeVisible();
  await audit(page);
  await page.getByRole("link", { name: "看所有直播" }).click();
  await expect(page).toHaveURL("/live");
  await made.leave();
});

test("a show that was long ago is seen again from the list, or at its end; one that is none says so", async ({ page, shop, complaints }) => {
  complaints.allow(/404/);
  await shop.open("/live");
  const past = coming(page, "带您逛清晨的菜市场").getByRole("link", { name: /回放/ });
  await expect(past).toHaveAttribute("href", "/live/market-morning/replay");
  await past.click();
  await expect(page.getByRole("button", { name: "播放", exact: true })).toBeVisible();
  await shop.open("/live/market-morning");
  await expect(page.getByText("播完了")).toBeVisible();
  await shop.open("/live/nothing-like-that");
  await expect(page.getByRole("heading", { name: "没有这场直播" })).toBeVisible();
  await audit(page);
  await page.getByRole("link", { name: "看所有直播" }).click();
  await expect(page).toHaveURL("/live");
});

test("a room that cannot be reached says so and comes by itself", async ({ page, shop, context, ownBackend, complaints }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/);
  const made = await openShow(ownBackend);
  await shop.open("/live");
  await shop.settled();
  await context.setOffline(true);
  await page.getByRole("link", { name: /进直播间/ }).click();
  await expect(page.getByRole("alert").getByRole("heading")).toHaveText("没有网络");
  await audit(page);
  await context.setOffline(false);
  await expect(new Room(page).talk).toBeVisible({ timeout: 30_000 });
  await made.leave();
});

for (const [mode, [settings, sizes]] of Object.entries(MODES)) {
  test(`list, lobby, room, end: ${mode}`, { tag: ["zh", "en"].includes(mode) ? "@tablet" : [] }, async ({ page, shop, ownBackend }) => {
    test.slow();
    const made = await openShow(ownBackend, { live: false });
    await signIn(shop);
    await page.evaluate((kept) => localStorage.setItem("settings", JSON.stringify({ language: null, size: 0, elder: false, ...kept })), settings);
    await shop.open("/live");
    await expect(page.getByRole("listitem").first()).toBeVisible();
    await fine(page, shop, sizes, "list");
    await shop.open(made.path);
    await expect(page.getByRole("timer")).not.toBeEmpty();
    await fine(page, shop, sizes, "lobby");
    await made.start();
    await made.pin("salmon-sashimi");
    await many(ownBackend, made, 3, (at) => ["今天的鱼真新鲜", "能直接吃吗？", "好吃"][at]);
    await shop.open(made.path);
    const field = page.getByRole("textbox").last();
    await expect(field).toBeVisible();
    await fine(page, shop, sizes, "room");
    // All of it can be reached, however large the letters are.
    await field.fill("鱼");
    await fine(page, shop, sizes, "composing");
    await made.end();
    await expect(page.getByText(/^(播完了|The show is over)$/)).toBeVisible();
    await fine(page, shop, sizes, "end");
    await made.leave();
  });
}
