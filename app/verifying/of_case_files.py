"""What must be true of case files whatever happened; each line finds those of which it is not."""

from app.accounts.people import PERSON_LEFT
from app.accounts.states import TREATING
from app.case_files.states import COLOURS, OPEN
from app.case_files.watching import DUE
from app.db_types import listed
from app.verifying.findings import Invariant

__all__ = ["OF_CASE_FILES"]

_OPEN = listed(OPEN)
_PLACES = " ".join(f"WHEN '{colour}' THEN {n}" for n, colour in enumerate(COLOURS))

OF_CASE_FILES = (
    Invariant(
        "file_unowned",
        "case_file",
        f"SELECT id FROM case_file WHERE status IN ({_OPEN}) AND (owner_org IS NULL "
        "OR next_due_at IS NULL OR next_step IS NULL OR next_step = '')",
    ),
    Invariant(
        "file_not_watched",
        "case_file",
        f"SELECT f.id FROM case_file f WHERE f.status IN ({_OPEN}, 'lost_to_follow_up') "
        "AND NOT EXISTS (SELECT 1 FROM deadline d WHERE d.subject_id = f.id "
        f"AND d.kind = '{DUE}' AND d.done_at IS NULL AND d.cancelled_at IS NULL)",
    ),
    Invariant(
        "woman_filed_twice",
        "patient",
        f"SELECT patient_id FROM case_file WHERE status IN ({_OPEN}) "
        "GROUP BY patient_id HAVING count(*) > 1",
    ),
    Invariant(
        "file_without_clinician",
        "case_file",
        "SELECT f.id FROM case_file f LEFT JOIN case_turn t ON t.id = f.turn_id "
        f"AND t.file_id = f.id AND t.to_at IS NULL WHERE f.status IN ({_OPEN}) "
        "AND f.opened_at IS NOT NULL AND t.id IS NULL AND f.no_clinician_since IS NULL",
    ),
    # Whoever leaves at a time that is still to come has a deadline for it.
    Invariant(
        "clinician_gone",
        "case_file",
        "SELECT f.id FROM case_file f JOIN case_turn t ON t.id = f.turn_id "
        "JOIN user_account u ON u.id = t.user_id "
        f"WHERE f.status IN ({_OPEN}) AND ((u.disabled_from IS NOT NULL AND u.disabled_to IS NULL) "
        "OR NOT EXISTS (SELECT 1 FROM role_grant g WHERE g.user_id = t.user_id "
        f"AND g.org_id = t.org_id AND g.role IN ({listed(sorted(TREATING))}) "
        "AND g.to_at IS NULL)) AND NOT EXISTS (SELECT 1 FROM deadline d "
        f"WHERE d.subject_id = t.user_id AND d.kind = '{PERSON_LEFT}' "
        "AND d.done_at IS NULL AND d.cancelled_at IS NULL)",
    ),
    Invariant(
        "death_not_reviewed",
        "case_file",
        "SELECT f.id FROM case_file f WHERE f.status = 'maternal_death' AND NOT EXISTS "
        "(SELECT 1 FROM case_due d WHERE d.file_id = f.id AND d.kind = 'death_review' "
        "AND (d.ended_at IS NULL OR d.ended_because = 'done'))",
    ),
    Invariant(
        "colour_lowered_by_nobody",
        "case_colour",
        f"SELECT id FROM case_colour WHERE (CASE colour {_PLACES} END < "
        f"CASE from_colour {_PLACES} END OR (from_purple AND NOT purple)) "
        "AND (named_by IS NULL OR reason IS NULL)",
    ),
    Invariant(
        "colour_stands_elsewhere",
        "case_file",
        "SELECT f.id FROM case_file f LEFT JOIN case_colour c ON c.file_id = f.id "
        "AND c.seq = (SELECT max(o.seq) FROM case_colour o WHERE o.file_id = f.id) "
        "WHERE COALESCE(c.seq, 0) <> COALESCE(f.colour_seq, 0) "
        "OR COALESCE(c.colour, '') <> f.colour OR (c.purple IS NOT NULL AND c.purple <> f.purple)",
    ),
    Invariant(
        "closed_without_check",
        "case_file",
        "SELECT f.id FROM case_file f LEFT JOIN case_visit v ON v.id = f.closing_visit_id "
        "AND v.file_id = f.id AND v.kind = 'day_42' AND v.status = 'held' "
        "WHERE f.status = 'closed_42d' AND (v.id IS NULL OR (f.colour = 'red' "
        "AND (f.red_unstable IS NULL OR f.red_unstable)))",
    ),
)
