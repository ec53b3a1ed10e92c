// The shelves: finding something, and finding the way back to it.
import { audit, expect, test } from "../fixtures.js";
import { hold, requests } from "../network.js";
import { still } from "../shop.js";

const total = async (request, query) => (await (await request.get(`/api/v1/products?limit=1&${query}`)).json()).total;

test("the rail narrows the list", { tag: "@tablet" }, async ({ page, shop, request }) => {
  await shop.open("/products");
  await expect(page.getByText("共 64 件")).toBeVisible();
  await expect(shop.rail.getByRole("link")).toHaveCount(12);
  await shop.rail.getByRole("link", { name: "水产" }).click();
  await expect(page).toHaveURL("/products?category=seafood");
  await expect(page.getByText(`共 ${await total(request, "category=seafood")} 件`)).toBeVisible();
  await expect(shop.rail.getByRole("link", { name: "水产" })).toHaveAttribute("aria-current", "true");
  await expect(shop.rows.first()).toContainText("三文鱼刺身");
  await expect(shop.rows).toHaveCount(await total(request, "category=seafood"));
});

for (const [how, words] of [["characters", "三文鱼"], ["pinyin initials", "swy"], ["pinyin", "sanwenyu"], ["full-width letters", "ｓｗｙ"], ["English", "salmon"]]) {
  test(`search by ${how}`, { tag: how === "characters" ? "@tablet" : [] }, async ({ page, shop }) => {
    await shop.open("/products");
    await expect(shop.rows.first()).toBeVisible();
    await shop.search.fill(words);
    await expect(page).toHaveURL(`/products?q=${encodeURIComponent(words)}`);
    await expect(shop.rows).toHaveCount(2);
    expect((await shop.names()).sort()).toEqual(["三文鱼刺身", "烤三文鱼饭团"]);
    await page.getByRole("button", { name: "清空" }).click();
    await expect(shop.search).toBeFocused();
    await expect(page).toHaveURL("/products");
    await expect(page.getByText("共 64 件")).toBeVisible();
  });
}

test("nothing found says so and leads on", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/products?q=zzzz");
  await expect(page.getByRole("heading", { name: "没有找到" })).toBeVisible();
  await audit(page);
  await page.getByRole("link", { name: "看全部商品" }).click();
  await expect(page).toHaveURL("/products");
  await expect(page.getByText("共 64 件")).toBeVisible();
  await expect(shop.search).toHaveValue("");
});

test("the list is put in order by price", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/products");
  const prices = async () => (await shop.rows.locator("b").allTextContents()).map((text) => Number(/¥\s*([\d,.]+)/.exec(text)[1].replace(",", "")));
  for (const [order, sign] of [["价格从低到高", 1], ["价格从高到低", -1]]) {
    await page.getByRole("combobox", { name: "排序" }).selectOption({ label: order });
    await expect.poll(async () => {
      const found = await prices();
      return found.length >= 24 && found.every((price, at) => at === 0 || (price - found[at - 1]) * sign >= 0);
    }).toBe(true);
  }
  await expect(page).toHaveURL(/[?&]sort=/);
  await page.reload();
  await shop.ready();
  await expect(page.getByRole("combobox", { name: "排序" })).toHaveValue("price_down");
});

test("filters: what is there, what is cheaper today", { tag: "@tablet" }, async ({ page, shop, request }) => {
  await shop.open("/products");
  const inStock = shop.filters.getByRole("button", { name: "只看有货" });
  const special = shop.filters.getByRole("button", { name: "只看特惠" });
  await inStock.click();
  await expect(inStock).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByText(`共 ${await total(request, "in_stock=true")} 件`)).toBeVisible();
  await special.click();
  const both = await total(request, "in_stock=true&on_special=true");
  await expect(page.getByText(`共 ${both} 件`)).toBeVisible();
  await expect(shop.rows.locator("s")).toHaveCount(both);
  await inStock.click();
  await special.click();
  await expect(page).toHaveURL("/products");
});

test("the address holds what is looked for", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/products?q=yu&category=seafood&in_stock=true");
  await expect(shop.search).toHaveValue("yu");
  await expect(shop.filters.getByRole("button", { name: "只看有货" })).toHaveAttribute("aria-pressed", "true");
  await expect(shop.rows.first()).toBeVisible();
  const names = await shop.names();
  await page.reload();
  await shop.ready();
  await expect(shop.search).toHaveValue("yu");
  await expect.poll(() => shop.names()).toEqual(names);
});

test("a list of one shop says whose it is and can be widened", async ({ page, shop }) => {
  await shop.open("/products?merchant=coffee");
  await expect(shop.rows).toHaveCount(4);
  const chip = shop.filters.getByRole("button", { name: /巷口咖啡|邻居的店/ });
  await expect(chip).toBeInViewport({ ratio: 0.5 });
  await chip.click();
  await expect(page.getByText("共 64 件")).toBeVisible();
});

test("the list goes on by itself to its end, and nothing comes twice", { tag: "@tablet" }, async ({ page, shop }) => {
  const asked = requests(page, /\/products$/);
  await shop.open("/products");
  await expect(shop.rows.first()).toBeVisible();
  await expect(async () => {
    await page.mouse.wheel(0, 5000);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    expect(await shop.rows.count()).toBe(64);
  }).toPass({ timeout: 30_000 });
  const names = await shop.names();
  expect(new Set(names).size).toBe(64);
  await expect(page.getByRole("button", { name: "再看一些" })).toHaveCount(0);
  expect(asked.filter((path) => path.startsWith("/api/"))).toHaveLength(3);
});

test("the list goes on also where its end was near from the beginning", { tag: "@tablet" }, async ({ page, shop }) => {
  // On a wide screen the first page does not fill what is looked ahead: nothing comes near any more.
  const api = await hold(page, "**/api/v1/products");
  await shop.open("/products");
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100)))));
  api.letGo();
  await expect(shop.rows.first()).toBeVisible();
  await expect(async () => {
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    expect(await shop.rows.count()).toBe(64);
  }).toPass({ timeout: 30_000 });
});

test("without help the list goes on by its button, by keyboard too", async ({ page, shop }) => {
  // An old web view: nothing tells that the end is near.
  await page.addInitScript(() => delete window.IntersectionObserver);
  await shop.open("/products");
  await expect(shop.rows).toHaveCount(24);
  const more = page.getByRole("button", { name: "再看一些" });
  await more.focus();
  await page.keyboard.press("Enter");
  await expect(shop.rows).toHaveCount(48);
  await more.click();
  await expect(shop.rows).toHaveCount(64);
  await expect(more).toHaveCount(0);
});

test("going back from a product gives the place back and asks for nothing", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/products");
  // To the very end, so that no row comes later by itself.
  const all = (await (await page.request.get("/api/v1/products?limit=100")).json()).items.length;
  await expect(async () => {
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    expect(await shop.rows.count()).toBe(all);
  }).toPass({ timeout: 30_000 });
  const row = shop.rows.nth(40);
  await row.evaluate((element) => element.scrollIntoView({ block: "center" }));
  const place = async () => ({ page: await page.evaluate(() => Math.round(scrollY)), row: Math.round((await row.boundingBox()).y) });
  // Rows far away get their height only when they come near: wait until nothing moves any more.
  const before = await still(page, place);
  expect(before.page).toBeGreaterThan(1000);
  const names = await shop.names();
  const asked = requests(page, /^\/api\/v1\/products$/);
  await row.getByRole("link").click();
  await expect(page.getByRole("button", { name: "加入购物车", exact: true })).toBeVisible();
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
  await page.goBack();
  await expect(row).toBeInViewport();
  await expect.poll(() => shop.names()).toEqual(names);
  await expect(async () => {
    const after = await place();
    expect(Math.abs(after.row - before.row)).toBeLessThanOrEqual(8);
  }).toPass({ timeout: 20_000 });
  expect(asked).toEqual([]);
});

test("the search field of the home page goes on here", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/");
  await page.getByRole("link", { name: /搜三文鱼/ }).click();
  await expect(page).toHaveURL(/\/products/);
  await expect(shop.search).toBeFocused();
  await page.keyboard.type("nyg");
  await expect(shop.rows.first()).toContainText("牛油果");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/[?&]q=nyg/);
  await page.goBack();
  await expect(page).toHaveURL("/");
});

test("half a Chinese word is not searched for", async ({ page, shop }) => {
  await shop.open("/products");
  await expect(shop.rows.first()).toBeVisible();
  const asked = requests(page, /^\/api\/v1\/products$/);
  await shop.search.focus();
  const client = await page.context().newCDPSession(page);
  // What an input method does: letters first, the word when it is chosen.
  await client.send("Input.imeSetComposition", { text: "niuyou", selectionStart: 6, selectionEnd: 6 });
  await client.send("Input.imeSetComposition", { text: "牛油果", selectionStart: 3, selectionEnd: 3 });
  await client.send("Input.insertText", { text: "牛油果" });
  await expect(page).toHaveURL(`/products?q=${encodeURIComponent("牛油果")}`);
  await expect(shop.rows.first()).toContainText("牛油果");
  expect(asked.map((path) => decodeURIComponent(path)).filter((path) => path.includes("niuyou"))).toEqual([]);
});

test("what a screen reader reads", async ({ page, shop }) => {
  await shop.open("/products");
  await expect(shop.rows.first()).toBeVisible();
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "分类" [level=1]
      - search:
        - searchbox "搜商品"
        - button /长辈版/
      - navigation "货架":
        - list:
          - listitem:
            - link "全部"
          - listitem:
            - link "蔬菜"
      - group "筛选":
        - combobox "排序":
          - option "推荐" [selected]
        - button "只看有货"
        - button "只看特惠"
      - status: 共 64 件
      - list:
        - listitem:
          - link /今早现摘带露水的鸡毛菜菠菜双拼家庭装/:
            - heading "今早现摘带露水的鸡毛菜菠菜双拼家庭装" [level=3]
          - button "把今早现摘带露水的鸡毛菜菠菜双拼家庭装加入购物车"
  `);
});
