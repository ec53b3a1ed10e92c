// What is bought, voted, wished for and given away in a room, by several phones at once.
import { audit, expect, test } from "../fixtures.js";
import { claims, openShow, roomOf, votes, wants, wishes } from "../live_host.js";
import { MODES, sticksOut, tooSmall } from "../measure.js";
import { order, signIn } from "../member.js";
import { hold } from "../network.js";
import { stepTaken } from "../shop.js";
import { neighbour } from "../slots.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

const card = (page) => page.getByRole("region", { name: "正在讲" });
const pollOf = (page) => page.getByRole("region", { name: "投票" });
const dropOf = (page) => page.getByRole("region", { name: "发券" });
const bag = (page) => page.getByRole("button", { name: /这一场的商品/ });
const wishButton = (page) => page.getByRole("button", { name: /下周想吃什么/ });
const sheet = (page) => page.getByRole("dialog");
const wish = (page, label) => sheet(page).getByRole("listitem").filter({ hasText: label });
const labels = (page) => sheet(page).getByRole("listitem").locator("strong").allTextContents();
const enters = (shop, show) => shop.open(show.path);

/** Whoever changes something while a request is on its way, or loses its answer, is heard complaining. */
const LOST = [/ERR_FAILED/, /failed:/];

/** Lets the next such request arrive and loses its answer; tells the keys of all of them. */
async function loseAnswer(page, pattern) {
  const keys = [];
  let lost = false;
  await page.route(pattern, async (route) => {
    if (route.request().method() === "GET") return route.fallback();
    keys.push(route.request().headers()["idempotency-key"]);
    if (lost) return route.fallback();
    lost = true;
    await route.fetch();
    await route.abort("failed");
  });
  return keys;
}

test("what the host shows is seen by all, bought in the room, and sold out for all", { tag: "@tablet" }, async ({ page, shop, otherShop, ownBackend }) => {
  const show = await openShow(ownBackend);
  const there = otherShop.page;
  await enters(shop, show);
  await enters(otherShop, show);
  await expect(card(page)).toHaveCount(0);
  await show.pin("sweet-peas", { note: "今早摘的" });
  for (const phone of [page, there]) {
    await expect(card(phone)).toContainText("甜豌豆");
    await expect(card(phone)).toContainText("正在讲 · 还剩 7 份");
    await expect(card(phone)).toContainText("今早摘的");
    await expect(phone.getByRole("status").filter({ hasText: "正在讲甜豌豆" })).toBeAttached();
  }
  const button = card(page).getByRole("button", { name: "把甜豌豆加入购物车" });
  const before = await button.boundingBox();
  await button.click();
  await expect(shop.toast).toContainText("甜豌豆 已加入，购物车共 1 件");
  await button.click();
  await expect(shop.toast).toContainText("购物车共 2 件");
  expect(page.url()).toContain("/live/");
  const who = await neighbour(ownBackend);
  await order(who, "sweet-peas-250g", 3);
  for (const phone of [page, there]) await expect(card(phone)).toContainText("还剩 4 份");
  await order(who, "sweet-peas-250g", 4);
  for (const phone of [page, there]) {
    await expect(card(phone).getByRole("button", { name: "甜豌豆 卖完了" })).toBeDisabled();
    await expect(card(phone)).toContainText("卖完了");
  }
  // The button stays where it was and as large.
  await expect.poll(() => card(page).getByRole("button").boundingBox()).toEqual(before);
  await show.unpin();
  await expect(card(page)).toHaveCount(0);
  await who.leave();
  await show.leave();
});

test("several kinds are asked for in the room, about what was tapped", async ({ page, shop, ownBackend }) => {
  const show = await openShow(ownBackend);
  await show.pin("salmon-sashimi");
  await enters(shop, show);
  await card(page).getByRole("button", { name: "把三文鱼刺身加入购物车" }).click();
  const small = sheet(page).getByRole("radio", { name: /^200g/ });
  const large = sheet(page).getByRole("radio", { name: /^400g/ });
  await expect(small).toBeChecked();
  await large.check();
  // The host goes on while one chooses.
  await show.pin("sweet-peas");
  await expect(card(page)).toContainText("甜豌豆");
  await expect(sheet(page)).toContainText("三文鱼刺身");
  await expect(large).toBeChecked();
  // What others buy moves here too, and what was chosen stays.
  const who = await neighbour(ownBackend);
  await order(who, "salmon-sashimi-400g", 2);
  await expect(sheet(page).locator("label").filter({ hasText: "400g" })).toContainText("还剩 2 份");
  await expect(large).toBeChecked();
  const more = sheet(page).getByRole("button", { name: "多一件" });
  await more.click();
  await expect(more).toBeDisabled();
  await sheet(page).getByRole("button", { name: "加入购物车", exact: true }).click();
  await expect(sheet(page)).toHaveCount(0);
  await expect(shop.toast).toContainText("购物车共 2 件");
  // Back closes a sheet and stays in the room.
  await stepTaken(page);
  await bag(page).click();
  await expect(sheet(page)).toBeVisible();
  await page.goBack();
  await expect(sheet(page)).toHaveCount(0);
  expect(page.url()).toContain(`/live/${show.id}`);
  // A kind that is pinned is the one that is asked about.
  await show.pin("salmon-sashimi", { variant: "salmon-sashimi-400g" });
  await card(page).getByRole("button", { name: /三文鱼刺身/ }).click();
  await expect(large).toBeChecked();
  await page.keyboard.press("Escape");
  await expect(sheet(page)).toHaveCount(0);
  await who.leave();
  await show.leave();
});

test("the bag has all goods in their order, and leads to the cart and back", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  const show = await openShow(ownBackend);
  await enters(shop, show);
  await expect(bag(page)).toHaveAccessibleName("这一场的商品，3 样");
  await bag(page).click();
  const rows = sheet(page).getByRole("listitem");
  await expect(rows.getByRole("heading")).toHaveText(["甜豌豆", "三文鱼刺身", "安岳黄柠檬"]);
  await expect(rows.filter({ hasText: "正在讲" })).toHaveCount(0);
  await show.pin("anyue-lemon");
  await expect(rows.filter({ hasText: "正在讲" })).toContainText("安岳黄柠檬");
  await rows.nth(0).getByRole("button", { name: "把甜豌豆加入购物车" }).click();
  await expect(shop.toast).toContainText("购物车共 1 件");
  // Several kinds open below the row.
  const ask = rows.nth(2).getByRole("button", { name: "把安岳黄柠檬加入购物车" });
  await expect(ask).toHaveAttribute("aria-expanded", "false");
  await ask.click();
  await expect(ask).toHaveAttribute("aria-expanded", "true");
  await rows.nth(2).getByRole("radio", { name: /^8 个/ }).check();
  await rows.nth(2).getByRole("button", { name: "加入购物车", exact: true }).click();
  await expect(ask).toHaveAttribute("aria-expanded", "false");
  await expect(ask).toBeFocused();
  await sheet(page).getByRole("link", { name: "去购物车（2 件）" }).click();
  await expect(page).toHaveURL("/cart");
  await expect(shop.main.getByText("8 个")).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(`/live/${show.id}`);
  await expect(card(page)).toContainText("安岳黄柠檬");
  await show.leave();
});

test("the show ends while the bag is open: what is said is still seen", async ({ page, shop, ownBackend }) => {
  const show = await openShow(ownBackend);
  await enters(shop, show);
  await bag(page).click();
  await expect(sheet(page).getByRole("listitem").first()).toBeVisible();
  await show.end();
  await expect(sheet(page)).toHaveCount(0);
  await expect(page.getByText("播完了")).toBeVisible();
  await bag(page).click();
  await sheet(page).getByRole("button", { name: "把甜豌豆加入购物车" }).click();
  await expect(shop.toast).toContainText("购物车共 1 件");
  await page.keyboard.press("Escape");
  await expect(sheet(page)).toHaveCount(0);
  expect(page.url()).toContain(`/live/${show.id}`);
  await show.leave();
});

test("what can be tasted opens from the room, and back leads into it", async ({ page, shop, ownBackend }) => {
  const show = await openShow(ownBackend);
  await enters(shop, show);
  await page.getByRole("link", { name: /到店尝尝/ }).click();
  await expect(page).toHaveURL("/tastings/salmon");
  await page.goBack();
  await expect(page).toHaveURL(`/live/${show.id}`);
  await expect(bag(page)).toBeVisible();
  await show.leave();
});

test("a vote is seen by the others, is changed, and counts until the poll is closed", { tag: "@tablet" }, async ({ page, shop, otherShop, ownBackend }) => {
  const show = await openShow(ownBackend);
  const there = otherShop.page;
  await signIn(shop);
  await enters(shop, show);
  await enters(otherShop, show);
  const poll = await show.openPoll();
  await expect(page.getByRole("status").filter({ hasText: "开始投票" })).toBeAttached();
  const option = (phone, name) => pollOf(phone).getByRole("button", { name });
  await option(page, /番茄牛腩/).click();
  await expect(option(page, /番茄牛腩/)).toHaveAttribute("aria-pressed", "true");
  await expect(option(there, /番茄牛腩/)).toHaveAccessibleName(/100%/);
  await expect(pollOf(there)).toContainText("共 1 票");
  await expect(option(there, /番茄牛腩/)).toHaveAttribute("aria-pressed", "false");
  const who = await neighbour(ownBackend);
  await votes(who, show, poll, 1);
  for (const phone of [page, there]) {
    await expect(option(phone, /咖喱鸡胸/)).toHaveAccessibleName(/50%/);
    await expect(pollOf(phone)).toContainText("共 2 票");
  }
  await option(page, /咖喱鸡胸/).click();
  await expect(option(page, /番茄牛腩/)).toHaveAttribute("aria-pressed", "false");
  await expect(option(there, /咖喱鸡胸/)).toHaveAccessibleName(/100%/);
  // Made small it stays small, with its votes.
  await pollOf(page).getByRole("button", { name: poll.question }).click();
  await expect(option(page, /番茄牛腩/)).toBeHidden();
  await votes(who, show, poll, 0);
  await pollOf(page).getByRole("button", { name: poll.question }).click();
  await expect(option(page, /番茄牛腩/)).toHaveAccessibleName(/50%/);
  await page.reload();
  await shop.ready();
  await expect(option(page, /咖喱鸡胸/)).toHaveAttribute("aria-pressed", "true");
  await show.closePoll(poll);
  for (const phone of [page, there]) {
    await expect(pollOf(phone)).toContainText("已结束");
    await expect(option(phone, /番茄牛腩/)).toBeDisabled();
  }
  await expect(option(page, /咖喱鸡胸/)).toHaveAttribute("aria-pressed", "true");
  // Another one takes its place.
  await show.openPoll("几点开播好？", ["七点", "八点"]);
  await expect(option(page, /八点/)).toBeEnabled();
  await expect(option(page, /番茄牛腩/)).toHaveCount(0);
  await who.leave();
  await show.leave();
});

test("a vote is marked at once, the last tap counts, and one that came too late is put back", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/409/, /\/vote/);
  const show = await openShow(ownBackend);
  await signIn(shop);
  const poll = await show.openPoll();
  await enters(shop, show);
  const option = (name) => pollOf(page).getByRole("button", { name });
  const first = await hold(page, "**/vote");
  await option(/番茄牛腩/).click();
  await expect(option(/番茄牛腩/)).toHaveAttribute("aria-pressed", "true");
  await option(/咖喱鸡胸/).click();
  await expect(option(/咖喱鸡胸/)).toHaveAttribute("aria-pressed", "true");
  await expect(option(/番茄牛腩/)).toHaveAttribute("aria-pressed", "false");
  first.letGo();
  await expect(option(/咖喱鸡胸/)).toHaveAccessibleName(/100%/);
  await page.unroute("**/vote");
  const late = await hold(page, "**/vote");
  await option(/番茄牛腩/).click();
  await show.closePoll(poll);
  await expect(pollOf(page)).toContainText("已结束");
  late.letGo();
  await expect(pollOf(page).getByText("投票刚刚结束了，这一票没有算上")).toBeVisible();
  await expect(option(/咖喱鸡胸/)).toHaveAttribute("aria-pressed", "true");
  await show.leave();
});

test("wishes that mean the same are one, are wanted by others, and are taken back", { tag: "@tablet" }, async ({ page, shop, otherShop, ownBackend }) => {
  const show = await openShow(ownBackend);
  const there = otherShop.page;
  await signIn(shop);
  await signIn(otherShop);
  await enters(shop, show);
  await enters(otherShop, show);
  await wishButton(page).click();
  await expect(sheet(page)).toContainText("还没有开始许愿");
  const round = await show.openWishes();
  await expect(wishButton(there)).toHaveAccessibleName("下周想吃什么，正在收愿望");
  await expect(sheet(page)).toContainText("还没有人许愿");
  await sheet(page).getByLabel("我想吃").fill("鳄梨");
  await page.keyboard.press("Enter");
  await expect(sheet(page).getByText("算在「牛油果」里了")).toBeVisible();
  await expect(sheet(page).getByLabel("我想吃")).toHaveValue("");
  await expect(sheet(page).getByLabel("我想吃")).toBeFocused();
  await expect(wish(page, "牛油果")).toContainText("1 人想要");
  await expect(wish(page, "牛油果").getByRole("button")).toHaveText("已想要");
  await expect(sheet(page)).toContainText("还能许 2 个");
  const who = await neighbour(ownBackend);
  await wishes(who, show, "榴莲");
  await wishButton(there).click();
  await wish(there, "榴莲").getByRole("button", { name: /想要/ }).click();
  await expect(wish(page, "榴莲")).toContainText("2 人想要");
  // Nothing moves by itself.
  expect(await labels(page)).toEqual(["牛油果", "榴莲"]);
  await sheet(page).getByRole("button", { name: "按票数排" }).click();
  await expect.poll(() => labels(page)).toEqual(["榴莲", "牛油果"]);
  await wish(there, "榴莲").getByRole("button", { name: "已想要 榴莲" }).click();
  await expect(wish(page, "榴莲")).toContainText("1 人想要");
  await wish(page, "牛油果").getByRole("button").click();
  await expect(wish(there, "牛油果")).toContainText("0 人想要");
  await expect(sheet(page)).toContainText("还能许 3 个");
  await show.closeWishes(round);
  await expect(sheet(page)).toContainText("已结束");
  await expect(sheet(page).getByLabel("我想吃")).toHaveCount(0);
  await expect(wish(page, "榴莲").getByRole("button")).toBeDisabled();
  await who.leave();
  await show.leave();
});

test("three wishes each, and whatever is typed stays", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/409/, /\/wishes/);
  const show = await openShow(ownBackend);
  const round = await show.openWishes();
  await signIn(shop);
  await enters(shop, show);
  await wishButton(page).click();
  const field = sheet(page).getByLabel("我想吃");
  for (const what of ["榴莲", "羊排", "小龙虾"]) {
    await field.fill(what);
    await page.keyboard.press("Enter");
    await expect(sheet(page).getByText(`「${what}」许好了`)).toBeVisible();
  }
  await expect(sheet(page).getByText("您的愿望许满了，可以给别人的加一票").first()).toBeVisible();
  await field.fill("车厘子");
  await page.keyboard.press("Enter");
  await expect(sheet(page).getByRole("status").filter({ hasText: "许满了" })).toBeVisible();
  await expect(field).toHaveValue("车厘子");
  await page.reload();
  await shop.ready();
  await wishButton(page).click();
  await expect(field).toHaveValue("车厘子");
  await show.closeWishes(round);
  await show.openWishes("后天想吃什么");
  await expect(sheet(page)).toContainText("还能许 3 个");
  await expect(field).toHaveValue("车厘子");
  await show.leave();
});

test("a wish whose answer is lost is sent again under the same key, and counts once", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(...LOST);
  const show = await openShow(ownBackend);
  await show.openWishes();
  await signIn(shop);
  await enters(shop, show);
  const keys = await loseAnswer(page, /\/shows\/[^/]+\/wishes$/);
  await wishButton(page).click();
  await sheet(page).getByLabel("我想吃").fill("榴莲");
  await page.keyboard.press("Enter");
  await expect(sheet(page).getByRole("alert")).toContainText("还不知道「榴莲」许上没有");
  await expect(sheet(page).getByRole("button", { name: "许愿" })).toBeDisabled();
  // The page may go; what is not known is kept.
  await page.reload();
  await shop.ready();
  await wishButton(page).click();
  await sheet(page).getByRole("button", { name: "再发一次" }).click();
  await expect(sheet(page).getByText("「榴莲」许好了")).toBeVisible();
  await expect(sheet(page).getByRole("alert")).toHaveCount(0);
  await expect(wish(page, "榴莲")).toContainText("1 人想要");
  expect(keys).toHaveLength(2);
  expect(keys[1]).toBe(keys[0]);
  await show.leave();
});

test("a coupon is got once, and then there are none left for the other", { tag: "@tablet" }, async ({ page, shop, otherShop, ownBackend }) => {
  const show = await openShow(ownBackend);
  const there = otherShop.page;
  await signIn(shop);
  await signIn(otherShop);
  await enters(shop, show);
  await enters(otherShop, show);
  const drop = await show.openDrop({ count: 2 });
  for (const phone of [page, there]) {
    await expect(dropOf(phone)).toContainText("今晚的券");
    await expect(dropOf(phone)).toContainText("减 ¥10 · 满 ¥99 可用");
    await expect(dropOf(phone)).toContainText("还剩 2 张");
  }
  await dropOf(page).getByRole("button", { name: "领取" }).click();
  await expect(dropOf(page)).toContainText("已领到，结账时自动用");
  await expect(dropOf(there)).toContainText("还剩 1 张");
  const who = await neighbour(ownBackend);
  expect((await claims(who, show, drop)).status()).toBe(201);
  await expect(dropOf(there)).toContainText("领完了");
  await expect(dropOf(there).getByRole("button", { name: "领取" })).toHaveCount(0);
  const coupons = await (await page.request.get("/api/v1/me/coupons")).json();
  const { mine } = await roomOf(page, show);
  expect(coupons.filter(({ id }) => id === mine.claim.coupon.id)).toHaveLength(1);
  await page.reload();
  await shop.ready();
  await expect(dropOf(page)).toContainText("已领到");
  await dropOf(page).getByRole("button", { name: "关闭" }).click();
  await expect(dropOf(page)).toHaveCount(0);
  // Whoever comes after it is over does not see it.
  await there.reload();
  await otherShop.ready();
  await expect(bag(there)).toBeVisible();
  await expect(dropOf(there)).toHaveCount(0);
  await who.leave();
  await show.leave();
});

test("a claim whose answer is lost is looked up again under the same key", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(...LOST);
  const show = await openShow(ownBackend);
  await signIn(shop);
  await enters(shop, show);
  await show.openDrop({ count: 1 });
  const keys = await loseAnswer(page, "**/claim");
  await dropOf(page).getByRole("button", { name: "领取" }).click();
  // It is the last one: whether it was theirs is not known here.
  await expect(dropOf(page)).toContainText("还不知道领到没有");
  await dropOf(page).getByRole("button", { name: "再查一次" }).click();
  await expect(dropOf(page)).toContainText("已领到");
  expect(keys).toHaveLength(2);
  expect(keys[1]).toBe(keys[0]);
  await show.leave();
});

test("others were faster, or it was closed: said, and nothing is lost", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/409/, /\/claim/);
  const show = await openShow(ownBackend);
  await signIn(shop);
  await enters(shop, show);
  const drop = await show.openDrop({ count: 1 });
  const held = await hold(page, "**/claim");
  await dropOf(page).getByRole("button", { name: "领取" }).click();
  const who = await neighbour(ownBackend);
  expect((await claims(who, show, drop)).status()).toBe(201);
  held.letGo();
  await expect(dropOf(page)).toContainText("领完了");
  const next = await show.openDrop({ title: "再来一轮" });
  await expect(dropOf(page)).toContainText("再来一轮");
  await show.closeDrop(next);
  await expect(dropOf(page)).toContainText("发券已结束");
  await who.leave();
  await show.leave();
});

test("a guest sees all of it, and signs in to take part", async ({ page, shop, ownBackend }) => {
  const show = await openShow(ownBackend);
  const poll = await show.openPoll();
  await show.openWishes();
  await show.openDrop();
  const who = await neighbour(ownBackend);
  await votes(who, show, poll, 0);
  await wants(who, show, await wishes(who, show, "榴莲"));
  await enters(shop, show);
  const next = `/sign-in?next=${encodeURIComponent(`/live/${show.id}`)}`;
  await expect(pollOf(page).getByRole("link", { name: "登录后就能投票" })).toHaveAttribute("href", next);
  await expect(pollOf(page)).toContainText("100%");
  await pollOf(page).getByRole("button", { name: /咖喱鸡胸/ }).click();
  await expect(page).toHaveURL(next);
  await page.goBack();
  await dropOf(page).getByRole("button", { name: "登录后领取" }).click();
  await expect(page).toHaveURL(next);
  await page.goBack();
  await wishButton(page).click();
  await expect(wish(page, "榴莲")).toContainText("1 人想要");
  await sheet(page).getByLabel("我想吃").fill("羊排");
  await sheet(page).getByRole("button", { name: "登录后许愿" }).click();
  await expect(page).toHaveURL(next);
  await signIn(shop, undefined, `/live/${show.id}`);
  await wishButton(page).click();
  await expect(sheet(page).getByLabel("我想吃")).toHaveValue("羊排");
  await sheet(page).getByRole("button", { name: "许愿" }).click();
  await expect(wish(page, "羊排")).toContainText("1 人想要");
  await who.leave();
  await show.leave();
});

async function fine(page, sizes) {
  await audit(page);
  expect(await tooSmall(page, sizes)).toEqual([]);
  expect(await sticksOut(page)).toEqual([]);
}

for (const [mode, [settings, sizes]] of Object.entries(MODES)) {
  test(`goods, poll, wishes and coupons in every state: ${mode}`, { tag: mode === "zh" ? "@tablet" : [] }, async ({ page, shop, otherShop, ownBackend }) => {
    test.slow();
    const show = await openShow(ownBackend);
    const who = await neighbour(ownBackend);
    await signIn(shop);
    await page.evaluate((kept) => localStorage.setItem("settings", JSON.stringify({ language: null, size: 0, elder: false, ...kept })), settings);
    await otherShop.keep(settings);
    const poll = await show.openPoll();
    const round = await show.openWishes();
    const drop = await show.openDrop({ count: 1 });
    await wishes(who, show, "榴莲");
    await wishes(who, show, "羊排");
    await show.pin("salmon-sashimi", { note: "今早到的" });
    // A guest, with everything open.
    await enters(otherShop, show);
    await expect(otherShop.page.getByRole("region", { name: /^(正在讲|On now)$/ })).toBeVisible();
    await fine(otherShop.page, sizes);
    await enters(shop, show);
    const pinned = page.getByRole("region", { name: /^(正在讲|On now)$/ });
    const voting = page.getByRole("region", { name: /^(投票|Poll)$/ });
    const coupons = page.getByRole("region", { name: /^(发券|Coupons)$/ });
    await expect(pinned).toBeVisible();
    // A member: voted, claimed.
    await voting.locator("li button").first().click();
    await coupons.locator(".btn").click();
    await expect(coupons.locator(".btn")).toBeHidden();
    await fine(page, sizes);
    await voting.locator("h2 button").click();
    await fine(page, sizes);
    await pinned.getByRole("button").click();
    await expect(sheet(page).getByRole("radio").first()).toBeVisible();
    await fine(page, sizes);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /这一场的商品|Goods of this show/ }).click();
    await sheet(page).getByRole("listitem").nth(2).getByRole("button").first().click();
    await fine(page, sizes);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /下周想吃什么|What to eat next week/ }).click();
    await sheet(page).locator("li button").first().click();
    await fine(page, sizes);
    await show.closeWishes(round);
    await expect(sheet(page).locator("li button").first()).toBeDisabled();
    await fine(page, sizes);
    await page.keyboard.press("Escape");
    await voting.locator("h2 button").click();
    await show.closePoll(poll);
    expect((await claims(who, show, drop)).status()).toBe(409);
    await expect(voting.locator("li button").first()).toBeDisabled();
    await order(who, "sweet-peas-250g", 7);
    await show.pin("sweet-peas");
    await expect(pinned.getByRole("button")).toBeDisabled();
    await fine(page, sizes);
    await who.leave();
    await show.leave();
  });
}

test("长辈版: the poll is a block as wide as the room, and nothing of it moves", async ({ page, shop, ownBackend }) => {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  const show = await openShow(ownBackend);
  await show.openPoll();
  await show.openDrop();
  await show.pin("sweet-peas");
  await shop.keep({ elder: true });
  await enters(shop, show);
  await expect(pollOf(page)).toBeVisible();
  const [block, shown] = [await pollOf(page).boundingBox(), await card(page).boundingBox()];
  expect(block.width).toBeGreaterThanOrEqual(shown.width - 1);
  for (const part of [pollOf(page), dropOf(page), card(page)]) {
    const moving = await part.evaluate((element) => element.getAnimations({ subtree: true }).filter((it) => it.playState === "running").length);
    expect(moving).toBe(0);
  }
  await show.leave();
});
