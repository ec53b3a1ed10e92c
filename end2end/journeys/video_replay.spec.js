// An hour that was recorded: anywhere in it room and picture go together, and nothing piles up.
import { fine } from "../fixtures.js";
import { SIZES } from "../measure.js";
import { letLook, recorded } from "../recorded.js";
import { expect, test } from "../studio.js";

const HOUR = 3_600_000;

/** What the page takes once whatever can be given back is, in bytes, and how many nodes it has. */
async function takes(client) {
  await client.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = 0 } = await client.send("Runtime.getHeapUsage");
  const { metrics } = await client.send("Performance.getMetrics");
  return { bytes: usedSize + backingStorageSize, nodes: metrics.find(({ name }) => name === "Nodes").value };
}

test("an hour is gone through, played and sought, and the page takes no more than at its beginning", async ({ page, shop, studio }) => {
  test.setTimeout(300_000);
  const show = await recorded(studio.backend, HOUR, 120);
  await letLook(page);
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  await shop.open(show.path);
  await page.getByRole("link", { name: "看回放" }).click();
  await expect(page).toHaveURL(`${show.path}/replay`);
  const line = page.getByRole("slider", { name: "进度" });
  const whole = Number(await line.getAttribute("max"));
  await page.getByRole("combobox", { name: "速度" }).selectOption("3");
  await page.getByRole("button", { name: "播放", exact: true }).click();
  /** What is said goes with what is seen, somewhere near there. */
  const together = async (part) => {
    const look = async () => {
      const { film, said } = await page.evaluate(() => window.looks());
      if (film === null || Math.abs(film - part * HOUR) > 30_000) return `the film is at ${film}`;
      return Math.abs(said - film) <= 2_500 ? "together" : `${said - film} ms apart`;
    };
    await expect.poll(look, { timeout: 20_000, message: `at ${part}` }).toBe("together");
  };
  await together(0);
  // The picture is seen, what is said is listed; both go on.
  await page.waitForTimeout(10_000);
  const before = await takes(client);
  for (let at = 1; at <= 24; at += 1) {
    const part = ((at * 7) % 25) / 25;
    await line.fill(String(Math.round(part * whole)));
    await together(part);
    await page.waitForTimeout(1_500);
  }
  const after = await takes(client);
  expect(after.bytes - before.bytes).toBeLessThan(6 * 1_048_576);
  expect(after.nodes - before.nodes).toBeLessThan(1_500);
  await page.getByRole("button", { name: "暂停", exact: true }).click();
  // What is shown is what was shown then: another good every three minutes, at 43 minutes the third one again.
  await expect(page.getByRole("region", { name: "正在讲" })).toContainText("安岳黄柠檬");
  await fine(page, shop, SIZES.standard, "paused");
});
