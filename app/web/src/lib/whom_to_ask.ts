/** Whom a request asks at once, as the server does it (`app/referrals/whom_to_ask.py`). */
import type { Schema } from "./http";

const REACH = 10;
const FARTHER_MIN = 60;

type Answer = Pick<Schema["RecommendationOut"], "ranking" | "parallel_offers" | "ring">;

/**
 * Centres in which nobody has an account take no place among those that are asked at once; nobody is
 * looked for much farther away for their sake. A chosen centre takes the first place.
 */
export function askedTogether(answer: Answer, chosen?: string): string[] {
  const rows = answer.ranking.filter((row) => row.facility_id !== chosen);
  const most = answer.parallel_offers - (chosen ? 1 : 0);
  const first = chosen ? [chosen] : [];
  if (most <= 0) return first;
  const silent = new Set(answer.ring?.filter((one) => one.note_code).map((one) => one.facility_id));
  const farthest = (rows[most - 1]?.time_to_care_min ?? 0) + FARTHER_MIN;
  let end = 0;
  let seen = 0;
  for (const [at, row] of rows.slice(0, REACH).entries()) {
    if (seen === most || (at >= most && row.time_to_care_min > farthest)) break;
    if (!silent.has(row.facility_id)) [seen, end] = [seen + 1, at + 1];
  }
  const asked = rows.slice(0, seen < most ? Math.max(end, most) : end);
  return [...first, ...asked.map((row) => row.facility_id)];
}
