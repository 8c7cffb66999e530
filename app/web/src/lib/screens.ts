/** Which screens there are, who has them in the menu, and the file each is read from. */
import type { Component } from "svelte";

import { Refused } from "./http";
import Board from "../screens/desk/Board.svelte";
import NewReferral from "../screens/NewReferral.svelte";
import Referral from "../screens/Referral.svelte";
import Referrals from "../screens/Referrals.svelte";

/** A screen is given the second step of the address; one without it leaves it unread. */
type Shown = Component<{ id: string }>;
interface Screen {
  /** Whoever has this entry of the menu may open the screen; its own name where nothing is said. */
  under?: string;
  /** It keeps its own state in the address and is not made anew where that changes. */
  keeps?: boolean;
  /** Nothing stands around it. */
  bare?: boolean;
  load: () => Promise<{ default: unknown }>;
}

/** What carries an emergency comes with the first load; the rest when it is opened. */
const here = (found: unknown) => () => Promise.resolve({ default: found });

const SCREENS: Record<string, Screen> = {
  new: { load: here(NewReferral) },
  board: { keeps: true, load: here(Board) },
  referrals: { load: here(Referrals) },
  referral: { under: "referrals", load: here(Referral) },
  files: { load: () => import("../screens/Files.svelte") },
  file: { under: "files", load: () => import("../screens/File.svelte") },
  wall: { under: "board", bare: true, load: () => import("../screens/desk/Wall.svelte") },
  places: { load: () => import("../screens/desk/Places.svelte") },
  vehicles: { load: () => import("../screens/desk/Vehicles.svelte") },
  load: { load: () => import("../screens/desk/Load.svelte") },
  plans: { load: () => import("../screens/desk/Plans.svelte") },
  plan: { under: "plans", load: () => import("../screens/desk/Plan.svelte") },
  shift: { load: () => import("../screens/desk/Shift.svelte") },
  forms: { load: () => import("../screens/desk/Forms.svelte") },
  drills: { load: () => import("../screens/desk/Drills.svelte") },
  letters: { load: () => import("../screens/desk/Letters.svelte") },
  figures: { load: () => import("../screens/Figures.svelte") },
};

/** What each role opens first comes first; each sees only what it may read. */
const MENUS: Record<string, string[]> = {
  township: ["new", "board", "referrals", "files", "vehicles", "forms", "drills"],
  county_clinician: ["new", "board", "referrals", "files", "places", "load", "vehicles", "shift", "forms", "drills"],
  coordinator: ["board", "new", "referrals", "places", "load", "files", "vehicles", "shift", "forms", "drills"],
  mch_manager: ["files", "board", "referrals", "load", "figures"],
  county_duty_officer: ["board", "referrals", "plans", "places", "load", "shift", "vehicles", "drills", "figures"],
  prefecture_duty_officer: ["board", "referrals", "plans", "places", "load", "shift", "vehicles", "drills", "figures"],
  province_duty_officer: ["board", "referrals", "plans", "places", "load", "shift", "vehicles", "drills", "letters", "figures"],
  ems120: ["board", "referrals", "vehicles", "drills"],
  analyst: ["figures", "drills"],
  administrator: ["places", "letters"],
};

export const menuOf = (role: string | undefined): string[] => MENUS[role ?? ""] ?? [];
export const screenOf = (name: string): Screen | undefined => SCREENS[name];

/** The component of a screen; a file that the line did not bring is a server that was not reached. */
export async function shown(screen: Screen): Promise<Shown> {
  try {
    return (await screen.load()).default as Shown;
  } catch {
    throw new Refused(0, {});
  }
}
