// One message as nodes. Texts come from outside and are only ever set as text.

import { chosen, clockAfter, clockOf, dayOf, word } from "./words.js";

const FOLDED_ROWS = 1;
const FOLDED_LENGTH = 160;
const darkTheme = window.matchMedia("(prefers-color-scheme: dark)");

export function node(tag, className = "", ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** When it was posted, below something of `before_ms`; the full date stands in the tooltip. */
export function timeNode(ms, before_ms = ms) {
  const made = node("time", "", clockAfter(ms, before_ms));
  made.dateTime = new Date(ms).toISOString();
  made.title = `${dayOf(ms)}, ${clockOf(ms)} UTC`;
  return made;
}

/** A message's name line: who, when, and every mark that belongs to it; `before_ms` is when its card was posted. */
export function bylineNode(post, before_ms = post.sent_ms) {
  const { words } = post.spoken[chosen()];
  return node("div", "byline",
    node("span", "who", "Flushwatch"), node("span", "app", word("web-app")), timeNode(post.sent_ms, before_ms),
    words.origin ? node("span", "origin", words.origin) : null,
    post.silent ? marked("silent", word("web-silent")) : null,
    post.edited_ms === null ? null : editedNode(post));
}

/** The coloured box: headline, rows, chart, buttons. `run` takes the command of a button. */
export function cardNode(post, run) {
  const { words, alt } = post.spoken[chosen()];
  const muted = words.rows.filter((row) => row.tone === "muted");
  const length = muted.reduce((sum, row) => sum + row.text.length, 0);
  // Who asked wants all of it.
  const folds = post.kind !== "answer" && (muted.length > FOLDED_ROWS || length > FOLDED_LENGTH);
  const shown = words.rows.filter((row) => row.tone !== "muted" || !folds);
  const card = node("div", `card kind-${post.kind}${post.band ? ` band-${post.band}` : ""}`,
    node("h3", "headline", words.headline), ...shown.map(rowNode),
    folds ? detailsNode(muted) : null, post.chart ? chartNode(post, alt) : null);
  if (words.menus.length) card.append(node("div", "menus", ...words.menus.map((menu) => menuNode(menu, run))));
  if (words.buttons.length) card.append(buttonsNode(words.buttons, run));
  return card;
}

/** A choice to make: choosing runs the command of the option. */
function menuNode({ label, options }, run) {
  const select = node("select", "", ...options.map((option) => {
    const made = node("option", "", option.label);
    made.selected = option.chosen;
    return made;
  }));
  select.addEventListener("change", () => run(options[select.selectedIndex].command));
  return node("label", "menu", label, select);
}

export function buttonsNode(buttons, run) {
  return node("div", "buttons", ...buttons.map(({ label, command }) => {
    const button = node("button", "", label);
    button.type = "button";
    button.title = command;
    button.addEventListener("click", () => run(command));
    return button;
  }));
}

const rowNode = (row) => node("p", `row ${row.tone}`, row.text);

function detailsNode(rows) {
  return node("details", "more", node("summary", "", word("web-details")), ...rows.map(rowNode));
}

function chartNode(post, alt) {
  const theme = darkTheme.matches ? "dark" : "light";
  const path = [post.id, post.revision, chosen(), theme].map(encodeURIComponent).join("/");
  const image = node("img");
  image.alt = alt;
  image.src = `/chart/${path}.png?${post.chart}`;
  const link = node("a", "chart", image);
  Object.assign(link, { href: image.src, target: "_blank", rel: "noopener", title: word("web-chart-open") });
  image.addEventListener("load", () => link.classList.add("drawn"));
  image.addEventListener("error", () => link.replaceWith(
    node("p", "row muted missing", `${word("web-chart-missing")} ${image.alt}`)));
  return link;
}

function editedNode({ edited_ms: ms, sent_ms }) {
  const made = node("span", "edited", `(${word("web-edited")} ${clockAfter(ms, sent_ms)})`);
  made.title = `${dayOf(ms)}, ${clockOf(ms)} UTC`;
  return made;
}

function marked(className, text) {
  const made = node("span", className);
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", text);
  made.title = text;
  return made;
}
