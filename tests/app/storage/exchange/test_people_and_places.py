"""Who is responsible, where she lives, what she says of lodging: entered, and never over ours."""

import dataclasses

import pytest
from sqlalchemy import text
from sqlmodel import select

from app.case_files.lists import DueList, condition_of
from app.case_files.tables import CaseFile
from routing.triage.rows import Colour
from tests.app.storage import account_rows
from tests.app.storage.exchanging import ask, assessed, filed, later, lines, take

HERS, TOWN, OTHER_TOWN = "李医生", "T-1", "T-2"
TURNS = (
    "SELECT u.login FROM case_turn AS t JOIN user_account AS u ON u.id = t.user_id "
    "WHERE t.to_at IS NULL"
)


@pytest.fixture
def row(women):
    """Of an orange woman, who has a 专案 by rule."""
    return assessed(women, Colour.ORANGE)


def clinician(house, row, login, name=HERS):
    """Somebody who treats patients in a hospital of her county."""
    county = row.given.residence_county
    with house.writing() as session:
        org = session.execute(
            text(
                "SELECT id FROM organisation WHERE division = :d AND kind = 'institution' "
                "ORDER BY id LIMIT 1"
            ),
            {"d": county},
        ).scalar()
        key = account_rows.user(session, login, org=org, name=name)
        account_rows.grant(session, key, org)


def told(house, engine, row, **more):
    take(house, engine, [dataclasses.replace(row, **more)])
    return filed(house, engine)


def without_clinician(house):
    with house.reading() as session:
        is_one = condition_of(DueList.WITHOUT_CLINICIAN, house.now(session))
        return len(session.exec(select(CaseFile.id).where(is_one)).all())


def test_a_clinician_whom_the_county_has_is_responsible(house, engine, row):
    clinician(house, row, "lihua")
    told(house, engine, row, clinician=HERS)

    assert ask(house, TURNS) == [("lihua",)]
    assert without_clinician(house) == 0


def test_a_clinician_whom_nobody_here_knows_leaves_the_file_among_those_without_one(
    house, engine, row
):
    clinician(house, row, "lihua")
    told(house, engine, row, clinician="王医生")

    assert ask(house, TURNS) == []
    assert without_clinician(house) == 1
    assert "clinician" in lines(house)[row.record_id][2]


def test_of_two_of_one_name_nobody_is_named(house, engine, row):
    for login in ("lihua", "lihua2"):
        clinician(house, row, login)
    told(house, engine, row, clinician=HERS)

    assert ask(house, TURNS) == []
    assert "clinician" in lines(house)[row.record_id][2]


def test_nobody_of_ours_is_replaced_by_a_file(house, engine, row):
    for login, name in (("lihua", HERS), ("wanghua", "王医生")):
        clinician(house, row, login, name)
    told(house, engine, row, clinician=HERS)
    told(house, engine, later(row, clinician="王医生"))

    assert ask(house, TURNS) == [("lihua",)]
    assert "clinician" in lines(house)[row.record_id][2]


def test_the_township_she_lives_in_follows_within_her_county_and_no_further(house, engine, row):
    told(house, engine, row, township=TOWN)
    first = ask(house, "SELECT township FROM case_file")
    moved = later(row, township=OTHER_TOWN)
    told(house, engine, moved)
    second = ask(house, "SELECT township FROM case_file")
    away = dataclasses.replace(moved.given, residence_county="530102")
    told(house, engine, later(moved, township="T-9", given=away))

    assert (first, second) == ([(TOWN,)], [(OTHER_TOWN,)])
    assert ask(house, "SELECT township FROM case_file") == [(OTHER_TOWN,)]
    assert "township" in lines(house)[row.record_id][2]


def test_what_she_says_of_lodging_is_written_down_once_for_each_time_she_says_it(
    house, engine, row
):
    told(house, engine, row, refuses_lodging=True)
    told(house, engine, later(row, refuses_lodging=True))
    told(house, engine, later(later(row), refuses_lodging=False))

    assert ask(house, "SELECT answer FROM lodging_answer ORDER BY id") == [
        ("refused",),
        ("accepted",),
    ]


def test_a_county_that_the_platform_has_changed_keeps_back_nothing_else(house, engine, row):
    """The county waits for two people; a colour that has risen does not wait with it."""
    told(house, engine, row)
    away = dataclasses.replace(row.given, residence_county="530102")
    done = told(house, engine, later(row, given=away, colour=Colour.RED))

    assert done.refused == 0
    assert ask(house, "SELECT colour, residence_county FROM case_file") == [
        ("red", row.given.residence_county)
    ]
    assert "residence_county" in lines(house)[row.record_id][2]
