"""The invented women are as many of each kind as the rules' reference values say, and nobody."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.case_exchange.cells import Known
from app.case_exchange.fields import FACT
from app.case_exchange.mapping import load_columns
from app.case_exchange.pregnancies import parse_pregnancies
from app.case_exchange.reading import read_file
from app.case_exchange.rows import said_by
from app.case_exchange.sheets import sheet_of_rows
from app.case_exchange.visits import parse_visits
from app.demo_women.inventing import AtHome, counted_out, invent
from app.demo_women.stories import PURPLE, SCARS, STORIES, healthy
from app.demo_women.telling import booking_document, tell
from app.patients.states import IdentityKind
from facilities.io import sheet_text
from facilities.yunnan import load_registry
from routing.care.tables import load_care_rules
from routing.triage.colour import colour_of
from routing.triage.completion import complete
from routing.triage.rows import Colour
from routing.triage.tables import load_rules

RULES = load_rules()
CARE = load_care_rules(RULES)
REGISTRY = load_registry()
COLUMNS = load_columns(None, RULES.facts)
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def women():
    return invent(RULES, REGISTRY.divisions, today=TODAY)


@pytest.fixture(scope="module")
def told(women):
    return tell(women, RULES, CARE, REGISTRY, now=NOW)


def colour(facts):
    return colour_of(RULES, complete(RULES, facts, patient="maternal"))


def share(women, holds):
    return sum(1 for one in women if holds(one)) / len(women)


def test_colours_are_those_that_triage_gives_and_as_many_as_the_reference_says(women):
    """R-REFVAL-03: 40, 49, 10 and 1 in a hundred, purple 5 in a hundred beside them."""
    assert Counter(one.colour for one in women) == {
        Colour.GREEN: 1200,
        Colour.YELLOW: 1470,
        Colour.ORANGE: 300,
        Colour.RED: 30,
    }
    assert share(women, lambda one: one.found.purple) == 0.05
    assert all(one.found == colour(one.facts) for one in women[:200])


def test_no_colour_is_left_open_by_something_that_nobody_asked(women):
    assert [one.number for one in women if one.found.incomplete and one.colour != "green"] == []
    assert [one.number for one in women if one.found.undetermined] == []


def test_ages_scars_and_earlier_births_are_as_many_as_the_reference_says(women):
    """R-REFVAL-01: 13.3 % are 35 or older, 47.4 % have given birth before."""
    assert share(women, lambda one: one.facts["age_years"] >= 35) == pytest.approx(0.133)
    assert share(women, lambda one: one.facts["parity"] > 0) == pytest.approx(0.474)
    assert share(women, lambda one: one.facts["prior_cs_count"] > 0) == pytest.approx(0.16)


def test_preterm_births_are_about_as_many_as_the_reference_says(women):
    """R-REFVAL-05: 6.1 %, before 37+0 weeks or 259 days."""
    assert share(women, lambda one: one.birth_day < 259) == pytest.approx(0.061)


def test_every_county_has_women_by_its_births(women):
    counties = REGISTRY.divisions.counties
    births = sum(one.births for one in counties)
    found = Counter(one.county for one in women)

    assert all(abs(found[c.adcode] - 3000 * c.births / births) <= 1 for c in counties)


@pytest.mark.parametrize("count", [10, 200, 3000])
def test_the_county_of_the_accounts_has_some_however_few_there_are(count):
    few = invent(RULES, REGISTRY.divisions, today=TODAY, count=count)
    home = AtHome("530829", 16)
    moved = invent(RULES, REGISTRY.divisions, today=TODAY, count=count, at_home=home)
    there = [one for one in moved if one.county == home.county]

    assert len(there) == min(16, count)
    # What the province has of every kind is what it had.
    assert Counter(one.colour for one in moved) == Counter(one.colour for one in few)
    assert count < 16 or {one.colour for one in there} >= {
        Colour.GREEN,
        Colour.YELLOW,
        Colour.ORANGE,
    }


def test_the_same_seed_gives_the_same_women_and_another_one_others(women):
    assert invent(RULES, REGISTRY.divisions, today=TODAY) == women
    assert invent(RULES, REGISTRY.divisions, today=TODAY, seed=1) != women


@pytest.mark.parametrize("name", list(Colour)[1:])
def test_every_story_makes_the_colour_under_which_it_stands(name):
    """With everything else as in a healthy woman, at 38 weeks, and by what is told of it alone."""
    for story in (*STORIES[name], *SCARS[name]):
        whole = {"age_years": 27, "gestational_age_weeks": 266} | dict(healthy(RULES))

        assert colour(whole | dict(story.facts)).colour is name, story
        assert colour({"gestational_age_weeks": 266} | dict(story.facts)).colour is name, story


def test_an_infection_makes_purple_and_no_other_colour():
    for story in PURPLE:
        found = colour({"age_years": 27} | dict(healthy(RULES)) | dict(story.facts))

        assert (found.colour, found.purple) == (Colour.GREEN, True)


def test_a_healthy_woman_is_a_final_green():
    found = colour({"age_years": 27, "gestational_age_weeks": 200} | dict(healthy(RULES)))

    assert (found.colour, found.incomplete) == (Colour.GREEN, False)


def test_names_papers_and_telephones_are_plainly_invented(told):
    for one in told:
        given = one.row.given

        assert given.name.startswith("演示")
        assert given.identity_kind is IdentityKind.OTHER
        assert given.id_number.startswith("DEMO")
        assert given.phone.startswith("0000")


def test_what_a_file_tells_gives_the_same_colour_and_fits_its_columns(told):
    columns = {column.field.name for column in COLUMNS["pregnancies"]}
    for one in told:
        week = one.woman.facts["gestational_age_weeks"]

        assert colour(dict(one.row.facts) | {"gestational_age_weeks": week}).colour is (
            one.woman.colour
        )
        assert {FACT + name for name in one.row.facts} <= columns


def test_some_are_overdue_moved_booked_refusing_unassessed_and_need_an_interpreter(told):
    past = TODAY - timedelta(days=14)
    counts = {
        "visit overdue": sum(
            1 for t in told for v in t.visits if v.state == "planned" and v.visited_on < TODAY
        ),
        "never assessed": sum(
            1
            for t in told
            if t.row.screening == "positive" and not t.row.colour and t.row.screened_on < past
        ),
        "moved": sum(1 for t in told if t.woman.county != t.woman.home_county),
        "booked": sum(1 for t in told if t.row.booked_facility),
        "not booked": sum(
            1
            for t in told
            if t.woman.found.case_file
            and not t.row.booked_facility
            and 224 <= t.woman.day_of_pregnancy(TODAY) < 280
        ),
        "refuses": sum(1 for t in told if t.row.refuses_lodging),
        "interpreter": sum(1 for t in told if t.row.given.interpreter_needed),
        "delivered": sum(1 for t in told if t.row.delivered_on),
        "aided": sum(1 for t in told if t.row.given.aid_group != "none"),
    }

    assert {name for name, count in counts.items() if count < 20} == set()


def file_of(name, rows):
    sheet = sheet_of_rows(COLUMNS[name], [said_by(row) for row in rows], RULES.facts)
    return read_file(sheet_text(sheet).encode(), name="demo.csv", columns=COLUMNS[name])


def read_again(told, now):
    known = Known(REGISTRY, {}, RULES.facts, now)
    files = parse_pregnancies(
        file_of("pregnancies", [t.row for t in told]),
        columns=COLUMNS["pregnancies"],
        known=known,
    )
    visits = parse_visits(
        file_of("visits", [v for t in told for v in t.visits]),
        columns=COLUMNS["visits"],
        known=known,
        registered={one.item.record_id: one.item.registered_on for one in files},
    )
    return [one.item for one in files], [one.item for one in visits]


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.dates(date(2026, 1, 1), date(2031, 12, 31)))
def test_files_of_any_day_and_seed_are_without_fault_and_read_as_they_were_told(seed, day):
    now = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    women = invent(RULES, REGISTRY.divisions, today=day, count=60, seed=seed)
    told = tell(women, RULES, CARE, REGISTRY, now=now, seed=seed)

    assert read_again(told, now) == (
        [t.row for t in told],
        [v for t in told for v in t.visits],
    )


def test_the_document_for_booking_holds_who_is_still_pregnant(told):
    document = booking_document(told, now=NOW)
    pregnant = [t for t in told if t.woman.delivered_on > TODAY]

    assert len(document["pregnancies"]) == len(pregnant)
    assert set(document["pregnancies"][0]) == {
        "id",
        "origin",
        "due_date",
        "colour",
        "facts",
        "booked_facility_id",
        "refuses_lodging",
        "frozen",
    }


def test_the_facts_of_the_document_are_such_as_an_assessment_takes(told, engine):
    document = booking_document(told[:60], now=NOW)
    colours = {f"DEMO{t.woman.number:06d}": t.woman.colour for t in told}
    for one in document["pregnancies"]:
        asked = {"patient": "maternal", "facts": one["facts"], "now": NOW.isoformat()}

        assert engine.assess(asked).colour == one["colour"] == colours[one["id"]]


@given(
    st.dictionaries(st.text(max_size=3), st.integers(1, 50).map(float), min_size=1, max_size=8),
    st.integers(0, 200),
)
def test_what_is_counted_out_is_each_share_to_less_than_one(weights, count):
    found = Counter(counted_out(weights, count))
    total = sum(weights.values())

    assert sum(found.values()) == count
    assert all(abs(found[k] - count * w / total) < 1 for k, w in weights.items())
