// What the screens use of the one truth: tasks as the house told them, and over them what this phone did.

export { start, wake } from "./connection.js";
export {
  act, ownAct, discard, discardUnreadable, isMovedOn, keepAgain, NotKept, photo, picture, pictured, retry, retryAll, seen, sendOriginal, takeBack,
} from "./queue.js";
export { now, notify, state, subscribe } from "./state.js";
export { task, tasks, troubled, waiting, waitingOf } from "./overlay.js";
