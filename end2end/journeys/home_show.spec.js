// A show that is on, as the first page tells of it.
import { audit, expect, fine, test } from "../fixtures.js";
import { Room } from "../live.js";
import { openShow } from "../live_host.js";
import { MODES } from "../measure.js";
import { hold } from "../network.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

const onAir = (page) => page.getByRole("link", { name: /正在直播.*今晚吃鱼.*进直播间/ });

test("a show that is on has the large place and is one tap away; today's post stays", { tag: "@tablet" }, async ({ page, shop, otherShop, ownBackend }) => {
  const made = await openShow(ownBackend);
  await shop.open("/");
  await shop.settled();
  await expect(onAir(page)).toBeInViewport();
  // Nobody is no number to show.
  await expect(onAir(page)).not.toContainText("人在看");
  await expect(page.getByRole("link", { name: /下一场直播/ })).toHaveCount(0);
  await expect(page.getByRole("article").filter({ hasText: "今天的牛油果刚好熟" })).toBeVisible();
  await audit(page);
  await otherShop.open(made.path);
  await expect(new Room(otherShop.page).talk).toBeVisible();
  await expect(async () => {
    await shop.open("/");
    await expect(onAir(page)).toContainText("1 人在看", { timeout: 2_000 });
  }).toPass();
  await onAir(page).click();
  await expect(page).toHaveURL(made.path);
  await expect(new Room(page).talk).toBeVisible();
  await made.leave();
});

test("it stands where its skeleton stood", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  const made = await openShow(ownBackend);
  const api = await hold(page, "**/api/v1/**");
  await shop.open("/");
  const top = async (place) => (await place.boundingBox()).y;
  const waiting = await top(page.locator("#app .sk-hero").first());
  api.letGo();
  await expect(onAir(page)).toBeVisible();
  await expect.poll(async () => Math.abs((await top(onAir(page))) - waiting)).toBeLessThanOrEqual(8);
  await made.leave();
});

test("what is old does not say that it is on", async ({ page, shop, context, complaints, ownBackend }) => {
  complaints.allow(/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/);
  const made = await openShow(ownBackend);
  await page.clock.install();
  await shop.open("/");
  await shop.settled();
  await expect(onAir(page)).toBeVisible();
  const place = await onAir(page).boundingBox();
  await page.clock.fastForward("06:00");
  const was = page.getByRole("link", { name: /刚才在直播.*今晚吃鱼/ });
  await expect(was).toBeVisible();
  await expect(onAir(page)).toHaveCount(0);
  await expect.poll(() => was.boundingBox()).toEqual(place);
  await audit(page);
  // Nor does it when one comes back to it without a network.
  await context.setOffline(true);
  await shop.tab("分类").click();
  await expect(page).toHaveURL("/products");
  await shop.tab("首页").click();
  await expect(page.getByText(/网络不通，先看/)).toBeVisible();
  await expect(was).toBeVisible();
  await expect(onAir(page)).toHaveCount(0);
  // After hours there is nothing to say any more.
  await page.clock.fastForward("03:00:00");
  await shop.tab("分类").click();
  await expect(page).toHaveURL("/products");
  await shop.tab("首页").click();
  await expect(page.getByRole("heading", { name: "今日特惠" })).toBeVisible();
  await expect(was).toHaveCount(0);
  await expect(page.getByRole("link", { name: /今日特惠.*今天的牛油果刚好熟/ })).toBeVisible();
  await made.leave();
});

for (const [mode, [settings, sizes]] of Object.entries(MODES)) {
  test(`a show on the first page: ${mode}`, async ({ page, shop, ownBackend }) => {
    await shop.keep(settings);
    const made = await openShow(ownBackend);
    await shop.open("/");
    await expect(page.getByRole("link", { name: settings.language === "en" ? /Live now.*fish tonight.*Come in/ : /正在直播.*今晚吃鱼/ })).toBeVisible();
    await fine(page, shop, sizes);
    await made.leave();
  });
}
