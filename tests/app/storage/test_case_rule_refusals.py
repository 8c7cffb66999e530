"""What the database refuses of plans, ends, reviews and links of case files, by plain SQL."""

import pytest

from app.db_types import new_key
from tests.app.storage import account_rows, case_rows, rows
from tests.app.storage.case_rows import PATH
from tests.app.storage.rows import NOW
from tests.app.storage.test_refusals import refused

ENDING = {"ended_because": b"0" * 40}
DENIED = {"kind": "continuation", "may_continue": False, "rank": "chief", "woman_informed": True}


def plan(session, of, **more):
    centre = more.pop("made_with", None) or rows.organisation(session)
    values = {"kind": "emergency", "text": "x", "made_with": centre, "agreed_by": "测试丁"}
    return case_rows.entry(session, "case_plan", of, **{**values, **more})


def report(session, of, kind):
    org = rows.organisation(session)
    more = {"kind": kind, "to_org": org, "content": "x"}
    return case_rows.entry(session, "case_report", of, **more)


@pytest.mark.parametrize("kind", ["management", "treatment", "emergency"])
@pytest.mark.parametrize("colour", ["orange", "red"])
def test_a_plan_of_orange_and_red_names_the_higher_centre(database, kind, colour):
    with database.writing() as session:
        key, other = case_rows.managed(session), case_rows.managed(session)
        case_rows.coloured(session, key, [colour])
        case_rows.coloured(session, other, ["yellow"])
    alone = {"kind": kind, "text": "x"}
    with refused(database, by=["case_plan_with_centre"]) as session:
        case_rows.entry(session, "case_plan", key, **alone)
    with database.writing() as session:
        plan(session, key, kind=kind)
        case_rows.entry(session, "case_plan", other, **alone)


@pytest.mark.parametrize(
    "lacking",
    [
        {"rank": None},
        {"rank": "attending"},
        {"woman_informed": None},
        {"woman_informed": False},
    ],
)
def test_that_a_pregnancy_may_not_continue_has_a_rank_and_a_woman_who_knows(database, lacking):
    with database.writing() as session:
        key = case_rows.managed(session)
    with refused(database, by=["ck_case_plan_denied"]) as session:
        plan(session, key, **{**DENIED, **lacking})
    with database.writing() as session:
        plan(session, key, **DENIED)
        plan(session, key, kind="continuation", may_continue=True)


def test_a_judgement_says_what_was_judged_and_where_and_a_plan_does_not(database):
    with database.writing() as session:
        key = case_rows.managed(session)
    for wrong in ({"kind": "continuation"}, {"may_continue": True}):
        with refused(database, by=["ck_case_plan_judged"]) as session:
            plan(session, key, **wrong)
    with refused(database, by=["ck_case_plan_judged"]) as session:
        said = {"kind": "continuation", "may_continue": True, "text": "x"}
        case_rows.entry(session, "case_plan", key, **said)
    with refused(database, by=["ck_case_plan_rank"]) as session:
        plan(session, key, rank="professor")


def test_a_red_pregnancy_is_terminated_only_after_the_judgement(database):
    with database.writing() as session:
        org = rows.organisation(session)
        key, other = case_rows.managed(session, org=org), case_rows.managed(session, org=org)
        case_rows.coloured(session, key, ["red"])
        plan(session, other, **DENIED)
        plan(session, key, kind="continuation", may_continue=True)
    steps = (key, len(PATH) + 1, "case_managed", "terminated")
    with refused(database, by=["case_file_terminated"]) as session:
        case_rows.moved(session, *steps, by=org, **ENDING)
    with database.writing() as session:
        judged = plan(session, key, **DENIED)
        plan(session, key, kind="continuation", may_continue=True, corrects=judged)
    with refused(database, by=["case_file_terminated"]) as session:
        case_rows.moved(session, *steps, by=org, **ENDING)
    with database.writing() as session:
        plan(session, key, **DENIED)
        case_rows.moved(session, *steps, by=org, **ENDING)


def test_who_is_not_red_may_end_it_without(database):
    with database.writing() as session:
        org = rows.organisation(session)
        key = case_rows.managed(session, org=org)
        case_rows.coloured(session, key, ["orange"])
        case_rows.moved(session, key, 5, "case_managed", "terminated", by=org, **ENDING)


def test_a_review_is_of_something_that_happened(database):
    with database.writing() as session:
        key = case_rows.file(session)
        dead = case_rows.file(session, path=("registered", "maternal_death"), **ENDING)
    for kind in ("maternal_death", "death_review"):
        with refused(database, by=["case_report_of_a_death"]) as session:
            report(session, key, kind)
        with database.writing() as session:
            report(session, dead, kind)
    with refused(database, by=["case_report_of_a_near_miss"]) as session:
        report(session, key, "near_miss_review")
    with database.writing() as session:
        report(session, key, "near_miss")
        report(session, key, "near_miss_review")


def link(session, of, referral, **more):
    values = {"id": new_key(), "province": "53", "file_id": of, "referral_id": referral, "at": NOW}
    return rows.insert(session, "case_referral", **{**values, **more})


def test_the_referral_of_a_newborn_names_one_of_this_birth(database):
    with database.writing() as session:
        key, other = case_rows.file(session), case_rows.file(session)
        child = rows.patient(session, kind="newborn")
        hers, its = rows.referral(session), rows.referral(session, of=child)
        rows.insert(
            session, "case_newborn", id=new_key(), province="53", file_id=key, newborn_id=child,
            at=NOW,
        )  # fmt: skip
        link(session, key, hers)
    with refused(database, by=["case_referral_of_her"]) as session:
        link(session, key, its)
    with refused(database, by=["fk_case_referral_newborn"]) as session:
        link(session, other, its, newborn_id=child)
    with database.writing() as session:
        link(session, key, its, newborn_id=child)


def test_who_went_home_is_managed_or_planned_again(database):
    with database.writing() as session:
        org = rows.organisation(session)
        key = case_rows.managed(session, org=org, booked_facility_id="YN530100-001")
        case_rows.moved(session, key, 5, "case_managed", "admitted_early", by=org)
        case_rows.moved(session, key, 6, "admitted_early", "delivery_planned", by=org)
        case_rows.moved(session, key, 7, "delivery_planned", "admitted_early", by=org)
        case_rows.moved(session, key, 8, "admitted_early", "case_managed", by=org)
    with refused(database, by=["fk_status_event_move"]) as session:
        case_rows.event(session, key, 9, "case_managed", "assessed", by=org)


def test_the_account_of_who_is_responsible_is_one_of_this_installation(database):
    with database.writing() as session:
        key = case_rows.managed(session)
        account_rows.user(session)
    with refused(database, by=["fk_case_turn_user_id"]) as session:
        case_rows.turn(session, key, user_id=new_key())
