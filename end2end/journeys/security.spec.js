// What a page may do, and what nobody can make it do.
import { expect, test } from "../fixtures.js";
import { stepTaken } from "../shop.js";

const POLICY = {
  "default-src": ["'none'"],
  "script-src": ["'self'", "'wasm-unsafe-eval'"],
  "style-src": ["'self'"],
  "img-src": ["'self'", "data:"],
  "media-src": ["'self'", "blob:"],
  "connect-src": ["'self'"],
  "manifest-src": ["'self'"],
  "worker-src": ["'self'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
  "frame-ancestors": ["'none'"],
};

for (const path of ["/", "/products/salmon-sashimi", "/nowhere", "/desk/"]) {
  test(`the headers of ${path}`, async ({ request }) => {
    const response = await request.get(path);
    const headers = response.headers();
    const policy = Object.fromEntries(
      headers["content-security-policy"].split(";").map((part) => {
        const [name, ...sources] = part.trim().split(/\s+/);
        return [name, sources];
      }),
    );
    expect(policy).toEqual(POLICY);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("strict-origin-when-cross-origin");
    expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
    expect(headers["cache-control"]).toBe("no-cache");
    expect(headers["set-cookie"]).toBeUndefined();
  });

  test(`every script, style and wasm of ${path} has its integrity`, { tag: path === "/desk/" ? "@desk" : [] }, async ({ page, shop, complaints }) => {
    // A tablet that is not registered yet is told so.
    complaints.allow(/403.*\/api\/v1\/desk\/device/);
    await page.goto(path);
    await shop.ready();
    const bare = await page.evaluate(() =>
      [...document.querySelectorAll("script, style, link[rel=stylesheet], link[rel=modulepreload], link[rel=preload]")]
        // The configuration is data that nothing runs.
        .filter((element) => element.type !== "application/json")
        .filter((element) => !/^sha(384|512)-/.test(element.integrity ?? ""))
        .map((element) => element.outerHTML.slice(0, 200)),
    );
    expect(bare).toEqual([]);
    const inline = await page.evaluate(() =>
      [...document.querySelectorAll("*")].flatMap((element) => element.getAttributeNames().filter((name) => name === "style" || name.startsWith("on"))),
    );
    expect(inline).toEqual([]);
    expect(await page.evaluate(() => document.cookie)).toBe("");
  });
}

test("hashed files are kept for ever, the page never", async ({ page, shop }) => {
  const kept = new Map();
  page.on("response", (response) => kept.set(new URL(response.url()).pathname, response.headers()["cache-control"]));
  await shop.open("/");
  await shop.settled();
  for (const [path, caching] of kept) {
    if (/-[0-9a-f]{14,}(_bg)?\.(js|css|wasm)$/.test(path) || path.startsWith("/media/")) expect(caching, path).toBe("public, max-age=31536000, immutable");
    else if (!path.startsWith("/icon") && !path.endsWith(".webmanifest")) expect(caching, path).toBe("no-cache");
  }
});

test("markup in a name is text everywhere", async ({ page, shop }) => {
  const evil = `<img src="x" onerror="document.title='pwned'"><b>肉`;
  // The backend's own answer with another name: what an owner may have typed.
  for (const pattern of ["**/api/v1/products/salmon-sashimi", "**/api/v1/products?*", "**/api/v1/products", "**/api/v1/storefront"]) {
    await page.route(pattern, async (route) => {
      const response = await route.fetch();
      const text = (await response.text()).replaceAll("三文鱼刺身", JSON.stringify(evil).slice(1, -1)).replaceAll("牛油果", JSON.stringify(evil).slice(1, -1));
      await route.fulfill({ response, body: text });
    });
  }
  await shop.open("/products/salmon-sashimi");
  await expect(shop.main).toContainText(evil);
  await expect(page).toHaveTitle(`${evil} · 邻里优选`);
  await page.getByRole("button", { name: "加入购物车", exact: true }).click();
  await expect(shop.toast).toContainText(evil);
  await page.getByRole("button", { name: "分享" }).click();
  await expect(shop.sheet.getByRole("img")).toBeVisible();
  await page.keyboard.press("Escape");
  await stepTaken(page);
  await shop.open("/cart");
  await expect(shop.main).toContainText(evil);
  await shop.open("/products");
  await expect(shop.rows.first()).toBeVisible();
  await shop.open("/");
  await expect(shop.main).toContainText(evil);
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
  await expect(page).toHaveTitle("邻里优选");
});

test("markup in the address is text too", async ({ page, shop, complaints }) => {
  complaints.allow(/404/);
  const evil = encodeURIComponent('"><img src=x onerror=alert(1)>');
  page.on("dialog", () => complaints.note("a dialog opened"));
  await shop.open(`/products?q=${evil}`);
  await expect(shop.search).toHaveValue('"><img src=x onerror=alert(1)>');
  await shop.open(`/products/${evil}`);
  await expect(page.getByRole("heading", { name: "没有这件商品" })).toBeVisible();
  await shop.open(`/products/salmon-sashimi?variant=${evil}`);
  await expect(page.getByRole("button", { name: "加入购物车", exact: true })).toBeVisible();
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
});
