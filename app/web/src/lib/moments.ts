/** Moments that a person states by the clock on the wall in China; the interface takes them with their zone. */
import { present } from "./clock";

const CHINA_MS = 8 * 3_600_000;
const MINUTE_MS = 60_000;

const wall = (ahead: number): string => new Date(present() + CHINA_MS + ahead * MINUTE_MS).toISOString();

/** Now, or so many minutes ahead, as an input of day and time holds it. */
export const inputTime = (minutesAhead = 0): string => wall(minutesAhead).slice(0, 16);

/** Today, or so many days ahead, as an input of a day holds it. */
export const inputDay = (daysAhead = 0): string => wall(daysAhead * 1440).slice(0, 10);

/** What an input of day and time says, as the interface takes it. */
export const sentTime = (input: string): string => `${input.slice(0, 16)}:00+08:00`;

/** How many minutes have passed since a moment, by the clock of the server. */
export const minutesSince = (at: string): number => (present() - Date.parse(at)) / MINUTE_MS;
