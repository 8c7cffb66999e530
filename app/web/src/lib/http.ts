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
/** A file of ten megabytes on a poor line, and the server reading it. */
const FILE_PATIENCE_MS = 300_000;

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
  /** A file goes as it is, everything else as JSON. */
  body?: unknown;
  /** The same for every repetition of one command. */
  key?: string;
  version?: number;
  /** Asked by the page and not by a person: it does not keep the session alive. */
  background?: boolean;
}

async function reached(method: string, path: string, sent: Sent, patience: number): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const file = sent.body instanceof Blob ? sent.body : null;
  if (sent.body !== undefined) headers["Content-Type"] = file ? "application/octet-stream" : "application/json";
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (sent.key) headers["Idempotency-Key"] = sent.key;
  if (sent.version !== undefined) headers["If-Match"] = `"${sent.version}"`;
  if (sent.background) headers["X-Background"] = "1";
  headers["Accept-Language"] = document.documentElement.lang;
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), patience);
  try {
    return await fetch(API + path, {
      method,
      headers,
      body: sent.body === undefined ? undefined : (file ?? JSON.stringify(sent.body)),
      signal: stop.signal,
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch {
    throw new Refused(0, {});
  } finally {
    clearTimeout(late);
  }
}

async function refusal(response: Response): Promise<Refused> {
  const text = await response.text();
  if (response.status === 401 || response.status === 423) whenGone();
  return new Refused(response.status, (text ? JSON.parse(text) : {}) as Partial<Problem>);
}

async function call(method: string, path: string, sent: Sent = {}): Promise<unknown> {
  const patience = sent.body instanceof Blob ? FILE_PATIENCE_MS : PATIENCE_MS;
  const response = await reached(method, path, sent, patience);
  if (!response.ok) throw await refusal(response);
  const text = await response.text();
  return text ? (JSON.parse(text) as unknown) : undefined;
}

/** A file that the server writes, kept on this device by whoever asked for it. */
export async function download(method: "GET" | "POST", path: string, sent: Sent = {}): Promise<void> {
  const response = await reached(method, path, sent, FILE_PATIENCE_MS);
  if (!response.ok) throw await refusal(response);
  const named = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = named?.[1] ?? "file";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), FILE_PATIENCE_MS);
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
