"""Files of the platform in the database: taken in wholly, filed line by line, never over ours."""

import dataclasses
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.case_exchange.rows import VisitRow
from app.clock import LOCAL
from app.demo_women.filling import Filling
from routing.triage.rows import Colour
from tests.app.storage.exchanging import (
    ask,
    assessed,
    filed,
    later,
    lines,
    take,
)


def test_a_file_is_taken_in_and_goes_into_the_files_of_the_women(house, engine, women):
    rows = [one.row for one in women]
    taken = take(house, engine, rows)
    done = filed(house, engine)
    colours = Counter(str(r.colour) for r in rows if r.colour not in (None, Colour.GREEN))
    there = Counter(c for (c,) in ask(house, "SELECT colour FROM case_file") if c)

    assert taken.counts == {"new": len(rows)}
    assert (done.filed, done.refused) == (len(rows), 0)
    assert {k: v for k, v in there.items() if k != "green"} == colours


def test_the_same_file_again_changes_nothing_before_or_after_it_was_filed(house, engine, women):
    rows = [one.row for one in women[:6]]
    take(house, engine, rows)
    before = take(house, engine, rows).counts
    filed(house, engine)
    files = ask(house, "SELECT id, version, colour FROM case_file ORDER BY id")
    again = take(house, engine, rows).counts
    done = filed(house, engine)

    assert before == again == {"same": 6}
    assert done.filed == 0
    assert ask(house, "SELECT id, version, colour FROM case_file ORDER BY id") == files


def test_visits_follow_their_files_and_a_planned_one_is_held_later(house, engine, women):
    one = next(w for w in women if w.visits and w.visits[-1].state == "planned")
    planned = dataclasses.replace(one.visits[-1], visited_on=one.row.registered_on)
    take(house, engine, [one.row])
    take(house, engine, [planned])
    filed(house, engine)
    take(house, engine, [later(planned, state="held")])
    done = filed(house, engine)
    entries = ask(house, "SELECT status, plan_id IS NOT NULL FROM case_visit ORDER BY id")

    assert done.refused == 0
    assert [(s, bool(p)) for s, p in entries] == [("planned", False), ("held", True)]


def test_a_missed_visit_was_planned_before(house, engine, women):
    one = women[0]
    visit = VisitRow("F1", one.row.record_id, one.row.updated_at, "missed", one.row.registered_on)
    take(house, engine, [one.row])
    take(house, engine, [visit])
    filed(house, engine)

    assert [s for (s,) in ask(house, "SELECT status FROM case_visit ORDER BY id")] == [
        "planned",
        "missed",
    ]


def test_a_lower_colour_of_the_platform_is_kept_back_and_said(house, engine, women):
    row = assessed(women, Colour.YELLOW)
    take(house, engine, [row])
    filed(house, engine)
    taken = take(house, engine, [later(row, colour=Colour.GREEN)])
    filed(house, engine)

    assert taken.kept == ((2, "colour"),)
    assert ask(house, "SELECT colour FROM case_file") == [("yellow",)]
    assert lines(house)[row.record_id] == ("filed", "", "colour")


def test_a_colour_above_what_our_rules_find_stands_with_the_platform_as_its_source(
    house, engine, women
):
    row = assessed(women, Colour.YELLOW)
    take(house, engine, [dataclasses.replace(row, colour=Colour.RED, purple=True)])
    done = filed(house, engine)

    assert done.refused == 0
    assert [(c, bool(p)) for c, p in ask(house, "SELECT colour, purple FROM case_file")] == [
        ("red", True)
    ]
    assert ("mch-platform", "red") in ask(house, "SELECT rule_set, colour FROM case_assessment")


def test_a_later_row_raises_the_colour_and_an_older_one_is_a_conflict(house, engine, women):
    row = assessed(women, Colour.YELLOW)
    take(house, engine, [row])
    filed(house, engine)
    take(house, engine, [later(row, colour=Colour.ORANGE)])
    filed(house, engine)
    older = dataclasses.replace(row, facts=dict(row.facts) | {"height_cm": 140.0})
    taken = take(house, engine, [older])

    assert ask(house, "SELECT colour FROM case_file") == [("orange",)]
    assert taken.conflicts == ((2, "older"),)
    assert taken.counts == {"older": 1}


def test_the_number_of_a_filed_woman_under_another_record_joins_nothing(house, engine, women):
    row = women[0].row
    take(house, engine, [row])
    filed(house, engine)
    taken = take(house, engine, [dataclasses.replace(row, record_id="OTHER")])

    assert taken.conflicts == ((2, "filed_elsewhere"),)
    assert ask(house, "SELECT count(*) FROM case_file") == [(1,)]


def test_a_due_date_or_an_end_that_changes_waits_for_a_person(house, engine, women):
    row = assessed(women, Colour.YELLOW)
    take(house, engine, [row])
    filed(house, engine)
    due = ask(house, "SELECT edd FROM case_file")
    changed = later(row, due_date=row.due_date + timedelta(days=3), ended_as="moved_away")
    take(house, engine, [dataclasses.replace(changed, ended_on=row.registered_on)])
    done = filed(house, engine)

    assert done.kept == 1
    assert lines(house)[row.record_id] == ("filed", "", "due_date ended_as ended_on")
    assert ask(house, "SELECT edd FROM case_file") == due


def test_a_birth_is_entered_with_how_many_were_born(house, engine, women):
    row = assessed(women, Colour.YELLOW)
    with house.reading() as session:
        today = house.now(session).astimezone(LOCAL).date()
    take(house, engine, [row])
    filed(house, engine)
    take(house, engine, [later(row, delivered_on=today, live_born=2, stillborn=0)])
    done = filed(house, engine)

    assert done.refused == 0
    assert ask(house, "SELECT status FROM case_file") == [("delivered",)]
    assert ask(house, "SELECT live_born, mode FROM case_delivery") == [(2, "unknown")]


def test_a_line_that_a_file_would_not_have_is_kept_with_the_reason_and_stops_no_other(
    house, engine, women
):
    """An account for which there is no MCH institution in the county cannot be made up."""
    one, other = women[0].row, next(w.row for w in women if w.woman.county != women[0].woman.county)
    with house.writing() as session:
        session.execute(
            text("UPDATE organisation SET kind = 'ems120' WHERE kind = 'mch' AND division = :d"),
            {"d": one.given.residence_county},
        )
    take(house, engine, [one, other])
    done = filed(house, engine)

    assert (done.filed, done.refused) == (1, 1)
    assert lines(house)[one.record_id][:2] == ("refused", "no_mch_institution")


def test_what_the_platform_said_is_sealed_and_a_line_is_never_deleted(house, engine, women):
    take(house, engine, [women[0].row])
    (content,) = ask(house, "SELECT content FROM exchange_line")[0]

    assert women[0].row.given.name.encode() not in bytes(content)
    with pytest.raises(DBAPIError), house.writing() as session:
        session.execute(text("DELETE FROM exchange_line"))


def test_the_women_of_the_demonstration_are_filled_in_and_may_be_stopped(house, engine):
    filling = Filling(house, engine, count=8, seed=1)
    filling.start()
    filling._thread.join()
    filling.stop()
    stopped = Filling(house, engine, count=0, seed=2)
    stopped.fill()
    found = Counter(status for status, _, _ in lines(house).values())

    assert ask(house, "SELECT count(*) FROM case_file")[0][0] >= 6
    assert found["filed"] > 0


def test_a_green_of_the_platform_that_our_rules_leave_open_waits_for_a_person(house, engine, women):
    row = dataclasses.replace(assessed(women, Colour.YELLOW), colour=Colour.GREEN, purple=False)
    take(house, engine, [dataclasses.replace(row, facts={"parity": 1}, screening="positive")])
    filed(house, engine)

    assert ask(house, "SELECT colour FROM case_file") == [("",)]
    assert "screening" in lines(house)[row.record_id][2]
