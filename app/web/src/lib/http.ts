/** Calls of the public interface, typed from its document. */
import type { components, paths } from "../../build/schema";

export type Schema = components["schemas"];
/** A refusal; some kinds say more: each reason in words, the rules behind it, a number, who may. */
export type Problem = Schema["ProblemOut"] & {
  current?: unknown;
  messages?: string[];
  rules?: string[];
  allowed?: string[];
  number?: string;
  code?: string;
  moved?: { number: string }[];
  asked_instead?: string[];
};

const API = "/api/v1";
const PATIENCE_MS = 20_000;

/** The server refused, in its own words; `status` 0: it was not reached. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
  ) {
    super(problem.title ?? String(status));
  }
}

let csrf = "";
let whenGone: () => void = () => undefined;

export function remember(token: string): void {
  csrf = token;
}

/** What is done where the session has ended or is locked. */
export function onGone(act: () => void): void {
  whenGone = act;
}

export interface Sent {
  body?: unknown;
  /** The same for every repetition of one command. */
  key?: string;
  version?: number;
  /** Asked by the page and not by a person: it does not keep the session alive. */
  background?: boolean;
}

async function call(method: string, path: string, sent: Sent = {}): Promise<unknown> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (sent.body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (sent.key) headers["Idempotency-Key"] = sent.key;
  if (sent.version !== undefined) headers["If-Match"] = `"${sent.version}"`;
  if (sent.background) headers["X-Background"] = "1";
  headers["Accept-Language"] = document.documentElement.lang;
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PATIENCE_MS);
  let response: Response;
  try {
    response = await fetch(API + path, {
      method,
      headers,
      body: sent.body === undefined ? undefined : JSON.stringify(sent.body),
      signal: stop.signal,
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch {
    throw new Refused(0, {});
  } finally {
    clearTimeout(late);
  }
  const text = await response.text();
  const document_ = text ? (JSON.parse(text) as unknown) : undefined;
  if (response.ok) return document_;
  if (response.status === 401 || response.status === 423) whenGone();
  throw new Refused(response.status, (document_ ?? {}) as Partial<Problem>);
}

type Answers<Path extends keyof paths, Method extends "get" | "post" | "patch" | "delete"> =
  paths[Path] extends Record<Method, { responses: infer All }>
    ? All extends { 200: { content: { "application/json": infer Out } } }
      ? Out
      : All extends { 201: { content: { "application/json": infer Out } } }
        ? Out
        : undefined
    : never;

type Root = `${typeof API}`;
type Short<Whole> = Whole extends `${Root}${infer Rest}` ? Rest : never;
export type Path = Short<keyof paths>;

function filled(path: string, parts: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ""));
}

export async function get<P extends Path>(
  path: P,
  parts: Record<string, string> = {},
  query: Record<string, string | string[]> = {},
  sent: Sent = {},
): Promise<Answers<`${Root}${P}`, "get">> {
  const named = Object.entries(query).flatMap(([name, one]) => [one].flat().map((value) => [name, value]));
  const asked = new URLSearchParams(named).toString();
  const whole = filled(path, parts) + (asked ? `?${asked}` : "");
  return (await call("GET", whole, sent)) as Answers<`${Root}${P}`, "get">;
}

export async function post<P extends Path>(
  path: P,
  parts: Record<string, string>,
  sent: Sent,
): Promise<Answers<`${Root}${P}`, "post">> {
  return (await call("POST", filled(path, parts), sent)) as Answers<`${Root}${P}`, "post">;
}

export async function patch<P extends Path>(
  path: P,
  parts: Record<string, string>,
  sent: Sent,
): Promise<Answers<`${Root}${P}`, "patch">> {
  return (await call("PATCH", filled(path, parts), sent)) as Answers<`${Root}${P}`, "patch">;
}

export async function remove<P extends Path>(path: P, parts: Record<string, string> = {}): Promise<void> {
  await call("DELETE", filled(path, parts));
}

/** A key for one command and all its repetitions. */
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  // Plain http of an intranet has no randomUUID; the bytes are as random.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
