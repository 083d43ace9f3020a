// The page's words in the language chosen, and how that language writes a moment of the stream (always UTC).

const loaded = new Map();
let language = document.documentElement.lang;
let current = { words: {}, commands: [] };

export const chosen = () => language;
export const commands = () => current.commands;
export const word = (key) => current.words[key] ?? "";

/** Load a language once and make it the page's own; throws when the server does not answer. */
export async function choose(wanted) {
  if (!loaded.has(wanted)) {
    const response = await fetch(`/words/${wanted}.json`);
    if (!response.ok) throw new Error(`words of ${wanted}: ${response.status}`);
    loaded.set(wanted, await response.json());
  }
  language = wanted;
  current = loaded.get(wanted);
  document.documentElement.lang = wanted;
  document.title = word("web-title");
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", word(node.dataset.label));
  for (const node of document.querySelectorAll("[data-title]")) node.title = word(node.dataset.title);
  for (const node of document.querySelectorAll("[data-hint]")) node.placeholder = word(node.dataset.hint);
}

const write = (ms, options) =>
  new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { timeZone: "UTC", ...options }).format(ms);

export const clockOf = (ms) => write(ms, { hour: "2-digit", minute: "2-digit" });
export const dayOf = (ms) => write(ms, { day: "numeric", month: "long", year: "numeric" });
export const dateOf = (ms) => write(ms, { day: "numeric", month: "short", year: "numeric" });
export const shortDayOf = (ms) => write(ms, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
export const momentOf = (ms) => write(ms, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

const DAY_MS = 86_400_000;
const dayNumber = (ms) => Math.floor(ms / DAY_MS);

/** The clock, and the day where it is another than that of `before_ms`. */
export const clockAfter = (ms, before_ms) => dayNumber(ms) === dayNumber(before_ms) ? clockOf(ms) : momentOf(ms);

export const languageName = (code) => {
  const name = new Intl.DisplayNames([code], { type: "language" }).of(code);
  return name[0].toLocaleUpperCase(code) + name.slice(1);
};
