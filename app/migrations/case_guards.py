"""What the database refuses of case files beyond keys and checks, as step 0010 makes it."""

from dataclasses import dataclass

from alembic import op

from app.migrations.triggers import Guard, drop_guard, guard, is_sqlite, refuse_when

__all__ = ["drop_case_guards", "make_case_guards"]

_HAS_OPEN = (
    "EXISTS (SELECT 1 FROM case_file AS f WHERE f.patient_id = NEW.id AND f.status NOT IN "
    "('closed_42d', 'pregnancy_lost', 'terminated', 'maternal_death', 'moved_away'))"
)
GUARDS = (
    Guard(
        name="patient_identity_filed",
        table="patient_identity",
        column="merged_into",
        key="id",
        refused=f"NEW.merged_into IS NOT NULL AND {_HAS_OPEN}",
        said="one file of a woman is open",
    ),
    Guard(
        name="patient_identity_followed",
        table="patient_identity",
        column="erased_at",
        key="id",
        refused=f"NEW.erased_at IS NOT NULL AND {_HAS_OPEN}",
        said="who she is may still be needed",
    ),
    Guard(
        name="case_file_of_merged",
        table="case_file",
        column="patient_id",
        key="patient_id",
        refused=(
            "EXISTS (SELECT 1 FROM patient_identity AS i WHERE i.id = NEW.patient_id "
            "AND (i.merged_into IS NOT NULL OR i.erased_at IS NOT NULL))"
        ),
        said="one file of a woman is open",
    ),
)
ENDS_ONCE = {
    "case_turn": "to_at",
    "case_party": "to_at",
    "case_due": "ended_at",
    "case_handover": "answered_at",
    "case_glass": "reviewed_at",
}
"""What is said in these columns is said once: whoever was wrong writes another line."""
BACK = "case_file_back_to"
COLOUR = "case_file_colour_stays"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows that are refused for what stands in other tables of the file.

    ``looked_at`` narrows by the row alone when it is asked, ``wrong`` is what must not be.
    """

    name: str
    table: str
    moment: str
    looked_at: str
    wrong: str
    said: str


_COLOUR_OF = "EXISTS (SELECT 1 FROM case_file AS f WHERE f.id = NEW.file_id AND f.{})"
REFUSALS = (
    # A file that was lost comes back to where it was, and nowhere else (R-STATE-02).
    Refusal(
        BACK,
        "status_event",
        "INSERT",
        "NEW.machine = 'case_file' AND NEW.from_status = 'lost_to_follow_up'",
        "NOT EXISTS (SELECT 1 FROM status_event AS e WHERE e.machine = NEW.machine "
        "AND e.subject_id = NEW.subject_id AND e.seq = NEW.prev_seq "
        "AND e.from_status = NEW.to_status)",
        "it comes back to where it was",
    ),
    Refusal(
        "case_plan_with_centre",
        "case_plan",
        "INSERT",
        "NEW.made_with IS NULL AND NEW.kind IN ('management', 'treatment', 'emergency')",
        _COLOUR_OF.format("colour IN ('orange', 'red')"),
        "plans of orange and red are made with the higher centre",
    ),
    Refusal(
        "case_file_terminated",
        "case_file",
        "UPDATE OF status",
        "NEW.status = 'terminated' AND NEW.colour = 'red' AND NEW.status <> OLD.status",
        "NOT EXISTS (SELECT 1 FROM case_plan AS p WHERE p.file_id = NEW.id "
        "AND p.may_continue IS NOT NULL AND NOT p.may_continue AND NOT EXISTS "
        "(SELECT 1 FROM case_plan AS c WHERE c.corrects = p.id))",
        "a senior physician has to have said that it may not continue",
    ),
    Refusal(
        "case_referral_of_her",
        "case_referral",
        "INSERT",
        "NEW.newborn_id IS NULL",
        "NOT EXISTS (SELECT 1 FROM referral AS r JOIN patient AS p ON p.id = r.patient_id "
        "WHERE r.id = NEW.referral_id AND p.kind = 'maternal')",
        "the referral of a newborn names it",
    ),
    Refusal(
        "case_report_of_a_death",
        "case_report",
        "INSERT",
        "NEW.kind IN ('maternal_death', 'death_review')",
        "NOT " + _COLOUR_OF.format("status = 'maternal_death'"),
        "nobody died",
    ),
    Refusal(
        "case_report_of_a_near_miss",
        "case_report",
        "INSERT",
        "NEW.kind = 'near_miss_review'",
        "NOT EXISTS (SELECT 1 FROM case_report AS r WHERE r.file_id = NEW.file_id "
        "AND r.kind = 'near_miss')",
        "no near-miss was reported",
    ),
)


def make_case_guards() -> None:
    """Make the triggers and guards."""
    for one in GUARDS:
        guard(one)
    for table, column in ENDS_ONCE.items():
        refuse_when(
            f"{table}_said_once",
            f"BEFORE UPDATE OF {column} ON {table}",
            f"OLD.{column} IS NOT NULL AND (NEW.{column} IS NULL OR NEW.{column} <> OLD.{column})",
        )
    # Who goes back along the chain of colours lowers one that nobody has lowered.
    refuse_when(
        COLOUR,
        "BEFORE UPDATE OF colour_seq ON case_file",
        "OLD.colour_seq IS NOT NULL "
        "AND (NEW.colour_seq IS NULL OR NEW.colour_seq < OLD.colour_seq)",
    )
    for row in REFUSALS:
        _refuse(row)


def drop_case_guards() -> None:
    """Take away what stands on tables that stay."""
    for one in GUARDS:
        if one.table != "case_file":
            drop_guard(one)
        elif not is_sqlite():
            op.execute(f"DROP TRIGGER {one.name} ON {one.table}")
            op.execute(f"DROP FUNCTION greenchannel_{one.name}()")
    for row in REFUSALS:
        _allow(row)


def _refuse(one: Refusal) -> None:
    said, moment = f"{one.name}: {one.said}", f"BEFORE {one.moment} ON {one.table}"
    if is_sqlite():
        op.execute(
            f"CREATE TRIGGER {one.name} {moment} WHEN {one.looked_at} AND {one.wrong} "
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION greenchannel_{one.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {one.wrong} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'restrict_violation'; "
        "END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {one.name} {moment} FOR EACH ROW "
        f"WHEN ({one.looked_at}) EXECUTE FUNCTION greenchannel_{one.name}()"
    )


def _allow(one: Refusal) -> None:
    op.execute(f"DROP TRIGGER {one.name}" + ("" if is_sqlite() else f" ON {one.table}"))
    if not is_sqlite():
        op.execute(f"DROP FUNCTION greenchannel_{one.name}()")
