/** What somebody has to look at: read once for the page, for the board and for the alarms. */
import { get, type Schema } from "./http";
import { Live } from "./live.svelte";
import { merged } from "./worklist";

/** So many referrals are asked for by name; where more have changed, the list is read as a whole. */
const MOST_NAMED = 50;

class Worklist {
  list = $state.raw<Schema["WorklistOut"] | null>(null);
  live = new Live(async (only) => {
    const named = this.list && only && only.length <= MOST_NAMED ? only : [];
    const found = await get("/worklists/mine", {}, { referral: named }, { background: true });
    this.list = this.list && named.length ? merged(this.list, found, named) : found;
  });

  /** Listen until somebody leaves; nothing of it stays then. */
  start(): () => void {
    const stop = this.live.start();
    return () => {
      stop();
      this.list = null;
    };
  }
}

export const worklist = new Worklist();
