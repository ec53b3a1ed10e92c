// What the measuring scripts share: their browser, and what a page takes.
import { readFile } from "node:fs/promises";
import { chromium } from "@playwright/test";

/** The browser of the tests, as they open it. */
export function opened(more = []) {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...more];
  return chromium.launch({ executablePath: process.env.LINLI_CHROMIUM || undefined, args });
}

/** A phone that has been nowhere yet. */
export const phone = (browser) => browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: "zh-CN", timezoneId: "Asia/Shanghai" });

export const say = (name, value) => console.log(`${name.padEnd(34)} ${value}`);

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** The middle one of some numbers, and the least and the most. */
export function spread(numbers, unit = "ms") {
  const sorted = numbers.toSorted((one, other) => one - other);
  const round = (number) => Math.round(number);
  return `${round(sorted[Math.floor(sorted.length / 2)])} ${unit} (${round(sorted[0])} to ${round(sorted.at(-1))}, ${sorted.length} times)`;
}

export const MB = (bytes) => `${(bytes / 1_048_576).toFixed(1)} MiB`;

/** What the page takes, once whatever can be given back is. */
export async function memory(browser, client) {
  await client.send("HeapProfiler.collectGarbage");
  const heap = await client.send("Runtime.getHeapUsage");
  const { metrics } = await client.send("Performance.getMetrics");
  const metric = (name) => metrics.find((one) => one.name === name)?.value ?? 0;
  // The wasm's own memory is in no heap of the browser's, so the whole process is looked at too.
  const processes = await browser.newBrowserCDPSession().then((session) => session.send("SystemInfo.getProcessInfo"));
  let [resident, busy] = [0, 0];
  for (const { id, type, cpuTime } of processes.processInfo) {
    if (type !== "renderer") continue;
    busy += cpuTime;
    const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => "");
    resident += Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024;
  }
  return { heap: heap.usedSize, backing: heap.backingStorageSize ?? 0, nodes: metric("Nodes"), listeners: metric("JSEventListeners"), resident, busy };
}
