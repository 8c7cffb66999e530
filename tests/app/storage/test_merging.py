"""A merge is said by a person, gives nobody two open referrals, and can be taken back whole."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db_types import new_key
from app.errors import NotFoundError
from app.patients.errors import MergedPatientError, MergeRefusedError, NotMergedError
from app.patients.service import (
    Given,
    complete_identity,
    enter_emergency,
    find_by_id_number,
    for_referral,
    identity_of,
    least_of,
    merge,
    minimum_of,
    newborn_of,
    newborn_without_mother,
    possible_duplicates,
    undo_merge,
)
from app.patients.states import BornAgain, IdentityKind, MergeReason, PatientKind, UnmergeReason
from tests.app.storage import people, rows
from tests.app.storage.people import never_referred, number, working
from tests.app.storage.test_refusals import WALK, refused

MATERNAL = PatientKind.MATERNAL
WHY, BACK = MergeReason.DOCUMENTS_COMPARED, UnmergeReason.DIFFERENT_PERSONS
NUMBERED = Given(identity_kind=IdentityKind.RESIDENT_ID, id_number=number(), name="测试甲")


def everything(session):
    """Every row of the tables of patients that a merge could touch, byte for byte."""
    return [
        session.execute(text(f"SELECT * FROM {table} ORDER BY id")).all()
        for table in ("patient", "patient_identity", "patient_birth")
    ]


def has_open(session):
    """The question to the referrals, asked of their table."""

    def asked(patient_id):
        found = session.execute(
            text(
                "SELECT count(*) FROM referral WHERE patient_id = :id "
                "AND status NOT IN ('closed', 'cancelled')"
            ),
            {"id": rows.stored(patient_id, session)},
        )
        return found.scalar() > 0

    return asked


def entered(work, keys, *said):
    return [enter_emergency(work, keys, MATERNAL, one).patient_id for one in said]


def test_what_one_record_leaves_open_is_told_by_the_other(database, keys):
    with working(database) as work:
        known, unknown = entered(work, keys, NUMBERED, Given(phone="138000", language="ii"))
        merge(work, known, unknown, WHY, has_open_referral=never_referred)
        told = [identity_of(work, keys, one) for one in (known, unknown)]

        assert told[0] == told[1]
        assert (told[0].name, told[0].phone, told[0].language) == ("测试甲", "138000", "ii")
        assert told[0].merged == (unknown,)
        assert find_by_id_number(work, keys, IdentityKind.RESIDENT_ID, number()) == known
        assert possible_duplicates(work, known) == ()


def test_several_read_together_say_what_each_says_alone(database, keys):
    """One was merged into one that was merged into a third; another is alone."""
    speaks = Given(language="ii", interpreter_needed=True)
    with working(database) as work:
        first, second, third, alone = entered(work, keys, speaks, Given(), NUMBERED, Given())
        merge(work, second, first, WHY, has_open_referral=never_referred)
        merge(work, third, second, WHY, has_open_referral=never_referred)
        everybody = (first, second, third, alone)
        together = least_of(work, everybody)
        minimum = {one: minimum_of(work, one) for one in everybody}

        assert {one: (m.kind, m.language, m.interpreter_needed) for one, m in minimum.items()} == {
            one: (m.kind, m.language, m.interpreter_needed) for one, m in together.items()
        }
        assert [together[one].language for one in everybody] == ["ii", "ii", "ii", None]
        with pytest.raises(NotFoundError):
            least_of(work, [alone, new_key()])


def test_a_merge_taken_back_leaves_every_byte_as_it_was(database, keys):
    with working(database) as work:
        known, unknown = entered(work, keys, NUMBERED, Given(phone="138000"))
        newborn_of(work, unknown, (work.now,))
        before = everything(work.session)
        merge(work, known, unknown, WHY, has_open_referral=never_referred)
        merged = everything(work.session)
        undo_merge(work, unknown, BACK)

        assert everything(work.session) == before != merged
        with pytest.raises(NotMergedError):
            undo_merge(work, unknown, BACK)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_merges_taken_back_in_any_order_leave_every_byte_as_it_was(database, keys, data):
    """Up to five records, merged at random into chains and trees, and all taken back at random."""
    with working(database) as work:
        said = [Given(name=f"测试{n}", phone=f"13{n}000") for n in range(5)]
        ids = entered(work, keys, *said)
        before, dropped = everything(work.session), []
        for _ in range(data.draw(st.integers(1, 4))):
            left = [one for one in ids if one not in dropped]
            keep, drop = data.draw(st.permutations(left))[:2]
            merge(work, keep, drop, WHY, has_open_referral=never_referred)
            dropped.append(drop)
        for one in data.draw(st.permutations(dropped)):
            undo_merge(work, one, BACK)

        assert everything(work.session) == before


def test_a_merged_record_is_not_changed_and_names_the_one_that_is(database, keys):
    with working(database) as work:
        one, two, three = entered(work, keys, NUMBERED, Given(), Given())
        merge(work, two, three, WHY, has_open_referral=never_referred)
        merge(work, one, two, WHY, has_open_referral=never_referred)
        with pytest.raises(MergedPatientError) as caught:
            complete_identity(work, keys, three, Given(phone="138000"))

        assert caught.value.into == one
        assert for_referral(work, three) == one
        with pytest.raises(MergedPatientError):
            merge(work, one, three, WHY, has_open_referral=never_referred)


def test_a_number_that_was_claimed_is_no_third_record_while_merged(database, keys):
    with working(database) as work:
        known, unknown = entered(work, keys, NUMBERED, Given())
        complete_identity(work, keys, unknown, NUMBERED)
        merge(work, unknown, known, MergeReason.SAME_NUMBER, has_open_referral=never_referred)
        again = enter_emergency(work, keys, MATERNAL, NUMBERED)

        assert (again.patient_id, again.found, again.not_taken) == (unknown, True, ())


def test_the_record_with_the_open_referral_is_kept_and_two_open_ones_are_never_one_patient(
    database, keys
):
    with working(database) as work:
        known, referred, other = entered(work, keys, NUMBERED, Given(), Given())
        rows.referral(work.session, of=referred, path=WALK["requested"])
        rows.referral(work.session, of=other, path=WALK["handed_over"])
        open_now = has_open(work.session)
        for keep, code in ((known, "open_referral_not_kept"), (other, "two_open_referrals")):
            with pytest.raises(MergeRefusedError) as caught:
                merge(work, keep, referred, WHY, has_open_referral=open_now)
            assert caught.value.code == code
        merge(work, referred, known, WHY, has_open_referral=open_now)

        assert identity_of(work, keys, known).patient_id == referred


def test_what_is_known_to_be_two_patients_is_not_merged(database, keys):
    another = Given(identity_kind=IdentityKind.RESIDENT_ID, id_number=number(order="345"))
    with working(database) as work:
        one, two = entered(work, keys, NUMBERED, another)
        first, second = newborn_of(work, one, (work.now, work.now))
        (cousin,) = newborn_of(work, two, (work.now,))
        found = newborn_without_mother(work, keys).patient_id
        for keep, drop, code in (
            (one, one, "same_patient"),
            (one, two, "different_numbers"),
            (one, first, "other_kind"),
            (first, second, "twins"),
            (first, cousin, "different_mothers"),
        ):
            with pytest.raises(MergeRefusedError) as caught:
                merge(work, keep, drop, WHY, has_open_referral=never_referred)
            assert caught.value.code == code
        with pytest.raises(NotFoundError):
            merge(work, one, new_key(), WHY, has_open_referral=never_referred)
        merge(work, first, found, WHY, has_open_referral=never_referred)
        with pytest.raises(MergeRefusedError, match="one birth"):
            merge(work, second, first, WHY, has_open_referral=never_referred)


def test_newborns_of_two_records_of_a_mother_have_one_mother(database, keys):
    with working(database) as work:
        known, unknown = entered(work, keys, NUMBERED, Given())
        (newborn,) = newborn_of(work, unknown, (work.now,))
        merge(work, known, unknown, WHY, has_open_referral=never_referred)
        (twin,) = newborn_of(work, unknown, (work.now,), again=BornAgain.FURTHER_CHILD)

        assert minimum_of(work, newborn).mother_id == minimum_of(work, twin).mother_id == known


@pytest.fixture
def merged(database, keys):
    with working(database) as work:
        known, unknown = entered(work, keys, NUMBERED, Given())
        said = merge(work, known, unknown, WHY, has_open_referral=never_referred)
    return known, unknown, said


def test_by_plain_sql_nobody_is_merged_without_a_row_that_says_so(database, keys, merged):
    known, _, said = merged
    with working(database) as work:
        (third,) = entered(work, keys, Given())
    where = f"unknown_number = 2 AND merged_into IS NULL AND id <> '{known}'"
    for changes, by in (
        ({"merged_into": known}, "ck_patient_identity_merged"),
        ({"merged_into": known, "merge_id": new_key()}, "fk_patient_identity_merge"),
        ({"merged_into": known, "merge_id": said.id}, "fk_patient_identity_merge"),
    ):
        with refused(database, by=[by]) as session:
            assert rows.update(session, "patient_identity", changes, where) == 1
    assert third != known


def test_by_plain_sql_what_was_said_is_never_changed_and_taken_back_once(database, merged):
    _, unknown, said = merged
    with working(database) as work:
        undo_merge(work, unknown, BACK)
    for table in ("patient_merge", "patient_unmerge"):
        with refused(database, by=[f"update of {table}"]) as session:
            rows.update(session, table, {"reason": "different_persons"}, "1 = 1")
        with refused(database, by=[f"delete of {table}"]) as session:
            session.execute(text(f"DELETE FROM {table}"))
    with refused(
        database, by=["uq_patient_unmerge_merge_id", "patient_unmerge.merge_id"]
    ) as session:
        org = rows.organisation(session)
        rows.insert(
            session,
            "patient_unmerge",
            id=new_key(),
            province="53",
            merge_id=said.id,
            reason=BACK.value,
            by_user=new_key(),
            by_org=org,
            at=rows.NOW,
        )


def test_by_plain_sql_a_merged_record_has_no_open_referral(database, keys, merged):
    _, unknown, _ = merged
    with refused(database, by=["referral_of_merged"]) as session:
        rows.referral(session, of=unknown)
    with working(database) as work:
        keep, drop = entered(work, keys, Given(), Given())
        rows.referral(work.session, of=drop, path=WALK["matched"])
    with refused(database, by=["patient_identity_open"]) as session:
        who = people.Work(session, people.actor(rows.organisation(session)), rows.NOW)
        merge(who, keep, drop, WHY, has_open_referral=never_referred)


def test_by_plain_sql_two_records_never_have_one_number(database, keys):
    with working(database) as work:
        known, unknown = entered(work, keys, NUMBERED, Given())
        index = work.session.execute(
            text("SELECT id_index FROM patient_identity WHERE id_index IS NOT NULL")
        ).scalar()
    changes = {"id_index": index, "id_number": b"\x01" * 40, "identity_kind": "resident_id"}
    with refused(
        database, by=["uq_patient_identity_number", "patient_identity.id_index"]
    ) as session:
        rows.update(session, "patient_identity", changes, "unknown_number = 1")
    assert known != unknown


@pytest.mark.parametrize(
    ("changes", "by"),
    [
        ({"name": b"short"}, "ck_patient_identity_name_sealed"),
        ({"id_index": b"\x01" * 15, "id_number": b"\x01" * 40}, "ck_patient_identity_id_index"),
        ({"id_index": b"\x01" * 16}, "ck_patient_identity_number"),
        ({"phone": b"\x01" * 40}, "ck_patient_identity_phone_indexed"),
        ({"erased_at": rows.NOW, "address": b"\x01" * 40}, "ck_patient_identity_erased"),
        ({"aid_group": "married"}, "ck_patient_identity_aid_group"),
        ({"residence_county": "53"}, "ck_patient_identity_counties"),
    ],
)
def test_by_plain_sql_no_field_holds_what_it_may_not(database, keys, changes, by):
    with working(database) as work:
        entered(work, keys, Given(name="测试甲"))
    if "id_index" in changes:
        changes = {"identity_kind": "resident_id", **changes}
    with refused(database, by=[by]) as session:
        rows.update(session, "patient_identity", changes, "1 = 1")


def test_a_referral_and_a_merge_at_once_never_leave_a_merged_record_referred(
    database, address, keys
):
    """Twelve pairs: one thread merges while another writes a referral by plain SQL."""
    refusals = []
    for _ in range(12):
        with working(database) as work:
            keep, drop = entered(work, keys, Given(), Given())
        start = threading.Barrier(2)

        def merging(keep=keep, drop=drop, start=start):
            start.wait()
            try:
                with working(database) as work:
                    merge(work, keep, drop, WHY, has_open_referral=has_open(work.session))
            except MergeRefusedError:
                pass

        def referring(drop=drop, start=start):
            start.wait()
            try:
                with database.writing() as session:
                    rows.referral(session, of=drop)
            except DBAPIError as error:
                refusals.append(str(error.orig))

        threads = [threading.Thread(target=one) for one in (merging, referring)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with database.reading() as session:
        both = session.execute(
            text(
                "SELECT count(*) FROM referral JOIN patient_identity p ON p.id = patient_id "
                "WHERE p.merged_into IS NOT NULL"
            )
        ).scalar()
        either = session.execute(
            text(
                "SELECT (SELECT count(*) FROM referral) + "
                "(SELECT count(*) FROM patient_identity WHERE merged_into IS NOT NULL)"
            )
        ).scalar()

    assert (both, either) == (0, 12)
    assert all("referral_of_merged" in one for one in refusals)
