/** What somebody has to look at: read once for the page, for the board and for the alarms. */
import { get, type Schema } from "./http";
import { Live } from "./live.svelte";

class Worklist {
  list = $state<Schema["WorklistOut"] | null>(null);
  live = new Live(async () => {
    this.list = await get("/worklists/mine", {}, {}, { background: true });
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
