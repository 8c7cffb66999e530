/** What a joint plan says, in words. */
import { facility } from "./reference.svelte";
import { code, t } from "./words.svelte";

/** Why somebody goes there; some reasons name a centre after a colon. */
export function whyOf(reason: string): string {
  const [what = "", which = ""] = reason.split(":");
  return t(`why.${what}`, { name: facility(which) });
}

/** Which kind of place or vehicle is meant. */
function kindOf(kind: string): string {
  const place = code("places", kind);
  return place === kind ? code("details", kind) : place;
}

export interface Reached {
  tiers: { priority: number; placed: number; waiting: number; objective: number }[];
}

/** Whether a plan is better than a simpler way in the first priority in which they differ. */
export function gains(plan: Reached, way: Reached): boolean {
  for (const tier of plan.tiers) {
    const other = way.tiers.find((one) => one.priority === tier.priority);
    const placed = tier.placed - (other?.placed ?? 0);
    const score = Math.round((other?.objective ?? 0) - tier.objective);
    if (placed !== 0) return placed > 0;
    if (score !== 0) return score > 0;
  }
  return false;
}

/** How a plan stands beside a simpler way, by the first priority in which they differ. */
export function besideWay(plan: Reached, way: Reached, name: string): string {
  for (const tier of plan.tiers) {
    const other = way.tiers.find((one) => one.priority === tier.priority);
    const placed = tier.placed - (other?.placed ?? 0);
    const score = Math.round((other?.objective ?? 0) - tier.objective);
    if (placed > 0 || (placed === 0 && score > 0)) {
      const what = placed > 0 ? t("web.desk.plan.gain_placed", { n: placed }) : t("web.desk.plan.gain_score", { n: score });
      return t("web.desk.plan.gain", { name, what });
    }
    if (placed < 0 || score < 0) return t("web.desk.plan.worse", { name });
  }
  return t("web.desk.plan.no_gain", { name });
}

interface Block {
  code: string;
  kind?: string | null;
  n?: number;
  facility_id?: string | null;
  facility_ids?: string[];
  also?: Block[];
}

/** What blocks, or what would help, with its kind and the first of its centres. */
export function blockOf(block: Block, most = 3): string {
  const many = block.n !== undefined && block.n > 1 ? ` × ${block.n}` : "";
  const ids = [...(block.facility_ids ?? []), ...(block.facility_id ? [block.facility_id] : [])];
  const names = ids.slice(0, most).map((one) => facility(one));
  if (ids.length > most) names.push(t("units.more", { n: ids.length - most }));
  const parts = [code("relaxations", block.code) + many, block.kind ? kindOf(block.kind) : "", names.join(t("units.comma"))];
  return [parts.filter(Boolean).join(" · "), ...(block.also ?? []).map((one) => blockOf(one, most))].join(t("web.desk.plan.and"));
}

export type { Block };
