/** What the rules make of facts while they are being stated: asked a moment after the last change. */
import { post, type Schema } from "./http";

const LOOK_MS = 350;

export class LiveAssessment {
  found = $state<Schema["AssessmentOut"] | null>(null);
  error = $state<unknown>(null);
  #looks = 0;

  /** Look again, for an effect, which is given how to call it off; of nothing stated nothing is found. */
  look(body: { patient: string; facts: Record<string, unknown>; sender?: unknown }): (() => void) | undefined {
    const number = ++this.#looks;
    if (!Object.keys(body.facts).length) {
      this.found = null;
      return undefined;
    }
    const timer = setTimeout(async () => {
      try {
        const found = await post("/assessments/preview", {}, { body });
        // An answer to what is no longer stated comes too late.
        if (number !== this.#looks) return;
        this.found = found;
        this.error = null;
      } catch (refused) {
        if (number === this.#looks) this.error = refused;
      }
    }, LOOK_MS);
    return () => clearTimeout(timer);
  }
}
