/** Moments that a person states by the clock on the wall; the interface takes them with their zone. */
import { serverTime } from "./clock";

const two = (n: number): string => String(n).padStart(2, "0");

function dayText(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** Now, or so many minutes ahead, as an input of day and time holds it. */
export function inputTime(minutesAhead = 0): string {
  const at = new Date(serverTime(-minutesAhead));
  return `${dayText(at)}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Today, or so many days ahead, as an input of a day holds it. */
export function inputDay(daysAhead = 0): string {
  return dayText(new Date(serverTime(-daysAhead * 1440)));
}

/** What an input of day and time says, as the interface takes it. */
export function sentTime(input: string): string {
  return new Date(input).toISOString();
}

/** How many minutes have passed since a moment, by the clock of the server. */
export function minutesSince(at: string): number {
  return (Date.parse(serverTime(0)) - Date.parse(at)) / 60_000;
}
