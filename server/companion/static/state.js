// What the screens show, and who wants to hear when it changes.

/** @type {CompanionState} */
export const state = {
  house: null,
  who: null,
  tasks: [],
  away: [],
  items: [],
  sent: [],
  unkept: [],
  line: "unknown",
  others: [],
  unreadable: [],
  fetchedAt: null,
  ready: false,
  fresh: false,
  locked: false,
  held: 0,
  uncached: false,
  room: null,
  otherRole: false,
  notEntered: "",
};

/** @type {Set<(news: News) => unknown>} */
const subscribers = new Set();

/** @param {(news: News) => unknown} subscriber */
export function subscribe(subscriber) { subscribers.add(subscriber); }

/** @param {News} news */
export function notify(news = {}) { for (const subscriber of subscribers) subscriber(news); }

// The house's time, also without a line: a phone's clock may be wrong.
export function now() {
  const { house } = state;
  return house ? Date.now() - house.heard + Date.parse(house.now) : Date.now();
}

// What a module asks of one that stands above it: filled in by sender.js and connection.js, which import it.
export const above = {
  send: async () => {},
  /** @type {(item: Item, bytes?: Bytes) => Promise<boolean>} */
  sendUnsaved: async () => false,
  wake: async () => {},
  fetchTasks: async () => {},
  /** @type {(error: unknown) => void} */
  lineBroken: () => {},
};
