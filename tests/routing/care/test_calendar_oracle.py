"""The calendar against a plain one that walks day by day, and what may never happen to it.

The plain calendar knows days only: every event is at noon and ``now`` at the end of a day, so that
whole days decide. It reads the raw tables itself and shares no code with the calendar.
"""

import math
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.care import calendar
from routing.care.calendar import due_items
from routing.care.days import CHINA
from routing.care.due import DueState
from routing.care.pregnancy import Pregnancy
from routing.care.rows import EventKind
from routing.care.tables import read_care_tables
from tests.routing.care.records import CARE, DAY_ZERO, RULES, event, pregnancy, stood

LAST_DAY = 340
BIRTH = {"delivered", "pregnancy_lost", "terminated"}
ENDS = {"closed_42d", "pregnancy_lost", "terminated", "maternal_death", "moved_away"}
FACTS = {"age_years": 36, "prior_cs_count": 1, "uterine_scar": True, "placenta_over_scar": True}


def noon(day):
    return datetime.combine(DAY_ZERO + timedelta(days=day), time(12), CHINA)


def evening(day):
    return datetime.combine(DAY_ZERO + timedelta(days=day), time(23, 59), CHINA)


def cell(text):
    """A number of a cell; a name in braces is one of the numbers of triage."""
    return int(RULES.numbers[text[1:-1]] if text.startswith("{") else text)


def hours_late(row, waited_h):
    """Whether ``waited_h`` after the anchor an item counted in hours is late."""
    scale = {"h": 1, "d": 24}[row["unit"]]
    return waited_h >= cell(row["due"]) * scale


class Plain:
    """One pregnancy of days: (day, kind) and (day, colour), each day at most one of a kind."""

    def __init__(self, events, colours):
        self.events = sorted(events)
        self.colours = sorted(colours)

    def first(self, kinds, until):
        return min((d for d, kind in self.events if kind in kinds and d <= until), default=None)

    def colour(self, day):
        return next((c for d, c in reversed(self.colours) if d <= day), None)

    def anchors(self, row, today):
        labels = row["labels"].split(";")
        if row["anchor"] == "coloured":
            before = None
            for day, colour in self.colours:
                if day <= today and colour in labels and before not in labels:
                    yield day
                before = colour
        elif "any" in labels or (self.colour(today) or "unassessed") in labels:
            if row["anchor"] == "gestation":
                yield 0
            else:
                yield from (d for d, k in self.events if k == row["anchor"] and d <= today)
        elif "case_file" in labels and row["anchor"] == "gestation":
            yield 0  # the facts of every woman here open a file

    def over(self, row, today):
        kinds = {"birth": BIRTH | ENDS, "end": ENDS, "never": set()}[row["until"]]
        return self.first(kinds, today)

    def state(self, row, anchor, today):
        """Walk from day to day: done, void, late or open this evening."""
        over = self.over(row, today)
        gestation = row["anchor"] == "gestation"
        since = -10_000 if row["counts_from"] == "ever" else anchor + self._days(row, "counts_from")
        done = False
        for day in range(-5, today + 1):
            if over is not None and day >= over:
                break
            kinds = [kind for d, kind in self.events if d == day]
            if day >= since and any(kind in row["done_by"].split(";") for kind in kinds):
                done = True
            if any(kind in row["undone_by"].split(";") for kind in kinds if row["undone_by"]):
                done = False
        if done:
            return "done"
        if over is not None:
            return "void"
        begins = anchor * 24 + (0 if gestation else 12)
        return "late" if self._late(row, anchor, today * 24 + 24 - 1 / 60, begins) else "open"

    @staticmethod
    def _days(row, column):
        return cell(row[column]) if row["unit"].startswith("day") else math.ceil(cell(row[column]))

    @staticmethod
    def _late(row, anchor, hour, begins):
        if row["unit"] == "day_begins":
            return hour >= (anchor + cell(row["due"])) * 24
        if row["unit"] == "day_ends":
            return hour >= (anchor + cell(row["due"]) + 1) * 24
        return hours_late(row, hour - begins)


ROWS = [row for row in read_care_tables()["due"] if row["anchor"] != "missed"]
KINDS = sorted({kind for row in ROWS for kind in (*row["done_by"].split(";"), row["anchor"])})
KINDS = [kind for kind in KINDS if kind in tuple(EventKind)]
KINDS += ["delivered", "pregnancy_lost", "closed_42d", "maternal_death", "clinician_left"]
KINDS += ["delivery_unplanned", "moved_away", "lost_to_follow_up"]

DAYS = st.integers(0, LAST_DAY)
HAPPENED = st.lists(st.tuples(DAYS, st.sampled_from(KINDS)), max_size=12, unique=True)
COLOURS = st.lists(
    st.tuples(DAYS, st.sampled_from(["green", "yellow", "orange", "red"])),
    max_size=4,
    unique_by=lambda one: one[0],
)


def record(events, colours):
    """The same pregnancy for the calendar; a day stands for its noon."""
    made = [event(kind, noon(day), ref=f"{kind}@{day}") for day, kind in events]
    return pregnancy(*made, *(stood(colour, noon(day)) for day, colour in colours), facts=FACTS)


def by_calendar(events, colours, today):
    named = {}
    for item in due_items(CARE, record(events, colours), now=evening(today)):
        if item.info.table == "due" and item.info.id in {row["rule"] for row in ROWS}:
            late = item.state is DueState.OPEN and item.overdue
            named.setdefault(item.rule, []).append("late" if late else item.state.value)
    return {rule: sorted(states) for rule, states in named.items()}


def by_walking(events, colours, today):
    plain = Plain(events, colours)
    named = {}
    for row in ROWS:
        for anchor in plain.anchors(row, today):
            named.setdefault(row["rule"], []).append(plain.state(row, anchor, today))
    return {rule: sorted(states) for rule, states in named.items()}


@given(HAPPENED, COLOURS, DAYS)
def test_walking_day_by_day_finds_the_same_items_in_the_same_state(events, colours, today):
    assert by_calendar(events, colours, today) == by_walking(events, colours, today)


def test_a_calendar_that_forgets_a_day_is_caught(monkeypatch):
    """The planted fault: what ends with its day ends as it begins."""
    true_instant = calendar.instant
    monkeypatch.setattr(
        calendar, "instant", lambda at, amount, unit: true_instant(at, amount, unit) - DAY
    )
    assert by_calendar([(60, "registered")], [], 61) != by_walking([(60, "registered")], [], 61)


DAY = timedelta(days=1)
NEVER_TAKEN_BACK = [kind for kind in KINDS if kind not in ("clinician_left", "delivery_unplanned")]
QUIET = st.lists(st.tuples(DAYS, st.sampled_from(NEVER_TAKEN_BACK)), max_size=12, unique=True)


@given(QUIET, st.sampled_from(["yellow", "orange", "red"]), DAYS, DAYS)
def test_as_time_goes_on_no_item_vanishes_moves_or_is_undone(events, colour, one, other):
    """With one colour from the beginning on, and nothing that is taken back."""
    early, late = sorted((one, other))
    kept = record(events, [(0, colour)])
    before = {item.key: item for item in due_items(CARE, kept, now=evening(early))}
    after = {item.key: item for item in due_items(CARE, kept, now=evening(late))}

    assert before.keys() <= after.keys()
    for key, item in before.items():
        assert item.state is DueState.OPEN or after[key].state is item.state
        if item.info.table == "due":
            assert (after[key].due, after[key].warn_from) == (item.due, item.warn_from)
        if item.overdue and after[key].state is DueState.OPEN:
            assert after[key].overdue
        assert item.warn_from is None or item.due is None or item.warn_from <= item.due


KNOWABLE = {
    "age_years": st.integers(16, 45),
    "prior_cs_count": st.integers(0, 2),
    "uterine_scar": st.booleans(),
    "placenta_over_scar": st.booleans(),
    "placenta_position": st.sampled_from(["normal", "low_lying", "praevia"]),
    "scar_pregnancy": st.booleans(),
    "sac_located_by_ultrasound": st.booleans(),
}


def consistent(facts):
    """The same facts, with the scar that a caesarean, a placenta or a sac in it speaks of."""
    scar = facts["prior_cs_count"] >= 1 or facts["placenta_over_scar"] or facts["scar_pregnancy"]
    return {**facts, "uterine_scar": scar or facts["uterine_scar"]}


@given(
    HAPPENED,
    st.sampled_from(["yellow", "orange"]),
    DAYS,
    st.fixed_dictionaries(KNOWABLE).map(consistent),
    st.sets(st.sampled_from(sorted(KNOWABLE))),
)
def test_an_unknown_fact_never_hides_what_any_answer_would_make_due(
    events, colour, today, facts, erased
):
    """Whatever is open for the whole truth is at least asked about on a part of it."""
    base = record(events, [(0, colour)])
    whole = Pregnancy(base.day_zero, facts, base.standings, base.events)
    left = {name: value for name, value in facts.items() if name not in erased}
    part = Pregnancy(base.day_zero, left, base.standings, base.events)
    now = evening(today)
    due = {one.key for one in due_items(CARE, whole, now=now) if one.state is DueState.OPEN}
    told = {one.key: one for one in due_items(CARE, part, now=now)}

    assert due <= told.keys()
    assert all(told[key].state is DueState.OPEN for key in due)


@pytest.mark.parametrize("erased", [None, "day_zero"])
def test_the_order_in_which_a_record_is_written_changes_nothing(erased):
    events = [(60, "registered"), (60, "screened_positive"), (70, "assessment"), (80, "visit")]
    colours = [(70, "orange"), (75, "red")]
    one, other = record(events, colours), record(events[::-1], colours[::-1])
    if erased:
        one, other = (Pregnancy(None, p.facts, p.standings, p.events) for p in (one, other))

    assert due_items(CARE, one, now=evening(90)) == due_items(CARE, other, now=evening(90))
