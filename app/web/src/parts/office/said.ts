/** What a record says of one field, in words. */
import type { Field, Identity } from "../../lib/patients";
import { division } from "../../lib/reference.svelte";
import { code, t } from "../../lib/words.svelte";

const GROUP: Partial<Record<Field, string>> = {
  identity_kind: "web.office.patient.identity_kind",
  language: "values.language",
  aid_group: "values.aid_group",
};

export function said(of: Identity, field: Field): string {
  const value = of[field];
  if (value === null || value === undefined) return t("units.unknown");
  if (typeof value === "boolean") return t(value ? "tri.yes" : "tri.no");
  if (field.endsWith("county")) return division(value);
  return GROUP[field] ? code(GROUP[field], value) : value;
}
