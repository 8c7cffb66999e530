"""Women without a number who go into their files together are compared with everybody, as alone."""

import dataclasses

import pytest

from app.case_exchange import filing
from app.patients.numbers import born_by_number
from tests.app.storage.exchanging import ask, filed, furnished, lines, pregnant, take

BY_NUMBER = "1390000{:04d}"


@pytest.fixture
def no_hurry(monkeypatch):
    monkeypatch.setattr(filing, "AT_MOST_S", 3_600)


@pytest.fixture
def nobody_goes_alone(no_hurry, monkeypatch):
    def alone(*_):
        raise AssertionError("a line went by itself")

    monkeypatch.setattr(filing, "_file_one", alone)


def unnumbered(row, *, record_id=None, **more):
    """The same woman, of another number of the platform, who gives no number of her own."""
    given = dataclasses.replace(row.given, id_number=None, identity_kind=None, **more)
    return dataclasses.replace(row, record_id=record_id or row.record_id, given=given)


def called(row, name, phone):
    born = row.given.birth_date or born_by_number(row.given.id_number)
    given = dataclasses.replace(row.given, name=name, phone=phone, birth_date=born)
    return dataclasses.replace(row, given=given)


def likenesses(house):
    """What waits of likenesses, by the number of the platform."""
    found = ask(
        house,
        "SELECT record_id, what FROM exchange_item WHERE kind = 'likeness' ORDER BY id",
    )
    return {record: {what for one, what in found if one == record} for record, _ in found}


def test_two_of_one_name_and_birth_date_in_one_file_are_both_looked_at(
    house, engine, women, nobody_goes_alone
):
    """One with a number, and three lines without one: she, she again, and somebody else."""
    first = called(women[0].row, "测试同名", BY_NUMBER.format(1))
    again = unnumbered(first, record_id="AGAIN", phone=BY_NUMBER.format(2))
    third = unnumbered(first, record_id="THIRD", phone=BY_NUMBER.format(3))
    other = unnumbered(called(women[1].row, "测试他人", BY_NUMBER.format(4)), record_id="OTHER")
    take(house, engine, [first, again, other, third])
    done = filed(house, engine)

    assert (done.filed, done.refused) == (4, 0)
    assert likenesses(house) == {
        "AGAIN": {"same_name_and_birth_year"},
        "THIRD": {"same_name_and_birth_year"},
    }
    assert ask(house, "SELECT count(*) FROM case_file") == [(4,)]
    assert ask(house, "SELECT count(*) FROM patient WHERE kind = 'maternal'") == [(4,)]


def test_a_telephone_that_two_lines_share_is_seen_whoever_of_them_comes_first(
    house, engine, women, nobody_goes_alone
):
    phone = BY_NUMBER.format(5)
    one = unnumbered(called(women[0].row, "测试甲", phone), record_id="ONE")
    two = unnumbered(called(women[1].row, "测试乙", phone), record_id="TWO")
    take(house, engine, [one, two])
    filed(house, engine)

    assert likenesses(house) == {"TWO": {"same_phone"}}


def test_who_was_here_before_the_file_is_found_from_within_it(
    house, engine, women, nobody_goes_alone
):
    first = called(women[0].row, "测试同名", BY_NUMBER.format(6))
    take(house, engine, [first, called(women[1].row, "测试乙", BY_NUMBER.format(7))])
    filed(house, engine)
    take(
        house,
        engine,
        [
            unnumbered(first, record_id="AGAIN"),
            unnumbered(called(women[2].row, "测试丙", BY_NUMBER.format(8)), record_id="NEW"),
        ],
    )
    done = filed(house, engine)

    assert done.filed == 2
    assert set(likenesses(house)) == {"AGAIN"}
    assert {"same_name_and_birth_year", "same_phone"} <= likenesses(house)["AGAIN"]


def test_together_they_wait_for_the_same_as_one_by_one(another_database, engine, no_hurry):
    """Ten women in pairs of one name, none with a number; by themselves, three, and all at once."""
    found = []
    for at_once in (1, 3, 100):
        house = furnished(another_database(), engine)
        rows = [one.row for one in pregnant(house, engine)][:10]
        rows = [
            unnumbered(called(row, f"测试{number // 2}", BY_NUMBER.format(10 + number // 4)))
            for number, row in enumerate(rows)
        ]
        rows = [
            unnumbered(row, birth_date=rows[number // 2 * 2].given.birth_date)
            for number, row in enumerate(rows)
        ]
        take(house, engine, rows)
        filed(house, engine, at_once=at_once)
        found.append(likenesses(house))
        assert {status for status, _, _ in lines(house).values()} == {"filed"}
        house.close()

    assert found[0] == found[1] == found[2]
    assert any("same_name_and_birth_year" in one for one in found[0].values())
    assert any("same_phone" in one for one in found[0].values())
