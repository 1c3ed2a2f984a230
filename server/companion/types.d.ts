// Shapes that the companion's modules share. Read by the type check alone (python3 run.py lint); never served.

type Bytes = ArrayBuffer | Uint8Array<ArrayBuffer>;

/** What an act says: the fields that its own decoder on the server knows (server/companion/acts.py). */
type Said = { [name: string]: any };

/** The house's proof that something arrived: the key and the SHA-256 of what was sent. */
interface Receipt {
  key: string;
  sha256: string;
  at: string;
  [more: string]: any;
}

/** One act or photo of this phone. `local` stays here; `body` goes out byte for byte. */
interface Item {
  id?: number;
  key: string;
  kind: "act" | "photo";
  act: string;
  task: string;
  path?: string;
  body: string;
  said: Said;
  local: { question?: number; before?: Answer; of?: number; gallery?: boolean; shrunk?: boolean; original?: boolean; type?: string };
  state?: "waiting" | "sending" | "refused" | "dropped" | "sent" | "unkept";
  /** Milliseconds since 1970, by this phone's clock. */
  made: number;
  attempted?: boolean;
  /** Taken back by an undo of its own. */
  undone?: boolean;
  sha256?: string;
  size?: number;
  type?: string;
  /** Bytes of a photo that are there. */
  sent?: number;
  code?: string;
  error?: string;
  kept?: string;
  given?: string;
  /** The state in which the task stood when this was refused. */
  stood?: string;
  receipt?: Receipt;
}

interface SentItem extends Item {
  receipt: Receipt;
  /** performance.now() at the receipt. */
  settledAt: number;
  /** A list of tasks fetched since then holds it already. */
  covers?: boolean;
}

/** A photo as it was taken: made smaller, from the gallery, with its place, about what. */
interface Taken {
  type: string;
  about?: string;
  gallery?: boolean;
  shrunk?: boolean;
  /** What the camera wrote, in base64. */
  exif?: string;
  original?: { bytes: Bytes; type: string };
  place?: { latitude: number; longitude: number; accuracy: number } | null;
  bytes?: Bytes;
}

interface Policy { original: number; side: number; short: number; largest: number; part: number }

/** What /me answers, and when it was heard by this phone's clock. */
interface House {
  now: string;
  heard: number;
  csrf?: string;
  language?: string;
  policy: Policy;
  signed_in: Officer | null;
  other_role: boolean;
  [more: string]: any;
}

interface Officer { id: string; name: string; [more: string]: any }

interface Bound { place: number; at: "<=" | ">=" | "=="; than: "place" | "number" | "day"; of: number; when: "always" | "pass" }
interface Limits { numbers: { low: number; high: number; decimals: boolean }[]; bounds: Bound[] }

/** What was typed, as the server will read it. */
type Read = { value: string; sure: boolean; refused?: undefined } | { refused: string; value?: undefined; sure?: undefined };

interface Answer { version: number; verdict: string; value: string; note: string; conflict?: boolean; by?: string; method?: string; day?: string }

interface Question {
  n: number;
  department: string;
  text: string;
  basis: string;
  kind: "TRI" | "NUM" | "DATE" | "TEXT" | "ONE" | "MANY";
  /** What may be chosen. */
  options?: string[];
  /** It is asked only where these hold: the earlier point, =, !=, >=, <=, > or <, and the answer. */
  when?: [number, string, string][];
  fill_in: string;
  limits: Limits;
  photo: "always" | "on_fail" | "no";
  /** Whether a sample is taken; missing in tasks kept by a phone from before: it may be. */
  sample?: "required" | "allowed" | "no";
  network: "no" | "partly" | "full";
  given?: Answer;
  found?: any;
  rival?: any;
  waiting?: boolean;
  /** 分工: who of the team takes it. */
  share?: { by: string; name: string };
  [more: string]: any;
}

interface Member { id: string; name: string; department: string; agreed?: boolean | null; accepted?: boolean; present?: boolean; [more: string]: any }

/** One task as server/companion/shown.py tells it, with what overlay.js lays over it. */
interface Task {
  number: string;
  /** The number of the last event of its trail; missing in tasks kept by a phone from before. */
  as_of?: number;
  state: string;
  me: string;
  department: string;
  leader: boolean;
  members: Member[];
  questions: Question[];
  photos: any[];
  sections: { department: string; final: boolean; [more: string]: any }[];
  samples: any[];
  agencies: any[];
  record?: any;
  /** How many items of it wait on this phone; which of them were refused. */
  waiting: number;
  refused: Item[];
  draft: "draft" | "final";
  [more: string]: any;
}

/** What a screen puts on the page. */
interface View { title: any; under?: any; back?: string; main: any; bottom?: any }

/** Why subscribers hear: nothing said means that something changed. */
interface News {
  line?: CompanionState["line"];
  fetched?: boolean;
  quiet?: boolean;
  refused?: Item;
  unkept?: Item;
  colleague?: { task: string; question?: number };
}

interface CompanionState {
  /** What /me told last: district, policy, the time there. */
  house: House | null;
  /** The officer signed in, or the last one known while there is no line. */
  who: Officer | null;
  /** As the house told them. */
  tasks: Task[];
  /** When this officer said that they cannot come. */
  away: { id: number; begins: string; ends: string }[];
  /** Waiting, sending, refused. */
  items: Item[];
  /** Receipted in this session. */
  sent: SentItem[];
  /** What this phone had no room for: on this screen only. */
  unkept: { item: Item; bytes?: Bytes; original?: Bytes }[];
  line: "unknown" | "on" | "off" | "captive_portal" | "signed_out";
  /** What other officers left on this phone. */
  others: { who: string; made: number }[];
  unreadable: { id: number; made: number }[];
  fetchedAt: string | null;
  ready: boolean;
  /** The list of tasks came in this session. */
  fresh: boolean;
  /** Seven days without the house: everything is here, nothing is shown. */
  locked: boolean;
  /** How many items lie here while locked. */
  held: number;
  /** The list of tasks did not fit on the phone. */
  uncached: boolean;
  room: { used: number; left: number; persisted: boolean } | null;
  otherRole: boolean;
  /** Why the house did not sign in who opened this in Telegram. */
  notEntered: string;
}
