/** Looking for a patient, and what is known of one. */
import { post, type Schema } from "./http";

export type Identity = Schema["app__patients__schemas__IdentityOut"];

export const NUMBERED = ["resident_id", "passport", "border_pass", "other"] as const;

/** Whose number it is, of those whom the caller sees; it goes in the body and stands in no address. */
export async function findPatient(identity_kind: string, id_number: string): Promise<string | null> {
  return (await post("/patients/search", {}, { body: { identity_kind, id_number: id_number.trim() } })).patient_id;
}

/** What is said of who she is, in the order in which people compare it. */
export const FIELDS = [
  "name",
  "identity_kind",
  "id_number",
  "birth_date",
  "phone",
  "contact_name",
  "contact_phone",
  "address",
  "residence_county",
  "home_county",
  "language",
  "interpreter_needed",
  "aid_group",
] as const;
export type Field = (typeof FIELDS)[number];
