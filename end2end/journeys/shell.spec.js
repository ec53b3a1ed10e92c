// Before the wasm runs, and when it never does.
import { expect, test } from "../fixtures.js";
import { hold, requests } from "../network.js";

const PAGES = [
  ["home", "/", "/api/v1/storefront", /^\/api\/v1\/storefront/],
  ["products", "/products?q=swy", "/api/v1/products?q=swy", /^\/api\/v1\/(products|categories)/],
  ["product", "/products/salmon-sashimi", "/api/v1/products/salmon-sashimi", /^\/api\/v1\/products/],
];

for (const [frame, path, first, api] of PAGES) {
  test(`the shell of ${frame} stands before the wasm, and its answer is asked for once`, { tag: "@tablet" }, async ({ page, shop }) => {
    const asked = requests(page, api);
    const wasm = await hold(page, "**/*.wasm");
    await page.goto(path);
    const shell = page.locator("#shell");
    await expect(shell.locator(`[data-frame="${frame}"]`)).toBeVisible();
    await expect(shell.locator("[data-frame]:visible")).toHaveCount(1);
    await expect(shell.locator(`[data-frame="${frame}"] .sk:visible`).first()).toBeVisible();
    if (frame === "home") {
      await expect(shell.locator(".awning")).toBeVisible();
      await expect(shell.getByText("邻里优选")).toBeVisible();
    }
    const tabs = shell.locator("nav.tabs a");
    if (frame === "product") await expect(tabs.first()).toBeHidden();
    else await expect(tabs).toContainText(["首页", "分类", "直播", "购物车", "我的"]);
    await expect.poll(() => asked).toContain(first);
    await expect(page.locator("html[data-ready]")).toHaveCount(0);
    wasm.letGo();
    await shop.ready();
    await shop.settled();
    await expect(page.locator("#shell")).toHaveCount(0);
    expect(asked.length, asked.join(" ")).toBe(new Set(asked).size);
  });
}

for (const path of ["/live", "/cart", "/me", "/settings"]) {
  test(`the shell of ${path} has the tabs and no foreign skeleton`, async ({ page }) => {
    await hold(page, "**/*.wasm");
    await page.goto(path);
    await expect(page.locator("#shell [data-frame]:visible")).toHaveCount(0);
    await expect(page.locator("#shell nav.tabs")).toBeVisible({ visible: path !== "/settings" });
  });
}

test("the shell speaks the language and the size that are kept", async ({ page, shop }) => {
  await shop.keep({ language: "en", elder: true, size: 2 });
  await hold(page, "**/*.wasm");
  await page.goto("/");
  await expect(page.locator("#shell nav.tabs")).toContainText(["Home"].join(""));
  await expect(page.locator("#shell").getByText("首页")).toBeHidden();
  await expect(page.locator("html")).toHaveAttribute("data-elder", "");
  await expect(page.locator("html")).toHaveAttribute("data-size", "2");
});

test("glue, wasm and every answer are downloaded exactly once", { tag: "@tablet" }, async ({ page, shop }) => {
  const asked = requests(page, /./);
  await shop.open("/");
  await shop.settled();
  await expect(page.getByRole("heading", { name: "今日特惠" })).toBeVisible();
  const files = asked.filter((path) => !path.startsWith("/media/"));
  expect(files.filter((path) => path.endsWith(".wasm"))).toHaveLength(1);
  expect(files.filter((path) => /\/shop-\w+\.js$/.test(path))).toHaveLength(1);
  expect(files.filter((path, at) => files.indexOf(path) !== at)).toEqual([]);
});

test("a link of the shell works before the app runs", async ({ page, shop }) => {
  const wasm = await hold(page, "**/*.wasm");
  await page.goto("/");
  await page.locator("#shell nav.tabs").getByText("分类").click();
  await expect(page).toHaveURL("/products");
  wasm.letGo();
  await shop.ready();
  await expect(shop.rows.first()).toBeVisible();
});

test("a door that opens slowly says so", async ({ page }) => {
  await page.clock.install();
  await hold(page, "**/*.wasm");
  await page.goto("/");
  await expect(page.locator("#wait")).toBeHidden();
  await page.clock.runFor(11_000);
  await expect(page.getByText("网络有点慢，店门正在打开")).toBeVisible();
});

test.describe("when it does not run", () => {
  test.beforeEach(({ complaints }) => complaints.allow(/./));

  /** The plain screen is there, nothing else, and its button opens the page again. */
  async function troubled(page, shop, mend) {
    const trouble = page.getByRole("alert");
    await expect(trouble).toContainText("页面出了点问题");
    await expect(trouble).toContainText("购物车里的东西都还在");
    await expect(page.locator("#shell, #app")).toHaveCount(0);
    const again = trouble.getByRole("button", { name: "重新打开" });
    await expect(again).toBeFocused();
    await mend();
    await again.click();
    await shop.ready();
    await expect(page.getByRole("heading", { name: "今日特惠" })).toBeVisible();
  }

  test("the wasm never comes", { tag: "@tablet" }, async ({ page, shop }) => {
    await page.route("**/*.wasm", (route) => route.abort());
    await page.goto("/");
    await troubled(page, shop, () => page.unroute("**/*.wasm"));
  });

  test("the glue never comes", async ({ page, shop }) => {
    await page.route("**/shop-*.js", (route) => route.abort());
    await page.goto("/");
    await troubled(page, shop, () => page.unroute("**/shop-*.js"));
  });

  for (const [what, pattern] of [["wasm", "**/*.wasm"], ["glue", "**/shop-*.js"]]) {
    test(`altered ${what} is not run`, { tag: "@tablet" }, async ({ page, shop }) => {
      await page.route(pattern, async (route) => {
        const response = await route.fetch();
        const body = await response.body();
        // A comment at the end of the glue, a custom section at the end of the wasm: both would run.
        const more = what === "glue" ? Buffer.from("\n// altered") : Buffer.from([0, 3, 1, 0x78, 0]);
        await route.fulfill({ response, body: Buffer.concat([body, more]) });
      });
      await page.goto("/");
      await expect(page.getByRole("alert")).toContainText("页面出了点问题");
      await expect(page.locator("html[data-ready]")).toHaveCount(0);
      await troubled(page, shop, () => page.unroute(pattern));
    });
  }

  test("altered glue is not run when its server forbids keeping it either", async ({ page }) => {
    // Then a module that was preloaded is fetched again when it is imported: without the link's
    // integrity, unless whoever imports it sees to that. Which comes first is a race, so several times.
    await page.route("**/shop-*.js", async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers(), "cache-control": "no-store" };
      await route.fulfill({ response, headers, body: `${await response.text()}\nwindow.altered = true;` });
    });
    for (let time = 0; time < 4; time += 1) {
      await page.goto("/");
      await expect(page.getByRole("alert").or(page.locator("html[data-ready]")).first()).toBeAttached();
      expect(await page.evaluate(() => window.altered)).toBeUndefined();
      await expect(page.getByRole("alert")).toContainText("页面出了点问题");
    }
  });

  test("altered boot script or styles are not used", async ({ page }) => {
    for (const pattern of ["**/boot-*.js", "**/base-*.css"]) {
      await page.route(pattern, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: `${await response.text()}\n/* altered */` });
      });
    }
    await page.goto("/");
    await expect.poll(() => page.evaluate(() => document.readyState)).toBe("complete");
    expect(await page.evaluate(() => ({ boot: typeof window.boot, tabs: getComputedStyle(document.querySelector(".tabs")).position }))).toEqual({ boot: "undefined", tabs: "static" });
  });

  test("the app traps while it runs", async ({ page, shop }) => {
    await shop.open("/");
    await shop.settled();
    // As the browser reports a trap inside the wasm.
    await page.evaluate(() => setTimeout(() => { throw new WebAssembly.RuntimeError("unreachable"); }));
    await troubled(page, shop, async () => {});
  });

  test("another script's error is not the app's", async ({ page, shop }) => {
    await shop.open("/");
    await page.evaluate(() => setTimeout(() => { throw new Error("an extension"); }));
    await page.getByRole("link", { name: "今天的牛油果刚好熟" }).click();
    await expect(page.getByRole("button", { name: "加入购物车", exact: true })).toBeVisible();
    await expect(page.locator("#trouble")).toBeHidden();
  });
});
