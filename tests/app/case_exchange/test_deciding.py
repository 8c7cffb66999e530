"""The same row again is nothing, an older one is a conflict, and no file lowers a colour."""

import dataclasses
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.case_exchange.deciding import Held, Verdict, decide, decide_visits
from app.case_exchange.rows import Lined, VisitRow, content_of
from routing.triage.rows import Colour
from tests.app.case_exchange.made import TODAY, number, pregnancy, read, read_visits, visit

KEY, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
HERS, ANOTHERS = number("53082919920101000"), number("53082919920102000")
EARLY, LATE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 31, 13, tzinfo=UTC)


def index(given):
    return None if given.id_number is None else given.id_number.encode()


def held(**more):
    said = {"record_id": "R1", "as_of": EARLY, "number": HERS.encode(), "key": KEY} | more
    return Held(**said)


def decided(row, *holding, rows=None):
    (found,) = decide(
        rows or read(row),
        by_record={one.record_id: one for one in holding if one.record_id},
        by_number={one.number: one for one in holding if one.number},
        index=index,
    )
    return found


def test_a_row_of_which_nothing_is_known_is_new():
    assert decided(pregnancy()).verdict is Verdict.NEW


def test_the_same_row_again_is_nothing_even_with_a_later_time():
    (lined,) = read(pregnancy())
    ours = held(content=content_of(lined.item), as_of=LATE)
    later = pregnancy(updated_at="2026-06-01 11:00:00")

    assert decided(pregnancy(), ours).verdict is Verdict.SAME
    assert decided(later, ours).verdict is Verdict.SAME


def test_a_later_row_that_says_something_else_is_a_change_of_those_fields_only():
    """What one of us corrected meanwhile is not undone by a row that repeats the old value."""
    (before,) = read(pregnancy(phone="13900000000"))
    found = decided(
        pregnancy(phone="13900000000", due_date="2026-10-20"),
        held(content=content_of(before.item)),
    )

    assert found.verdict is Verdict.CHANGED
    assert found.changed == {"due_date"}


@pytest.mark.parametrize("as_of", [LATE, datetime(2026, 5, 31, 12, tzinfo=UTC)])
def test_a_row_no_later_than_what_we_hold_is_a_conflict(as_of):
    """The row is of 12:00 UTC: what we hold is of the same moment, or an hour later."""
    found = decided(pregnancy(due_date="2026-10-20"), held(content="{}", as_of=as_of))

    assert found.verdict is Verdict.OLDER
    assert found.verdict.is_conflict


def test_a_record_that_suddenly_has_another_womans_number_is_a_conflict():
    found = decided(pregnancy(id_number=ANOTHERS), held())

    assert found.verdict is Verdict.OTHER_WOMAN


def test_a_record_without_a_number_is_not_taken_for_another_woman():
    assert decided(pregnancy(id_number=None), held()).verdict is Verdict.CHANGED
    assert decided(pregnancy(), held(number=None)).verdict is Verdict.CHANGED


def test_her_number_under_two_records_is_a_conflict_and_joins_nothing():
    elsewhere = held(record_id="R7", key=OTHER)
    found = decided(pregnancy(), elsewhere)
    both = decided(pregnancy(), held(number=None), elsewhere)

    assert (found.verdict, found.held) == (Verdict.FILED_ELSEWHERE, elsewhere)
    assert both.verdict is Verdict.FILED_ELSEWHERE


def test_a_file_that_only_we_have_is_found_by_her_number():
    ours = held(record_id=None)

    assert decided(pregnancy(), ours).held == ours
    assert decided(pregnancy(), ours).verdict is Verdict.CHANGED


@pytest.mark.parametrize(
    ("file", "ours", "stands", "kept"),
    [
        ("绿", Colour.RED, Colour.RED, ("colour",)),
        ("红", Colour.YELLOW, Colour.RED, ()),
        ("绿", None, Colour.GREEN, ()),
        ("黄", Colour.YELLOW, Colour.YELLOW, ()),
        (None, Colour.ORANGE, Colour.ORANGE, ()),
        (None, None, None, ()),
    ],
)
def test_the_higher_colour_counts_and_a_lower_one_is_kept_back(file, ours, stands, kept):
    found = decided(pregnancy(colour=file), held(colour=ours))

    assert (found.colour, found.kept) == (stands, kept)


def test_purple_is_never_taken_off_by_a_file():
    assert decided(pregnancy(purple="否"), held(purple=True)).kept == ("purple",)
    assert decided(pregnancy(purple="否"), held(purple=True)).purple is True
    assert decided(pregnancy(), held(purple=True)).purple is True
    assert decided(pregnancy(purple="是"), held(purple=False)).purple is True
    assert decided(pregnancy()).purple is None


def test_a_visit_is_new_then_the_same_then_a_change_or_a_conflict():
    rows = read_visits(visit())
    content = content_of(rows[0].item)
    cases = {
        None: Verdict.NEW,
        (content, LATE): Verdict.SAME,
        ("{}", EARLY): Verdict.CHANGED,
        ("{}", LATE): Verdict.OLDER,
    }
    for holding, verdict in cases.items():
        by_visit = {} if holding is None else {"F1": held(content=holding[0], as_of=holding[1])}
        (found,) = decide_visits(rows, by_visit=by_visit)

        assert found.verdict is verdict


COLOURS = st.sampled_from([None, *Colour])
SENDINGS = st.lists(
    st.tuples(st.integers(0, 9), COLOURS, st.booleans(), st.sampled_from(["119", "120", "121"])),
    min_size=1,
    max_size=12,
)


@given(SENDINGS)
def test_files_in_any_order_end_with_the_latest_row_and_never_a_lower_colour(sendings):
    """Each row is sent, kept or not as it is decided, and sent again at once."""
    (base,) = read(pregnancy(colour=None))
    ours, highest, latest = None, None, -1
    for hour, colour, purple, height in sendings:
        row = dataclasses.replace(
            base.item,
            updated_at=EARLY + timedelta(hours=hour),
            colour=colour,
            purple=purple,
            facts={"height_cm": float(height)},
        )
        found = decided(None, *([ours] if ours else []), rows=[Lined(2, row)])
        if found.verdict in (Verdict.NEW, Verdict.CHANGED):
            assert hour > latest
            latest = hour
            highest = max([c for c in (colour, highest) if c], key=lambda c: c.rank, default=None)
            ours = held(
                content=found.content,
                as_of=row.updated_at,
                colour=found.colour,
                purple=found.purple,
            )
            again = decided(None, ours, rows=[Lined(2, row)])
            assert again.verdict is Verdict.SAME
        elif found.verdict is Verdict.OLDER:
            assert hour <= latest
        assert ours.colour == highest


def test_what_a_visit_says_is_compared_without_its_time():
    one = VisitRow("F1", "R1", EARLY, "held", TODAY)

    assert content_of(one) == content_of(dataclasses.replace(one, updated_at=LATE))
    assert content_of(one) != content_of(dataclasses.replace(one, state="missed"))
