// One show, all together: the host on a tablet, three neighbours on phones, others from aside.
import { ORDER, submit, theOne } from "../checkout.js";
import { said } from "../desk.js";
import { expect, test } from "../fixtures.js";
import { Room } from "../live.js";
import { adds, atLiveDesk, comments, good, listed, opensDrop, opensPoll, opensWishes, planForm, questions, really, shopTime, tab } from "../live_desk.js";
import { claims, roomOf } from "../live_host.js";
import { order, signIn } from "../member.js";
import { neighbour } from "../slots.js";
import { PINS } from "../tasting.js";

const TITLE = "一起做晚饭";
const card = (page) => page.getByRole("region", { name: "正在讲" });
const pollOf = (page) => page.getByRole("region", { name: "投票" });
const dropOf = (page) => page.getByRole("region", { name: "发券" });
const wishButton = (page) => page.getByRole("button", { name: /下周想吃什么/ });
const sheet = (page) => page.getByRole("dialog");
const wish = (page, label) => sheet(page).getByRole("listitem").filter({ hasText: label });

/** The same of everybody, at the same time. */
const all = (them, does) => Promise.all(them.map(does));

test.describe("a show, all together", { tag: "@desk" }, () => {
  test.use({
    baseURL: async ({ ownBackend }, use) => use(ownBackend.url),
    // Rooms that move by themselves; those that stand still have tests of their own.
    contextOptions: { reducedMotion: "no-preference" },
  });

  test("what the host does is with everybody, and what everybody does is with the host", async ({ page, phones, ownBackend, complaints }) => {
    test.setTimeout(240_000);
    complaints.allow(/40[13].*\/api\/v1\/desk\/(device|session)/, /409.*\/claim/, /\(Conflict\).*\/claim/);

    // The host plans it on the tablet; the neighbours are there before it begins.
    await atLiveDesk(page, ownBackend, PINS.host);
    await page.getByRole("button", { name: "排一场直播" }).click();
    await planForm(page).getByLabel("标题").fill(TITLE);
    await planForm(page).getByLabel(/^什么时候开始/).fill(shopTime(10));
    await adds(page, "甜豌豆", "甜豌豆");
    await adds(page, "三文鱼刺身", "三文鱼刺身");
    await planForm(page).getByRole("button", { name: "排好" }).click();
    await listed(page, TITLE).click();
    await expect(page.getByText("还没开播", { exact: true })).toBeVisible();
    const host = await neighbour(ownBackend);
    const { coming } = await (await host.request.get("/api/v1/shows")).json();
    const show = { id: coming.find(({ title }) => title === TITLE).id };

    const shops = [await phones(), await phones(), await phones()];
    const viewers = shops.map((shop) => shop.page);
    const [first, second, third] = viewers;
    for (const shop of shops) await signIn(shop);
    await all(shops, (shop) => shop.open(`/live/${show.id}`));
    await really(page, "开播", "确定开播");
    const speaks = (viewer) => viewer.locator('[name="comment"]');
    await all(viewers, (viewer) => expect(speaks(viewer)).toBeVisible());

    // What is asked comes to the host, and the answer to everybody.
    await speaks(first).fill("豌豆甜吗？");
    await speaks(first).press("Enter");
    await expect(questions(page).getByRole("listitem")).toContainText("豌豆甜吗？");
    await all(viewers, (viewer) => expect(viewer.getByText("豌豆甜吗？").first()).toBeVisible());
    await expect(comments(page)).toContainText("豌豆甜吗？");
    await questions(page).getByRole("button", { name: /^写回答/ }).click();
    await questions(page).getByLabel("回答", { exact: true }).fill("特别甜");
    await questions(page).getByRole("button", { name: "发出去" }).click();
    await expect(questions(page).getByRole("heading", { name: "提问（0 个没回答）" })).toBeVisible();
    expect((await roomOf(host, show)).questions[0].answer.text).toBe("特别甜");
    await all(viewers, (viewer) => expect(new Room(viewer).row("豌豆甜吗？")).toContainText("特别甜"));

    // Pinned: all see it. One buys: it is less for all. Sold out: for all.
    await page.getByLabel(/^配一句话/).fill("今早摘的");
    await good(page, "甜豌豆").getByRole("button", { name: "展示 甜豌豆" }).click();
    await all(viewers, async (viewer) => {
      await expect(card(viewer)).toContainText("还剩 7 份");
      await expect(card(viewer)).toContainText("今早摘的");
    });
    await card(second).getByRole("button", { name: "把甜豌豆加入购物车" }).click();
    await expect(shops[1].toast).toContainText("甜豌豆 已加入");
    await shops[1].open("/cart");
    await expect(shops[1].main.getByRole("listitem").filter({ hasText: "甜豌豆" }).getByRole("status")).toHaveText("1");
    await second.getByRole("link", { name: "去结算" }).click();
    await submit(second).click();
    await expect(second).toHaveURL(ORDER);
    const bought = (await theOne(second)).lines.map(({ variant, quantity }) => ({ variant, quantity }));
    expect(bought).toEqual([{ variant: "sweet-peas-250g", quantity: 1 }]);
    await shops[1].open(`/live/${show.id}`);
    await all(viewers, (viewer) => expect(card(viewer)).toContainText("还剩 6 份"));
    await expect(good(page, "甜豌豆")).toContainText("只剩 6 份");
    await order(host, "sweet-peas-250g", 6);
    await all(viewers, (viewer) => expect(card(viewer).getByRole("button", { name: "甜豌豆 卖完了" })).toBeDisabled());
    await expect(good(page, "甜豌豆")).toContainText("卖完了");
    await good(page, "三文鱼刺身").getByRole("button", { name: "展示 三文鱼刺身" }).click();
    await all(viewers, (viewer) => expect(card(viewer)).toContainText("三文鱼刺身"));

    // Everybody votes; everybody sees what it comes to.
    await opensPoll(page, "明天做哪个？", ["清蒸", "香煎"]);
    await all(viewers, (viewer) => expect(pollOf(viewer)).toContainText("明天做哪个？"));
    const option = (viewer, name) => pollOf(viewer).getByRole("button", { name });
    await all([first, second], (viewer) => option(viewer, /清蒸/).click());
    await option(third, /香煎/).click();
    await all(viewers, async (viewer) => {
      await expect(pollOf(viewer)).toContainText("共 3 票");
      await expect(option(viewer, /清蒸/)).toHaveAccessibleName(/67%/);
    });
    const lastPoll = page.getByRole("region", { name: "上一次投票" });
    await expect(lastPoll.getByRole("listitem").filter({ hasText: "清蒸" })).toContainText("2 票");
    await option(second, /香煎/).click();
    await expect(lastPoll.getByRole("listitem").filter({ hasText: "香煎" })).toContainText("2 票");
    await really(lastPoll, "结束投票", "确定结束投票");
    await all(viewers, (viewer) => expect(pollOf(viewer)).toContainText("已结束"));

    // Wishes in different words for one thing are one.
    await opensWishes(page, "下周想吃什么？");
    await all(viewers, (viewer) => expect(wishButton(viewer)).toHaveAccessibleName("下周想吃什么，正在收愿望"));
    await all(viewers, (viewer) => wishButton(viewer).click());
    for (const [at, phrase] of ["牛油果", "鳄梨", "avocado"].entries()) {
      await sheet(viewers[at]).getByLabel("我想吃").fill(phrase);
      await viewers[at].keyboard.press("Enter");
    }
    await all(viewers, (viewer) => expect(wish(viewer, "牛油果")).toContainText("3 人想要"));
    const lastWishes = page.getByRole("region", { name: "上一次许愿" });
    await expect(lastWishes.getByRole("listitem").filter({ hasText: "牛油果" })).toContainText("3 人想要");
    await really(lastWishes, "结束许愿", "确定结束许愿");
    await all(viewers, (viewer) => expect(sheet(viewer)).toContainText("已结束"));
    await all(viewers, (viewer) => viewer.keyboard.press("Escape"));

    // Five coupons for three phones and nine others, all at once: exactly five.
    const others = await all(Array.from({ length: 9 }), () => neighbour(ownBackend));
    await opensDrop(page, { title: "今晚的券", off: "5", from: "30", count: "5" });
    await all(viewers, (viewer) => expect(dropOf(viewer)).toContainText("还剩 5 张"));
    const { drop } = await roomOf(host, show);
    const claim = (viewer) => dropOf(viewer).getByRole("button", { name: "领取" }).click({ timeout: 10_000 }).catch(() => {});
    const [statuses] = await Promise.all([all(others, async (who) => (await claims(who, show, drop)).status()), all(viewers, claim)]);
    await all(viewers, (viewer) => expect(dropOf(viewer)).toContainText(/已领到|领完了/));
    const claimed = await all(viewers, async (viewer) => (await roomOf(viewer, show)).mine.claim !== undefined);
    // That there are none left may be heard before the answer to one's own claim.
    const seen = () => all(viewers, (viewer) => dropOf(viewer).getByText("已领到").isVisible());
    await expect.poll(seen, { message: "what a phone says is what the backend has" }).toEqual(claimed);
    const got = [...statuses.map((status) => status === 201), ...claimed].filter(Boolean);
    expect(got, `${statuses}; ${claimed}`).toHaveLength(5);
    await expect(page.getByRole("region", { name: "上一次发券" })).toContainText("还剩 0 张，共 5 张");
    // It is really theirs.
    for (const [at, viewer] of viewers.entries()) {
      const coupons = await (await viewer.request.get("/api/v1/me/coupons")).json();
      expect(coupons.filter(({ name }) => name === "今晚的券")).toHaveLength(claimed[at] ? 1 : 0);
    }

    // Goodbye, for everybody.
    await tab(page, "商品").click();
    await really(page, "结束直播", "确定结束");
    await expect(said(page, "这场直播结束了")).toBeVisible();
    await all(viewers, (viewer) => expect(viewer.getByText("播完了")).toBeVisible());
    for (const who of [...others, host]) await who.leave();
  });
});
