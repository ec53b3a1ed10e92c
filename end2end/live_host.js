// A show without pages: its host at the desk, and neighbours who take part in it.
import { API, keyed, told } from "./api.js";
import { PINS, deskApi } from "./tasting.js";

/** An instant as it travels: so many minutes from now. */
const inMinutes = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString().replace(/\.\d+/, "");

const yuan = (amount) => ({ amount: amount * 100, currency: "CNY" });

/** What the API has of a show, or below it. */
const inShow = ({ id }, ...path) => [`${API}/shows`, ...[id, ...path].map(encodeURIComponent)].join("/");

/**
 * Plans a show and goes on air with it; what is returned leads it at the desk. `startsIn` minutes it is
 * to begin, `live` whether it is on air already. The caller has the host `leave`.
 */
export async function openShow(
  backend,
  { startsIn = 30, live = true, goods = ["sweet-peas", "salmon-sashimi", "anyue-lemon"], tasting = "salmon", title = "厨房教学：今晚吃鱼" } = {},
) {
  const desk = await deskApi(backend, PINS.host);
  const data = {
    kind: "kitchen",
    title: { zh: title, en: "In the kitchen: fish tonight" },
    words: { zh: "边做边答。", en: "With answers as we cook." },
    host: { zh: "小满", en: "Xiaoman" },
    starts_at: inMinutes(startsIn),
    minutes: 60,
    goods,
    ...(tasting && { tasting }),
  };
  const { id } = await told(await desk.post(`${API}/desk/shows`, { headers: keyed(), data }), 201);
  const there = `${API}/desk/shows/${encodeURIComponent(id)}`;
  const does = async (path, data) => told(await desk.post(`${there}/${path}`, { data }));
  const opens = async (path, data) => told(await desk.post(`${there}/${path}`, { headers: keyed(), data }), 201);
  const sets = async (path, data) => told(await desk.put(`${there}/${path}`, { data }), 204);
  const takesAway = async (path) => told(await desk.delete(`${there}/${path}`), 204);
  const show = {
    id,
    /** Its page. */
    path: `/live/${encodeURIComponent(id)}`,
    /** Where the desk's API has it. */
    there,
    /** The room as the backend has it for the host. */
    room: () => roomOf({ request: desk }, { id }),
    start: () => does("start"),
    end: () => does("end"),
    /** Shows one of the goods to everybody; `what` may have a kind and a word of the host's. */
    pin: (product, what = {}) => sets("pin", { product, ...what }),
    unpin: () => takesAway("pin"),
    slow: (seconds) => sets("slow-mode", { seconds }),
    mute: (author) => sets(`muted/${encodeURIComponent(author)}`),
    unmute: (author) => takesAway(`muted/${encodeURIComponent(author)}`),
    answer: (comment, text = "") => does(`questions/${encodeURIComponent(comment.id)}/answer`, { text }),
    remove: (comment) => takesAway(`comments/${encodeURIComponent(comment.id)}`),
    openPoll: (question = "下周的预制菜，您选哪个口味？", options = ["番茄牛腩", "咖喱鸡胸"]) => opens("polls", { question, options }),
    closePoll: (poll) => does(`polls/${poll.id}/close`),
    openWishes: (title = "下周想吃什么，写下来") => opens("wishes", { title }),
    closeWishes: (round) => does(`wishes/${round.id}/close`),
    openDrop: ({ title = "今晚的券", off = 10, at_least = 99, count = 5, days = 7 } = {}) =>
      opens("drops", { title, off: yuan(off), at_least: yuan(at_least), count, days }),
    closeDrop: (drop) => does(`drops/${drop.id}/close`),
    /** Where its picture is sent to, with a new key. */
    newKey: () => does("publishing"),
    /** The same with the key that there is. */
    doors: async () => told(await desk.get(`${there}/publishing`)),
    /** Whether what is sent comes out again. */
    air: async () => told(await desk.get(`${there}/air`)),
    leave: () => desk.dispose(),
  };
  if (live) await show.start();
  return show;
}

// Who takes part is a neighbour of `slots.js`, or a page.

/** The room as the backend has it, for whoever asks. */
export const roomOf = async (who, show) => told(await who.request.get(inShow(show, "room")));

/** How a member is known in a show. */
export const authorOf = async (who, show) => (await roomOf(who, show)).mine.author;

/** Somebody says something, and may be refused. */
export function triesToSay(who, show, text, { question = false, name } = {}) {
  const data = { text, question, ...(name && { name }) };
  return who.request.post(inShow(show, "comments"), { headers: keyed(), data });
}

/** Somebody says something. */
export const says = async (who, show, text, how) => told(await triesToSay(who, show, text, how), 201);

export const votes = async (who, show, poll, option) => told(await who.request.put(inShow(show, "polls", poll.id, "vote"), { data: { option } }));
export const wishes = async (who, show, phrase) => told(await who.request.post(inShow(show, "wishes"), { headers: keyed(), data: { phrase } }), 201);
export const wants = async (who, show, wish) => told(await who.request.put(inShow(show, "wishes", wish.id, "vote")));
/** Somebody claims a coupon, and may be refused. */
export const claims = (who, show, drop) => who.request.post(inShow(show, "drops", drop.id, "claim"), { headers: keyed() });
