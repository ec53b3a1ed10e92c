// Reads a QR code as a phone's camera would: from the pixels.
import { createRequire } from "node:module";

const reader = createRequire(import.meta.url).resolve("jsqr");

/** The text in a picture (PNG bytes); null when there is no code in it. */
export async function readCode(context, png) {
  // Aside: the shop's own page allows no foreign script.
  const aside = await context.newPage();
  await aside.addScriptTag({ path: reader });
  const text = await aside.evaluate(async (base64) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${base64}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = picture.naturalWidth;
    canvas.height = picture.naturalHeight;
    const pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0);
    const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
    return jsQR(data, width, height)?.data ?? null;
  }, png.toString("base64"));
  await aside.close();
  return text;
}
