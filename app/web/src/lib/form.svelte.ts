/**
 * What is written in a long form, across a reload of the page.
 *
 * It stays in this tab, sealed with a key that is made from the session and is never kept here: after signing out, or
 * when the session has ended, nobody can read it, and it is forgotten when it was sent, when she leaves, and when
 * somebody else comes. Where the browser has no cryptography (a page without https) nothing is kept.
 */
import { serverTime } from "./clock";

const PREFIX = "greenchannel.form.";
const PAUSE_MS = 400;

let key: Promise<CryptoKey> | null = null;
let secretOf = "";
/** Writing that began before somebody left must not arrive after. */
let turn = 0;

const bytes = (text: string) => new TextEncoder().encode(text);
const cryptography = (): SubtleCrypto | undefined => (globalThis.crypto as Crypto | undefined)?.subtle;

/** From now on forms belong to this person in this role, in this session. */
export function openForms(whose: string, secret: string): void {
  const subtle = cryptography();
  if (!subtle || !secret) {
    key = null;
    return;
  }
  const of = `${whose} ${secret}`;
  if (of === secretOf) return;
  secretOf = of;
  key = subtle
    .digest("SHA-256", bytes(of))
    .then((found) => subtle.importKey("raw", found, "AES-GCM", false, ["encrypt", "decrypt"]));
}

/** Forget every form: she leaves, or somebody else is here. */
export function forgetForms(): void {
  turn += 1;
  key = null;
  secretOf = "";
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
}

export function forgetForm(name: string): void {
  turn += 1;
  sessionStorage.removeItem(PREFIX + name);
}

export async function keepForm(name: string, value: unknown): Promise<void> {
  const subtle = cryptography();
  const began = turn;
  const its = await key;
  if (!subtle || !its) return;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(name) }, its, bytes(JSON.stringify(value)));
  if (began !== turn) return;
  sessionStorage.setItem(PREFIX + name, JSON.stringify([[...iv], [...new Uint8Array(sealed)]]));
}

/** What was written; nothing where it was written by somebody else or in another session. */
export async function keptForm(name: string): Promise<unknown> {
  const subtle = cryptography();
  const text = sessionStorage.getItem(PREFIX + name);
  const its = await key;
  if (!subtle || !its || text === null) return null;
  try {
    const [iv, sealed] = JSON.parse(text) as [number[], number[]];
    const open = await subtle.decrypt(
      { name: "AES-GCM", iv: new Uint8Array(iv), additionalData: bytes(name) },
      its,
      new Uint8Array(sealed),
    );
    return JSON.parse(new TextDecoder().decode(open)) as unknown;
  } catch {
    sessionStorage.removeItem(PREFIX + name);
    return null;
  }
}

interface Written<Values> {
  at: string;
  values: Values;
}

/** Keeps a form while it is written, and fills it with what was written before the page was opened again. */
export class Kept<Values> {
  /** When what it was filled with was written; null where it was filled with nothing. */
  since = $state<string | null>(null);
  #ready = $state(false);
  #untouched = "";

  constructor(
    readonly name: string,
    /** Everything that is typed; null while nothing is being written. */
    read: () => Values | null,
    fill: (was: Values) => void,
  ) {
    void keptForm(name).then((found) => {
      const was = found as Written<Values> | null;
      if (was !== null) {
        fill(was.values);
        this.since = was.at;
      }
      this.#ready = true;
    });
    $effect(() => {
      const now = JSON.stringify(read());
      if (!this.#ready || now === "null") return;
      // What an untouched form holds is nothing that was written.
      this.#untouched ||= now;
      if (now === this.#untouched && this.since === null && sessionStorage.getItem(PREFIX + name) === null) return;
      const written = { at: serverTime(0), values: JSON.parse(now) as Values };
      const timer = setTimeout(() => void keepForm(name, written), PAUSE_MS);
      return () => clearTimeout(timer);
    });
  }

  /** It was sent, or given up. */
  forget = (): void => {
    forgetForm(this.name);
    this.since = null;
    this.#untouched = "";
  };
}
