// A network or a server in trouble. Content is never made up here: an answer is the backend's own,
// held back, cut off, or taken away.
//
// Playwright turns the browser's HTTP cache off as long as anything is routed: whatever needs the
// last copy goes offline or stops the backend instead.

/** Holds matching requests back until they are let go. */
export async function hold(page, pattern) {
  let letGo;
  const gone = new Promise((done) => (letGo = done));
  await page.route(pattern, async (route) => {
    await gone;
    // The page may have given it up meanwhile.
    await route.continue().catch(() => {});
  });
  return { letGo };
}

/** Answers matching requests with trouble until it is mended. */
export async function breakDown(page, pattern, answer) {
  const handler = (route) => route.fulfill(answer);
  await page.route(pattern, handler);
  return { mend: () => page.unroute(pattern, handler) };
}

export const PROBLEM = {
  status: 500,
  contentType: "application/problem+json",
  body: JSON.stringify({ type: "about:blank", title: "Internal", status: 500 }),
};
/** What a browser says of requests and streams when a server is stopped, whatever was on its way. */
export const STOPPED = /ERR_(CONNECTION_\w+|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH)/;
/** What a hotel's or a proxy's login page looks like to the shop. */
export const LOGIN_PAGE = { status: 200, contentType: "text/html", body: "<!doctype html><h1>Log in</h1>" };

/** What a page asked for, by path and query, in order. */
export function requests(page, pattern) {
  const asked = [];
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (pattern.test(pathname)) asked.push(pathname + search);
  });
  return asked;
}
