"""Newborns: of a mother who is known or not, twins, and those born on the way (R-STATE-11).

A newborn has no number. It is known by its mother, the birth and its order in it, never by the
mother alone.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.db_types import new_key
from app.keys.keyring import KeyRing
from app.patients import store
from app.patients.entering import Entered, enter, enter_emergency, new_record
from app.patients.errors import DeliveredAlreadyError, MergeRefusedError, NewbornLinkedError
from app.patients.finding import for_change, for_referral, root_of
from app.patients.identity import Given
from app.patients.states import BornAgain, PatientKind
from app.patients.tables import Birth
from app.work import Work

__all__ = ["link_to_mother", "newborn_of", "newborn_without_mother", "newborns_of"]

ANOTHER_PREGNANCY = timedelta(weeks=22)
"""No two births of one woman that are of different pregnancies lie so near to each other."""


def newborn_of(
    work: Work,
    mother_id: uuid.UUID,
    born_at: Sequence[datetime | None],
    *,
    in_transit: bool = False,
    birth_id: uuid.UUID | None = None,
    again: BornAgain | None = None,
) -> tuple[uuid.UUID, ...]:
    """Enter the newborns of one birth, in the order in which they were born.

    Parameters
    ----------
    born_at
        One moment for each newborn; None where nobody looked at a clock.
    in_transit : bool
        Born on the way.
    birth_id : uuid.UUID | None
        The birth of those who are entered already, for a twin that follows.
    again : BornAgain | None
        Why there is a birth although one of this pregnancy is entered already. A real birth is
        never kept out: whoever says why is believed.

    Returns
    -------
    tuple of uuid.UUID
        The newborns, in the same order.

    Raises
    ------
    DeliveredAlreadyError
        A birth of this pregnancy is entered, and nobody said why there is another.
    """
    mother, _ = for_change(work, for_referral(work, mother_id))
    if mother.kind != PatientKind.MATERNAL:
        raise MergeRefusedError("other_kind")
    if birth_id is None:
        birth_id = _birth_again(work, mother.id, born_at, again)
    birth = birth_id or new_key()
    order = store.last_order(work.session, mother.id)
    first = 0 if birth_id is None else store.last_of_birth(work.session, birth)
    made = []
    for number, moment in enumerate(born_at, start=1):
        row = new_record(
            work,
            PatientKind.NEWBORN,
            unknown=False,
            mother_id=mother.id,
            birth_order=order + number,
        )
        store.add(work.session, row, _born(work, row.id, birth, first + number, moment, in_transit))
        enter(work, row.id, found=False)
        made.append(row.id)
    return tuple(made)


def newborns_of(work: Work, mother_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """Return the newborns of a mother, whichever of her records they belong to."""
    records = [row.id for row in store.group_of(work.session, root_of(work.session, mother_id))]
    return tuple(child.id for child, _ in store.children_of(work.session, records))


def newborn_without_mother(
    work: Work,
    keys: KeyRing,
    given: Given | None = None,
    *,
    born_at: datetime | None = None,
    in_transit: bool = False,
) -> Entered:
    """Enter a newborn whose mother nobody knows, or knows yet."""
    entered = enter_emergency(work, keys, PatientKind.NEWBORN, given)
    if not entered.found:
        store.add(work.session, _born(work, entered.patient_id, new_key(), 1, born_at, in_transit))
    return entered


def link_to_mother(work: Work, newborn_id: uuid.UUID, mother_id: uuid.UUID) -> None:
    """Say whose newborn it is, once.

    Raises
    ------
    NewbornLinkedError
        It has a mother already.
    """
    mother, _ = for_change(work, for_referral(work, mother_id))
    newborn, _ = for_change(work, newborn_id)
    if (mother.kind, newborn.kind) != (PatientKind.MATERNAL, PatientKind.NEWBORN):
        raise MergeRefusedError("other_kind")
    if newborn.mother_id is not None:
        raise NewbornLinkedError(newborn_id)
    order = store.last_order(work.session, mother.id) + 1
    newborn.mother_id, newborn.birth_order = mother.id, order
    store.add(work.session, newborn)


def _birth_again(
    work: Work,
    mother_id: uuid.UUID,
    born_at: Sequence[datetime | None],
    again: BornAgain | None,
) -> uuid.UUID | None:
    """Return the birth that a further child belongs to; None for a birth of its own."""
    moments = [moment or work.now for moment in born_at]
    records = [row.id for row in store.group_of(work.session, root_of(work.session, mother_id))]
    known = [
        (child, birth)
        for child, birth in store.children_of(work.session, records)
        if any(
            abs((birth.born_at or birth.entered_at) - one) < ANOTHER_PREGNANCY for one in moments
        )
    ]
    if known and again is None:
        raise DeliveredAlreadyError([child.id for child, _ in known])
    return known[-1][1].birth_id if known and again is BornAgain.FURTHER_CHILD else None


def _born(
    work: Work,
    patient_id: uuid.UUID,
    birth_id: uuid.UUID,
    order: int,
    moment: datetime | None,
    in_transit: bool,
) -> Birth:
    return Birth(
        id=patient_id,
        province=work.actor.province,
        birth_id=birth_id,
        order_in_birth=order,
        born_at=moment,
        in_transit=in_transit,
        entered_at=work.now,
    )
