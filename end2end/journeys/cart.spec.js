// The cart: drafted on the phone, written down, priced by the shop, never lost.
import { audit, expect, test } from "../fixtures.js";

const line = (page, name) => page.getByRole("main").getByRole("listitem").filter({ hasText: name });
const sum = (page) => page.getByRole("main").getByRole("paragraph").filter({ hasText: /^合计 · / });

test("lines, quantities and a sum that is exact", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.put("salmon-sashimi");
  await shop.put("hotpot-lamb");
  await shop.open("/cart");
  await expect(page).toHaveTitle("购物车 · 邻里优选");
  const salmon = line(page, "三文鱼刺身");
  await expect(salmon).toContainText("200g");
  for (let step = 0; step < 2; step += 1) await salmon.getByRole("button", { name: "多一件" }).click();
  // 3 × 45.90 + 89.80
  await expect(salmon).toContainText(/¥137.70?/);
  await expect(sum(page)).toContainText("共 4 件");
  await expect(sum(page)).toContainText(/¥227.50?/);
  await expect(page.getByRole("link", { name: "去结算" })).toHaveAttribute("href", "/checkout");
  // 19.9 three times is a sum that binary fractions get wrong.
  await shop.put("lemon-soap");
  await shop.open("/cart");
  for (let step = 0; step < 2; step += 1) await line(page, "柠檬洗碗皂").getByRole("button", { name: "多一件" }).click();
  await expect(sum(page)).toContainText(/¥287.20?/);
  await audit(page);
});

test("taken out by one tap too many, put back by one", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.put("salmon-sashimi");
  await shop.put("hotpot-lamb");
  await shop.open("/cart");
  await line(page, "三文鱼刺身").getByRole("button", { name: "少一件" }).click();
  await expect(line(page, "三文鱼刺身")).toHaveCount(0);
  await expect(shop.toast).toContainText("已拿出 三文鱼刺身");
  await expect(sum(page)).toContainText("共 1 件");
  await shop.toast.getByRole("button", { name: "放回去" }).click();
  await expect(line(page, "三文鱼刺身")).toBeVisible();
  await expect(sum(page)).toContainText("共 2 件");
  await expect(sum(page)).toContainText(/¥135.70?/);
});

test("the last one taken out leaves a way on, and comes back", async ({ page, shop }) => {
  await shop.put("salmon-sashimi");
  await shop.open("/cart");
  await line(page, "三文鱼刺身").getByRole("button", { name: "少一件" }).click();
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
  await shop.toast.getByRole("button", { name: "放回去" }).click();
  await expect(line(page, "三文鱼刺身")).toBeVisible();
});

test("it is kept over a reload and leads to its products", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.put("salmon-sashimi");
  await shop.open("/cart");
  await line(page, "三文鱼刺身").getByRole("button", { name: "多一件" }).click();
  await page.reload();
  await shop.ready();
  await expect(sum(page)).toContainText("共 2 件");
  await line(page, "三文鱼刺身").getByRole("link", { name: "三文鱼刺身" }).click();
  await expect(page).toHaveURL(/\/products\/salmon-sashimi/);
});

test("a second tab follows", { tag: "@tablet" }, async ({ page, shop, context }) => {
  await shop.open("/cart");
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
  const other = await context.newPage();
  await other.goto("/products/salmon-sashimi");
  await other.getByRole("button", { name: "加入购物车", exact: true }).click();
  await expect(line(page, "三文鱼刺身")).toBeVisible();
  await expect(shop.tab(/购物车/)).toContainText("1");
  // And the other way round; what both add is added up.
  await line(page, "三文鱼刺身").getByRole("button", { name: "多一件" }).click();
  // A browser tells a tab in another process of what was written a moment later; nobody is quicker.
  await expect(other.getByRole("link", { name: "购物车 共 2 件" })).toBeVisible();
  await other.getByRole("button", { name: "加入购物车", exact: true }).click();
  await expect(sum(page)).toContainText("共 3 件");
  await expect(other.getByRole("link", { name: "购物车 共 3 件" })).toBeVisible();
});

test("a phone that keeps nothing is said so, and nothing is lost in the page", { tag: "@tablet" }, async ({ page, shop }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await shop.put("salmon-sashimi");
  await page.getByRole("button", { name: "加入购物车", exact: true }).click();
  await page.getByRole("link", { name: "购物车 共 2 件" }).click();
  await expect(page.getByRole("alert")).toContainText("手机存不下了");
  await line(page, "三文鱼刺身").getByRole("button", { name: "多一件" }).click();
  await expect(sum(page)).toContainText("共 3 件");
  await expect(sum(page)).toContainText(/¥137.70?/);
  await audit(page);
  await shop.tab("首页").click();
  await shop.tab(/购物车/).click();
  await expect(sum(page)).toContainText("共 3 件");
});

test("storage that is refused altogether stops nobody", async ({ page, shop }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    });
  });
  await shop.put("salmon-sashimi");
  await page.getByRole("link", { name: "购物车 共 1 件" }).click();
  await expect(line(page, "三文鱼刺身")).toBeVisible();
  await page.getByRole("button", { name: "长辈版" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-elder", "");
});

test("what is kept and not understood any more is no trouble", async ({ page, shop }) => {
  await page.addInitScript(() => {
    localStorage.setItem("cart", '{"lines":[{"half":');
    localStorage.setItem("settings", "null");
  });
  await shop.open("/cart");
  await expect(page.getByRole("heading", { name: "购物车还是空的" })).toBeVisible();
});

test("what a screen reader reads", async ({ page, shop }) => {
  await shop.put("salmon-sashimi");
  await shop.open("/cart");
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "购物车" [level=1]
      - button /长辈版/
      - list:
        - listitem:
          - link "三文鱼刺身"
          - strong: 三文鱼刺身
          - paragraph: 200g
          - paragraph:
            - group "数量 三文鱼刺身 200g":
              - button "少一件"
              - status: "1"
              - button "多一件"
      - paragraph: /合计 · 共 1 件 ¥45.90?/
      - link "去结算"
  `);
});
