/** What runs at the other end, as the banners say it. */
import { setClock } from "./clock";
import { get, type Schema } from "./http";

const known = $state<{ status: Schema["StatusOut"] | null }>({ status: null });

export const installation = (): Schema["StatusOut"] | null => known.status;

export async function lookAtInstallation(): Promise<void> {
  known.status = await get("/status");
  setClock(known.status.now);
}
