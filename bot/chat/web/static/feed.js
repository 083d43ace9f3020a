// The channel: posts in the order they came, edits in place, follow-ups in the thread under their card.

import { bylineNode, cardNode, node, timeNode } from "./card.js";
import { chosen, shortDayOf, word } from "./words.js";

const DAY_MS = 86_400_000;

export class Feed {
  #posts = new Map();
  #answers = new Map();
  #places = new Map();
  #opened = new Map();
  #lastDay = null;

  /** `run` takes a button's command, `onNew` the node and view of everything that arrives while the page is open. */
  constructor(root, run, onNew) {
    this.root = root;
    this.run = run;
    this.onNew = onNew;
    // Clicks, not "toggle": what this page folds by itself is no wish of the reader.
    root.addEventListener("click", (event) => this.#remember(event.target.closest("summary")?.parentElement));
  }

  get posts() { return [...this.#posts.values()]; }
  get isEmpty() { return this.#posts.size + this.#answers.size === 0; }
  placeOf(id) { return this.#places.get(id); }

  /** Show the whole channel; replies that only this reader saw stay. */
  open(posts, answers) {
    const mine = [...this.#answers.values()].filter((answer) => answer.private);
    this.#posts = new Map(posts.map((post) => [post.id, post]));
    this.#answers = new Map([...mine, ...answers].map((answer) => [answer.post.id, answer]));
    this.render();
  }

  clear() {
    this.#answers.clear();
    this.#opened.clear();
    this.open([], []);
  }

  /** Everything again, in the language and theme of now. */
  render() {
    this.root.replaceChildren();
    this.#places.clear();
    this.#lastDay = null;
    const all = [...this.#posts.values(), ...this.#answers.values()];
    const sentOf = (view) => (view.post ?? view).sent_ms;
    for (const view of all.sort((one, other) => sentOf(one) - sentOf(other))) {
      if (view.post) this.#place(view.post, this.#answerNode(view));
      else this.#placePost(view);
    }
  }

  /** A new post, or a newer revision of one that stands here. */
  put(post) {
    const known = this.#posts.get(post.id);
    if (known && known.revision >= post.revision) return;
    this.#posts.set(post.id, post);
    if (known) this.#replace(post);
    else this.onNew(this.#placePost(post), post);
  }

  answer(view) {
    this.#answers.set(view.post.id, view);
    this.onNew(this.#place(view.post, this.#answerNode(view)), view.post, view.asked);
  }

  #placePost(post) {
    const card = this.#places.get(post.thread_of);
    return card ? this.#placeFollowUp(card, post) : this.#place(post, this.#postNode(post));
  }

  #place(post, made) {
    const day = Math.floor(post.sent_ms / DAY_MS);
    if (day !== this.#lastDay) this.root.append(node("h2", "day", node("span", "", shortDayOf(post.sent_ms))));
    this.#lastDay = day;
    this.#places.set(post.id, made);
    this.root.append(made);
    return made;
  }

  #postNode(post) {
    const message = node("div", "message", bylineNode(post), this.#pushNode(post), cardNode(post, this.run));
    return this.#articleOf(post, "post", avatarNode(), message);
  }

  #pushNode(post) {
    const { push, headline } = post.spoken[chosen()].words;
    return push && push !== headline ? node("p", "push", push) : null;
  }

  #answerNode({ asked, private: isPrivate, post }) {
    const question = asked === null ? null : node("div", "asked",
      node("span", "asker", word("web-you")), node("code", "", asked), timeNode(post.sent_ms));
    const message = node("div", "message", question, bylineNode(post), cardNode(post, this.run),
      isPrivate ? node("p", "private", word("web-private")) : null);
    return this.#articleOf(post, `post answer${isPrivate ? " for-you" : ""}`, avatarNode(), message);
  }

  #placeFollowUp(card, post) {
    let thread = card.querySelector(":scope > .thread");
    if (!thread) {
      const summary = node("summary", "", node("span", "thread-name", word("web-followups")), node("b", "count"));
      thread = node("details", "thread", summary, node("div", "checks"));
      this.#keepOpen(thread, card.dataset.id, "thread", true);
      card.append(thread);
    }
    const checks = thread.querySelector(".checks");
    const before = checks.lastElementChild;
    if (before && !this.#opened.has(`${before.dataset.id} check`)) before.open = false;
    const made = this.#checkNode(post);
    checks.append(made);
    thread.querySelector(".count").textContent = checks.childElementCount;
    this.#places.set(post.id, made);
    return made;
  }

  #checkNode(post) {
    const card = cardNode(post, this.run);
    const headline = node("summary", "", ...card.querySelector(".headline").childNodes);
    card.querySelector(".headline").remove();
    const byline = bylineNode(post, this.#posts.get(post.thread_of)?.sent_ms);
    const check = node("details", `check${post.band ? ` band-${post.band}` : ""}`, headline, byline, card);
    this.#keepOpen(check, post.id, "check", true);
    return this.#identified(check, post);
  }

  #replace(post) {
    const place = this.#places.get(post.id);
    const made = post.thread_of && place.matches(".check") ? this.#checkNode(post) : this.#postNode(post);
    const thread = place.querySelector(":scope > .thread");
    if (thread) made.append(thread);
    made.classList.add("changed");
    const command = place.contains(document.activeElement) ? document.activeElement.title : null;
    place.replaceWith(made);
    if (command) [...made.querySelectorAll("button")].find((button) => button.title === command)?.focus();
    this.#places.set(post.id, made);
  }

  #articleOf(post, className, ...children) {
    const article = node("article", className, ...children);
    article.setAttribute("aria-label", post.spoken[chosen()].words.headline);
    return this.#identified(article, post);
  }

  #identified(place, post) {
    place.dataset.id = post.id;
    const details = place.querySelector("details.more");
    if (details) this.#keepOpen(details, post.id, "more", false);
    return place;
  }

  #keepOpen(details, id, part, otherwise) {
    details.dataset.key = `${id} ${part}`;
    details.open = this.#opened.get(details.dataset.key) ?? otherwise;
  }

  #remember(details) {
    if (details?.dataset.key) this.#opened.set(details.dataset.key, !details.open);
  }
}

function avatarNode() {
  const image = node("img", "avatar");
  Object.assign(image, { src: "/static/avatar.svg", alt: "", width: 40, height: 40 });
  return image;
}
