// Where the reader is: at the newest post the feed moves along, elsewhere a pill says what has come and leads there.

import { node } from "./card.js";
import { word } from "./words.js";

const NEAR_PX = 80;

export class Reading {
  #unseen = [];
  #atEnd = true;
  #top = 0;

  constructor(feed, content, pill) {
    this.feed = feed;
    this.pill = pill;
    this.observer = new IntersectionObserver((entries) => this.#look(entries), { root: feed });
    feed.addEventListener("scroll", () => this.#note(), { passive: true });
    // Charts arrive after their post and make it taller.
    new ResizeObserver(() => this.#atEnd && this.toEnd()).observe(content);
    pill.addEventListener("click", () => this.#lead());
  }

  toEnd() {
    this.feed.scrollTop = this.feed.scrollHeight;
    this.#atEnd = true;
  }

  /** Something new stands at `place`; moves along when the reader was at the end. */
  arrived(place) {
    if (this.#atEnd) this.toEnd();
    this.observer.observe(place);
  }

  forget() {
    this.observer.disconnect();
    this.#unseen = [];
    this.#show();
  }

  /** Only who moves up leaves the end: on the way down, or while posts grow, it may be far for a moment. */
  #note() {
    const near = this.#distance() < NEAR_PX;
    if (near || this.feed.scrollTop < this.#top) this.#atEnd = near;
    this.#top = this.feed.scrollTop;
  }

  #distance() {
    return this.feed.scrollHeight - this.feed.scrollTop - this.feed.clientHeight;
  }

  #look(entries) {
    for (const { target, isIntersecting } of entries) {
      this.#unseen = this.#unseen.filter((place) => place !== target && place.isConnected);
      if (!isIntersecting && target.isConnected) this.#unseen.push(target);
      else this.observer.unobserve(target);
    }
    this.#show();
  }

  #show() {
    const [first] = this.#unseen;
    this.pill.hidden = !first;
    if (!first) return;
    const isAbove = first.getBoundingClientRect().top < this.feed.getBoundingClientRect().top;
    const key = this.#unseen.every((place) => place.matches(".check")) ? "web-new-followup" : "web-new-posts";
    const count = this.#unseen.length > 1 ? node("b", "count", String(this.#unseen.length)) : null;
    this.pill.replaceChildren(...node("span", "", word(key), count, isAbove ? " ↑" : " ↓").childNodes);
    if (this.#atEnd) this.toEnd(); // the pill has a place of its own below the newest post
  }

  #lead() {
    const [first] = this.#unseen;
    const thread = first.closest("details.thread");
    if (thread) thread.open = true;
    first.scrollIntoView({ block: "start" });
  }
}
