/** Keys of a screen: nothing is taken from who types, and letters can be switched off altogether. */
const KEPT = "greenchannel.keys";
const state = $state({ on: localStorage.getItem(KEPT) !== "off" });

export const keysAreOn = (): boolean => state.on;

export function switchKeys(): void {
  state.on = !state.on;
  localStorage.setItem(KEPT, state.on ? "on" : "off");
}

/** Whether a key leaves a field that has nothing typed in it: a list takes no letters either. */
export function leaves(event: KeyboardEvent): boolean {
  if (event.key !== "Escape" || event.ctrlKey || event.metaKey || event.altKey) return false;
  return event.target instanceof HTMLSelectElement || (event.target instanceof HTMLInputElement && !event.target.value);
}

/** The key that was struck for the screen; null where it is for a field, or is held down. */
export function shortcut(event: KeyboardEvent): string | null {
  const typing = event.target instanceof HTMLElement && event.target.closest("input, select, textarea");
  const letter = event.key.length === 1;
  if (typing || event.ctrlKey || event.metaKey || event.altKey || (letter && event.repeat)) return null;
  return letter ? event.key.toLowerCase() : event.key;
}
