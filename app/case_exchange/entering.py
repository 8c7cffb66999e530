"""One row of the platform as acts on a case file; what needs a person comes back by name."""

import uuid
from collections.abc import Set
from dataclasses import dataclass, fields
from types import MappingProxyType

from app.accounts.service import login_of, treating_by_name
from app.bookings.lodging import reply
from app.bookings.states import LodgingReply
from app.case_exchange import store
from app.case_exchange.colouring import raise_as_told
from app.case_exchange.fields import FACT
from app.case_exchange.rows import GIVEN, PregnancyRow, VisitRow
from app.case_exchange.tables import ExchangeLine
from app.case_files.acts.assessing import assess_risk
from app.case_files.acts.delivering import Delivered, deliver
from app.case_files.acts.entering import Entered
from app.case_files.acts.managing import name_clinician
from app.case_files.acts.registering import Registration, lives_in, register
from app.case_files.acts.screening import screen
from app.case_files.acts.tables import CaseVisit
from app.case_files.acts.visiting import Visited, add_visit
from app.case_files.belonging.of_patient import seen_by_file
from app.case_files.errors import FileRefusedError, OpenFileError
from app.case_files.known.record import known_facts
from app.case_files.sight import locked_for
from app.case_files.states import BEYOND_BOOKING, DeliveryMode, FileStatus, VisitKind, VisitStatus
from app.case_files.store import entries_of, open_turn
from app.case_files.tables import CaseFile
from app.engine import Engine
from app.keys.keyring import KeyRing
from app.patients.identity import Given
from app.patients.service import complete_identity, enter_emergency, possible_duplicates
from app.patients.states import PatientKind
from app.work import Work
from routing.care.days import day_begins
from routing.triage.rows import Colour

__all__ = ["Done", "Entry", "enter_pregnancy", "enter_visit"]

IDENTITY = frozenset(GIVEN) - {"residence_county", "home_county"}
BY_A_PERSON = frozenset(
    {"residence_county", "home_county", "lmp", "due_date", "ended_as", "ended_on"}
)
"""What changes in a file that is there only by an act of a person."""
NEGATIVE = "negative"
HIGH = (Colour.ORANGE, Colour.RED)
ELSEWHERE = "filed_elsewhere"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that is being filed; ``changed`` are the fields that say something new."""

    work: Work
    engine: Engine
    keys: KeyRing
    line: ExchangeLine
    changed: Set[str]


@dataclass(frozen=True, slots=True)
class Done:
    """A line that was entered: its file, what waits for a person, and the planned visit of it.

    ``like`` is what a woman without a number has in common with somebody who is here, ``asks``
    whether a centre is to be asked for her birth.
    """

    file_id: uuid.UUID
    kept: Set[str]
    entry_id: uuid.UUID | None
    like: Set[str] = frozenset()
    asks: bool = False


def enter_pregnancy(entry: Entry, row: PregnancyRow) -> Done:
    """Enter what is new of a pregnancy; return her file and the fields that wait for a person.

    Raises
    ------
    AppError, RefusedInputError
        The file would not have it; nothing is kept of this transaction.
    """
    kept, like = set[str](), set[str]()
    if entry.line.file_id is None:
        file = _registered(entry, row, kept)
        if row.given.id_number is None:
            found = possible_duplicates(entry.work, file.patient_id)
            like = {str(why) for one in found for why in one.likeness}
    else:
        file = locked_for(entry.work, entry.line.file_id)
        kept |= entry.changed & BY_A_PERSON
        _identity(entry, file, row, kept)
    _screened(entry, file, row, kept)
    _assessed(entry, file, row, kept)
    _delivered(entry, file, row, kept)
    _lives(entry, file, row, kept)
    _responsible(entry, file, row, kept)
    _lodging(entry, file, row)
    kept |= entry.changed & {"ended_as", "ended_on"}
    return Done(file.id, kept, None, like, asks=_names_a_centre(entry, file, row))


def _registered(entry: Entry, row: PregnancyRow, kept: set[str]) -> CaseFile:
    """Return her file: a new one, or the one that she has here already."""
    work, given = entry.work, row.given
    woman = enter_emergency(work, entry.keys, PatientKind.MATERNAL, given)
    kept |= set(woman.not_taken)
    said = Registration(
        patient_id=woman.patient_id,
        residence_county=given.residence_county or "",
        home_county=given.home_county,
        township=row.township,
        lmp=row.lmp,
        edd=row.due_date,
        fetus_count=_whole(row.facts.get("fetus_count")),
        facts=_stated(entry, row),
    )
    counties = entry.engine.county_codes
    try:
        return register(work, said, sees=seen_by_file, counties=counties)
    except OpenFileError as error:
        there = store.file_with(work.session, work.actor.province, error.number)
        if there is None or store.of_file(work.session, there.id) is not None:
            raise FileRefusedError([ELSEWHERE]) from None
        return locked_for(work, there.id)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _stated(entry: Entry, row: PregnancyRow | VisitRow) -> dict[str, object]:
    """Return facts as they are stated: days as weeks again."""
    known = entry.engine.rules.facts
    return {
        name: f"{int(value) // 7}+{int(value) % 7}" if known[name].in_days else value
        for name, value in row.facts.items()
    }


def _identity(entry: Entry, file: CaseFile, row: PregnancyRow, kept: set[str]) -> None:
    names = entry.changed & IDENTITY
    if not names:
        return
    if names & {"id_number", "identity_kind"}:
        names |= {"id_number", "identity_kind"}
    said = {f.name: getattr(row.given, f.name) for f in fields(Given) if f.name in names}
    done = complete_identity(entry.work, entry.keys, file.patient_id, Given(**said))
    if done.same_number is not None:
        kept.add("id_number")


def _screened(entry: Entry, file: CaseFile, row: PregnancyRow, kept: set[str]) -> None:
    """Enter the form once; a negative one says no to every item, a positive one names none."""
    if row.screening is None or row.screened_on is None or file.screening is not None:
        return
    items = [one.info.id for one in entry.engine.rules.screening]
    answers = dict.fromkeys(items, False) if row.screening == NEGATIVE else {}
    said = Entered(min(day_begins(row.screened_on), entry.work.now))
    try:
        screen(entry.work, file.id, _stated(entry, row), answers, said, read=file.version)
    except FileRefusedError:
        kept.add("screening")


def _assessed(entry: Entry, file: CaseFile, row: PregnancyRow, kept: set[str]) -> None:
    """Assess her by our rules on what is told, and let what the platform says above them stand."""
    news = {n for n in entry.changed if n in ("colour", "purple", "assessed_on") or FACT in n}
    if row.assessed_on is None or row.colour is None or not news or _known(entry, file, row):
        return
    first = "assessed_on" in entry.changed
    when = day_begins(row.assessed_on) if first else row.updated_at
    said = Entered(min(when, entry.work.now))
    if file.status == FileStatus.REGISTERED:
        # Nobody has screened her here, so that our rules say nothing; a red that is told stands.
        kept.add("colour")
        if row.colour in HIGH or row.purple:
            raise_as_told(entry.work, file, row, said)
        return
    facts = _stated(entry, row)
    assess_risk(entry.work, entry.engine, file.id, facts, said, read=file.version)
    if not raise_as_told(entry.work, file, row, said):
        kept.add("colour")


def _known(entry: Entry, file: CaseFile, row: PregnancyRow) -> bool:
    """Whether the file says all of it already, or more."""
    if row.colour is None or not file.colour or row.colour.rank > Colour(file.colour).rank:
        return False
    known = known_facts(entry.work.session, file)
    return row.purple in (None, False, file.purple) and all(
        known.get(name) == value for name, value in _stated(entry, row).items()
    )


def _delivered(entry: Entry, file: CaseFile, row: PregnancyRow, kept: set[str]) -> None:
    if row.delivered_on is None or file.delivered_at is not None:
        return
    if not (row.live_born or row.stillborn):
        kept.add("delivered_on")
        return
    birth = Delivered(
        mode=DeliveryMode.UNKNOWN,
        stillborn=row.stillborn or 0,
        newborns=(None,) * (row.live_born or 0),
    )
    said = Entered(min(day_begins(row.delivered_on), entry.work.now))
    deliver(entry.work, file.id, birth, said, read=file.version)


def _names_a_centre(entry: Entry, file: CaseFile, row: PregnancyRow) -> bool:
    """Whether the platform newly says where she is to give birth, and she is still to.

    It is nobody's consent: the centre is asked (:mod:`app.case_exchange.asking`).
    """
    over = file.status in BEYOND_BOOKING or row.delivered_on is not None or row.ended_as is not None
    said = row.booked_facility is not None and "booked_facility" in entry.changed
    return said and not over and row.booked_facility != file.booked_facility_id


def _lives(entry: Entry, file: CaseFile, row: PregnancyRow, kept: set[str]) -> None:
    """Say in which township of her county she lives; another county is a matter of two people."""
    if row.township is None or row.township == file.township or "township" not in entry.changed:
        return
    if row.given.residence_county == file.residence_county:
        lives_in(entry.work, file.id, row.township, read=file.version)
    else:
        kept.add("township")


def _responsible(entry: Entry, file: CaseFile, row: PregnancyRow, kept: set[str]) -> None:
    """Name who is responsible where nobody is and there is one of that name in the county.

    Nobody of us is replaced by a file, and a name that nobody or several here have names nobody:
    the file is among those without a clinician until a person says who it is (R-CASE-04).
    """
    if row.clinician is None or "clinician" not in entry.changed:
        return
    found = treating_by_name(entry.work).get(row.clinician.strip(), ())
    turn = open_turn(entry.work.session, file.id)
    if turn is not None and login_of(entry.work.session, turn.user_id) in found:
        return
    if turn is not None or file.opened_at is None or len(found) != 1:
        kept.add("clinician")
    else:
        name_clinician(entry.work, file.id, found[0], read=file.version)


def _lodging(entry: Entry, file: CaseFile, row: PregnancyRow) -> None:
    """Enter what she says of living near the hospital; a refusal is planned around (R-CASE-07)."""
    if row.refuses_lodging is None or "refuses_lodging" not in entry.changed:
        return
    answer = LodgingReply.REFUSED if row.refuses_lodging else LodgingReply.ACCEPTED
    reply(entry.work, file.id, answer, happened_at=min(row.updated_at, entry.work.now))


def enter_visit(entry: Entry, visit: VisitRow, file_id: uuid.UUID) -> Done:
    """Enter a visit of a file: planned, held, or missed, which was planned before."""
    file, entry_id = locked_for(entry.work, file_id), entry.line.entry_id
    state = VisitStatus(visit.state)
    day = min(day_begins(visit.visited_on), entry.work.now)
    if entry.line.filed is not None and not entry.changed & {"state", "visited_on"}:
        return Done(file.id, entry.changed, entry_id)
    if state is not VisitStatus.HELD and entry_id is None:
        planned = Visited(
            kind=VisitKind.ANTENATAL, status=VisitStatus.PLANNED, planned_for=visit.visited_on
        )
        add_visit(entry.work, file.id, planned, Entered(), read=file.version)
        entry_id = _last_visit(entry, file)
    if state is VisitStatus.PLANNED:
        return Done(file.id, set(), entry_id)
    found = {"facts": _stated(entry, visit), "text": visit.findings}
    said = Visited(
        kind=VisitKind.ANTENATAL,
        status=state,
        plan_id=entry_id,
        findings=MappingProxyType(found) if state is VisitStatus.HELD else None,
    )
    add_visit(entry.work, file.id, said, Entered(day), read=file.version)
    return Done(file.id, set(), entry_id or _last_visit(entry, file))


def _last_visit(entry: Entry, file: CaseFile) -> uuid.UUID:
    return entries_of(entry.work.session, CaseVisit, file.id)[-1].id
