/// <reference types="svelte" />
/// <reference types="vite/client" />

declare module "virtual:initials" {
  const letters: Record<string, string>;
  export default letters;
}
