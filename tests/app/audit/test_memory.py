"""What a row that goes in holds is stored as the database would store it."""

import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.audit.memory import as_stored, in_memory
from app.audit.statements import covered
from app.audit.states import stored_as
from app.case_files.belonging.tables import CaseDue
from app.case_files.tables import CaseFile
from app.db_types import new_key
from routing.care.rows import EventKind

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))


def due(**more):
    values = {"rule": "R-FOLLOW-01", "about": "gestation", "kind": "visit", "due_at": NOW}
    return CaseDue(province="53", file_id=new_key(), opened_at=NOW, **values | more)


@pytest.mark.parametrize(
    "row",
    [
        due(),
        due(warn_at=NOW.astimezone(CHINA)),
        due(due_at=None, kind=EventKind.VISIT),
        CaseFile(province="53", purple=True, version=1, facts=b"\x01"),
    ],
)
def test_it_is_what_the_columns_are_one_by_one(row):
    of = covered()[row.__tablename__]
    held = in_memory(of, row)
    one_by_one = held and [v if isinstance(v, bytes | None) else stored_as(v) for v in held]
    assert as_stored(row) == one_by_one
    assert one_by_one is None or [type(v) for v in as_stored(row)] == [type(v) for v in one_by_one]


def test_a_moment_is_stored_as_one_instant_wherever_it_was_said():
    assert as_stored(due(warn_at=NOW)).count("2026-11-20T03:00:00.000000+00:00") == 3
    assert as_stored(due(warn_at=NOW.astimezone(CHINA))).count(stored_as(NOW)) == 3
    in_china = datetime(2027, 1, 1, 8, tzinfo=CHINA)
    assert "2027-01-01T00:00:00.000000+00:00" in as_stored(due(warn_at=in_china))


def test_a_key_is_stored_as_python_writes_it():
    for key in (new_key(), uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)):
        assert stored_as(key) == str(key)


@pytest.mark.parametrize("more", [{"due_at": "tomorrow"}, {"about": 7}, {"told": "yes"}])
def test_of_what_the_database_would_make_something_else_nothing_is_said(more):
    assert as_stored(due()) is not None
    assert as_stored(due(**more)) is None


def test_of_a_row_without_one_of_its_columns_nothing_is_said():
    row = due()
    del row.__dict__["about"]
    assert as_stored(row) is None
