/** The hand-over set (SBAR): its fields, and what is known already put into words. */
import { factName } from "./reference.svelte";
import { code, moment, t } from "./words.svelte";

/** As in app/transfers/states.py; who agreed is a record of its own. */
export const PARTS: Record<string, string[]> = {
  situation: ["identity", "contact", "age_or_birth_time", "gestation", "reason", "urgency", "colour", "purple", "stable"],
  background: ["gravidity_parity", "scar", "blood_group_rh", "allergies", "infections", "medicines", "history"],
  assessment: ["vital_signs", "bleeding_ml", "labour", "fetal_heart", "haemoglobin", "platelets", "coagulation", "scores", "imaging"],
  request: ["treatment_given", "infusions", "blood", "accepting_clinician", "eta", "family_informed"],
};

const MOMENT = /^\d{4}-\d\d-\d\dT/;
/** Rows of a score are for the record; people read whether it rings. */
const ROWS = ["rules", "missing", "yellow", "red"];

/** A score and its parts have words of their own, all else is a fact. */
function called(name: string): string {
  const score = code("web.desk.sbar.score", name);
  return name === "at" ? t("web.desk.at") : score === name ? factName(name) : score;
}

function plain(value: unknown): string {
  if (value === true) return t("tri.yes");
  if (value === false) return t("tri.no");
  if (typeof value === "string") return MOMENT.test(value) ? moment(value) : value;
  if (Array.isArray(value)) return value.map(plain).join(t("units.comma"));
  if (value !== null && typeof value === "object")
    return Object.entries(value)
      .filter(([name, one]) => one !== null && !ROWS.includes(name))
      .map(([name, one]) => `${called(name)} ${plain(one)}`)
      .join(t("units.comma"));
  return value === null || value === undefined ? t("units.unknown") : String(value);
}

/** What the referral knows of a field, as people say it. */
export function known(field: string, value: unknown): string {
  if (value === "not_applicable") return t("web.desk.sbar.not_applicable");
  if (field === "urgency") return t("answer.priority", { n: String(value) });
  if (field === "colour") return code("colours", String(value));
  if (field === "identity") return t("web.desk.sbar.recorded");
  if (field === "reason" && typeof value === "string")
    return value.split(" ").map((row) => code("first_actions", row)).join("; ");
  return plain(value);
}
