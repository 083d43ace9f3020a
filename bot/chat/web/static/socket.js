// The socket to the server: it comes back by itself, waiting longer each time it fails.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

export class Socket {
  #socket = null;
  #failures = 0;

  /** `onFrame` gets every frame; `onState` "connecting", "open" or "reconnecting". */
  constructor(onFrame, onState) {
    this.onFrame = onFrame;
    this.onState = onState;
    this.#open("connecting");
    window.addEventListener("online", () => this.#openNow());
    document.addEventListener("visibilitychange", () => document.hidden || this.#openNow());
  }

  /** True when the frame went out; a closed socket takes nothing, so that no command runs late. */
  send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #open(state) {
    this.onState(state);
    const socket = new WebSocket(`ws://${location.host}/live`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#failures = 0;
      this.onState("open");
    });
    socket.addEventListener("message", (event) => this.onFrame(JSON.parse(event.data)));
    socket.addEventListener("close", () => this.#openLater());
  }

  #openLater() {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.onState("reconnecting");
    // Half of the wait is chance, so that many pages do not all come back in the same instant.
    this.timer = setTimeout(() => this.#open("reconnecting"), longest * (0.5 + Math.random() / 2));
  }

  #openNow() {
    if (this.#socket?.readyState !== WebSocket.CLOSED) return;
    clearTimeout(this.timer);
    this.#open("reconnecting");
  }
}
