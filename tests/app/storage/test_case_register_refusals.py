"""What the database refuses of the words by which registers are made and files are counted."""

import pytest

from tests.app.storage import case_rows, rows
from tests.app.storage.rows import NOW
from tests.app.storage.test_refusals import refused


@pytest.mark.parametrize("group", [None, "none", "tekun", "dibao", "monitored", "other"])
def test_a_group_of_aid_is_one_of_the_list_or_unknown(database, group):
    with database.writing() as session:
        case_rows.file(session, aid_group=group)


def test_a_group_of_aid_that_there_is_not_is_refused(database):
    with refused(database, by=("ck_case_file_aid_group",)) as session:
        case_rows.file(session, aid_group="poor")


def test_a_file_that_was_not_closed_was_not_closed_in_time(database):
    with refused(database, by=("ck_case_file_closed_in_time",)) as session:
        case_rows.file(session, closed_in_time=True)
    with database.writing() as session:
        case_rows.file(session, closed_in_time=False)


def test_a_file_that_was_closed_may_have_been_closed_in_time(database):
    past = ("registered", "delivered", "postpartum")
    with database.writing() as session:
        org = rows.organisation(session)
        key = case_rows.file(session, org=org, path=past, delivered_at=NOW)
        visit = case_rows.visit(session, key, kind="day_42", closes=1)
        closing = {"closing_visit_id": visit, "closing": 1, "closed_in_time": True}
        case_rows.moved(session, key, 4, "postpartum", "closed_42d", by=org, **closing)
