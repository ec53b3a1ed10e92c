// The first page: whose shop this is, what is good today, how to get further.
import { audit, expect, test } from "../fixtures.js";
import { hold } from "../network.js";
import { frames } from "../shop.js";

test.beforeEach(async ({ shop }) => {
  await shop.open("/");
  await shop.settled();
});

test("the card says whose shop this is and whether it is open", { tag: "@tablet" }, async ({ page, request }) => {
  await expect(page).toHaveTitle("邻里优选");
  const banner = page.getByRole("main").locator("header").first();
  await expect(banner.getByRole("heading", { level: 1, name: "邻里优选" })).toBeVisible();
  await expect(banner).toContainText("阳光花园");
  await expect(banner).toContainText("步行 3 分钟");
  // The shop keeps its own hours; which of the two it is depends on when the tests run.
  const { shop: told } = await (await request.get("/api/v1/storefront")).json();
  const clock = told.opening.changes_at.slice(11, 16);
  const words = told.opening.open ? `营业中 · 至 ${clock}` : "休息中 · 周";
  await expect(banner).toContainText(words);
  await expect(banner).toContainText(clock);
});

test("the hero leads to its product", async ({ page }) => {
  await page.getByRole("link", { name: "今天的牛油果刚好熟" }).click();
  await expect(page).toHaveURL("/products/avocado");
  await expect(page.getByRole("main")).toContainText("牛油果");
});

test("the next show says when it begins and leads to its lobby", { tag: "@tablet" }, async ({ page, request }) => {
  // Which one is next depends on when the tests run.
  const { show } = await (await request.get("/api/v1/storefront")).json();
  const card = page.getByRole("link", { name: /下一场直播/ });
  await expect(card).toHaveCount(1);
  await expect(card).toContainText(show.title);
  await expect(card).toContainText(new RegExp(`(今天|明天|周.) ${show.starts_at.slice(11, 16)}`));
  await card.click();
  await expect(page).toHaveURL(`/live/${show.id}`);
  await expect(page.getByRole("heading", { level: 1, name: show.title })).toBeVisible();
});

test("specials show what they cost and what they cost before", { tag: "@tablet" }, async ({ page }) => {
  const cards = page.getByRole("list", { name: "今日特惠" }).getByRole("listitem");
  await expect(cards).toHaveCount(8);
  const avocado = cards.filter({ hasText: "牛油果" });
  await expect(avocado).toContainText("¥12.8");
  // For a screen reader a line through a number is silence, so it is said.
  await expect(avocado.locator("s")).toHaveText(/原价\s*¥16.8/);
  await page.getByRole("link", { name: /^全部.*今日特惠/ }).click();
  await expect(page).toHaveURL("/products?on_special=true");
  await expect(page.getByRole("button", { name: "只看特惠" })).toHaveAttribute("aria-pressed", "true");
});

test("tips lead to what they are about", async ({ page }) => {
  const tip = page.getByRole("article").filter({ hasText: "三文鱼怎么挑" });
  await expect(tip).toContainText("闻一闻");
  await tip.getByRole("link").click();
  await expect(page).toHaveURL("/products/salmon-sashimi");
});

test("a neighbour's shop leads to its goods", { tag: "@tablet" }, async ({ page, shop }) => {
  await page.getByRole("link", { name: "巷口咖啡" }).click();
  await expect(page).toHaveURL("/products?merchant=coffee");
  await expect(shop.rows).toHaveCount(4);
  await expect(shop.rows.first()).toContainText("手冲挂耳");
});

test("the shop can be called and found", async ({ page }) => {
  await expect(page.getByRole("link", { name: "电话", exact: true })).toHaveAttribute("href", "tel:021-5550-0137");
  const visit = page.getByRole("region", { name: "来店里" });
  await expect(visit).toContainText("阳光花园南门 12 号底商");
  await expect(visit).toContainText(/周一\s*至\s*周五\s*07:30–21:00/);
  await expect(visit).toContainText(/周六\s*至\s*周日\s*07:00–21:30/);
});

test("what has the focus keeps it when the same comes once more", async ({ page, shop }) => {
  await shop.tab("我的").click();
  await shop.settled();
  const late = await hold(page, "**/api/v1/storefront");
  await shop.tab("首页").click();
  const all = page.getByRole("link", { name: /^全部/ }).first();
  await all.focus();
  const answered = page.waitForResponse("**/api/v1/storefront");
  late.letGo();
  await (await answered).finished();
  await frames(page);
  await expect(all).toBeFocused();
});

test("the first pictures come at once, the others when they are near", async ({ page }) => {
  const card = page.getByRole("list", { name: "今日特惠" }).getByRole("listitem").first();
  await expect(card.locator("img")).toHaveJSProperty("complete", true);
  await expect.poll(() => card.locator("img").evaluate((image) => image.naturalWidth)).toBe(256);
  await expect(page.getByRole("article").last().locator("img")).toHaveAttribute("loading", "lazy");
});

test("what a screen reader reads", async ({ page }) => {
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "邻里优选" [level=1]
      - paragraph: /阳光花园 · 步行 3 分钟/
      - button /长辈版/
      - link /搜三文鱼/
      - link "电话"
      - button "进群"
      - link /今日特惠.*今天的牛油果刚好熟/
      - link /下一场直播/
      - heading "今日特惠" [level=2]
      - link "全部 今日特惠"
      - list "今日特惠":
        - listitem:
          - link /牛油果/:
            - heading "牛油果" [level=3]
            - paragraph: 云南 · 2 个
          - button "把牛油果加入购物车"
      - heading "厨房小妙招" [level=2]
      - article:
        - heading "三文鱼怎么挑" [level=3]
      - heading "邻居的店" [level=2]
      - list:
        - listitem:
          - link /阿珍果铺/
      - region "来店里":
        - heading "来店里" [level=2]
  `);
  await expect(page.getByRole("navigation")).toMatchAriaSnapshot(`
    - navigation "主要页面":
      - link "首页"
      - link "分类"
      - link "直播"
      - link "购物车"
      - link "我的"
  `);
  await audit(page);
});
