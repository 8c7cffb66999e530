/** Which screens there are, who has them in the menu, and the file each is read from. */
import type { Component } from "svelte";

import { Refused } from "./http";
import Board from "../screens/Board.svelte";
import NewReferral from "../screens/NewReferral.svelte";
import Referral from "../screens/Referral.svelte";
import Referrals from "../screens/Referrals.svelte";

/** A screen is given the second step of the address; one without it leaves it unread. */
type Shown = Component<{ id: string }>;
interface Screen {
  /** Whoever has this entry of the menu may open the screen; its own name where nothing is said. */
  under?: string;
  load: () => Promise<{ default: unknown }>;
}

/** What carries an emergency comes with the first load; the rest when it is opened. */
const here = (found: unknown) => () => Promise.resolve({ default: found });

const SCREENS: Record<string, Screen> = {
  new: { load: here(NewReferral) },
  board: { load: here(Board) },
  referrals: { load: here(Referrals) },
  referral: { under: "referrals", load: here(Referral) },
  files: { load: () => import("../screens/files/Files.svelte") },
  file: { under: "files", load: () => import("../screens/files/File.svelte") },
  register: { under: "files", load: () => import("../screens/files/Register.svelte") },
  registers: { under: "files", load: () => import("../screens/files/Registers.svelte") },
  bookings: { load: () => import("../screens/files/Bookings.svelte") },
  booking_run: { under: "bookings", load: () => import("../screens/files/BookingRun.svelte") },
  exchange: { load: () => import("../screens/files/Exchange.svelte") },
  file_glasses: { load: () => import("../screens/files/Glasses.svelte") },
  places: { load: () => import("../screens/Places.svelte") },
  figures: { load: () => import("../screens/Figures.svelte") },
};

/** What each role opens first comes first; each sees only what it may read. */
const MENUS: Record<string, string[]> = {
  township: ["new", "board", "referrals", "files", "bookings"],
  county_clinician: ["new", "board", "referrals", "files", "bookings", "places"],
  coordinator: ["board", "new", "referrals", "files", "bookings", "places"],
  mch_manager: ["files", "bookings", "exchange", "board", "referrals", "figures"],
  county_duty_officer: ["board", "referrals", "figures"],
  prefecture_duty_officer: ["board", "referrals", "figures"],
  province_duty_officer: ["board", "referrals", "figures"],
  ems120: ["board", "referrals"],
  analyst: ["figures"],
  auditor: ["file_glasses"],
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
