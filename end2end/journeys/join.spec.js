// Coming in from the store, and where people come from.
import { change } from "../database.js";
import { audit, expect, test } from "../fixtures.js";
import { MODES, chinese, hidden, sticksOut, tooSmall } from "../measure.js";
import { known, masked, number, shownCode, signIn } from "../member.js";
import { breakDown, PROBLEM, requests } from "../network.js";
import { cameFrom, ownerOf, points, purchase } from "../tasting_member.js";

/** What the demo gives every newcomer, in points. */
const WELCOME = 320;

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

const join = (page) => page.getByRole("main").getByRole("button", { name: "加入", exact: true });
const claim = (page) => page.getByRole("button", { name: "把刚才这一单的积分记给我" });

/** Comes in by a number and its code, on the page that is open. */
async function comeIn(page, phone = number()) {
  await page.getByLabel("手机号").fill(phone);
  await page.getByRole("button", { name: "发验证码" }).click();
  await page.getByLabel("验证码").fill(await shownCode(page));
  await join(page).click();
  return phone;
}

test("a newcomer from the counter is a member by one code, with the points of the purchase", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  const desk = await ownerOf(ownBackend);
  const bought = await purchase(desk, 5_800);
  await shop.open(bought.path);
  await expect(page).toHaveTitle("加入邻里 · 邻里优选");
  await expect(page.getByRole("heading", { name: "加入我们，一分钟就好" })).toBeVisible();
  await expect(shop.main).toContainText("刚才这一单的积分，加入后马上记给您");
  await audit(page);
  const asked = requests(page, /\/(join|sign-in)$/);
  await comeIn(page);
  await expect(page.getByRole("heading", { name: "欢迎您，新邻居" })).toBeVisible();
  await expect(shop.main).toContainText(`刚才这一单 ¥58.00，得 ${bought.credit.points} 积分`);
  expect(asked).toEqual(["/api/v1/join"]);
  expect(await points(page)).toBe(WELCOME + bought.credit.points);
  // Nobody waits for the visit to be counted.
  await expect.poll(() => cameFrom(desk, "counter")).toMatchObject({ visits: 1, joins: 1 });
  await audit(page);
  await expect(shop.main.getByRole("link", { name: "到店试吃" })).toHaveAttribute("href", "/tastings");
  await shop.main.getByRole("link", { name: "去逛逛" }).click();
  await expect(page).toHaveURL("/");

  // Opened once more, it is credited no second time.
  await shop.open(bought.path);
  await claim(page).click();
  await expect(shop.main).toContainText("积分记上了");
  expect(await points(page)).toBe(WELCOME + bought.credit.points);
});

test("without a purchase nothing is said of one", async ({ page, shop, ownBackend, complaints }) => {
  // What was on its way when the session ended is refused.
  complaints.allow(/401/);
  const desk = await ownerOf(ownBackend);
  await shop.open("/join?from=counter");
  await expect(page.getByRole("heading", { name: "加入我们，一分钟就好" })).toBeVisible();
  await expect(shop.main).not.toContainText("刚才这一单");
  const phone = await comeIn(page);
  await expect(page.getByRole("heading", { name: "欢迎您，新邻居" })).toBeVisible();
  await expect(shop.main).not.toContainText("积分记上了");
  // Who came before is a member already, and no newcomer of any source.
  await shop.open("/me");
  await expect(shop.main).toContainText(masked(phone));
  await page.getByRole("button", { name: "退出登录" }).click();
  await expect.poll(() => known(page)).toBe(401);
  await change(ownBackend, "DELETE FROM sent_codes");
  await shop.open("/join?from=poster");
  await comeIn(page, phone);
  await expect(page.getByRole("heading", { name: "欢迎回来" })).toBeVisible();
  expect(await cameFrom(desk, "poster")).toMatchObject({ joins: 0 });
});

test("a purchase is credited once; who comes later is let in all the same", { tag: "@tablet" }, async ({ page, shop, otherShop, ownBackend }) => {
  const desk = await ownerOf(ownBackend);
  const used = await purchase(desk);
  await shop.open(used.path);
  await comeIn(page);
  await expect(shop.main).toContainText("积分记上了");
  await otherShop.open(used.path);
  await comeIn(otherShop.page);
  await expect(otherShop.page.getByRole("alert").filter({ hasText: "没有记上" })).toContainText("这一单已经记过，或者码不对");
  expect(await known(otherShop.page)).toBe(200);
  expect(await points(otherShop.page)).toBe(WELCOME);
  await audit(otherShop.page);
});

test("a purchase of a while ago is said to be one", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/422/);
  const desk = await ownerOf(ownBackend);
  const old = await purchase(desk);
  await change(ownBackend, "UPDATE purchase_claims SET expires_at = made_at");
  await signIn(shop);
  await shop.open(old.path);
  await claim(page).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("买完过了一刻钟");
  await expect(claim(page)).toBeEnabled();
  await audit(page);
});

test("who is a member already gets the points by one tap", { tag: "@tablet" }, async ({ page, shop, ownBackend }) => {
  const desk = await ownerOf(ownBackend);
  const phone = await signIn(shop);
  await shop.open("/join?from=counter");
  await expect(page.getByRole("heading", { name: "您已经是我们的邻居了" })).toBeVisible();
  await expect(shop.main).toContainText(masked(phone));
  await expect(claim(page)).toHaveCount(0);
  await audit(page);
  const bought = await purchase(desk);
  await shop.open(bought.path);
  await audit(page);
  await claim(page).click();
  await expect(shop.main).toContainText(`得 ${bought.credit.points} 积分`);
  expect(await points(page)).toBe(WELCOME + bought.credit.points);
});

test("an answer that does not come: tapping again credits it once", async ({ page, shop, ownBackend, complaints }) => {
  complaints.allow(/ERR_FAILED/);
  const desk = await ownerOf(ownBackend);
  const bought = await purchase(desk);
  await signIn(shop);
  await shop.open(bought.path);
  const lose = async (route) => {
    await route.fetch();
    await route.abort();
  };
  await page.route("**/api/v1/me/claims", lose);
  await claim(page).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("还不知道记上没有");
  await page.unroute("**/api/v1/me/claims", lose);
  await claim(page).click();
  await expect(shop.main).toContainText("积分记上了");
  expect(await points(page)).toBe(WELCOME + bought.credit.points);
});

test("a wrong code is said, and the number stays", async ({ page, shop, complaints }) => {
  complaints.allow(/422/);
  const phone = number();
  await shop.open("/join?from=counter");
  await page.getByLabel("手机号").fill(phone);
  await page.getByRole("button", { name: "发验证码" }).click();
  const right = await shownCode(page);
  await page.getByLabel("验证码").fill(right === "000000" ? "111111" : "000000");
  await join(page).click();
  await expect(page.getByRole("main").getByRole("alert")).toHaveText("号码不对，请再看看");
  await expect(page.getByLabel("手机号")).toHaveValue(phone);
  await page.getByLabel("验证码").fill(right);
  await join(page).click();
  await expect(page.getByRole("heading", { name: "欢迎您，新邻居" })).toBeVisible();
});

test("an arrival is counted once, whatever is opened after it", { tag: "@tablet" }, async ({ page, shop, otherShop, ownBackend }) => {
  const desk = await ownerOf(ownBackend);
  const told = requests(page, /\/visits$/);
  const visits = async (source) => (await cameFrom(desk, source)).visits;
  await shop.open("/?from=wecom");
  await expect.poll(() => visits("wecom")).toBe(1);
  await page.reload();
  await shop.ready();
  await shop.settled();
  await shop.tab("分类").click();
  await expect(page).toHaveURL("/products");
  await page.goBack();
  await shop.open("/me");
  await shop.settled();
  expect(await visits("wecom")).toBe(1);
  expect(told).toHaveLength(1);
  // Another QR code is another arrival, and so is another phone.
  await shop.open("/?from=poster");
  await expect.poll(() => visits("poster")).toBe(1);
  await otherShop.open("/?from=wecom");
  await expect.poll(() => visits("wecom")).toBe(2);
  // The last one is remembered, and forgotten when the phone is cleared.
  expect(await page.evaluate(() => localStorage.getItem("from"))).toBe('"poster"');
  await shop.open("/settings");
  await page.getByRole("button", { name: "清除这台手机上的内容" }).click();
  await expect.poll(() => page.evaluate(() => localStorage.getItem("from"))).toBeNull();
});

test("what can be no source is none, and what is not counted disturbs nobody", async ({ page, shop, complaints }) => {
  complaints.allow(/500/);
  const told = requests(page, /\/visits$/);
  for (const odd of ["", "<script>", "WECOM", "a".repeat(33), "二维码"]) {
    await shop.open(`/?from=${encodeURIComponent(odd)}`);
    await shop.settled();
  }
  expect(told).toEqual([]);
  const broken = await breakDown(page, "**/api/v1/visits", PROBLEM);
  await shop.open("/?from=counter");
  await shop.settled();
  await expect(page.getByRole("heading", { level: 1, name: "邻里优选" })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await broken.mend();
});

test("where somebody comes from is not looked for on the shelves", async ({ page, shop }) => {
  const asked = requests(page, /\/api\/v1\/products$/);
  await shop.open("/products?from=share&on_special=true");
  await shop.settled();
  await expect(shop.rows.first()).toBeVisible();
  const first = asked.filter((url) => !url.includes("cursor"));
  // The answer that was asked for before the app was there is the one it takes.
  expect(first).toEqual(["/api/v1/products?on_special=true"]);
});

test("a link that is passed on says so, and who comes by it is counted", async ({ page, shop, otherShop, ownBackend }) => {
  const desk = await ownerOf(ownBackend);
  await shop.open("/products/salmon-sashimi");
  await page.getByRole("button", { name: "分享" }).click();
  const link = `${ownBackend.url}/products/salmon-sashimi?from=share`;
  await expect(shop.sheet).toContainText(link);
  await otherShop.open(link);
  await expect(otherShop.page.getByRole("button", { name: "加入购物车", exact: true })).toBeVisible();
  await expect.poll(async () => (await cameFrom(desk, "share")).visits).toBe(1);
});

for (const [mode, [settings, sizes]] of Object.entries(MODES)) {
  test(`joining, audited and measured: ${mode}`, async ({ page, shop, ownBackend }) => {
    await shop.keep(settings);
    const fine = async (what) => {
      await audit(page);
      await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
      expect(await tooSmall(page, sizes), what).toEqual([]);
      for (const width of [390, 320]) {
        await page.setViewportSize({ width, height: 844 });
        expect(await sticksOut(page), `${what} at ${width} px`).toEqual([]);
        expect(await hidden(page), `${what} at ${width} px`).toEqual([]);
      }
      await page.setViewportSize({ width: 390, height: 844 });
      if (settings.language === "en") expect(await chinese(page), what).toEqual([]);
    };
    const desk = await ownerOf(ownBackend);
    const bought = await purchase(desk);
    await shop.open(bought.path);
    await page.locator("input[type=tel]").fill(number());
    await page.keyboard.press("Enter");
    const code = await shownCode(page);
    await fine("with its code");
    await page.locator("input[name=code]").fill(code);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("status").filter({ hasText: /积分|points/ })).toBeVisible();
    await fine("credited");
    await page.reload();
    await shop.ready();
    await expect(page.getByRole("button", { name: /积分记给我|Credit the purchase/ })).toBeVisible();
    await fine("a member already");
  });
}
