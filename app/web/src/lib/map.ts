/** What a map shows: marks, ways between them, and areas; each with its words. */
import type { Schema } from "./http";
import { code, named } from "./words.svelte";

/** A shape says what a mark is where its hue is not seen. */
export type Shape = "circle" | "square" | "triangle" | "diamond";
export type Tone = "plain" | "accent" | "warn" | "alarm" | "good";

export interface Mark {
  id: string;
  lon: number;
  lat: number;
  label: string;
  shape: Shape;
  tone: Tone;
  /** Where somebody gets who chooses it. */
  href?: string;
  /** The place is only about there. */
  about?: boolean;
  /** More of it, for the table. */
  note?: string;
}

export interface Way {
  id: string;
  from: { lon: number; lat: number };
  to: { lon: number; lat: number };
  label: string;
  tone: Tone;
  /** Not agreed yet: drawn broken. */
  open?: boolean;
}

export interface Area {
  adcode: string;
  label: string;
  tone: Tone;
  /** Drawn with stripes, whatever its hue. */
  striped?: boolean;
}

export const SHAPES: Record<string, Shape> = { red: "square", orange: "diamond", yellow: "triangle", green: "circle" };
export const TONES: Record<string, Tone> = { red: "alarm", orange: "warn", yellow: "warn", green: "good" };

/** A facility as a mark; where its point is that of its county seat it stands about there. */
export function markOf(one: Schema["FacilityOut"], more: Partial<Mark> = {}): Mark | null {
  if (one.lon === null || one.lat === null) return null;
  return {
    id: one.facility_id,
    lon: one.lon,
    lat: one.lat,
    label: named(one),
    shape: "circle",
    tone: "accent",
    about: one.coord_quality.endsWith("fallback"),
    note: one.maternal_level ? code("levels", one.maternal_level) : "",
    ...more,
  };
}
