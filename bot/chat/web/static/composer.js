// The command box: a combobox that offers commands, then their arguments (ARIA 1.2 pattern, list autocomplete).

import { node } from "./card.js";
import { commands, word } from "./words.js";

const part = (id) => document.getElementById(id);

export class Composer {
  #asked = 0;
  #active = -1;
  #lines = [];
  #said = [];
  #back = 0;

  /** `complete` asks the server for lines, `say` sends a command and tells whether it went out. */
  constructor({ complete, say, isAdmin }) {
    this.complete = complete;
    this.say = say;
    this.isAdmin = isAdmin;
    this.text = part("text");
    this.list = part("options");
    this.text.addEventListener("input", () => this.#offer());
    this.text.addEventListener("keydown", (event) => this.#press(event));
    this.text.addEventListener("blur", () => this.#close());
    this.text.addEventListener("focus", () => this.text.value && this.#offer());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.#choose([...this.list.children].indexOf(event.target.closest("li"))));
    part("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** Put an unfinished command into the box, as if it had been typed. */
  begin(line) {
    this.text.value = line;
    this.text.focus();
    this.#offer();
  }

  /** Lines of the server; a late reply to an earlier text is dropped. */
  completions({ ask, lines }) {
    if (ask === this.#asked && document.activeElement === this.text) this.#open(lines.map((line) => ({ line })));
  }

  #offer() {
    const text = this.text.value;
    this.#asked += 1;
    this.#usage(text);
    if (!text.startsWith("/")) return this.#close();
    const named = this.#named(text.slice(1).toLowerCase());
    if (named.length) return this.#open(named);
    this.#close();
    this.complete({ type: "complete", text, ask: this.#asked, admin: this.isAdmin() });
  }

  #named(start) {
    return commands()
      .filter((command) => command.name.startsWith(start) && command.name !== start)
      .filter((command) => !command.admin || this.isAdmin())
      .map((command) => ({ line: `/${command.name}`, ...command }));
  }

  #usage(text) {
    const words = text.slice(1).toLowerCase().split(" ");
    const command = commands().find(({ name }) => words.slice(0, name.split(" ").length).join(" ") === name && text.startsWith("/"));
    part("usage").hidden = !command;
    part("usage").replaceChildren(...(command ? [node("code", "", command.usage), ` ${command.summary}`] : []));
  }

  #open(lines) {
    this.#lines = lines;
    this.#active = -1;
    this.list.replaceChildren(...lines.map(optionNode));
    this.list.hidden = lines.length === 0;
    this.text.setAttribute("aria-expanded", String(lines.length > 0));
    this.#mark();
  }

  #close() {
    this.#asked += 1; // what the server still sends for the old text comes too late
    this.#open([]);
  }

  #mark() {
    [...this.list.children].forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === this.#active));
      if (place === this.#active) option.scrollIntoView({ block: "nearest" });
    });
    if (this.#active < 0) this.text.removeAttribute("aria-activedescendant");
    else this.text.setAttribute("aria-activedescendant", `option-${this.#active}`);
  }

  #press(event) {
    const count = this.#lines.length;
    if (event.key === "Escape") this.#close();
    else if (event.key === "ArrowDown" && count) this.#active = (this.#active + 1) % count;
    else if (event.key === "ArrowUp" && count) this.#active = (this.#active <= 0 ? count : this.#active) - 1;
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") this.#recall(event.key === "ArrowUp" ? 1 : -1);
    else if (event.key === "Tab" && count && !event.shiftKey) this.#choose(Math.max(0, this.#active));
    else if (event.key === "Enter" && this.#active >= 0) this.#choose(this.#active);
    else return;
    event.preventDefault();
    if (this.#lines.length) this.#mark();
  }

  #recall(step) {
    if (this.text.value && !this.#back) return;
    this.#back = Math.min(this.#said.length, Math.max(0, this.#back + step));
    this.text.value = this.#back ? this.#said.at(-this.#back) : "";
  }

  /** A command with arguments goes on to them; anything else is complete and waits for Enter. */
  #choose(place) {
    const chosen = this.#lines[place];
    if (!chosen) return;
    if (chosen.usage && chosen.usage !== chosen.line) return this.begin(`${chosen.line} `);
    this.text.value = chosen.line;
    this.#usage(chosen.line);
    this.#close();
  }

  #send() {
    const line = this.text.value.trim();
    if (!line || !this.say(line)) return;
    if (this.#said.at(-1) !== line) this.#said.push(line);
    this.#back = 0;
    this.text.value = "";
    this.#offer();
  }
}

function optionNode({ line, summary, usage, admin }, place) {
  const option = node("li", "", node("code", "", usage ?? line), summary ? node("span", "summary", summary) : null,
    admin ? node("span", "admins", word("web-admins-only")) : null);
  option.id = `option-${place}`;
  option.setAttribute("role", "option");
  return option;
}
