"""Entering somebody in seconds, saying later who she is, and never making two of one."""

import threading
from datetime import timedelta

import pytest

from app.db import Database
from app.db_types import new_key
from app.errors import NotFoundError
from app.keys.errors import KeyRingMissingError
from app.keys.keyring import KeyRing
from app.patients.errors import (
    ErasedPatientError,
    IdentityRefusedError,
    KeptLongerError,
    NewbornLinkedError,
    StalePatientError,
)
from app.patients.service import (
    Given,
    Retention,
    complete_identity,
    due_for_erasure,
    enter_emergency,
    erase_identity,
    find_by_id_number,
    identity_of,
    keep_from_now,
    link_to_mother,
    minimum_of,
    newborn_of,
    newborn_without_mother,
    possible_duplicates,
)
from app.patients.states import AidGroup, BornAgain, IdentityKind, Likeness, PatientKind
from tests.app.storage import people, rows
from tests.app.storage.people import never_referred, number, working

MATERNAL, NEWBORN = PatientKind.MATERNAL, PatientKind.NEWBORN
RESIDENT = IdentityKind.RESIDENT_ID
WHOLE = Given(
    identity_kind=RESIDENT,
    id_number=number(),
    name="测试甲",
    phone="13800000000",
    address="测试县测试村 1 号",
    contact_name="测试乙",
    contact_phone="13900000000",
    language="ii",
    interpreter_needed=True,
    aid_group=AidGroup.DIBAO,
    residence_county="530829",
    home_county="532501",
)


def test_somebody_of_whom_nothing_is_known_is_entered(database, tmp_path):
    """Not even the keys are needed for that."""
    nothing = KeyRing(tmp_path / "nowhere.json")
    with working(database) as work:
        first = enter_emergency(work, nothing, MATERNAL)
        second = enter_emergency(work, nothing, MATERNAL)
        known = [identity_of(work, nothing, one.patient_id) for one in (first, second)]
        with pytest.raises(KeyRingMissingError):
            enter_emergency(work, nothing, MATERNAL, Given(name="测试甲"))

    day = f"{work.now + timedelta(hours=8):%Y%m%d}"
    assert [one.unknown for one in known] == [f"未知-{day}-1", f"未知-{day}-2"]
    assert [one.identity_kind for one in known] == [IdentityKind.NONE] * 2


def test_who_she_is_is_said_later(database, keys):
    with working(database) as work:
        her = enter_emergency(work, keys, MATERNAL).patient_id
    with working(database) as work:
        done = complete_identity(work, keys, her, WHOLE, read=1)
        known = identity_of(work, keys, her)

    assert (done.version, done.same_number) == (2, None)
    assert (known.name, known.id_number, known.phone) == ("测试甲", number(), "13800000000")
    assert (known.birth_date.isoformat(), known.address) == ("1990-03-07", "测试县测试村 1 号")
    assert (known.contact_name, known.contact_phone) == ("测试乙", "13900000000")
    assert (known.language, known.interpreter_needed) == ("ii", True)
    assert (known.aid_group, known.residence_county) == (AidGroup.DIBAO, "530829")
    assert known.unknown is None


def test_what_is_not_said_stays(database, keys):
    with working(database) as work:
        her = enter_emergency(work, keys, MATERNAL, WHOLE).patient_id
        complete_identity(work, keys, her, Given(phone="13700000000"))
        known = identity_of(work, keys, her)

    assert (known.name, known.id_number, known.phone) == ("测试甲", number(), "13700000000")


def test_a_wrong_number_is_refused_and_she_is_entered_without_it(database, keys):
    wrong = Given(identity_kind=RESIDENT, id_number="1" * 18, name="测试甲")
    with working(database) as work:
        with pytest.raises(IdentityRefusedError, match="identity_kind none"):
            enter_emergency(work, keys, MATERNAL, wrong)
        her = enter_emergency(work, keys, MATERNAL, Given(name="测试甲")).patient_id

        assert identity_of(work, keys, her).identity_kind is IdentityKind.NONE


@pytest.mark.parametrize(
    "spelling", [number(), number()[:6] + number()[8:17], " ".join(number().lower())]
)
def test_a_known_number_finds_her_record(database, keys, spelling):
    with working(database) as work:
        her = enter_emergency(work, keys, MATERNAL, WHOLE).patient_id
    with working(database) as work:
        again = enter_emergency(
            work, keys, MATERNAL, Given(identity_kind=RESIDENT, id_number=spelling)
        )

        assert (again.patient_id, again.found) == (her, True)
        assert find_by_id_number(work, keys, RESIDENT, spelling) == her
        assert find_by_id_number(work, keys, IdentityKind.PASSPORT, spelling) is None


def test_what_is_said_besides_a_known_number_fills_only_what_is_open_under_the_same_name(
    database, keys
):
    with working(database) as work:
        known = Given(identity_kind=RESIDENT, id_number=number(), name="测试甲", phone="138000")
        her = enter_emergency(work, keys, MATERNAL, known).patient_id
        same = Given(
            identity_kind=RESIDENT,
            id_number=number(),
            name="测试 甲",
            phone="137000",
            address="测试村",
        )
        other = Given(
            identity_kind=RESIDENT, id_number=number(), name="测试丙", contact_phone="136000"
        )
        agreed = enter_emergency(work, keys, MATERNAL, same)
        differed = enter_emergency(work, keys, MATERNAL, other)
        found = identity_of(work, keys, her)

    assert (agreed.not_taken, differed.not_taken) == (("phone",), ("name", "contact_phone"))
    assert (found.name, found.phone, found.address) == ("测试甲", "138000", "测试村")
    assert found.contact_phone is None


def test_the_number_of_a_mother_is_not_that_of_a_newborn(database, keys):
    with working(database) as work:
        enter_emergency(work, keys, MATERNAL, WHOLE)
        with pytest.raises(IdentityRefusedError, match="wrong_patient"):
            enter_emergency(work, keys, NEWBORN, WHOLE)


def test_two_who_enter_one_number_at_once_make_one_patient(address, database, keys):
    """Sixteen threads with a connection each; the index is what they meet at."""
    start, found, failed = threading.Barrier(16), [], []

    def enter():
        own = Database(address)
        try:
            start.wait()
            with working(own) as work:
                found.append(enter_emergency(work, keys, MATERNAL, WHOLE))
        except Exception as error:
            failed.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=enter) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert len({one.patient_id for one in found}) == 1
    assert sum(not one.found for one in found) == 1


def test_a_number_of_somebody_else_is_not_taken_over_and_offered(database, keys):
    with working(database) as work:
        known = enter_emergency(work, keys, MATERNAL, WHOLE).patient_id
        unknown = enter_emergency(work, keys, MATERNAL).patient_id
        number_only = Given(identity_kind=RESIDENT, id_number=number(), phone="136000")
        done = complete_identity(work, keys, unknown, number_only)
        told = identity_of(work, keys, unknown)

        assert done.same_number.patient_id == known
        assert (told.id_number, told.phone) == (None, "136000")
        for one, other in ((unknown, known), (known, unknown)):
            (candidate,) = possible_duplicates(work, one)
            assert candidate.patient_id == other
            assert candidate.likeness == (Likeness.SAME_NUMBER,)


def test_candidates_are_ranked_by_what_they_have_in_common(database, keys):
    """Name and year before telephone before the telephone of a relative; strangers not at all."""
    born = WHOLE.id_number[6:14]
    with working(database) as work:
        her = enter_emergency(work, keys, MATERNAL, WHOLE).patient_id
        enter_emergency(work, keys, MATERNAL, Given(name="测试丁", phone="13100000000"))
        sister = Given(name="测试丙", contact_phone="13900000000")
        relative = enter_emergency(work, keys, MATERNAL, sister).patient_id
        same_phone = enter_emergency(work, keys, MATERNAL, Given(phone="13800000000")).patient_id
        twin_of_name = Given(
            identity_kind=RESIDENT, id_number=number(born=born, order="777"), name="测试甲"
        )
        same_name = enter_emergency(work, keys, MATERNAL, twin_of_name).patient_id
        enter_emergency(work, keys, NEWBORN, Given(contact_phone="13800000000"))
        found = possible_duplicates(work, her)

    assert [(one.patient_id, one.likeness) for one in found] == [
        (same_name, (Likeness.SAME_NAME_AND_BIRTH_YEAR,)),
        (same_phone, (Likeness.SAME_PHONE,)),
        (relative, (Likeness.SHARED_CONTACT_PHONE,)),
    ]


def test_who_read_an_older_version_changes_nothing(database, keys):
    with working(database) as work:
        her = enter_emergency(work, keys, MATERNAL, WHOLE).patient_id
        complete_identity(work, keys, her, Given(phone="137000"), read=1)
        with pytest.raises(StalePatientError):
            complete_identity(work, keys, her, Given(phone="136000"), read=1)


def test_another_province_is_as_good_as_nowhere(database, keys):
    with working(database) as work:
        her = enter_emergency(work, keys, MATERNAL, WHOLE).patient_id
        org = work.actor.org_id
    with working(database, who=people.actor(org, province="51")) as work:
        for ask in (
            lambda: identity_of(work, keys, her),
            lambda: minimum_of(work, her),
            lambda: complete_identity(work, keys, her, WHOLE),
            lambda: possible_duplicates(work, her),
            lambda: minimum_of(work, new_key()),
        ):
            with pytest.raises(NotFoundError):
                ask()
        assert find_by_id_number(work, keys, RESIDENT, number()) is None


def test_the_minimum_says_what_an_offer_needs_and_not_who_she_is(database, keys):
    with working(database) as work:
        her = enter_emergency(work, keys, MATERNAL, WHOLE).patient_id
        least = minimum_of(work, her)

    assert (least.language, least.interpreter_needed, least.identity_known) == ("ii", True, True)
    for text in ("测试", number(), "13800000000", "13900000000", "530829", "1990"):
        assert text not in repr(least)


def test_twins_are_told_apart_by_their_order_and_belong_to_one_birth(database, keys):
    with working(database) as work:
        mother = enter_emergency(work, keys, MATERNAL, WHOLE).patient_id
        at = work.now - timedelta(minutes=20)
        first, second = newborn_of(work, mother, (at, at + timedelta(minutes=9)), in_transit=True)
        seen = [minimum_of(work, one) for one in (first, second)]

    assert [(one.mother_id, one.order_in_birth) for one in seen] == [(mother, 1), (mother, 2)]
    assert [one.born_in_transit for one in seen] == [True, True]
    assert seen[1].born_at - seen[0].born_at == timedelta(minutes=9)
    assert [one.unknown for one in seen] == [None, None]


def test_a_second_birth_of_a_mother_is_another_one(database, keys):
    with working(database) as work:
        mother = enter_emergency(work, keys, MATERNAL).patient_id
        (first,) = newborn_of(work, mother, (work.now - timedelta(days=700),))
        (second,) = newborn_of(work, mother, (work.now,))

        assert minimum_of(work, second).order_in_birth == 1
        assert minimum_of(work, second).birth_order == 2
        assert possible_duplicates(work, first) == ()


def test_a_newborn_that_was_entered_twice_is_offered(database, keys):
    with working(database) as work:
        mother = enter_emergency(work, keys, MATERNAL).patient_id
        (one,) = newborn_of(work, mother, (work.now,))
        wrong = BornAgain.STATED_WRONGLY
        (again,) = newborn_of(work, mother, (work.now - timedelta(hours=2),), again=wrong)
        (candidate,) = possible_duplicates(work, one)

    assert candidate.patient_id == again
    assert candidate.likeness == (Likeness.SAME_MOTHER_AND_TIME,)


def test_a_newborn_without_a_mother_is_linked_to_her_once(database, keys):
    with working(database) as work:
        newborn = newborn_without_mother(work, keys, born_at=work.now).patient_id
        assert minimum_of(work, newborn).unknown.startswith("未知-")
        mother = enter_emergency(work, keys, MATERNAL).patient_id
        link_to_mother(work, newborn, mother)

        assert minimum_of(work, newborn).mother_id == mother
        with pytest.raises(NewbornLinkedError):
            link_to_mother(work, newborn, mother)


def test_an_identity_is_erased_when_its_years_are_over_and_figures_stay(database, keys):
    kept = Retention(maternal_years=30, newborn_years=20)
    with working(database) as work:
        her = enter_emergency(work, keys, MATERNAL, WHOLE).patient_id
        other = enter_emergency(work, keys, MATERNAL).patient_id
        rows.update(
            work.session,
            "patient_identity",
            {"kept_from": work.now - timedelta(days=366 * 31)},
            "name IS NOT NULL",
        )
        work.session.expire_all()
        assert due_for_erasure(work.session, work.now, kept) == [her]
        with pytest.raises(KeptLongerError):
            erase_identity(work, other, kept, has_open_referral=never_referred)
        with pytest.raises(KeptLongerError):
            erase_identity(work, her, kept, has_open_referral=lambda _: True)
        erase_identity(work, her, kept, has_open_referral=never_referred)
        told = identity_of(work, keys, her)

        assert told.erased
        assert (told.name, told.id_number, told.phone, told.birth_date) == (None,) * 4
        assert told.residence_county == "530829"
        assert due_for_erasure(work.session, work.now, kept) == []
        assert find_by_id_number(work, keys, RESIDENT, number()) is None
        with pytest.raises(ErasedPatientError):
            complete_identity(work, keys, her, WHOLE)


def test_years_count_from_the_last_referral(database, keys):
    kept = Retention(maternal_years=1, newborn_years=1)
    with working(database) as work:
        her = enter_emergency(work, keys, MATERNAL, WHOLE).patient_id
        long_ago = {"kept_from": work.now - timedelta(days=800)}
        rows.update(work.session, "patient_identity", long_ago, "1 = 1")
        work.session.expire_all()
        keep_from_now(work, her)

        assert due_for_erasure(work.session, work.now, kept) == []
