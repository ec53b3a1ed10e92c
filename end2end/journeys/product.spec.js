// One product: what it is, which and how many, into the cart, passed on.
import { readCode } from "../code.js";
import { audit, expect, test } from "../fixtures.js";

test("the variant is chosen by name and lives in the address", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/products");
  await page.getByRole("link", { name: "水产" }).click();
  await shop.rows.filter({ hasText: "三文鱼刺身" }).getByRole("link").click();
  await expect(page).toHaveURL("/products/salmon-sashimi");
  await expect(page).toHaveTitle("三文鱼刺身 · 邻里优选");
  const small = page.getByRole("radio", { name: /^200g/ });
  const large = page.getByRole("radio", { name: /^400g/ });
  await expect(small).toBeChecked();
  await expect(shop.main).toContainText("只剩 9 份");
  await expect(shop.main).toContainText("¥114.75 / 500g");
  await large.check();
  await expect(page).toHaveURL("/products/salmon-sashimi?variant=salmon-sashimi-400g");
  await expect(shop.main).toContainText("只剩 4 份");
  await expect(shop.main).toContainText("¥108.50 / 500g");
  await expect(shop.main.locator("b").first()).toHaveText(/¥86.80?/);
  // Choosing is no step of the way back.
  await page.goBack();
  await expect(page).toHaveURL(/\/products\?category=seafood/);
});

test("a link to a variant opens that variant", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/products/salmon-sashimi?variant=salmon-sashimi-400g");
  await expect(page.getByRole("radio", { name: /^400g/ })).toBeChecked();
  await page.reload();
  await shop.ready();
  await expect(page.getByRole("radio", { name: /^400g/ })).toBeChecked();
});

test("a link to a variant that is gone opens the product", async ({ page, shop }) => {
  await shop.open("/products/salmon-sashimi?variant=nowhere");
  await expect(page.getByRole("radio", { name: /^200g/ })).toBeChecked();
});

test("nobody takes more than there is", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/products/salmon-sashimi");
  const stepper = page.getByRole("group", { name: /数量/ });
  const more = stepper.getByRole("button", { name: "多一件" });
  const less = stepper.getByRole("button", { name: "少一件" });
  const count = stepper.getByRole("status");
  await expect(less).toBeDisabled();
  for (let step = 1; step < 9; step += 1) await more.click();
  await expect(count).toHaveText("9");
  await expect(more).toBeDisabled();
  // Of the other variant there is less.
  await page.getByRole("radio", { name: /^400g/ }).check();
  await expect(count).toHaveText("4");
  await expect(more).toBeDisabled();
  await less.click();
  await expect(count).toHaveText("3");
});

test("into the cart: said, counted, kept", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/products/salmon-sashimi");
  await page.getByRole("button", { name: "多一件" }).click();
  await page.getByRole("button", { name: "加入购物车", exact: true }).click();
  await expect(shop.toast).toContainText("三文鱼刺身 已加入，购物车共 2 件");
  const cart = page.getByRole("link", { name: "购物车 共 2 件" });
  await expect(cart).toContainText("2");
  await cart.click();
  await expect(page).toHaveURL("/cart");
  await expect(shop.main).toContainText("三文鱼刺身");
});

test("what is sold out cannot be bought", async ({ page, shop }) => {
  await shop.open("/products/hairy-crab");
  await expect(shop.main).toContainText("卖完了");
  await expect(page.getByRole("button", { name: "卖完了" })).toBeDisabled();
  await audit(page);
  // One variant may be gone while the other is there.
  await shop.open("/products/wuchang-rice");
  await expect(page.getByRole("button", { name: "加入购物车", exact: true })).toBeEnabled();
  await page.getByRole("radio", { name: /^10 斤/ }).check();
  await expect(page.getByRole("button", { name: "卖完了" })).toBeDisabled();
});

test("a product that does not exist leads on", { tag: "@tablet" }, async ({ page, shop, complaints }) => {
  complaints.allow(/404.*\/products\/nowhere/);
  await shop.open("/products/nowhere");
  await expect(page.getByRole("heading", { name: "没有这件商品" })).toBeVisible();
  await audit(page);
  await page.getByRole("link", { name: "看看货架" }).click();
  await expect(page).toHaveURL("/products");
});

test("back leads back, and to the shelves when there is no way back", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/");
  await page.getByRole("link", { name: "今天的牛油果刚好熟" }).click();
  await page.getByRole("button", { name: "返回" }).click();
  await expect(page).toHaveURL("/");
});

test("whoever came by a shared link goes back to the shelves", async ({ page, shop }) => {
  // As a chat opens it: in a window of its own, without a page before.
  const opened = page.context().waitForEvent("page");
  await shop.open("/me");
  await page.evaluate(() => window.open("/products/avocado?from=share", "_blank", "noopener"));
  const fresh = await opened;
  await expect(fresh.getByRole("button", { name: "加入购物车", exact: true })).toBeVisible();
  await fresh.getByRole("button", { name: "返回" }).click();
  await expect(fresh).toHaveURL("/products");
});

test("the sheet for passing on: a link to copy, a poster to send", { tag: "@tablet" }, async ({ page, shop, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await shop.open("/products/salmon-sashimi");
  await page.getByRole("button", { name: "分享" }).click();
  const link = `${baseURL}/products/salmon-sashimi?from=share`;
  await expect(shop.sheet).toContainText(link);
  const poster = shop.sheet.getByRole("img", { name: /三文鱼刺身的海报/ });
  await expect(poster).toBeVisible();
  const source = await poster.getAttribute("src");
  expect(source).toMatch(/^data:image\/png;base64,/);
  const png = Buffer.from(source.split(",")[1], "base64");
  // Width and height stand in a PNG's first block.
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([600, 860]);
  expect(png.length).toBeGreaterThan(10_000);
  // Who comes by the picture is told from who comes by the link.
  expect(await readCode(context, png)).toBe(link.replace("from=share", "from=poster"));
  await audit(page);
  await shop.sheet.getByRole("button", { name: "复制链接" }).click();
  await expect(shop.toast).toContainText("链接已复制");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  const saved = page.waitForEvent("download");
  await shop.sheet.getByRole("button", { name: "保存海报" }).click();
  expect((await saved).suggestedFilename()).toBe("三文鱼刺身.png");
});

test("where copying is refused the sheet says what to do", async ({ page, shop }) => {
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  });
  await shop.open("/products/salmon-sashimi");
  await page.getByRole("button", { name: "分享" }).click();
  await shop.sheet.getByRole("button", { name: "复制链接" }).click();
  await expect(shop.toast).toContainText("长按上面的链接");
});

test("what was said is seen above an open sheet", async ({ page, shop, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await shop.open("/products/salmon-sashimi");
  await page.getByRole("button", { name: "分享" }).click();
  await shop.sheet.getByRole("button", { name: "复制链接" }).click();
  await expect(shop.toast).toContainText("链接已复制");
  // A modal dialog lies above everything that is not in the top layer with it.
  const seen = await page.getByText("链接已复制").evaluate((words) => {
    const { x, y, width, height } = words.getBoundingClientRect();
    return words.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  });
  expect(seen).toBe(true);
});

test("what a screen reader reads", async ({ page, shop }) => {
  await shop.open("/products/salmon-sashimi");
  await shop.settled();
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - button "返回"
      - heading [level=1]
      - button /长辈版/
      - button "分享"
      - group "选规格":
        - radio /200g/ [checked]
        - radio /400g/
      - paragraph: /今早到店/
      - link "购物车 共 0 件"
      - group "数量 三文鱼刺身":
        - button "少一件" [disabled]
        - button "多一件"
      - button "加入购物车"
  `);
});
