// The whole way of an order: a neighbour on a phone and a clerk at the tablet, one backend.
import { atCounter } from "../desk.js";
import { audit, expect, test } from "../fixtures.js";
import { awayFromMidnight } from "../moments.js";

test.use({ baseURL: async ({ ownBackend }, use) => use(ownBackend.url) });

test("bought on the phone, packed and handed over at the counter", { tag: "@desk" }, async ({ browser, page, ownBackend, complaints }) => {
  complaints.allow(/40[13].*\/api\/v1\/desk\/(device|session)/, /422.*\/codes\/preview/);
  test.slow();
  // What was handed over is on the tablet until then.
  await awayFromMidnight();
  const phone = await browser.newContext({ baseURL: ownBackend.url, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
  const neighbour = await phone.newPage();

  // The clerk is there first.
  await atCounter(page, ownBackend);
  await expect(page.getByRole("heading", { name: "现在没有订单" })).toBeVisible();

  // The neighbour buys.
  await neighbour.goto("/products/salmon-sashimi");
  await neighbour.getByRole("button", { name: "加入购物车", exact: true }).click();
  await neighbour.getByRole("link", { name: /购物车/ }).first().click();
  await neighbour.getByRole("link", { name: "去结算" }).click();
  await neighbour.getByRole("link", { name: "登录" }).click();
  await neighbour.getByLabel("手机号").fill("13800138000");
  await neighbour.getByRole("button", { name: "发验证码" }).click();
  const told = await neighbour.getByText(/验证码是 \d{6}/).textContent();
  await neighbour.getByLabel("验证码").fill(/\d{6}/.exec(told)[0]);
  await neighbour.getByRole("button", { name: "登录", exact: true }).click();
  await neighbour.getByLabel("怎么称呼").fill("王阿姨");
  await neighbour.getByLabel("留言").fill("多放点冰");
  await neighbour.getByRole("button", { name: "提交订单" }).click();
  await expect(neighbour.getByText("已下单").first()).toBeVisible();
  await expect(neighbour.locator("main")).toContainText(/\d{6}-\d{3}/);
  await expect(neighbour.locator("main")).toContainText(/\d{3} \d{3}/);
  const digits = /(\d{3}) (\d{3})/.exec(await neighbour.locator("main").innerText()).slice(1).join("");
  const number = /\d{6}-\d{3}/.exec(await neighbour.locator("main").innerText())[0];

  // It comes to the tablet by itself, and says so.
  await expect(page.getByRole("status").filter({ hasText: `新订单 ${number}` })).toBeVisible({ timeout: 30_000 });
  const row = page.getByRole("listitem").filter({ hasText: number });
  await expect(row).toContainText("三文鱼刺身");
  await expect(row).toContainText("王阿姨");
  await expect(row).toContainText("多放点冰");
  await expect(row).toContainText("要打包");
  await expect(page.locator("main")).not.toContainText(digits);
  await audit(page);

  // Not packed yet: the code finds it, but it is not handed over.
  const code = page.getByLabel("取货码");
  await code.fill(digits);
  await code.press("Enter");
  const found = page.getByRole("group", { name: number });
  await expect(found).toContainText("还没打包");
  await expect(found.getByRole("button", { name: "已收款，交给顾客" })).toBeDisabled();
  await found.getByRole("button", { name: "不是这位" }).click();
  await expect(found).toHaveCount(0);

  await row.getByRole("button", { name: /打包好了/ }).click();
  await expect(row).toContainText("已打包");
  await row.getByRole("button", { name: /放到自提点/ }).click();
  await expect(row).toContainText("等顾客来取");
  await expect(neighbour.getByText("可以来取了").first()).toBeVisible({ timeout: 30_000 });
  await expect(neighbour.getByRole("button", { name: "取消订单" })).toHaveCount(0);

  await code.fill("000000" === digits ? "000001" : "000000");
  await code.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "没有等着取的订单" })).toBeVisible();
  await code.fill(`${digits.slice(0, 3)} ${digits.slice(3)}`);
  await code.press("Enter");
  await expect(found).toContainText("45.9");
  await audit(page);
  await found.getByRole("button", { name: "已收款，交给顾客" }).click();
  await expect(page.getByRole("status").filter({ hasText: `${number} 已交给顾客` })).toBeVisible();
  await expect(row).toContainText("已取");
  await expect(code).toBeFocused();

  await expect(neighbour.getByText("已取货").first()).toBeVisible({ timeout: 30_000 });
  await expect(neighbour.locator("main")).not.toContainText(`${digits.slice(0, 3)} ${digits.slice(3)}`);
  await phone.close();
});
