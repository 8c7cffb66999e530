"""What the database refuses of case files beyond keys and checks, as step 0010 makes it."""

from alembic import op

from app.migrations.triggers import FUNCTION, Guard, drop_guard, guard, is_sqlite

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


def make_case_guards() -> None:
    """Make the triggers and guards."""
    for one in GUARDS:
        guard(one)
    for table, column in ENDS_ONCE.items():
        _refuse_when(
            f"{table}_said_once",
            f"BEFORE UPDATE OF {column} ON {table}",
            f"OLD.{column} IS NOT NULL AND (NEW.{column} IS NULL OR NEW.{column} <> OLD.{column})",
        )
    # Who goes back along the chain of colours lowers one that nobody has lowered.
    _refuse_when(
        COLOUR,
        "BEFORE UPDATE OF colour_seq ON case_file",
        "OLD.colour_seq IS NOT NULL "
        "AND (NEW.colour_seq IS NULL OR NEW.colour_seq < OLD.colour_seq)",
    )
    _lost_and_found()


def drop_case_guards() -> None:
    """Take away what stands on tables that stay."""
    for one in GUARDS:
        if one.table != "case_file":
            drop_guard(one)
        elif not is_sqlite():
            op.execute(f"DROP TRIGGER {one.name} ON {one.table}")
            op.execute(f"DROP FUNCTION greenchannel_{one.name}()")
    op.execute(f"DROP TRIGGER {BACK}" + ("" if is_sqlite() else " ON status_event"))
    if not is_sqlite():
        op.execute(f"DROP FUNCTION greenchannel_{BACK}()")


def _refuse_when(name: str, moment: str, when: str) -> None:
    act = (
        f"BEGIN SELECT RAISE(ABORT, '{name} is not allowed'); END"
        if is_sqlite()
        else f"EXECUTE FUNCTION {FUNCTION}()"
    )
    op.execute(f"CREATE TRIGGER {name} {moment} FOR EACH ROW WHEN ({when}) {act}")


def _lost_and_found() -> None:
    """Let a file that was lost come back to where it was, and nowhere else (R-STATE-02)."""
    wrong = (
        "NOT EXISTS (SELECT 1 FROM status_event AS e WHERE e.machine = NEW.machine "
        "AND e.subject_id = NEW.subject_id AND e.seq = NEW.prev_seq "
        "AND e.from_status = NEW.to_status)"
    )
    of_lost = "NEW.machine = 'case_file' AND NEW.from_status = 'lost_to_follow_up'"
    said = f"{BACK}: it comes back to where it was"
    if is_sqlite():
        op.execute(
            f"CREATE TRIGGER {BACK} BEFORE INSERT ON status_event WHEN {of_lost} AND {wrong} "
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION greenchannel_{BACK}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {wrong} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'restrict_violation'; "
        "END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {BACK} BEFORE INSERT ON status_event FOR EACH ROW "
        f"WHEN ({of_lost}) EXECUTE FUNCTION greenchannel_{BACK}()"
    )
