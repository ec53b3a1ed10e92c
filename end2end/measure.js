// Measures a page as it is drawn: letters, lines, hit boxes, width.

/** The least there may be: letters and lines, and what can be pressed. */
export const SIZES = { standard: { text: 12, line: 1.3, target: 44 }, elder: { text: 18, line: 1.3, target: 60 } };

/** Every mode of the shop: its settings as they are kept, and the least sizes in it. */
export const MODES = {
  zh: [{}, SIZES.standard],
  en: [{ language: "en" }, SIZES.standard],
  长辈版: [{ elder: true }, SIZES.elder],
  "长辈版 at its largest": [{ elder: true, size: 3 }, SIZES.elder],
};

/**
 * What on the page is smaller than it may be, told by its words.
 * `text`: least font size and line height; `target`: least side of what can be pressed.
 */
export function tooSmall(page, { text = 0, line = 0, target = 0 }) {
  return page.evaluate(
    ({ text, line, target }) => {
      const found = [];
      const name = (element) =>
        `<${element.localName}${element.className?.baseVal ?? (element.className ? `.${element.className}` : "")}> ` +
        (element.getAttribute("aria-label") || element.textContent || element.name || "").trim().slice(0, 24);
      const shown = (element) => {
        if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".unseen, [aria-hidden=true]")) return false;
        const { width, height } = element.getBoundingClientRect();
        return width > 1 && height > 1;
      };
      // Rows far down have no boxes until they come near.
      for (const row of document.querySelectorAll("main li")) row.style.contentVisibility = "visible";

      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (!node.data.trim() || ["SCRIPT", "STYLE", "OPTION", "NOSCRIPT"].includes(element.tagName) || !shown(element)) continue;
        const style = getComputedStyle(element);
        const size = parseFloat(style.fontSize);
        const height = style.lineHeight === "normal" ? 1.2 * size : parseFloat(style.lineHeight);
        if (size < text - 0.01) found.push(`${size}px letters: ${name(element)}`);
        // A line that stands alone needs no room between lines.
        const lines = element.getClientRects().length > 1 || element.getBoundingClientRect().height > 1.9 * height;
        if (lines && height / size < line - 0.01) found.push(`lines ${(height / size).toFixed(2)} apart: ${name(element)}`);
      }

      for (const control of document.querySelectorAll("a[href], button, input, select, [role=switch]")) {
        // A label is pressed like what it names.
        const pressed = control.matches("select") ? control : (control.closest("label") ?? control);
        if (!shown(pressed)) continue;
        const { width, height } = pressed.getBoundingClientRect();
        if (width < target - 0.5 || height < target - 0.5) {
          found.push(`${Math.round(width)}×${Math.round(height)} to press: ${name(control)}`);
        }
      }
      return [...new Set(found)];
    },
    { text, line, target },
  );
}

/** What sticks out of the screen at its sides, if the page can be moved sideways. */
export function sticksOut(page) {
  return page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= room) return [];
    return [...document.body.querySelectorAll("*")]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > room + 1)
      // What is moved sideways in its own frame does not widen the page.
      .filter((element) => {
        for (let frame = element.parentElement; frame && frame !== document.body; frame = frame.parentElement) {
          if (getComputedStyle(frame).overflowX !== "visible") return false;
        }
        return true;
      })
      .map((element) => `<${element.localName} class="${element.getAttribute("class")}"> ${element.textContent.trim().slice(0, 24)}`);
  });
}

/** Words that lie upon other words or upon a button, or are cut off at their box. */
export function hidden(page) {
  return page.evaluate(() => {
    const found = [];
    for (const row of document.querySelectorAll("main li")) row.style.contentVisibility = "visible";
    const room = innerWidth;
    const buttons = [...document.querySelectorAll("main li > button.add")].filter((button) => button.checkVisibility());
    for (const button of buttons) {
      const hit = button.getBoundingClientRect();
      // The drawn circle; the hit box around it may reach further.
      const circle = { left: hit.left + 6, right: hit.right - 6, top: hit.top + 6, bottom: hit.bottom - 6 };
      if (circle.left > room) continue;
      const walker = document.createTreeWalker(button.parentElement, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!node.data.trim() || node.parentElement.closest(".unseen, button")) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const { left, right, top, bottom } of range.getClientRects()) {
          // A line box is higher than its letters.
          const over = Math.min(right, circle.right) - Math.max(left, circle.left);
          const under = Math.min(bottom - 3, circle.bottom) - Math.max(top + 3, circle.top);
          if (over > 1 && under > 1) found.push(`the plus lies upon “${node.data.trim()}”`);
        }
      }
    }
    const labels = [...document.querySelectorAll("nav.tabs a > span:not(.count)")].filter((words) => words.checkVisibility());
    const tabs = labels.map((words) => {
      const range = document.createRange();
      range.selectNodeContents(words);
      return { words: words.textContent, ...range.getBoundingClientRect().toJSON() };
    });
    tabs.forEach((tab, at) => {
      const next = tabs[at + 1];
      if (next && tab.right > next.left - 2) found.push(`the tabs “${tab.words}” and “${next.words}” run into each other`);
    });
    return [...new Set(found)];
  });
}

/** Watches what jumps; `shifts(page)` tells it. To be called before the page opens. */
export async function watchShifts(page) {
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.hadRecentInput) continue;
        const where = entry.sources.map(({ node, previousRect, currentRect }) => {
          const element = node?.nodeType === 1 ? node : node?.parentElement;
          return `${element?.localName}.${element?.className?.baseVal ?? element?.className ?? ""} ${previousRect.y}→${currentRect.y} (${currentRect.height})`;
        });
        window.shifts.push({ value: entry.value, where });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

export async function shifts(page) {
  // What was drawn last is told after the next frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))));
  return page.evaluate(() => ({ sum: window.shifts.reduce((sum, { value }) => sum + value, 0), where: window.shifts }));
}

/** Everything visible or named on the page in Chinese letters, except names of the language itself. */
export const chinese = (page) =>
  page.evaluate(() => {
    const han = /\p{Script=Han}/u;
    const found = [];
    const own = (element) => element.closest('[lang="zh-CN"]:not(html)');
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (han.test(node.data) && element.checkVisibility() && !own(element)) found.push(node.data.trim());
    }
    for (const element of document.body.querySelectorAll("*")) {
      if (!element.checkVisibility() || own(element)) continue;
      for (const name of ["aria-label", "placeholder", "title", "alt", "value"]) {
        if (han.test(element.getAttribute(name) ?? "")) found.push(`${name}=${element.getAttribute(name)}`);
      }
      for (const part of ["::before", "::after"]) {
        const { content } = getComputedStyle(element, part);
        if (han.test(content)) found.push(`${part} ${content} of ${element.textContent.trim()}`);
      }
    }
    // The shop's name is what it is, also in the title.
    const [title, brand] = document.title.split(" · ");
    if (brand && han.test(title)) found.push(`title ${title}`);
    return [...new Set(found)];
  });
