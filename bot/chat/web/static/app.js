// Puts the page together.

import { buttonsNode, node } from "./card.js";
import { Composer } from "./composer.js";
import { Feed } from "./feed.js";
import { PlayerPanel } from "./player.js";
import { Reading } from "./reading.js";
import { Socket } from "./socket.js";
import { choose, chosen, commands, languageName, word } from "./words.js";

const SUGGESTED = ["funding", "levels", "oi", "status", "help"];
const part = (id) => document.getElementById(id);
const languages = document.body.dataset.languages.split(" ");
let admin = false;
let connection = "connecting";
let socket = null;

const isAdmin = () => admin;
const send = (frame) => socket?.send(frame) ?? false;
const say = (text) => send({ type: "say", text, language: chosen(), admin });
const reading = new Reading(part("feed"), part("posts"), part("pill"));
const feed = new Feed(part("posts"), say, arrived);
const player = new PlayerPanel(send, (id) => feed.placeOf(id)?.scrollIntoView({ block: "start" }));
const composer = new Composer({ complete: send, say, isAdmin });

const frames = {
  opened({ posts, answers, player: view, allow_admin }) {
    part("role").hidden = !allow_admin;
    reading.forget();
    player.show(view);
    feed.open(posts, answers);
    settle();
    reading.toEnd();
  },
  post({ post }) {
    feed.put(post);
    settle();
  },
  answer({ answer }) {
    feed.answer(answer);
    settle();
    if (answer.private) reading.toEnd();
  },
  cleared() {
    reading.forget();
    feed.clear();
    settle();
  },
  player: ({ player: view }) => player.show(view),
  completions: (frame) => composer.completions(frame),
};

function arrived(place, post, asked) {
  reading.arrived(place);
  place.classList.add("arrived");
  const { words } = post.spoken[chosen()];
  if (asked === undefined || asked !== null) part("announcer").textContent = words.push ?? words.headline;
}

/** What depends on the posts as a whole. */
function settle() {
  part("empty").hidden = !feed.isEmpty;
  player.tick(feed.posts);
}

function showConnection() {
  part("connection").hidden = connection === "open";
  part("connection").textContent = connection === "open" ? "" : `${word(`web-${connection}`)}…`;
}

function showRole() {
  part("role").setAttribute("aria-checked", String(admin));
  part("role-is").textContent = word(admin ? "web-admin" : "web-member");
}

function showCommands() {
  const shown = commands().filter((command) => !command.admin || admin);
  part("asks").replaceChildren(...shown.map((command) => {
    const button = node("button", "", node("code", "", `/${command.name}`), node("span", "", command.summary));
    button.type = "button";
    button.addEventListener("click", () => composer.begin(`/${command.name} `));
    return node("li", "", button);
  }));
  const suggested = SUGGESTED.filter((name) => commands().some((command) => command.name === name));
  part("suggestions").replaceChildren(buttonsNode(
    suggested.map((name) => ({ label: `/${name}`, command: `/${name} ` })), (line) => composer.begin(line)));
}

function renderAll() {
  showConnection();
  showRole();
  showCommands();
  player.render();
  feed.render();
  settle();
}

async function speak(language) {
  await choose(language);
  part("language").value = language;
  localStorage.setItem("language", language);
  renderAll();
}

part("language").append(...languages.map((code) => Object.assign(node("option", "", languageName(code)), { value: code })));
part("language").addEventListener("change", (event) => speak(event.target.value));
part("role").addEventListener("click", () => {
  admin = !admin;
  showRole();
  showCommands();
});
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", renderAll);

const kept = localStorage.getItem("language");
await speak(languages.includes(kept) ? kept : chosen());
socket = new Socket((frame) => frames[frame.type](frame), (state) => {
  connection = state;
  showConnection();
});
