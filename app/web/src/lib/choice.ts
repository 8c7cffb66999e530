/** Why another centre is asked before the next of the ranking; it reads the reason with the question. */
import type { Schema } from "./http";

export type ChoiceReason = Schema["ChosenIn"]["because"];
export const REASONS: readonly ChoiceReason[] = ["agreed_by_telephone", "treated_there", "road", "family", "other"];
