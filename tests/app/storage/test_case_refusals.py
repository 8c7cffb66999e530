"""What the database refuses of case files by itself, shown by plain SQL."""

from datetime import timedelta

import pytest

from app.case_files.states import BORN, NEXT, OPEN, FileStatus, moves
from app.db_types import new_key
from tests.app.storage import account_rows, case_rows, rows
from tests.app.storage.case_rows import PATH
from tests.app.storage.rows import NOW
from tests.app.storage.test_refusals import refused

S = FileStatus
WALK = {
    S.REGISTERED: ("registered",),
    S.SCREENED_NEGATIVE: ("registered", "screened_negative"),
    S.SCREENED_POSITIVE: PATH[:2],
    S.REFERRED_FOR_ASSESSMENT: (*PATH[:2], "referred_for_assessment"),
    S.ASSESSED: PATH[:3],
    S.CASE_MANAGED: PATH,
    S.DELIVERY_PLANNED: (*PATH, "delivery_planned"),
    S.ADMITTED_EARLY: (*PATH, "admitted_early"),
    S.DELIVERED: ("registered", "delivered"),
    S.POSTPARTUM: ("registered", "delivered", "postpartum"),
    S.CLOSED_42D: ("registered", "delivered", "postpartum", "closed_42d"),
    **{
        status: ("registered", status.value)
        for status in FileStatus
        if status.value
        in ("pregnancy_lost", "terminated", "maternal_death", "moved_away", "lost_to_follow_up")
    },
}
ENDING = {"ended_because": b"0" * 40}


def there(session, status, **more):
    """A file that stands somewhere, with all that belongs to it there."""
    values = {}
    if status in (S.CASE_MANAGED, S.DELIVERY_PLANNED, S.ADMITTED_EARLY):
        values |= {
            "opened_at": NOW,
            "reasons": "R-CASE-01",
            "profile": "yunnan",
            "no_clinician_since": NOW,
            "booked_facility_id": "YN530100-001",
        }
    if status in (*BORN, S.CLOSED_42D):
        values |= {"delivered_at": NOW}
    if status not in (*OPEN, S.CLOSED_42D):
        values |= ENDING
    return case_rows.file(session, path=WALK[status], **{**values, **more})


def test_a_woman_has_one_open_file(database):
    with database.writing() as session:
        woman = rows.patient(session)
        case_rows.file(session, of=woman)
    with refused(database, by=["uq_case_file_open_patient", "case_file.patient_id"]) as session:
        case_rows.file(session, of=woman)
    with database.writing() as session:
        other = rows.patient(session)
        there(session, S.PREGNANCY_LOST, of=other)
        case_rows.file(session, of=other)


def test_every_move_of_the_table_is_taken_and_every_other_refused(database):
    allowed = set(moves())
    for status in [one for one in FileStatus if one is not S.CLOSED_42D]:
        with database.writing() as session:
            org = rows.organisation(session)
            key = there(session, status, org=org)
        seq = len(WALK[status]) + 1
        for wanted in FileStatus:
            back = status is S.LOST_TO_FOLLOW_UP and wanted is not S.REGISTERED
            if (status.value, wanted.value) in allowed and not back:
                continue
            # Only registered is where this one was: see the next test.
            rule = "case_file_back_to" if back else "fk_status_event_move"
            with refused(database, by=[rule]) as session:
                case_rows.event(session, key, seq, status.value, wanted.value, by=org)


def test_who_was_lost_comes_back_to_where_she_was(database):
    with database.writing() as session:
        org = rows.organisation(session)
        key = case_rows.file(session, org=org, path=(*PATH[:3], "lost_to_follow_up"), **ENDING)
    with refused(database, by=["case_file_back_to"]) as session:
        case_rows.moved(session, key, 5, "lost_to_follow_up", "case_managed", by=org)
    with database.writing() as session:
        case_rows.moved(session, key, 5, "lost_to_follow_up", "assessed", by=org)


def test_a_file_stands_where_its_last_event_says(database):
    with database.writing() as session:
        key = case_rows.file(session)
    with refused(database, by=["fk_case_file_stands"]) as session:
        case_rows.change(session, key, status="screened_negative")
    with refused(database, by=["fk_status_event_moves_case_file", "fk_"]) as session:
        case_rows.event(
            session, key, 2, "registered", "screened_negative", by=rows.organisation(session)
        )


@pytest.mark.parametrize("lacking", ["owner_org", "next_due_at", "next_step"])
def test_an_open_file_has_somebody_who_looks_at_it(database, lacking):
    with refused(database, by=["ck_case_file_owned"]) as session:
        case_rows.file(session, **{lacking: None})


def test_a_managed_file_has_a_clinician_or_says_since_when_it_has_none(database):
    with refused(database, by=["ck_case_file_responsible"]) as session:
        case_rows.managed(session, no_clinician_since=None)
    with database.writing() as session:
        key = case_rows.managed(session)
    with refused(database, by=["ck_case_file_responsible"]) as session:
        case_rows.change(session, key, no_clinician_since=None)
    with database.writing() as session:
        turn = case_rows.turn(session, key)
        case_rows.change(session, key, turn_id=turn, turn_open=1, no_clinician_since=None)
    # Whose turn has ended is responsible no more: the file cannot go on naming her.
    with refused(database, by=["fk_case_file_turn"]) as session:
        rows.update(session, "case_turn", {"to_at": NOW, "is_open": None}, f"id = '{turn}'")
    with refused(database, by=["uq_case_turn_open", "case_turn.file_id"]) as session:
        case_rows.turn(session, key)


def test_the_clinician_of_another_file_is_nobody_here(database):
    with database.writing() as session:
        key, other = case_rows.managed(session), case_rows.managed(session)
        turn = case_rows.turn(session, other)
    with refused(database, by=["fk_case_file_turn"]) as session:
        case_rows.change(session, key, turn_id=turn, turn_open=1, no_clinician_since=None)


def test_management_is_opened_by_a_rule(database):
    with refused(database, by=["ck_case_file_opened"]) as session:
        case_rows.managed(session, reasons="")
    with refused(database, by=["ck_case_file_managed"]) as session:
        case_rows.file(session, path=PATH)


def test_a_colour_goes_up_by_an_assessment_and_down_by_a_name_and_a_reason(database):
    with database.writing() as session:
        key = case_rows.file(session)
        who = account_rows.user(session)
        case_rows.coloured(session, key, ["yellow", "orange"])
        made = case_rows.assessment(session, key, colour="yellow")
    lower = {"assessment_id": made}
    for said in ({}, {"named_by": who}, {"reason": "血压平稳四周"}):
        with refused(database, by=["ck_case_colour_named"]) as session:
            case_rows.colour(session, key, 3, "orange", "yellow", **lower, **said)
    with database.writing() as session:
        said = {"named_by": who, "reason": "血压平稳四周"}
        case_rows.colour(session, key, 3, "orange", "yellow", **lower, **said)
        case_rows.change(session, key, colour="yellow", colour_seq=3)


def test_purple_is_taken_away_and_green_given_by_a_name_only(database):
    with database.writing() as session:
        key = case_rows.file(session)
        made = case_rows.assessment(session, key, purple=True)
        case_rows.colour(session, key, 1, "", "yellow", purple=True, assessment_id=made)
        case_rows.change(session, key, colour="yellow", purple=True, colour_seq=1)
        other = case_rows.file(session)
        green = case_rows.assessment(session, other, colour="green")
    with refused(database, by=["ck_case_colour_named"]) as session:
        case_rows.colour(session, key, 2, "yellow", "orange", from_purple=True, assessment_id=made)
    with refused(database, by=["ck_case_colour_named"]) as session:
        case_rows.colour(session, other, 1, "", "green", assessment_id=green)


def test_a_file_shows_the_colour_of_its_last_step_and_never_an_older_one(database):
    with database.writing() as session:
        key = case_rows.file(session)
        case_rows.coloured(session, key, ["yellow", "orange"])
    with refused(database, by=["fk_case_file_colour"]) as session:
        case_rows.change(session, key, colour="yellow")
    with refused(database, by=["case_file_colour_stays", "of case_file is not allowed"]) as session:
        case_rows.change(session, key, colour="yellow", colour_seq=1)
    with refused(database, by=["case_file_colour_stays", "of case_file is not allowed"]) as session:
        case_rows.change(session, key, colour="", colour_seq=None)
    with refused(database, by=["fk_case_colour_chain"]) as session:
        made = case_rows.assessment(session, key, colour="orange")
        case_rows.colour(session, key, 3, "yellow", "orange", assessment_id=made)
    twice = ["uq_case_colour_seq", "uq_case_colour_follows", "case_colour.file_id"]
    with refused(database, by=twice) as session:
        case_rows.colour(session, key, 2, "yellow", "orange", assessment_id=made)


def test_a_file_closes_only_on_a_visit_of_the_42nd_day(database):
    with database.writing() as session:
        org = rows.organisation(session)
        key = there(session, S.POSTPARTUM, org=org)
        wrong = case_rows.visit(session, key, kind="postpartum")
        other = case_rows.file(session)
        elsewhere = case_rows.visit(session, other, kind="day_42", closes=1)
    steps = (key, 4, "postpartum", "closed_42d")
    with refused(database, by=["ck_case_file_closed"]) as session:
        case_rows.moved(session, *steps, by=org)
    for visit in (wrong, elsewhere):
        with refused(database, by=["fk_case_file_closing"]) as session:
            case_rows.moved(session, *steps, by=org, closing_visit_id=visit, closing=1)
    with database.writing() as session:
        right = case_rows.visit(session, key, kind="day_42", closes=1)
        case_rows.moved(session, *steps, by=org, closing_visit_id=right, closing=1)


@pytest.mark.parametrize("unstable", [None, True])
def test_a_red_file_closes_only_where_somebody_said_that_she_is_stable(database, unstable):
    with database.writing() as session:
        org = rows.organisation(session)
        key = there(session, S.POSTPARTUM, org=org)
        case_rows.coloured(session, key, ["red"])
        visit = case_rows.visit(session, key, kind="day_42", closes=1)
    closing = {"by": org, "closing_visit_id": visit, "closing": 1}
    steps = (key, 4, "postpartum", "closed_42d")
    with refused(database, by=["ck_case_file_closed"]) as session:
        case_rows.moved(session, *steps, **closing, red_unstable=unstable)
    with database.writing() as session:
        case_rows.moved(session, *steps, **closing, red_unstable=False)


@pytest.mark.parametrize("status", [one for one in FileStatus if one in NEXT[S.DELIVERED]][1:])
def test_a_file_ends_with_a_reason(database, status):
    with refused(database, by=["ck_case_file_ended"]) as session:
        there(session, status, ended_because=None)


def test_a_place_is_named_where_the_birth_is_planned_and_a_time_where_it_was(database):
    with refused(database, by=["ck_case_file_planned"]) as session:
        there(session, S.DELIVERY_PLANNED, booked_facility_id=None)
    with refused(database, by=["ck_case_file_delivered"]) as session:
        there(session, S.DELIVERED, delivered_at=None)


def test_a_screening_is_negative_only_where_nothing_is_left_open(database):
    with database.writing() as session:
        key = case_rows.file(session)
    for wrong in (
        {"result": "negative", "found": 0, "left_open": 1},
        {"result": "negative", "found": 1},
        {"result": "positive", "found": 0},
    ):
        with refused(database, by=["ck_case_screening_result"]) as session:
            case_rows.screening(session, key, **wrong)
    with database.writing() as session:
        case_rows.screening(session, key, result="negative", found=0)


def test_what_is_undetermined_is_no_full_assessment(database):
    with database.writing() as session:
        key = case_rows.file(session)
    with refused(database, by=["ck_case_assessment_is_full"]) as session:
        case_rows.assessment(session, key, undetermined=1)


ENTRIES = {
    "case_screening": case_rows.screening,
    "case_assessment": case_rows.assessment,
    "case_visit": case_rows.visit,
}


@pytest.mark.parametrize("table", ENTRIES)
def test_an_entry_is_corrected_once_by_one_of_the_same_file_and_never_changed(database, table):
    made = ENTRIES[table]
    with database.writing() as session:
        key, other = case_rows.file(session), case_rows.file(session)
        first = made(session, key)
        made(session, key, corrects=first)
    with refused(database, by=[f"uq_{table}_corrects", f"{table}.corrects"]) as session:
        made(session, key, corrects=first)
    with database.writing() as session:
        third = made(session, key)
    with refused(database, by=[f"fk_{table}_corrects"]) as session:
        made(session, other, corrects=third)
    with refused(database, by=[f"of {table} is not allowed"]) as session:
        rows.update(session, table, {"happened_at": NOW + timedelta(1)}, f"id = '{first}'")
    with refused(database, by=[f"of {table} is not allowed"]) as session:
        session.connection().exec_driver_sql(f"DELETE FROM {table}")


def test_a_planned_visit_is_held_once_missed_once_and_never_vanishes(database):
    with database.writing() as session:
        key = case_rows.file(session)
        plan = case_rows.planned(session, key)
        said = {"plan_id": plan, "findings": None}
        case_rows.visit(session, key, status="missed", **said)
        case_rows.visit(session, key, status="contacted", contact="reached", **said)
        case_rows.visit(session, key, plan_id=plan)
    with refused(database, by=["uq_case_visit_over", "case_visit.plan_id"]) as session:
        case_rows.visit(session, key, plan_id=plan)
    with refused(database, by=["uq_case_visit_missed", "case_visit.plan_id"]) as session:
        case_rows.visit(session, key, status="missed", **said)
    with refused(database, by=["ck_case_visit_plan"]) as session:
        case_rows.visit(session, key, status="missed", findings=None)
    with refused(database, by=["ck_case_visit_contact"]) as session:
        case_rows.visit(session, key, status="contacted", **said)
    with refused(database, by=["ck_case_visit_held"]) as session:
        case_rows.visit(session, key, findings=None)
    with refused(database, by=["ck_case_visit_closes"]) as session:
        case_rows.visit(session, key, closes=1)


def test_what_is_owed_is_owed_once_and_ends_with_a_reason(database):
    with database.writing() as session:
        key = case_rows.file(session)
        first = case_rows.due(session, key)
    with refused(database, by=["uq_case_due_open", "case_due.file_id"]) as session:
        case_rows.due(session, key)
    with refused(database, by=["ck_case_due_ended"]) as session:
        rows.update(session, "case_due", {"ended_at": NOW}, f"id = '{first}'")
    with refused(database, by=["of case_due is not allowed"]) as session:
        session.connection().exec_driver_sql("DELETE FROM case_due")
    with database.writing() as session:
        ended = {"ended_at": NOW, "ended_because": "done"}
        rows.update(session, "case_due", ended, f"id = '{first}'")
        case_rows.due(session, key)
    with refused(database, by=["case_due_said_once", "of case_due is not allowed"]) as session:
        rows.update(session, "case_due", {"ended_at": None, "ended_because": None}, "told = 0")


def test_a_file_is_offered_to_one_county_at_a_time_and_answered_once(database):
    with database.writing() as session:
        key, org = case_rows.file(session), rows.organisation(session)
    values = {
        "province": "53",
        "file_id": key,
        "from_county": "530829",
        "to_county": "530102",
        "offered_at": NOW,
        "offered_by": new_key(),
        "offered_org": org,
    }
    with database.writing() as session:
        rows.insert(session, "case_handover", id=new_key(), **values)
    with refused(database, by=["uq_case_handover_open", "case_handover.file_id"]) as session:
        rows.insert(session, "case_handover", id=new_key(), **values)
    answer = {"answer": "accepted", "answered_at": NOW, "answered_by": new_key()}
    with refused(database, by=["ck_case_handover_declined"]) as session:
        rows.update(session, "case_handover", answer | {"answer": "declined"}, "1 = 1")
    with database.writing() as session:
        rows.update(session, "case_handover", answer, "1 = 1")
    with refused(
        database, by=["case_handover_said_once", "of case_handover is not allowed"]
    ) as session:
        later = answer | {"answered_at": NOW + timedelta(1), "answer": "withdrawn"}
        rows.update(session, "case_handover", later, "1 = 1")


def test_who_has_an_open_file_is_neither_merged_away_nor_erased(database):
    with database.writing() as session:
        one, two = rows.patient(session), rows.patient(session)
        for woman in (one, two):
            rows.insert(
                session, "patient_identity", id=woman, province="53", identity_kind="none",
                entered_at=NOW, kept_from=NOW, version=1,
            )  # fmt: skip
        there(session, S.LOST_TO_FOLLOW_UP, of=one)
    with refused(database, by=["patient_identity_filed"]) as session:
        merge = rows.insert(
            session, "patient_merge", id=new_key(), province="53", keep_id=two, drop_id=one,
            reason="same_number", by_user=new_key(), by_org=rows.organisation(session), at=NOW,
        )  # fmt: skip
        said = {"merged_into": two, "merge_id": merge}
        rows.update(session, "patient_identity", said, f"id = '{one}'")
    with refused(database, by=["patient_identity_followed"]) as session:
        rows.update(session, "patient_identity", {"erased_at": NOW}, f"id = '{one}'")
    with database.writing() as session:
        rows.update(session, "patient_identity", {"erased_at": NOW}, f"id = '{two}'")
    with refused(database, by=["case_file_of_merged"]) as session:
        case_rows.file(session, of=two)


def test_no_file_is_deleted(database):
    with database.writing() as session:
        case_rows.file(session)
    with refused(database, by=["of case_file is not allowed"]) as session:
        session.connection().exec_driver_sql("DELETE FROM case_file")
