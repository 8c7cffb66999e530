/// <reference types="svelte" />
/// <reference types="vite/client" />

declare module "virtual:initials" {
  const letters: Record<string, string>;
  export default letters;
}

declare module "virtual:geography" {
  /** Outline of each county as the path of a drawing, and where its seat is: longitude, latitude. */
  export const outlines: Record<string, string>;
  export const seats: Record<string, [number, number]>;
}
