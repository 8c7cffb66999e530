"""Who answers the telephone now: the duty roster of facilities and of divisions."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from app.centres import store_registry, store_said
from app.centres.errors import ReportRefusedError
from app.centres.speaking import speaking_for, speaking_for_division
from app.centres.states import DUTY_ROLES
from app.centres.tables_said import DutyTurn
from app.errors import NotFoundError
from app.keys.words import put, told_if_it_opens
from app.work import Work
from facilities.phones import Phone, PhoneRole

__all__ = [
    "on_duty",
    "phone_on_duty",
    "phones_now",
    "phones_of_turns",
    "withdraw_turn",
    "write_turn",
]

LONGEST = timedelta(days=7)
DIVISION_DIGITS = 6


def write_turn(
    work: Work,
    facility_id_or_adcode: str,
    *,
    role: str,
    person_name: str,
    phone: str,
    from_at: datetime,
    until: datetime,
) -> DutyTurn:
    """Write down who is on duty; turns may overlap, the one that began last is rung first.

    Raises
    ------
    ReportRefusedError
        With every reason why it cannot be.
    """
    province = _spoken_for(work, facility_id_or_adcode)
    checks = (
        (role not in DUTY_ROLES, "unknown_role"),
        (not person_name.strip(), "no_name"),
        (sum(sign.isdigit() for sign in phone) < 3, "no_phone"),
        (until <= max(from_at, work.now), "over_already"),
        (until - from_at > LONGEST, "too_long"),
    )
    faults = tuple(code for wrong, code in checks if wrong)
    if faults:
        raise ReportRefusedError(faults)
    turn = DutyTurn(
        province=province,
        facility_id_or_adcode=facility_id_or_adcode,
        role=role,
        from_at=from_at,
        until_at=until,
        written_at=work.now,
        by_org=work.actor.org_id,
    )
    said = {"person_name": person_name.strip(), "phone": phone.strip()}
    put(work.session, turn, **said, by_name=work.actor.name)
    work.session.add(turn)
    work.session.flush()
    return turn


def withdraw_turn(work: Work, turn_id: uuid.UUID) -> str:
    """Take a turn off the roster: somebody else is on duty; whose it was.

    Raises
    ------
    NotFoundError
        There is no such turn.
    """
    turn = store_said.turn(work.session, turn_id)
    if turn is None:
        raise NotFoundError("duty turn", str(turn_id))
    _spoken_for(work, turn.facility_id_or_adcode)
    store_said.withdraw_turn(work.session, turn_id, at=work.now)
    return turn.facility_id_or_adcode


def on_duty(work: Work, facility_id_or_adcode: str) -> Sequence[DutyTurn]:
    """Return who is on duty now, by role, who came last first."""
    return store_said.turns_on_duty(work.session, work.now, facility_id_or_adcode)


def phone_on_duty(session: Session, facility_id_or_adcode: str, at: datetime) -> str | None:
    """Return the number to ring at a moment, of who came last; None where nobody is on duty."""
    turns = store_said.turns_of(session, at, (facility_id_or_adcode,))
    return next((phone.phone for phone in phones_of_turns(session, turns)), None)


def phones_of_turns(session: Session, turns: Iterable[DutyTurn]) -> Iterator[Phone]:
    """Yield the numbers of turns; one that does not open leaves the other numbers to be rung."""
    for turn in turns:
        number = told_if_it_opens(session, turn, "phone")
        if number is not None:
            yield Phone(turn.facility_id_or_adcode, PhoneRole(turn.role), number)


def phones_now(
    session: Session, codes: Collection[str], at: datetime
) -> dict[str, tuple[Phone, ...]]:
    """Return the numbers of facilities and divisions: who is on duty, then those that were entered.

    Codes without any number are not among the keys.
    """
    found: dict[str, list[Phone]] = {}
    for phone in phones_of_turns(session, store_said.turns_of(session, at, codes)):
        found.setdefault(phone.facility_id_or_adcode, []).append(phone)
    for line in store_registry.phone_lines_of(session, codes):
        phone = Phone(line.facility_id_or_adcode, PhoneRole(line.role), line.phone, line.hours)
        found.setdefault(phone.facility_id_or_adcode, []).append(phone)
    return {code: tuple(phones) for code, phones in found.items()}


def _spoken_for(work: Work, code: str) -> str:
    """Return the province of a facility or division that the actor may speak for."""
    if code.isdigit() and len(code) == DIVISION_DIGITS:
        speaking_for_division(work, code)
        return code[:2]
    return speaking_for(work, code).province
