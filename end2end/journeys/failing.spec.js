// Failed: what happened, what was kept, what to do. Then it is mended, and the button helps.
import { startBackend } from "../backend.js";
import { audit, expect, test } from "../fixtures.js";
import { breakDown, hold, LOGIN_PAGE, PROBLEM, STOPPED } from "../network.js";

const PAGES = [
  ["home", "/", "**/api/v1/storefront", "今日特惠"],
  ["catalogue", "/products", "**/api/v1/products*", "沙瓤番茄"],
  ["product", "/products/salmon-sashimi", "**/api/v1/products/*", "今早到店，在低温间"],
  ["mine", "/me", "**/api/v1/storefront", "阳光花园南门"],
];

for (const [name, path, pattern, content] of PAGES) {
  test(`${name}: the shop's computer fails, then works again`, { tag: "@tablet" }, async ({ page, shop, complaints }) => {
    complaints.allow(/500/);
    const broken = await breakDown(page, pattern, PROBLEM);
    await shop.open(path);
    await expect(page.getByRole("alert").getByRole("heading")).toHaveText("店里的电脑出了点问题");
    await audit(page);
    await broken.mend();
    await page.getByRole("button", { name: "再试一次" }).click();
    await expect(page.getByText(content).first()).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
  });

  test(`${name}: something else answers in the shop's place`, async ({ page, shop }) => {
    const broken = await breakDown(page, pattern, LOGIN_PAGE);
    await shop.open(path);
    await expect(page.getByRole("alert").getByRole("heading")).toHaveText("收到的内容看不懂");
    await broken.mend();
    await page.getByRole("button", { name: "再试一次" }).click();
    await expect(page.getByText(content).first()).toBeVisible();
  });
}

test("an answer that is cut off is not half believed", async ({ page, shop, request }) => {
  const whole = await (await request.get("/api/v1/storefront")).text();
  await breakDown(page, "**/api/v1/storefront", { status: 200, contentType: "application/json", body: whole.slice(0, whole.length / 2) });
  await shop.open("/");
  await expect(page.getByRole("alert").getByRole("heading")).toHaveText("收到的内容看不懂");
});

test("an answer that never comes is given up in the end", async ({ page, shop }) => {
  await page.clock.install();
  await hold(page, "**/api/v1/**");
  await shop.open("/");
  await expect(page.locator('[aria-busy="true"]').first()).toBeAttached();
  // Three tries of twelve seconds and the waits between them.
  await expect(async () => {
    await page.clock.runFor(5_000);
    await expect(page.getByRole("alert").getByRole("heading")).toHaveText("网络太慢，没有等到回答", { timeout: 200 });
  }).toPass({ timeout: 45_000, intervals: [100] });
});

test("a busy shop says when to come again", async ({ page, shop, complaints }) => {
  complaints.allow(/429/);
  await breakDown(page, "**/api/v1/storefront", {
    status: 429,
    contentType: "application/problem+json",
    headers: { "retry-after": "30" },
    body: JSON.stringify({ type: "about:blank", title: "Too many requests", status: 429 }),
  });
  await shop.open("/");
  await expect(page.getByRole("alert")).toContainText("请过 30 秒再试");
});

test("the rest of the list does not come: what is here stays", { tag: "@tablet" }, async ({ page, shop, complaints }) => {
  complaints.allow(/500/);
  await page.addInitScript(() => delete window.IntersectionObserver);
  await shop.open("/products");
  await expect(shop.rows).toHaveCount(24);
  const broken = await breakDown(page, "**/api/v1/products?*cursor*", PROBLEM);
  await page.getByRole("button", { name: "再看一些" }).click();
  await expect(page.getByRole("alert")).toContainText("后面的没有取到");
  await expect(shop.rows).toHaveCount(24);
  await audit(page);
  await broken.mend();
  await page.getByRole("alert").getByRole("button", { name: "再试一次" }).click();
  await expect(shop.rows).toHaveCount(48);
});

test("the sheet of variants fails and heals in its place", async ({ page, shop, complaints }) => {
  complaints.allow(/500/);
  await shop.open("/");
  const broken = await breakDown(page, "**/api/v1/products/avocado", PROBLEM);
  await page.getByRole("button", { name: "把牛油果加入购物车" }).click();
  await expect(shop.sheet.getByRole("alert")).toBeVisible();
  await audit(page);
  await broken.mend();
  await shop.sheet.getByRole("button", { name: "再试一次" }).click();
  await expect(shop.sheet.getByRole("radio").first()).toBeVisible();
});

test("a picture that does not come leaves its plate", async ({ page, shop, complaints }) => {
  complaints.allow(/\/media\//);
  await page.route("**/media/*", (route) => route.abort());
  await shop.open("/products/salmon-sashimi");
  await expect(page.getByRole("button", { name: "加入购物车", exact: true })).toBeVisible();
  await expect(shop.main.locator("img").first()).toBeHidden();
  // A poster without its picture is better than none.
  await page.getByRole("button", { name: "分享" }).click();
  await expect(shop.sheet.getByRole("img", { name: /海报/ })).toBeVisible();
});

test.describe("a backend that goes away", () => {
  test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

  test("what was seen stays to be seen, the rest waits for it to come back", { tag: "@tablet" }, async ({ page, shop, ownBackend, complaints }) => {
    complaints.allow(STOPPED);
    await shop.open("/");
    await shop.settled();
    await ownBackend.stop();
    await shop.tab("分类").click();
    await expect(page.getByRole("alert").getByRole("heading")).toHaveText("没有网络");
    await shop.tab("首页").click();
    await expect(page.getByText(/网络不通，先看 \d\d:\d\d 的内容/)).toBeVisible();
    await expect(page.getByRole("heading", { name: "今日特惠" })).toBeVisible();
    const again = await startBackend([], { folder: ownBackend.folder, port: new URL(ownBackend.url).port });
    try {
      await page.getByRole("button", { name: "再试一次" }).click();
      await expect(page.getByText(/网络不通/)).toHaveCount(0);
      await shop.tab("分类").click();
      await expect(shop.rows.first()).toBeVisible();
    } finally {
      await again.stop();
    }
  });
});
