// A show without its host's page: planned, begun, and led by what the desk's API offers.
import { expect } from "@playwright/test";
import { PINS, deskApi } from "./tasting.js";

const API = "/api/v1";
const ROUND = () => ({ "idempotency-key": crypto.randomUUID() });

async function fine(answer, status = 200) {
  expect(answer.status(), `${answer.url()}: ${await answer.text()}`).toBe(status);
  return status === 204 ? undefined : answer.json();
}

/** An instant as it travels: so many minutes from now. */
const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString().replace(/\.\d+/, "");

/** Plans a show and goes on air with it. `host.request` is somebody who leads it at the desk. */
export async function openShow(backend, { goods = ["sweet-peas", "salmon-sashimi", "anyue-lemon"], tasting = "salmon", live = true } = {}) {
  const request = await deskApi(backend, PINS.host);
  const data = {
    kind: "kitchen",
    title: { zh: "厨房教学：今晚吃鱼", en: "In the kitchen: fish tonight" },
    words: { zh: "边做边答。", en: "With answers as we cook." },
    host: { zh: "小满", en: "Xiaoman" },
    starts_at: at(30),
    minutes: 60,
    goods,
    ...(tasting && { tasting }),
  };
  const { id } = await fine(await request.post(`${API}/desk/shows`, { headers: ROUND(), data }), 201);
  const host = { request, path: `${API}/desk/shows/${encodeURIComponent(id)}` };
  if (live) await start({ host });
  return { id, host, leave: () => request.dispose() };
}

const step = async ({ host }, path, status) => fine(await host.request.post(`${host.path}/${path}`), status);
const opens = async ({ host }, path, data) => fine(await host.request.post(`${host.path}/${path}`, { headers: ROUND(), data }), 201);

export const start = (show) => step(show, "start");
export const end = (show) => step(show, "end");
/** Shows one of the goods to everybody; `what` may have a kind and a word of the host's. */
export const pin = async ({ host }, product, what = {}) => fine(await host.request.put(`${host.path}/pin`, { data: { product, ...what } }), 204);
export const unpin = async ({ host }) => fine(await host.request.delete(`${host.path}/pin`), 204);
export const openPoll = (show, question = "下周的预制菜，您选哪个口味？", options = ["番茄牛腩", "咖喱鸡胸"]) => opens(show, "polls", { question, options });
export const closePoll = (show, poll) => step(show, `polls/${poll.id}/close`);
export const openWishes = (show, title = "下周想吃什么，写下来") => opens(show, "wishes", { title });
export const closeWishes = (show, round) => step(show, `wishes/${round.id}/close`);
const yuan = (amount) => ({ amount: amount * 100, currency: "CNY" });
export const openDrop = (show, { title = "今晚的券", off = 10, at_least = 99, count = 5, days = 7 } = {}) =>
  opens(show, "drops", { title, off: yuan(off), at_least: yuan(at_least), count, days });
export const closeDrop = (show, drop) => step(show, `drops/${drop.id}/close`);

/** A neighbour of `slots.js` takes part. */
const of = (show, path) => `${API}/shows/${encodeURIComponent(show.id)}/${path}`;
export const votes = async (who, show, poll, option) => fine(await who.request.put(of(show, `polls/${poll.id}/vote`), { data: { option } }));
export const wishes = async (who, show, phrase) => fine(await who.request.post(of(show, "wishes"), { headers: ROUND(), data: { phrase } }), 201);
export const wants = async (who, show, wish) => fine(await who.request.put(of(show, `wishes/${encodeURIComponent(wish.id)}/vote`)));
export const claims = async (who, show, drop) => who.request.post(of(show, `drops/${drop.id}/claim`), { headers: ROUND() });
/** The room as the backend has it. */
export const roomOf = async (who, show) => fine(await who.request.get(of(show, "room")));
