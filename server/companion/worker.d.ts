// What server/companion/shell.py writes before sw.js, and the worker's own view of itself.

declare const VERSION: string;
/** Address to SHA-256 of everything that the phone keeps. */
declare const SHELL: Record<string, string>;
declare const clients: Clients;
declare const skipWaiting: () => Promise<void>;
declare function addEventListener(name: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
declare function addEventListener(name: "fetch", listener: (event: FetchEvent) => void): void;
