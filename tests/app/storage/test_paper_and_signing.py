"""What the database refuses of printed forms and of sign-off, shown by plain SQL."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db_types import new_key
from tests.app.storage import rows
from tests.app.storage.rows import NOW


def form(session, **more):
    key = new_key()
    values = {
        "id": key,
        "province": "53",
        "number": f"F-{str(key)[-8:].upper()}",
        "issued_to": rows.organisation(session),
        "issued_at": NOW,
        "issued_by": new_key(),
    }
    return rows.insert(session, "paper_form", **{**values, **more})


def use(session, of, by):
    values = {"id": new_key(), "province": "53", "form_id": of, "referral_id": by}
    return rows.insert(session, "paper_form_use", **values, used_at=NOW)


def signature(session, **more):
    values = {
        "id": new_key(),
        "province": "53",
        "word": "signed",
        "rule": "E-M01",
        "rule_set": "cn-2017+yunnan@1",
        "content_hash": "0" * 64,
        "signed_by": "测试甲",
        "role": "产科主任",
        "at": NOW,
    }
    return rows.insert(session, "rule_signature", **{**values, **more})


def test_a_number_is_printed_once(database):
    with database.writing() as session:
        form(session, number="F-22222222")
    with pytest.raises(DBAPIError), database.writing() as session:
        form(session, number="F-22222222")


def test_a_form_becomes_one_referral_and_a_referral_comes_from_one_form(database):
    with database.writing() as session:
        first, second = form(session), form(session)
        one, other = rows.referral(session), rows.referral(session)
        use(session, first, one)
    for of, by in ((first, other), (second, one), (new_key(), other), (second, new_key())):
        with pytest.raises(DBAPIError), database.writing() as session:
            use(session, of, by)


@pytest.mark.parametrize("wrong", [{"word": "maybe"}, {"signed_by": " "}, {"role": ""}])
def test_a_signature_has_a_word_a_name_and_a_role(database, wrong):
    with pytest.raises(DBAPIError), database.writing() as session:
        signature(session, **wrong)


@pytest.mark.parametrize("table", ["paper_form", "paper_form_use", "rule_signature"])
def test_what_was_printed_used_or_signed_is_never_changed_or_removed(database, table):
    with database.writing() as session:
        use(session, form(session), rows.referral(session))
        signature(session)
    for statement in (f"UPDATE {table} SET province = '54'", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="not allowed"), database.writing() as session:
            session.execute(text(statement))


def test_a_drill_is_never_made_real(database):
    """R-STATE-16, in both directions."""
    for drill in (True, False):
        with database.writing() as session:
            key = rows.referral(session, drill=drill)
        with pytest.raises(DBAPIError), database.writing() as session:
            rows.update(session, "referral", {"drill": not drill}, f"id = '{key}'")
