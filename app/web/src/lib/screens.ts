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
  /** Whoever has one of these entries of the menu may open it; its own name where nothing is said. */
  under?: string | string[];
  /** Whoever is signed in may open it. */
  everybody?: true;
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
  files: { load: () => import("../screens/files/Files.svelte") },
  file: { under: "files", load: () => import("../screens/files/File.svelte") },
  register: { under: "files", load: () => import("../screens/files/Register.svelte") },
  registers: { under: "files", load: () => import("../screens/files/Registers.svelte") },
  bookings: { load: () => import("../screens/files/Bookings.svelte") },
  booking_run: { under: "bookings", load: () => import("../screens/files/BookingRun.svelte") },
  exchange: { load: () => import("../screens/files/Exchange.svelte") },
  patients: { load: () => import("../screens/office/Patients.svelte") },
  patient: { under: "patients", load: () => import("../screens/office/Patient.svelte") },
  figures: { load: () => import("../screens/office/Figures.svelte") },
  quality: { under: ["quality", "figures"], load: () => import("../screens/office/Quality.svelte") },
  setup: { load: () => import("../screens/office/Setup.svelte") },
  users: { load: () => import("../screens/office/Users.svelte") },
  user: { under: "users", load: () => import("../screens/office/User.svelte") },
  organisations: { under: "users", load: () => import("../screens/office/Organisations.svelte") },
  organisation: { under: "users", load: () => import("../screens/office/Organisation.svelte") },
  facilities: { everybody: true, load: () => import("../screens/office/Facilities.svelte") },
  facility: { under: "facilities", everybody: true, load: () => import("../screens/office/Facility.svelte") },
  rules: { everybody: true, load: () => import("../screens/office/Rules.svelte") },
  facts: { everybody: true, load: () => import("../screens/office/Facts.svelte") },
  audit: { load: () => import("../screens/office/Audit.svelte") },
  glasses: { load: () => import("../screens/office/Glasses.svelte") },
  account: { everybody: true, load: () => import("../screens/office/Account.svelte") },
  wall: { under: "board", bare: true, load: () => import("../screens/desk/Wall.svelte") },
  places: { load: () => import("../screens/desk/Places.svelte") },
  vehicles: { load: () => import("../screens/desk/Vehicles.svelte") },
  load: { load: () => import("../screens/desk/Load.svelte") },
  plans: { load: () => import("../screens/desk/Plans.svelte") },
  plan: { under: "plans", load: () => import("../screens/desk/Plan.svelte") },
  shift: { load: () => import("../screens/desk/Shift.svelte") },
  forms: { load: () => import("../screens/desk/Forms.svelte") },
  roads: { everybody: true, load: () => import("../screens/desk/Roads.svelte") },
  drills: { load: () => import("../screens/desk/Drills.svelte") },
  letters: { load: () => import("../screens/desk/Letters.svelte") },
};

/** What each role opens first comes first; each sees only what it may read. */
const MENUS: Record<string, string[]> = {
  township: ["new", "board", "referrals", "files", "bookings", "patients", "vehicles", "forms", "drills"],
  county_clinician: ["new", "board", "referrals", "files", "bookings", "places", "patients", "vehicles", "load", "shift", "forms", "drills"],
  coordinator: ["board", "new", "referrals", "places", "load", "files", "bookings", "patients", "vehicles", "shift", "forms", "drills"],
  mch_manager: ["files", "bookings", "exchange", "board", "referrals", "load", "patients", "figures"],
  county_duty_officer: ["board", "referrals", "plans", "roads", "places", "load", "shift", "vehicles", "patients", "drills", "figures"],
  prefecture_duty_officer: ["board", "referrals", "plans", "roads", "places", "load", "shift", "vehicles", "patients", "drills", "figures"],
  province_duty_officer: ["board", "referrals", "plans", "roads", "places", "load", "shift", "vehicles", "patients", "drills", "letters", "rules", "figures"],
  ems120: ["board", "referrals", "vehicles", "patients", "drills"],
  analyst: ["figures", "drills"],
  administrator: ["setup", "users", "facilities", "places", "roads", "quality", "rules", "letters"],
  auditor: ["audit", "glasses"],
};

export const menuOf = (role: string | undefined): string[] => MENUS[role ?? ""] ?? [];
const entries = (name: string): string[] => [SCREENS[name]?.under ?? name].flat();
/** The entry of a menu that a screen stands under. */
export const entryOf = (name: string, menu: string[]): string | undefined =>
  menu.find((one) => one === name) ?? entries(name).find((one) => menu.includes(one));
export const mayOpen = (name: string, role: string | undefined): boolean =>
  SCREENS[name] !== undefined &&
  (SCREENS[name].everybody === true || entries(name).some((one) => menuOf(role).includes(one)));
export const screenOf = (name: string): Screen | undefined => SCREENS[name];

/** The component of a screen; a file that the line did not bring is a server that was not reached. */
export async function shown(screen: Screen): Promise<Shown> {
  try {
    return (await screen.load()).default as Shown;
  } catch {
    throw new Refused(0, {});
  }
}
