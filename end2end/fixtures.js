// What every journey stands on: a real backend, a browser that is watched for trouble, an audit.
import AxeBuilder from "@axe-core/playwright";
import { expect, test as base } from "@playwright/test";
import { startBackend } from "./backend.js";
import { hidden, sticksOut, tooSmall } from "./measure.js";
import { awayFromHalfHour } from "./moments.js";
import { Shop } from "./shop.js";

export { expect };

/** What a browser says of a key that had not come when a page asked for it: every tab pursues what any has sent. */
const UNKNOWN = /404.*\/intents\/|\(Not Found\).*\/intents\//;
/** The cookies that there may be. */
const OURS = /^(session|desk|desk_device)$/;

export const test = base.extend({
  /** The demo shop, one for each worker. Journeys only read it, so they may share it. */
  backend: [
    async ({}, use) => {
      const backend = await startBackend();
      await use(backend);
      await backend.throwAway();
    },
    { scope: "worker" },
  ],
  /** A shop that has nothing yet. */
  emptyBackend: [
    async ({}, use) => {
      const backend = await startBackend(["--empty"]);
      await use(backend);
      await backend.throwAway();
    },
    { scope: "worker" },
  ],
  /** A backend that the test may stop. */
  ownBackend: async ({}, use) => {
    // Most of what needs one orders something.
    await awayFromHalfHour(60);
    const backend = await startBackend();
    await use(backend);
    await backend.throwAway();
  },
  baseURL: async ({ backend }, use) => use(backend.url),

  /** What the pages of this test complain of. A test that provokes some allows it: `allow(/500/)`. */
  complaints: async ({}, use) => {
    const heard = [];
    const allowed = [UNKNOWN];
    await use({
      heard,
      allow: (...patterns) => allowed.push(...patterns),
      note: (text) => heard.push(text),
    });
    const unexpected = heard.filter((text) => !allowed.some((pattern) => pattern.test(text)));
    expect(unexpected, "what the pages complained of").toEqual([]);
  },
  context: async ({ context, complaints, baseURL }, use) => {
    await watch(context, complaints, new URL(baseURL).origin);
    await use(context);
    const cookies = await context.cookies();
    const odd = cookies.filter((cookie) => !OURS.test(cookie.name) || !cookie.httpOnly || cookie.sameSite !== "Lax");
    expect(odd, "only the session's cookies, which no script sees and no other site sends").toEqual([]);
  },
  shop: async ({ page }, use) => use(new Shop(page)),
  /** Another phone, with nothing of the first. */
  otherShop: async ({ browser, complaints, baseURL }, use) => {
    const context = await browser.newContext({ baseURL });
    await watch(context, complaints, new URL(baseURL).origin);
    await use(new Shop(await context.newPage()));
    await context.close();
  },
  /** As many more phones as are asked for, each with nothing of another. */
  phones: async ({ browser, complaints, baseURL }, use) => {
    const contexts = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL, viewport: { width: 390, height: 844 }, isMobile: true });
      contexts.push(context);
      await watch(context, complaints, new URL(baseURL).origin);
      return new Shop(await context.newPage());
    });
    for (const context of contexts) await context.close();
  },
});

/** Hears whatever any page of the context complains of. */
async function watch(context, complaints, origin) {
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI}`);
    });
  });
  context.on("console", (message) => {
    if (message.type() === "error") complaints.note(`console: ${message.text()} ${message.location().url}`);
  });
  context.on("weberror", (error) => complaints.note(`error: ${error.error()}`));
  context.on("request", (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && new URL(url).origin !== origin) complaints.note(`elsewhere: ${url}`);
  });
  context.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    // A page that is left gives up what it asked for.
    if (why !== "net::ERR_ABORTED") complaints.note(`failed: ${why} ${request.url()}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) complaints.note(`refused: ${response.status()} ${response.url()}`);
  });
}

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What comes in is pale until it is there: waits for whatever moves and comes to an end. */
const movedIn = (page) =>
  page.evaluate(() => {
    const ends = (it) => it.playState === "running" && Number.isFinite(it.effect?.getComputedTiming().endTime);
    return Promise.all(document.getAnimations().filter(ends).map((it) => it.finished.catch(() => {}))).then(() => {});
  });

/** Audits the page as it is now; every violation is told with the element and what is wrong. */
export async function audit(page) {
  await movedIn(page);
  // Legacy mode stays in this page; the other one opens a second page for the sake of frames.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(RULES).analyze();
  const told = violations.flatMap(({ id, nodes }) =>
    // What a fixed bar covers now is scrolled free; targets are measured in elder.spec.js.
    nodes.filter((node) => !/partially obscured/.test(node.failureSummary)).map((node) => `${id}: ${node.target.join(" ")} – ${node.failureSummary?.split("\n").slice(1).join("; ").trim()}`),
  );
  expect(told, "what the audit found").toEqual([]);
}

/** Audited, one heading above all, large enough, nothing beside the page and nothing upon another. */
export async function fine(page, shop, sizes, where = page.url()) {
  await shop.settled();
  await audit(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  expect(await tooSmall(page, sizes), where).toEqual([]);
  expect(await sticksOut(page), where).toEqual([]);
  expect(await hidden(page), where).toEqual([]);
}
