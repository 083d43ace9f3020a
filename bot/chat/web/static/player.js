// The stream's clock and its controls; the live market has none.

import { node } from "./card.js";
import { chosen, clockOf, dateOf, momentOf, word } from "./words.js";

const SPEEDS = [1, 30, 300, null];
const part = (id) => document.getElementById(id);

export class PlayerPanel {
  #view = null;

  /** `send` takes a frame, `find` a post's id and scrolls there. */
  constructor(send, find) {
    this.find = find;
    part("play").addEventListener("click", () =>
      send({ type: "control", action: this.#view?.state.paused ? "play" : "pause" }));
    part("jump").addEventListener("click", () => send({ type: "control", action: "jump" }));
    part("restart").addEventListener("click", () => send({ type: "control", action: "restart" }));
    part("speeds").append(...SPEEDS.map((speed) => {
      const button = node("button");
      button.type = "button";
      button.addEventListener("click", () => send({ type: "speed", speed }));
      return button;
    }));
  }

  show(view) {
    this.#view = view;
    this.render();
  }

  render() {
    if (!this.#view) return;
    const { state, origin } = this.#view;
    part("mark").textContent = origin[chosen()] ?? "";
    part("player").classList.toggle("live", state.live);
    for (const id of ["stream", "track", "controls"]) part(id).hidden = state.live;
    part("live").hidden = !state.live;
    part("live").textContent = word("web-live");
    part("empty-hint").textContent = word(state.live ? "web-empty-live" : "web-empty-play");
    part("stream").textContent = state.name;
    part("clock").replaceChildren(
      node("b", "", clockOf(state.now_ms), node("small", "", "UTC")), node("span", "", dateOf(state.now_ms)));
    part("clock").dateTime = new Date(state.now_ms).toISOString();
    part("progress").value = this.#share(state.now_ms);
    const key = state.paused ? "web-play" : "web-pause";
    Object.assign(part("play"), { className: `round ${key}`, title: word(key), disabled: state.finished });
    part("play").setAttribute("aria-label", word(key));
    part("jump").disabled = state.finished;
    part("player").classList.toggle("finished", state.finished);
    [...part("speeds").children].forEach((button, place) => {
      button.textContent = SPEEDS[place] === null ? word("web-speed-max") : `${SPEEDS[place]}×`;
      button.setAttribute("aria-pressed", String(SPEEDS[place] === state.speed));
    });
    part("due-label").textContent = word(state.finished ? "web-finished" : "web-next-due");
    const due = state.next_due_ms === null ? word("web-nothing-due") : `${momentOf(state.next_due_ms)} UTC`;
    part("due").textContent = state.finished ? "" : due;
  }

  /** A tick on the progress bar for every card; a click leads there. */
  tick(posts) {
    if (!this.#view) return;
    part("ticks").replaceChildren(...posts.filter((post) => !post.thread_of).map((post) => {
      const tick = node("span", `tick kind-${post.kind}${post.band ? ` band-${post.band}` : ""}`);
      tick.style.left = `${100 * this.#share(post.sent_ms)}%`;
      tick.title = post.spoken[chosen()].words.headline;
      tick.addEventListener("click", () => this.find(post.id));
      return tick;
    }));
  }

  #share(ms) {
    const { start_ms, end_ms } = this.#view.state;
    return end_ms > start_ms ? Math.min(1, Math.max(0, (ms - start_ms) / (end_ms - start_ms))) : 0;
  }
}
