/** The clock of the server: that of an old PC may be hours wrong. */
let ahead = 0;

export function setClock(now: string): void {
  ahead = Date.parse(now) - Date.now();
}

/** The present by the clock of the server, in milliseconds. */
export const present = (): number => Date.now() + ahead;

/** The moment so many minutes ago by the clock of the server, in whole seconds. */
export function serverTime(minutesAgo: number): string {
  const at = new Date(present() - minutesAgo * 60_000);
  return `${at.toISOString().slice(0, 19)}Z`;
}
