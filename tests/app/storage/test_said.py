"""What a centre says for some hours: what cannot be said, and who may not say it."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.accounts.states import Role
from app.centres.blood import Units, blood_of, report_blood
from app.centres.designating import designate
from app.centres.diverting import declare_diversion, lift_diversion, list_diversions
from app.centres.duty import on_duty, withdraw_turn, write_turn
from app.centres.errors import DiversionOpenError, NotYoursError, ReportRefusedError
from app.centres.states import CentreKind
from app.centres.tonight import note_capability, notes_now
from app.db_types import new_key
from app.errors import NotFoundError
from app.keys.words import told
from tests.app.storage import rows
from tests.app.storage import staff as people
from tests.app.storage.rows import NOW
from tests.app.storage.staff import HOSPITAL, OTHER, work
from tests.app.storage.test_refusals import refused

HOURS = timedelta(hours=1)


def diversion(session, org, **more):
    values = {
        "id": new_key(),
        "province": "53",
        "facility_id": HOSPITAL,
        "kind": "",
        "reason": "full",
        "from_at": NOW,
        "until_at": NOW + 2 * HOURS,
        "declared_at": NOW,
        "by_org": org,
        "by_name": "测试甲",
    }
    return rows.insert(session, "diversion", **{**values, **more})


def test_one_diversion_is_open_for_a_kind_and_the_whole_is_a_kind_of_its_own(database):
    with database.writing() as session:
        org = rows.organisation(session)
        diversion(session, org)
        diversion(session, org, kind="AICU")
    with refused(database, by=["uq_diversion_open", "diversion.facility_id"]) as session:
        diversion(session, org, from_at=NOW + HOURS)
    with database.writing() as session:
        rows.update(session, "diversion", {"ended_at": NOW + HOURS}, "kind = ''")
        diversion(session, org)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"until_at": NOW}, "forward"),
        ({"until_at": None}, "until_at"),
        ({"reason": "cannot_pay"}, "reason"),
        ({"kind": "BED"}, "kind"),
        ({"ended_at": NOW - HOURS}, "ended"),
        ({"province": "Yunnan"}, "province"),
    ],
)
def test_a_diversion_has_a_known_reason_and_an_end(database, change, name):
    with database.writing() as session:
        org = rows.organisation(session)
    with refused(database, by=[name]) as session:
        diversion(session, org, **change)


@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET province = '54'", "DELETE FROM {}"], ids=["changed", "deleted"]
)
@pytest.mark.parametrize("table", ["capability_note", "designation", "blood_stock"])
def test_what_was_said_is_never_changed(database, table, statement):
    with database.writing() as session:
        who = people.officer(session)
        people.staff(session)
        act = work(database, session, who)
        until = act.now + HOURS
        note_capability(act, HOSPITAL, "CS_24H", available=False, until=until, said_by="测试乙")
        if table == "designation":
            designate(
                act, HOSPITAL, CentreKind.MATERNAL, "M3", valid_from=NOW.date(), document="甲发1号"
            )
        if table == "blood_stock":
            report_blood(act, "530102", [Units("red_cells", "O+", 4, act.now)], source="电话")
    with refused(database, by=["not allowed"]) as session:
        session.execute(text(statement.format(table)))


@pytest.mark.parametrize(
    "table", ["diversion", "duty_turn", "catchment", "facility_phone", "staff_count"]
)
def test_a_line_of_the_registry_is_ended_and_never_deleted(database, table):
    """SQLite looks at every row, so there must be one; PostgreSQL the same."""
    with database.writing() as session:
        org = rows.organisation(session)
        key = {"id": new_key(), "province": "53", "by_name": "测试甲"}
        turn = {"from_at": NOW, "until_at": NOW + HOURS, "written_at": NOW, "by_org": org}
        line = {**key, "recorded_at": NOW}
        if table == "diversion":
            diversion(session, org)
        elif table == "duty_turn":
            who = {"facility_id_or_adcode": HOSPITAL, "role": "duty", "person_name": "测试甲"}
            rows.insert(session, table, **key, **turn, **who, phone="12345")
        elif table == "catchment":
            of = {"county": "530829", "kind": "M", "rank": 1, "facility_id": HOSPITAL}
            rows.insert(session, table, **line, **of, source="甲发1号")
        elif table == "facility_phone":
            of = {"facility_id_or_adcode": HOSPITAL, "role": "duty", "phone": "12345", "hours": ""}
            rows.insert(session, table, **line, **of)
        else:
            of = {"facility_id": HOSPITAL, "role": "midwife", "number": 3, "source": "甲"}
            rows.insert(session, table, **line, **of)
    with refused(database, by=["not allowed"]) as session:
        session.execute(text(f"DELETE FROM {table}"))


def test_a_catchment_a_number_a_count_and_a_line_are_in_use_once(database):
    line = {"province": "53", "by_name": "测试甲", "recorded_at": NOW}
    tables = {
        "catchment": {
            "county": "530829",
            "kind": "M",
            "rank": 1,
            "facility_id": HOSPITAL,
            "source": "甲发1号",
        },
        "facility_phone": {
            "facility_id_or_adcode": HOSPITAL,
            "role": "duty",
            "phone": "12345",
            "hours": "",
        },
        "staff_count": {"facility_id": HOSPITAL, "role": "midwife", "number": 3, "source": "甲"},
        "registry_line": {"name": "places", "line_key": "P1", "cells": "{}"},
    }
    for table, values in tables.items():
        with database.writing() as session:
            rows.insert(session, table, id=new_key(), **line, **values)
        with refused(database, by=[f"uq_{table}_in_use", f"{table}."]) as session:
            rows.insert(session, table, id=new_key(), **line, **values)
        with database.writing() as session:
            rows.update(session, table, {"replaced_at": NOW}, "replaced_at IS NULL")
            rows.insert(session, table, id=new_key(), **line, **values)


def test_every_change_of_the_registry_is_counted_whoever_makes_it(database):
    def counted():
        with database.reading() as session:
            return session.execute(text("SELECT version, reports FROM registry_version")).one()

    with database.writing() as session:
        org = rows.organisation(session)
    before = counted()
    with database.writing() as session:
        diversion(session, org)
    with database.writing() as session:
        rows.update(session, "diversion", {"ended_at": NOW}, "ended_at IS NULL")
    after = counted()

    assert (after.version - before.version, after.reports) == (2, before.reports)


def test_a_diversion_ends_by_its_time_by_lifting_and_makes_way_for_the_next(database):
    with database.writing() as session:
        who = people.staff(session)
        act = work(database, session, who)
        (first,) = declare_diversion(act, HOSPITAL, reason="full", until=act.now + HOURS)
        with pytest.raises(DiversionOpenError):
            declare_diversion(act, HOSPITAL, reason="no_staff", until=act.now + HOURS)
        lift_diversion(act, HOSPITAL, first.id)
        lift_diversion(act, HOSPITAL, first.id)
        soon = act.now + timedelta(seconds=1)
        declare_diversion(act, HOSPITAL, reason="no_blood", until=soon)
        later = type(act)(session, who, act.now + timedelta(minutes=1))
        declare_diversion(later, HOSPITAL, reason="no_staff", until=later.now + HOURS)

        assert [one.reason for one in list_diversions(later, HOSPITAL)] == [
            "no_staff",
            "no_blood",
            "full",
        ]


def test_everything_wrong_with_a_diversion_is_said_at_once(database):
    with database.writing() as session:
        act = work(database, session, people.staff(session))
        with pytest.raises(ReportRefusedError) as caught:
            declare_diversion(
                act, HOSPITAL, reason="cannot_pay", kinds=["BED"], until=act.now - HOURS
            )
        with pytest.raises(ReportRefusedError) as too_long:
            declare_diversion(act, HOSPITAL, reason="full", until=act.now + 25 * HOURS)

    assert caught.value.faults == ("unknown_reason", "unknown_kind", "over_already")
    assert too_long.value.faults == ("too_long",)


def test_nobody_speaks_for_another_hospital_but_the_officer_of_its_area(database):
    """The planted fault is the first: the same call by the hospital itself passes."""
    with database.writing() as session:
        own, other = people.staff(session), people.staff(session, OTHER, division="530802")
        auditor = people.actor(own.org_id, facility=HOSPITAL, role=Role.AUDITOR, division="530102")
        far = people.officer(session, division="530800", role=Role.PREFECTURE_DUTY_OFFICER)
        near = people.officer(session, division="530100", role=Role.PREFECTURE_DUTY_OFFICER)
        until = work(database, session, own).now + HOURS
        for who in (other, auditor, far):
            with pytest.raises(NotYoursError):
                declare_diversion(
                    work(database, session, who), HOSPITAL, reason="full", until=until
                )
        with pytest.raises(NotFoundError):
            declare_diversion(work(database, session, own), "NOBODY", reason="full", until=until)
        declare_diversion(work(database, session, near), HOSPITAL, reason="full", until=until)


def test_the_last_word_on_a_capability_counts(database):
    with database.writing() as session:
        act = work(database, session, people.staff(session))
        until = act.now + HOURS
        for available in (False, True):
            note_capability(
                act, HOSPITAL, "ANAES_24H", available=available, until=until, said_by="测试乙"
            )
        (now,) = notes_now(act, HOSPITAL)
        with pytest.raises(ReportRefusedError) as caught:
            note_capability(act, HOSPITAL, "MAGIC", available=True, until=act.now, said_by=" ")

    assert now.available
    assert caught.value.faults == ("unknown_capability", "over_already", "no_source")


def test_who_is_on_duty_is_known_until_the_turn_ends_or_is_withdrawn(database):
    with database.writing() as session:
        act = work(database, session, people.staff(session))
        first, second = (
            write_turn(
                act,
                HOSPITAL,
                role="obstetric",
                person_name=who,
                phone=phone,
                from_at=act.now - start * HOURS,
                until=act.now + HOURS,
            )
            for who, phone, start in (("测试丙", "0871-1", 2), ("测试丁", "0871-22", 1))
        )
        there = [told(session, turn, "phone") for turn in on_duty(act, HOSPITAL)]
        name = told(session, first, "person_name")
        withdraw_turn(act, second.id)
        left = [told(session, turn, "phone") for turn in on_duty(act, HOSPITAL)]
        with pytest.raises(ReportRefusedError):
            write_turn(
                act,
                HOSPITAL,
                role="night",
                person_name="",
                phone="?",
                from_at=act.now,
                until=act.now,
            )

    assert (there, left) == (["0871-22", "0871-1"], ["0871-1"])
    assert name == "测试丙"


def test_blood_is_what_the_store_said_last(database):
    with database.writing() as session:
        act = work(database, session, people.officer(session))
        for units, ago in ((6, 2), (2, 0), (9, 3)):
            report_blood(
                act,
                "530829",
                [Units("red_cells", "O+", units, act.now - ago * HOURS)],
                source="电话",
                courier_phone="12345",
                courier_min=40,
            )
        (there,) = blood_of(act, "530829")
        with pytest.raises(ReportRefusedError) as caught:
            report_blood(act, "530829", [Units("milk", "Z", -1, act.now + HOURS)], source="")

    assert (there.units, there.courier_min) == (2, 40)
    assert len(caught.value.faults) == 5
