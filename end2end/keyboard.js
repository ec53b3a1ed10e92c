// The keyboard alone: what is focused, and the way to it.

/** What the browser tells of the focused element to whoever cannot see it; "" when there is none. */
async function focused(client) {
  const { result } = await client.send("Runtime.evaluate", { expression: "document.activeElement === document.body ? null : document.activeElement" });
  if (!result.objectId) return "";
  const { nodes } = await client.send("Accessibility.getPartialAXTree", { objectId: result.objectId, fetchRelatives: false });
  return nodes[0]?.name?.value ?? "";
}

/** Presses Tab until what is focused has this accessible name: all of it, or a pattern. */
export async function tabTo(page, name, most = 60) {
  const client = await page.context().newCDPSession(page);
  const passed = [];
  try {
    while (passed.length < most) {
      await page.keyboard.press("Tab");
      const reached = await focused(client);
      if (typeof name === "string" ? reached === name : name.test(reached)) return reached;
      passed.push(reached);
    }
  } finally {
    await client.detach();
  }
  throw new Error(`${name} is not reached by Tab, only ${passed.join(" | ")}`);
}
