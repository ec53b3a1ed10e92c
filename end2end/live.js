// A show without pages: its host at the desk, and neighbours who say something.
import { expect } from "@playwright/test";
import { neighbour } from "./slots.js";
import { PINS, deskApi } from "./tasting.js";

const API = "/api/v1";
const KEYED = () => ({ "idempotency-key": crypto.randomUUID() });

async function fine(answer, status = 200) {
  expect(answer.status(), `${answer.url()}: ${await answer.text()}`).toBe(status);
  return status === 204 ? undefined : answer.json();
}

/** An instant as it travels: so many minutes from now. */
const inMinutes = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString().replace(/\.\d+/, "");

/**
 * A show, and whoever leads it at the desk. `startsIn` minutes it is to begin, `live` whether it is on
 * air already. The caller has the host `leave`.
 */
export async function show(backend, { startsIn = 30, live = true, goods = ["salmon-sashimi", "anyue-lemon", "avocado"], title = "厨房教学：今晚吃鱼" } = {}) {
  const desk = await deskApi(backend, PINS.host);
  const data = {
    kind: "kitchen",
    title: { zh: title, en: "In the kitchen: fish tonight" },
    words: { zh: "边做边答。", en: "With answers as we cook." },
    host: { zh: "小满", en: "Xiaoman" },
    starts_at: inMinutes(startsIn),
    minutes: 60,
    goods,
  };
  const { id } = await fine(await desk.post(`${API}/desk/shows`, { headers: KEYED(), data }), 201);
  const path = `${API}/desk/shows/${encodeURIComponent(id)}`;
  const step = async (name) => fine(await desk.post(`${path}/${name}`));
  const made = {
    id,
    path: `/live/${encodeURIComponent(id)}`,
    start: () => step("start"),
    end: () => step("end"),
    pin: async (product) => fine(await desk.put(`${path}/pin`, { data: { product } }), 204),
    slow: async (seconds) => fine(await desk.put(`${path}/slow-mode`, { data: { seconds } }), 204),
    mute: async (author) => fine(await desk.put(`${path}/muted/${encodeURIComponent(author)}`), 204),
    unmute: async (author) => fine(await desk.delete(`${path}/muted/${encodeURIComponent(author)}`), 204),
    answer: async (comment, text = "") => fine(await desk.post(`${path}/questions/${encodeURIComponent(comment.id)}/answer`, { data: { text } })),
    remove: async (comment) => fine(await desk.delete(`${path}/comments/${encodeURIComponent(comment.id)}`), 204),
    leave: () => desk.dispose(),
  };
  if (live) await made.start();
  return made;
}

/** The room as the backend has it, for whoever asks. */
export const roomOf = async (request, { id }) => fine(await request.get(`${API}/shows/${encodeURIComponent(id)}/room`));

/** How a member is known in a show. */
export const authorOf = async (request, show) => (await roomOf(request, show)).mine.author;

/** A neighbour says something. */
export async function says(who, { id }, text, { question = false, name } = {}) {
  const data = { text, question, ...(name && { name }) };
  return fine(await who.request.post(`${API}/shows/${encodeURIComponent(id)}/comments`, { headers: KEYED(), data }), 201);
}

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
