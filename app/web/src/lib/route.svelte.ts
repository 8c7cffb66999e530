/** Which screen is open. It stands after the # of the address, without anything of a patient. */
const place = $state({ steps: stepsOf(location.hash) });

function stepsOf(hash: string): string[] {
  return hash.replace(/^#\/?/, "").split("/").filter(Boolean);
}

addEventListener("hashchange", () => {
  place.steps = stepsOf(location.hash);
});

export const steps = (): string[] => place.steps;

export function go(address: string): void {
  location.hash = `#/${address}`;
}

/** How a list is narrowed, as the last step of an address; keys of records and codes, nothing of a patient. */
export const addressOf = (narrowed: Record<string, string>): string => new URLSearchParams(narrowed).toString();
export const narrowedBy = (step: string | undefined): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(step ?? ""));
