import { defineConfig } from "@playwright/test";

// `cargo xtask test browser` names the browser, the backend, the site and the report's place by the
// environment (src/xtask/src/browser.rs), and chooses the reporters on the command line.

const VIDEO = /\/video\w*\.spec\.js$/;
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true };

export default defineConfig({
  testDir: "journeys",
  outputDir: "results",
  reporter: [["list"], ["json", { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE || "results/report.json" }]],
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  // A test that passes only the second time has found something.
  retries: 0,
  // For a machine that has much else to do: what comes at all comes sooner.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: {
    browserName: "chromium",
    launchOptions: {
      executablePath: process.env.LINLI_CHROMIUM || undefined,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    hasTouch: true,
    // What moves is tried where it matters; everywhere else it would only have to be waited for.
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    trace: "off",
  },
  projects: [
    { name: "phone", testIgnore: VIDEO, grepInvert: /@desk/, use: PHONE },
    // The main journeys once more with more room; the desk only here.
    { name: "tablet", testIgnore: VIDEO, grep: /@tablet|@desk/, use: { viewport: { width: 1280, height: 800 } } },
    // A real picture keeps a processor busy: one after the other.
    { name: "video", testMatch: VIDEO, fullyParallel: false, workers: 1, timeout: 150_000, use: PHONE },
  ],
});
