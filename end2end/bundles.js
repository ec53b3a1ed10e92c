// Bundles in the cart of this phone, as the bundle's page puts them there.

/** The demo's 健康轻食套餐 as it comes. */
export const LIGHT = {
  bundle: "light-meal",
  choice: ["salmon-sashimi-200g", "tricolour-quinoa-250g", "anyue-lemon-4"],
  quantity: 1,
  name: "健康轻食套餐",
  parts: ["三文鱼刺身", "三色藜麦", "安岳黄柠檬"],
  price: { amount: 5980, currency: "CNY" },
  picture: null,
};

/** Puts bundles into the cart of a page that is open, beside what is there. */
export async function putBundles(page, bundles) {
  await page.evaluate((bundles) => {
    const cart = JSON.parse(localStorage.getItem("cart") ?? '{"lines":[]}');
    localStorage.setItem("cart", JSON.stringify({ ...cart, bundles }));
  }, bundles);
  await page.reload();
}
