// The room of a show on a page, and many who say something in it.
import { says } from "./live_host.js";
import { neighbour } from "./slots.js";

/** So many neighbours say something, each something else when `text` is a function. */
export async function many(backend, show, count, text) {
  const said = [];
  for (let at = 0; at < count; at += 1) {
    const who = await neighbour(backend);
    said.push(await says(who, show, typeof text === "function" ? text(at) : text));
    await who.leave();
  }
  return said;
}

/** The room on a page, by its parts. */
export class Room {
  constructor(page) {
    this.page = page;
    this.talk = page.getByRole("region", { name: "评论" });
    this.rows = this.talk.getByRole("listitem");
    this.list = this.talk.getByRole("group", { name: "评论" });
    this.field = page.getByRole("textbox", { name: /说点什么|问一句/ });
    this.send = page.getByRole("button", { name: /^(发送|再等 \d+ 秒就能发|\d\d:\d\d:\d\d 后能发)$/ });
    this.fresh = page.getByRole("button", { name: /条新的$/ });
    this.strip = page.getByRole("status").filter({ hasText: /正在追上|正在接上|没有网络。看到的/ });
  }

  row(text) {
    return this.rows.filter({ hasText: text });
  }

  /** Says something as people do. */
  async say(text) {
    await this.field.fill(text);
    await this.field.press("Enter");
  }
}
