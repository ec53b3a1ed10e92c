// What the host shows follows the picture: measured against the wall clock that is drawn into it, while the
// machine makes, sends and plays that picture. The playlist's clock may be late by what the way to the media
// server takes, and so what is shown by as much early.
import { Room } from "../live.js";
import { says } from "../live_host.js";
import { change } from "../database.js";
import { Picture, seenWith } from "../picture.js";
import { relay } from "../relay.js";
import { neighbour } from "../slots.js";
import { PICTURE_AWAY, expect, median, test } from "../studio.js";

/** How near it has to be, in milliseconds. */
const NEAR = 1_000;
const NOW = "正在讲";
/** What is shown in turn. */
const GOODS = [
  ["sweet-peas", "甜豌豆"],
  ["salmon-sashimi", "三文鱼刺身"],
];

test.beforeEach(({ complaints }) => complaints.allow(...PICTURE_AWAY));

/** Shows goods in turn, and sees by how much each comes too late or too early. */
async function pins(page, show, times = 5) {
  const seen = [];
  for (let at = 0; at < times; at += 1) {
    // What is shown already cannot be seen to come.
    show.turn = (show.turn ?? 0) + 1;
    const [product, text] = GOODS[show.turn % 2];
    seen.push(await seenWith(page, { name: NOW, text }, () => show.pin(product)));
    // Not with the same beat as the pieces.
    await page.waitForTimeout(330 * (at + 1));
  }
  return seen;
}

/** The middle one is near, and none is far. */
function near(seen) {
  const late = seen.map(({ late }) => late);
  expect(Math.abs(median(late)), `by how much: ${late}`).toBeLessThanOrEqual(NEAR);
  for (const one of late) expect(Math.abs(one), `by how much: ${late}`).toBeLessThanOrEqual(2 * NEAR);
}

/** A room with a picture that comes so many milliseconds later than it could. */
async function enters(page, shop, show, options) {
  const between = options && (await relay(page, show, options));
  await between?.fills();
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("hls", 30_000);
  await picture.moves();
  return { picture, between };
}

test("a pin is seen with the picture, some three seconds after the host", async ({ page, shop, onAir }) => {
  const show = await onAir();
  const { picture } = await enters(page, shop, show);
  const behind = await picture.behind();
  expect(behind).toBeGreaterThan(1_000);
  expect(behind).toBeLessThan(6_500);
  const seen = await pins(page, show, 7);
  near(seen);
  // It has really waited.
  expect(median(seen.map(({ waited }) => waited))).toBeGreaterThan(1_000);
});

test("a pin is seen with a picture that is twelve seconds late, and what is said runs ahead", async ({ page, shop, onAir, studio }) => {
  const show = await onAir();
  const { picture, between } = await enters(page, shop, show, { later: 9_000 });
  const behind = await picture.behind();
  expect(behind).toBeGreaterThan(9_500);
  expect(behind).toBeLessThan(16_000);
  near(await pins(page, show, 3));
  // One that is on its way is not seen before, and comments are.
  const room = new Room(page);
  const who = await neighbour(studio.backend);
  const card = page.getByRole("region", { name: NOW });
  const seeing = seenWith(page, { name: NOW, text: "安岳黄柠檬" }, () => show.pin("anyue-lemon"));
  await says(who, show, "柠檬来了！");
  await expect(room.row("柠檬来了！")).toBeVisible({ timeout: 4_000 });
  await expect(card).not.toContainText("安岳黄柠檬");
  near([await seeing]);
  // Taken away: not before the picture either.
  const gone = Date.now();
  await show.unpin();
  await expect(card).toHaveCount(0, { timeout: 30_000 });
  expect(Date.now() - gone).toBeGreaterThan(behind - 3_000);
  await who.leave();
  await between.end();
});

test("a poll, coupons and a price wait for the picture as a pin does", async ({ page, shop, onAir, studio }) => {
  const show = await onAir();
  const { between } = await enters(page, shop, show, { later: 5_000 });
  near(await pins(page, show, 1));
  const question = "下周的预制菜，您选哪个口味？";
  near([await seenWith(page, { name: "投票", text: question }, () => show.openPoll(question))]);
  near([await seenWith(page, { name: "发券", text: "今晚的券" }, () => show.openDrop({ title: "今晚的券" }))]);
  // What it costs on the card of what is shown.
  await show.pin("sweet-peas");
  await page.waitForTimeout(9_000);
  near([
    await seenWith(page, { name: NOW, text: "7.77" }, async () => {
      expect(await change(studio.backend, "UPDATE variants SET price = 777 WHERE id = 'sweet-peas-250g'")).toBe(1);
      // The shop looks now and then; from when it has seen it everybody is told.
      const price = async () => (await show.room()).goods.flatMap(({ variants }) => variants).find(({ id }) => id === "sweet-peas-250g").price.amount;
      await expect.poll(price, { intervals: [50] }).toBe(777);
      return Date.now();
    }),
  ]);
  await between.end();
});

test("after a seek it follows what is seen then", async ({ page, shop, onAir }) => {
  const show = await onAir();
  const { picture, between } = await enters(page, shop, show, { keeps: 40 });
  near(await pins(page, show, 2));
  const before = await picture.behind();
  while (between.holds() < 16_000) await page.waitForTimeout(200);
  await page.evaluate(() => (window.seen().currentTime -= 8));
  await picture.moves();
  expect((await picture.behind()) - before).toBeGreaterThan(5_000);
  near(await pins(page, show, 3));
  await page.evaluate(() => (window.seen().currentTime += 6));
  await picture.moves();
  near(await pins(page, show, 3));
  await between.end();
});

for (const [what, shifts] of [["an hour ahead", 3_600_000], ["an hour back", -3_600_000]]) {
  test(`a clock that jumps ${what} changes nothing of it`, async ({ page, shop, onAir }) => {
    const show = await onAir();
    const { picture, between } = await enters(page, shop, show, { later: 2_000 });
    near(await pins(page, show, 3));
    const behind = await picture.behind();
    between.shifts = shifts;
    // Until what is seen is of after the jump.
    await page.waitForTimeout(behind + 4_000);
    await picture.shows("hls");
    await picture.moves();
    // A clock that is wrong does not tell how far the picture has slipped since, as it does on a machine that
    // has too much to do: what has slipped is taken off.
    const seen = [];
    for (let at = 0; at < 4; at += 1) {
      const [one] = await pins(page, show, 1);
      seen.push({ late: one.late + (await picture.behind()) - behind });
    }
    near(seen);
    await between.end();
  });
}

test("with photos a pin is seen at once", async ({ page, shop, onAir }) => {
  const show = await onAir({ sending: false });
  const picture = new Picture(page);
  await shop.open(show.path);
  await picture.shows("photos");
  const seen = await pins(page, show, 3);
  for (const { waited, late } of seen) {
    expect(late).toBeNull();
    expect(waited).toBeLessThan(1_500);
  }
});

test("when the picture goes while something waits, it is seen at once", async ({ page, shop, onAir }) => {
  const show = await onAir();
  const { picture, between } = await enters(page, shop, show, { later: 9_000 });
  near(await pins(page, show, 1));
  const card = page.getByRole("region", { name: NOW });
  await show.pin("anyue-lemon");
  await page.waitForTimeout(1_000);
  await expect(card).not.toContainText("安岳黄柠檬");
  await picture.chooses("只看照片");
  await picture.shows("photos");
  await expect(card).toContainText("安岳黄柠檬", { timeout: 3_000 });
  await between.end();
});

test("who is far behind may jump ahead", async ({ page, shop, onAir }) => {
  const show = await onAir();
  const { picture, between } = await enters(page, shop, show, { keeps: 90 });
  const before = await picture.behind();
  await expect(picture.jump).toHaveCount(0);
  while (between.holds() < 36_000) await page.waitForTimeout(500);
  await page.evaluate(() => (window.seen().currentTime -= 24));
  await picture.moves();
  const behind = await picture.behind();
  expect(behind).toBeGreaterThan(20_000);
  await expect(picture.jump).toBeVisible({ timeout: 10_000 });
  const [, told] = /慢了 (\d+) 秒/.exec(await picture.jump.innerText()) ?? [];
  expect(Math.abs(Number(told) * 1_000 - behind)).toBeLessThan(3_000);
  // It is not forced: what is shown still goes with the picture.
  near(await pins(page, show, 1));
  await picture.jump.click();
  await expect.poll(() => picture.behind(), { timeout: 15_000 }).toBeLessThan(before + 3_000);
  await expect(picture.jump).toHaveCount(0);
  near(await pins(page, show, 3));
  await between.end();
});
