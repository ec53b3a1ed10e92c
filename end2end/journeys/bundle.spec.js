// A bundle: what is in it, what may be swapped, what that costs, and into the cart.
import { readCode } from "../code.js";
import { change } from "../database.js";
import { audit, expect, test } from "../fixtures.js";
import { chinese, hidden, shifts, sticksOut, tooSmall, watchShifts } from "../measure.js";
import { breakDown, hold, PROBLEM, STOPPED } from "../network.js";

const price = (page) => page.locator(".price");
const row = (page, name) => page.getByRole("main").getByRole("listitem").filter({ hasText: name });
const bar = (page, name) => page.getByRole("button", { name, exact: true });
/** The bundles of the cart, as this phone keeps them. */
const kept = (page) => page.evaluate(() => JSON.parse(localStorage.getItem("cart") ?? "{}").bundles ?? []);
/** What keeps these parts from being had, and the button that helps. */
const strip = (page) => page.getByRole("main").getByRole("status").filter({ hasText: /没有了|只够/ });

async function opened(shop, path = "/bundles/light-meal") {
  await shop.open(path);
  await shop.settled();
  await expect(bar(shop.page, "马上买")).toBeVisible();
}

test("the home page leads there; the page says what is in it and what it saves", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/");
  await shop.settled();
  const card = page.getByRole("list", { name: "一起买更省" }).getByRole("listitem").filter({ hasText: "健康轻食套餐" });
  await expect(card).toContainText("三文鱼 · 藜麦 · 柠檬");
  await expect(card).toContainText(/¥59.8.*¥72.4/s);
  await expect(card).toContainText("省 ¥12.6");
  await card.getByRole("link").click();
  await expect(page).toHaveURL("/bundles/light-meal");
  await expect(page.getByRole("heading", { level: 1, name: "健康轻食套餐" })).toBeVisible();
  await expect(page).toHaveTitle("健康轻食套餐 · 邻里优选");
  await expect(price(page)).toContainText(/¥59.8.*¥72.4.*省 ¥12.6.*还够 9 套/s);
  await expect(shop.main).toContainText("两人份");
  await expect(row(page, "三文鱼刺身 200g")).toContainText("单买 ¥45.9");
  await expect(row(page, "三文鱼刺身 200g")).toContainText("只剩 9 份");
  await expect(row(page, "三色藜麦 250g")).toContainText("不换");
  await expect(shop.main).toContainText(/单买合计\s*¥72.40/);
  await expect(shop.main).toContainText(/套餐优惠\s*−¥12.60/);
  await expect(shop.main).toContainText(/过敏提示\s*鱼类/);
  await audit(page);
  await page.getByRole("button", { name: "返回" }).click();
  await expect(page).toHaveURL("/");
});

test("where there is one other way, one tap swaps; the choice is in the address, no step of the way back", { tag: "@tablet" }, async ({ page, shop }) => {
  await shop.open("/");
  await shop.settled();
  await page.getByRole("link", { name: /^健康轻食套餐/ }).click();
  const swap = row(page, "三文鱼刺身").getByRole("button", { name: "三文鱼刺身 可换 低脂鸡胸肉 −¥8" });
  await swap.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/bundles/light-meal?choice=chicken-breast-1kg,tricolour-quinoa-250g,anyue-lemon-4");
  await expect(price(page)).toContainText(/¥51.8/);
  const back = row(page, "低脂鸡胸肉 1kg").getByRole("button", { name: "低脂鸡胸肉 可换 三文鱼刺身 +¥8" });
  await expect(back).toBeFocused();
  await expect(shop.main).not.toContainText("过敏提示");
  await row(page, "安岳黄柠檬").getByRole("button", { name: /牛油果 \+¥3/ }).click();
  await expect(price(page)).toContainText(/¥54.8/);
  await expect(page).toHaveURL(/choice=chicken-breast-1kg,tricolour-quinoa-250g,avocado-2$/);
  await page.reload();
  await shop.ready();
  await expect(row(page, "低脂鸡胸肉 1kg")).toBeVisible();
  await expect(row(page, "牛油果 2 个")).toBeVisible();
  await expect(price(page)).toContainText(/¥54.8/);
  await back.click();
  await row(page, "牛油果").getByRole("button", { name: /安岳黄柠檬 −¥3/ }).click();
  await expect(page).toHaveURL("/bundles/light-meal");
  await page.goBack();
  await expect(page).toHaveURL("/");
});

test("where there are several ways, a sheet asks", { tag: "@tablet" }, async ({ page, shop }) => {
  await opened(shop, "/bundles/breakfast-for-two");
  const ask = row(page, "海盐可颂").getByRole("button", { name: "海盐可颂 可换 2 样可选" });
  await ask.click();
  const group = shop.sheet.getByRole("group", { name: "海盐可颂可以换成" });
  await expect(group.getByRole("radio")).toHaveCount(3);
  await expect(group.getByRole("radio", { name: /海盐可颂/ })).toBeChecked();
  const toast = group.getByRole("radio", { name: /核桃全麦吐司 一条 400g 单买 ¥22 · 货足 · 过敏提示 麸质（小麦）、坚果和奶 \+¥4/ });
  await toast.check();
  await audit(page);
  // Looking is not choosing.
  await page.keyboard.press("Escape");
  await expect(shop.sheet).toBeHidden();
  await expect(page).toHaveURL("/bundles/breakfast-for-two");
  await ask.click();
  await group.getByRole("radio", { name: /芝麻贝果/ }).check();
  await shop.sheet.getByRole("button", { name: "选好了" }).click();
  await expect(page).toHaveURL("/bundles/breakfast-for-two?choice=sesame-bagel-4,cold-brew-300ml");
  await expect(row(page, "芝麻贝果 4 个")).toBeVisible();
  await expect(row(page, "瓶装冷萃咖啡 一瓶 300ml × 2")).toContainText("单买 ¥39.6");
  await expect(price(page)).toContainText(/¥56.8/);
  await expect(shop.main).toContainText(/过敏提示\s*麸质（小麦）和芝麻/);
  // The sheet is gone from the history too.
  await row(page, "芝麻贝果").getByRole("button").click();
  await expect(shop.sheet).toBeVisible();
  await page.goBack();
  await expect(shop.sheet).toBeHidden();
  await expect(row(page, "芝麻贝果 4 个")).toBeVisible();
});

test("a choice that is not offered becomes what one gets", async ({ page, shop }) => {
  await opened(shop, "/bundles/light-meal?choice=nowhere,avocado-2,avocado-2,more");
  await expect(row(page, "三文鱼刺身 200g")).toBeVisible();
  await expect(row(page, "三色藜麦 250g")).toBeVisible();
  await expect(row(page, "牛油果 2 个")).toBeVisible();
  await expect(price(page)).toContainText(/¥62.8/);
});

test("what is passed on is the choice", { tag: "@tablet" }, async ({ page, shop, context, baseURL }) => {
  await opened(shop);
  await row(page, "三文鱼刺身").getByRole("button").click();
  await page.getByRole("button", { name: "分享" }).click();
  const link = `${baseURL}/bundles/light-meal?choice=chicken-breast-1kg,tricolour-quinoa-250g,anyue-lemon-4&from=share`;
  await expect(shop.sheet).toContainText(link);
  const poster = shop.sheet.getByRole("img", { name: /健康轻食套餐的海报/ });
  const source = await poster.getAttribute("src");
  expect(await readCode(context, Buffer.from(source.split(",")[1], "base64"))).toBe(link.replace("from=share", "from=poster"));
  await audit(page);
  await shop.open(link);
  await expect(row(page, "低脂鸡胸肉 1kg")).toBeVisible();
});

test("into the cart: as it was chosen, counted, kept", { tag: "@tablet" }, async ({ page, shop }) => {
  await opened(shop);
  await row(page, "三文鱼刺身").getByRole("button").click();
  await bar(page, "多一件").click();
  await expect(shop.main).toContainText(/2 套一共\s*¥103.60/);
  await bar(page, "加入购物车").click();
  await expect(shop.toast).toContainText("健康轻食套餐 已加入，购物车共 2 件");
  await expect(page.getByRole("link", { name: "购物车 共 2 件" })).toContainText("2");
  const line = {
    bundle: "light-meal",
    choice: ["chicken-breast-1kg", "tricolour-quinoa-250g", "anyue-lemon-4"],
    quantity: 2,
    name: "健康轻食套餐",
    parts: ["低脂鸡胸肉", "三色藜麦", "安岳黄柠檬"],
    price: { amount: 5180, currency: "CNY" },
  };
  expect(await kept(page)).toEqual([expect.objectContaining(line)]);
  // The same once more joins it, another choice stands beside it.
  await bar(page, "加入购物车").click();
  await expect(page.getByRole("link", { name: "购物车 共 3 件" })).toBeVisible();
  await row(page, "低脂鸡胸肉").getByRole("button").click();
  await bar(page, "马上买").click();
  await expect(page).toHaveURL("/cart");
  expect((await kept(page)).map(({ quantity }) => quantity)).toEqual([3, 1]);
  await expect(shop.tab(/购物车/)).toContainText("4");
});

test("nobody takes fewer sets than an order has, nor more than there are", async ({ page, shop }) => {
  await opened(shop, "/bundles/quick-lunch");
  await expect(price(page)).toContainText("2 套起");
  const count = page.getByRole("group", { name: /数量/ }).getByRole("status");
  await expect(count).toHaveText("2");
  await expect(bar(page, "少一件")).toBeDisabled();
  await bar(page, "加入购物车").click();
  await expect.poll(() => kept(page)).toEqual([expect.objectContaining({ bundle: "quick-lunch", quantity: 2 })]);
  await opened(shop);
  for (let step = 1; step < 9; step += 1) await bar(page, "多一件").click();
  await expect(count).toHaveText("9");
  await expect(bar(page, "多一件")).toBeDisabled();
  // Who wants more is told what helps.
  await expect(strip(page)).toContainText(/只够 9 套/);
  await strip(page).getByRole("button", { name: "换成低脂鸡胸肉和牛油果 −¥5" }).click();
  await expect(bar(page, "多一件")).toBeEnabled();
  await expect(strip(page)).toHaveCount(0);
});

test.describe("what somebody else has bought meanwhile", () => {
  test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

  test("a part that is sold out is named, with the swap that helps", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
    await change(ownBackend, "UPDATE variants SET stock = 0 WHERE id = ?", "salmon-sashimi-200g");
    await opened(shop);
    await expect(strip(page)).toContainText("三文鱼刺身没有了");
    await expect(price(page)).toContainText("卖完了");
    await expect(bar(page, "卖完了")).toBeDisabled();
    await expect(bar(page, "马上买")).toBeDisabled();
    await audit(page);
    await strip(page).getByRole("button", { name: "换成低脂鸡胸肉 −¥8" }).click();
    await expect(strip(page)).toHaveCount(0);
    await expect(row(page, "低脂鸡胸肉 1kg")).toBeVisible();
    // What is gone is not offered as a swap.
    const gone = row(page, "低脂鸡胸肉").getByRole("button", { name: /三文鱼刺身 卖完了/ });
    await expect(gone).toHaveAttribute("aria-disabled", "true");
    await gone.click({ force: true });
    await expect(row(page, "低脂鸡胸肉 1kg")).toBeVisible();
    await audit(page);
    await bar(page, "加入购物车").click();
    await expect(shop.toast).toContainText("已加入");
  });

  test("where no swap helps, that is said", async ({ page, shop, ownBackend }) => {
    await change(ownBackend, "UPDATE variants SET stock = 0 WHERE id = ?", "tricolour-quinoa-250g");
    await opened(shop);
    await expect(strip(page)).toHaveText("三色藜麦没有了，今天配不成了");
    await expect(strip(page).getByRole("button")).toHaveCount(0);
    await expect(bar(page, "卖完了")).toBeDisabled();
    await shop.open("/");
    const card = page.getByRole("list", { name: "一起买更省" }).getByRole("listitem").filter({ hasText: "健康轻食套餐" });
    await expect(card).toContainText("卖完了");
  });

  test("what is sold out cannot be chosen in the sheet, nor picked", async ({ page, shop, ownBackend }) => {
    await change(ownBackend, "UPDATE variants SET stock = 0 WHERE id IN (?, ?)", "sesame-bagel-4", "kyoho-grapes-500g");
    await opened(shop, "/bundles/breakfast-for-two");
    await row(page, "海盐可颂").getByRole("button").click();
    await expect(shop.sheet.getByRole("radio", { name: /芝麻贝果.*卖完了/ })).toBeDisabled();
    await audit(page);
    await opened(shop, "/bundles/three-fruits");
    await expect(row(page, "巨峰葡萄").getByRole("button", { name: "多一件" })).toBeDisabled();
  });

  test("the last copy is shown while the shop cannot be asked", async ({ page, shop, ownBackend, complaints }) => {
    complaints.allow(STOPPED, /\/media\//);
    await opened(shop);
    await page.getByRole("button", { name: "返回" }).click();
    await shop.settled();
    await ownBackend.stop();
    await page.getByRole("link", { name: /^健康轻食套餐/ }).click();
    await expect(page.getByText(/网络不通，先看 \d\d:\d\d 的内容/)).toBeVisible();
    await expect(row(page, "三文鱼刺身 200g")).toBeVisible();
    await audit(page);
    await page.getByRole("button", { name: "返回" }).click();
    await page.getByRole("link", { name: "轻食分享套餐" }).click();
    await expect(page.getByRole("alert").getByRole("heading")).toHaveText("没有网络");
  });
});

test("any three: picked with steppers, in the address as far as it is", { tag: "@tablet" }, async ({ page, shop }) => {
  await opened(shop, "/bundles/three-fruits");
  const heading = page.getByRole("heading", { level: 2, name: /任选 3 件/ });
  await expect(heading).toContainText("还差 3 件");
  await expect(bar(page, "还差 3 件")).toBeDisabled();
  await expect(price(page)).toContainText(/¥39.8/);
  const more = (name) => row(page, name).getByRole("button", { name: "多一件" });
  await more("徐香猕猴桃").click();
  await expect(more("徐香猕猴桃")).toBeFocused();
  await more("奶油草莓").click();
  await expect(heading).toContainText("还差 1 件");
  await expect(page).toHaveURL("/bundles/three-fruits?choice=xuxiang-kiwi-6,cream-strawberry-300g");
  await audit(page);
  await page.reload();
  await shop.ready();
  await expect(heading).toContainText("还差 1 件");
  await more("徐香猕猴桃").click();
  await expect(heading).toContainText("选够了");
  await expect(page).toHaveURL("/bundles/three-fruits?choice=xuxiang-kiwi-6,xuxiang-kiwi-6,cream-strawberry-300g");
  await expect(more("巨峰葡萄")).toBeDisabled();
  // 39.80 and 15 more for the strawberries; alone 16.80 twice and 32.80.
  await expect(price(page)).toContainText(/¥54.8.*¥66.4.*省 ¥11.6.*还够 8 套/s);
  await bar(page, "加入购物车").click();
  await expect.poll(() => kept(page)).toEqual([expect.objectContaining({ choice: ["xuxiang-kiwi-6", "xuxiang-kiwi-6", "cream-strawberry-300g"], parts: ["徐香猕猴桃", "奶油草莓"] })]);
  await row(page, "徐香猕猴桃").getByRole("button", { name: "少一件" }).click();
  await expect(bar(page, "还差 1 件")).toBeDisabled();
  await opened(shop, "/bundles/three-fruits?choice=nowhere,aksu-apple-4,aksu-apple-4,aksu-apple-4,aksu-apple-4");
  await expect(heading).toContainText("选够了");
});

test("a bundle that does not exist leads on", async ({ page, shop, complaints }) => {
  complaints.allow(/404.*\/bundles\/nowhere/);
  await shop.open("/bundles/nowhere");
  await expect(page.getByRole("heading", { name: "没有这个套餐" })).toBeVisible();
  await audit(page);
  await page.getByRole("link", { name: "看看货架" }).click();
  await expect(page).toHaveURL("/products");
});

test("it fails, then works again", async ({ page, shop, complaints }) => {
  complaints.allow(/500/);
  const broken = await breakDown(page, "**/api/v1/bundles/*", PROBLEM);
  await shop.open("/bundles/light-meal");
  await expect(page.getByRole("alert").getByRole("heading")).toHaveText("店里的电脑出了点问题");
  await audit(page);
  await broken.mend();
  await page.getByRole("button", { name: "再试一次" }).click();
  await expect(row(page, "三文鱼刺身 200g")).toBeVisible();
});

test("its bar stands before the rest is there; without the rest a button helps", async ({ page, shop, complaints }) => {
  complaints.allow(/ERR_FAILED/, /Failed to fetch/);
  const part = "**/{split_bundle,chunk_}*.wasm";
  const held = await hold(page, part);
  await shop.open("/bundles/light-meal");
  await expect(page.getByRole("heading", { level: 1, name: "套餐" })).toBeVisible();
  await expect(shop.main.locator('[aria-busy="true"]').getByRole("status")).toHaveText("正在取…");
  await audit(page);
  held.letGo();
  await expect(page.getByRole("heading", { level: 1, name: "健康轻食套餐" })).toBeVisible();
  await page.unroute(part);
  await page.route(part, (route) => route.abort());
  await shop.open("/bundles/light-meal");
  const alert = page.getByRole("alert");
  await expect(alert.getByRole("heading")).toBeVisible();
  await page.unroute(part);
  await alert.getByRole("button", { name: "再试一次" }).click();
  await expect(row(page, "三文鱼刺身 200g")).toBeVisible();
});

test("whoever moves there begins at its heading, and it stays", async ({ page, shop }) => {
  await shop.open("/");
  await shop.settled();
  await page.getByRole("link", { name: /^健康轻食套餐/ }).focus();
  await page.keyboard.press("Enter");
  await expect(row(page, "三文鱼刺身 200g")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
});

test("nothing of it is Chinese in English", async ({ page, shop }) => {
  await shop.keep({ language: "en" });
  for (const path of ["/", "/bundles/light-meal", "/bundles/three-fruits", "/bundles/quick-lunch", "/bundles/afternoon-tea"]) {
    await shop.open(path);
    await shop.settled();
    // The shop's name is what it is.
    expect((await chinese(page)).filter((text) => text !== "邻里优选"), path).toEqual([]);
    await audit(page);
  }
  await shop.open("/bundles/breakfast-for-two");
  await row(page, "Sea salt croissant").getByRole("button").click();
  await expect(shop.sheet.getByRole("radio").first()).toBeVisible();
  expect(await chinese(page)).toEqual([]);
});

for (const [mode, settings] of [["standard", {}], ["长辈版", { elder: true }], ["English", { language: "en" }]]) {
  test(`nothing jumps: ${mode}`, async ({ page, shop }) => {
    await shop.keep(settings);
    await watchShifts(page);
    const wasm = await hold(page, "**/*.wasm");
    const api = await hold(page, "**/api/v1/**");
    await page.goto("/bundles/light-meal");
    await shifts(page);
    wasm.letGo();
    await shop.ready();
    await shifts(page);
    api.letGo();
    await shop.settled();
    const { sum, where } = await shifts(page);
    expect(sum, JSON.stringify(where, null, 1)).toBeLessThan(0.02);
  });
}

const STATES = ["/bundles/light-meal", "/bundles/three-fruits?choice=aksu-apple-4", "/bundles/quick-lunch", "/bundles/afternoon-tea"];

for (const path of STATES) {
  test(`letters, lines and targets on ${path}`, async ({ page, shop }) => {
    await shop.keep({ elder: true });
    await opened(shop, path);
    expect.soft(await tooSmall(page, { text: 18, line: 1.3, target: 60 }), "长辈版").toEqual([]);
    await audit(page);
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 700 });
      for (const [elder, size] of [[true, 3], [true, 0], [false, 3], [false, 0]]) {
        await page.evaluate(({ elder, size }) => {
          const root = document.documentElement;
          root.toggleAttribute("data-elder", elder);
          root.dataset.size = size;
        }, { elder, size });
        const how = `${elder ? "长辈版" : "standard"}, size ${size}, ${width} px`;
        expect.soft(await sticksOut(page), how).toEqual([]);
        expect.soft(await hidden(page), how).toEqual([]);
        if (!elder) expect.soft(await tooSmall(page, { text: 12, line: 1.3, target: 44 }), how).toEqual([]);
      }
    }
  });
}

test("the sheet of swaps has letters of 18 and targets of 60 too", async ({ page, shop }) => {
  await shop.keep({ elder: true });
  await opened(shop, "/bundles/breakfast-for-two");
  await row(page, "海盐可颂").getByRole("button").click();
  await expect(shop.sheet.getByRole("radio").first()).toBeVisible();
  expect(await tooSmall(page, { text: 18, line: 1.3, target: 60 })).toEqual([]);
  await audit(page);
});

test("what a screen reader reads", async ({ page, shop }) => {
  await opened(shop);
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - button "返回"
      - heading "健康轻食套餐" [level=1]
      - button /长辈版/
      - button "分享"
      - list:
        - listitem:
          - link /三文鱼刺身 200g/
          - button "三文鱼刺身 可换 低脂鸡胸肉 −¥8"
        - listitem:
          - link /三色藜麦 250g/
          - text: 不换
        - listitem:
          - link /安岳黄柠檬 4 个/
          - button "安岳黄柠檬 可换 牛油果 +¥3"
      - link "购物车 共 0 件"
      - group "数量 健康轻食套餐":
        - button "少一件" [disabled]
        - button "多一件"
      - button "加入购物车"
      - button "马上买"
  `);
});

test.describe("a shop without bundles", () => {
  test.use({ baseURL: async ({ emptyBackend }, use) => use(emptyBackend.url) });

  test("shows none", async ({ page, shop }) => {
    await shop.open("/");
    await shop.settled();
    await expect(page.getByText("一起买更省")).toHaveCount(0);
  });
});

// The demo's neighbours may have bought nothing yet: what a backend tells of them is put into its
// answer here, of goods and bundles that it has.
test("a product says what the neighbours buy with it, and which set has both", { tag: "@tablet" }, async ({ page, shop, request }) => {
  const get = async (path) => (await request.get(`/api/v1${path}`)).json();
  const { items } = await get("/products?limit=100");
  const { bundles } = await get("/storefront");
  const bundle = bundles.find(({ id }) => id === "light-meal");
  const companion = (id, more) => ({ product: items.find((product) => product.id === id), support: 80, lift: 240, ...more });
  const companions = [companion("tricolour-quinoa", { confidence: 612, bundle }), companion("lemon-soap", { confidence: 430, bundle })];
  await page.route("**/api/v1/products/salmon-sashimi", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), companions } });
  });
  await shop.open("/products/salmon-sashimi");
  const list = page.getByRole("list", { name: "邻居们还一起买" });
  await expect(list.getByRole("listitem")).toHaveCount(2);
  const soap = list.getByRole("listitem").filter({ hasText: "柠檬洗碗皂" });
  await expect(soap).toContainText("十个邻居里 4 个也买");
  await soap.getByRole("button", { name: "把柠檬洗碗皂加入购物车" }).click();
  await expect(shop.toast).toContainText("柠檬洗碗皂 已加入，购物车共 1 件");
  await audit(page);
  await page.getByRole("link", { name: "健康轻食套餐 配成一套，省 ¥12.6" }).click();
  await expect(page).toHaveURL("/bundles/light-meal");
});

test("a product that nobody buys anything with says nothing of it", async ({ page, shop }) => {
  await page.route("**/api/v1/products/lemon-soap", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), companions: [] } });
  });
  await shop.open("/products/lemon-soap");
  await expect(page.getByRole("button", { name: "加入购物车", exact: true })).toBeVisible();
  await expect(page.getByText("邻居们还一起买")).toHaveCount(0);
});
