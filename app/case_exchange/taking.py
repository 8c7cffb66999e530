"""Taking a file in: wholly or not at all, in one short transaction.

What is taken in is kept and compared with what the platform said before. Into the files of the
women it goes afterwards, one after another (:mod:`app.case_exchange.filing`): a transaction that
wrote ten thousand files at once would keep everybody else waiting, and somebody may be bleeding.
"""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.batching import batch
from app.case_exchange import store
from app.case_exchange.deciding import Decision, Held, Verdict, decide, decide_visits
from app.case_exchange.rows import Lined, PregnancyRow, VisitRow, pregnancy_of, said_in
from app.case_exchange.states import ItemKind, LineStatus
from app.case_exchange.tables import ExchangeLine
from app.case_exchange.waiting import open_items
from app.db_types import new_key
from app.keys.words import put, told
from app.patients.identity import Given
from app.work import Work
from routing.triage.rows import Colour

__all__ = [
    "Recorded",
    "TakenLines",
    "records",
    "take_pregnancies",
    "take_visits",
    "would_take",
]

PREGNANCIES, VISITS = "pregnancies", "visits"
NO_COLOUR = (None, None)


@dataclass(frozen=True, slots=True)
class TakenLines:
    """What became of the rows of a file.

    Parameters
    ----------
    counts : Mapping[str, int]
        Rows by verdict.
    conflicts : tuple[tuple[int, str], ...]
        Line and verdict of each row of which nothing was taken over.
    kept : tuple[tuple[int, str], ...]
        Line and field of what stays although the file says something lower.
    """

    table: str
    rows: int
    counts: Mapping[str, int]
    conflicts: tuple[tuple[int, str], ...]
    kept: tuple[tuple[int, str], ...]
    encoding: str
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """When a file was registered that was taken in, and where its woman lives."""

    registered_on: date
    county: str


def take_pregnancies(
    work: Work, rows: Sequence[Lined[PregnancyRow]], *, encoding: str
) -> TakenLines:
    """Take in the pregnancies of a file that has no fault."""
    store.alone(work.session)
    there = _lines(work, PREGNANCIES)
    decided = _pregnancies(work, rows, there)
    return _keep(work, PREGNANCIES, rows, decided, there, encoding=encoding)


def take_visits(work: Work, rows: Sequence[Lined[VisitRow]], *, encoding: str) -> TakenLines:
    """Take in the visits of a file that has no fault; their files were taken in before."""
    store.alone(work.session)
    there = _lines(work, VISITS)
    return _keep(work, VISITS, rows, _visits(work, rows, there), there, encoding=encoding)


def would_take(
    work: Work,
    name: str,
    rows: Sequence[Lined[PregnancyRow]] | Sequence[Lined[VisitRow]],
    *,
    encoding: str,
) -> TakenLines:
    """Tell what would become of rows, and write nothing."""
    there = _lines(work, name)
    women = [one for one in rows if isinstance(one.item, PregnancyRow)]
    visits = [one for one in rows if isinstance(one.item, VisitRow)]
    is_visits = name == VISITS
    decided = _visits(work, visits, there) if is_visits else _pregnancies(work, women, there)
    return _told(name, decided, encoding=encoding, dry_run=True)


def _pregnancies(
    work: Work, rows: Sequence[Lined[PregnancyRow]], there: Mapping[str, ExchangeLine]
) -> Sequence[Decision]:
    holding = _held(work, there)
    return decide(
        rows,
        by_record={one.record_id: one for one in holding if one.record_id},
        by_number={one.number: one for one in holding if one.number},
        index=_number,
    )


def _visits(
    work: Work, rows: Sequence[Lined[VisitRow]], there: Mapping[str, ExchangeLine]
) -> Sequence[Decision]:
    held = {
        line.record_id: Held(
            line.id, line.record_id, line.updated_at, told(work.session, line, "content")
        )
        for line in there.values()
    }
    return decide_visits(rows, by_visit=held)


def records(session: Session, province: str) -> Mapping[str, Recorded]:
    """Return every file that was ever taken in, by the platform's number."""
    lines = store.lines(session, province, PREGNANCIES)
    files = {line.file_id for line in lines if line.file_id is not None}
    lives = store.counties_of(session, files)
    found = {}
    for line in lines:
        content = told(session, line, "content") or "{}"
        said = said_in(PREGNANCIES, content, line.updated_at)
        day, county = said["registered_on"], said["residence_county"]
        assert isinstance(day, date)  # noqa: S101  every row has one
        home = str(county) if line.file_id is None else lives[line.file_id]
        found[line.record_id] = Recorded(day, home)
    return found


def _lines(work: Work, name: str) -> dict[str, ExchangeLine]:
    found = store.lines(work.session, work.actor.province, name)
    return {line.record_id: line for line in found}


def _held(work: Work, lines: Mapping[str, ExchangeLine]) -> list[Held]:
    files = {line.file_id for line in lines.values() if line.file_id is not None}
    labels = store.labels_of(work.session, files)
    found = []
    for line in lines.values():
        content = told(work.session, line, "content") or "{}"
        row = pregnancy_of(said_in(PREGNANCIES, content, line.updated_at))
        colour, purple = labels.get(line.file_id, NO_COLOUR) if line.file_id else NO_COLOUR
        found.append(
            Held(
                key=line.id,
                record_id=line.record_id,
                as_of=line.updated_at,
                content=content,
                number=_number(row.given) if row.ended_as is None else None,
                colour=Colour(colour) if colour else row.colour,
                purple=row.purple if purple is None else purple,
            )
        )
    return found


def _number(given: Given) -> bytes | None:
    if given.id_number is None:
        return None
    return f"{given.identity_kind}:{given.id_number}".encode()


def _keep(
    work: Work,
    name: str,
    rows: Sequence[Lined[PregnancyRow]] | Sequence[Lined[VisitRow]],
    decided: Sequence[Decision],
    there: Mapping[str, ExchangeLine],
    *,
    encoding: str,
) -> TakenLines:
    items: list[PregnancyRow | VisitRow] = [lined.item for lined in rows]
    made = []
    for row, one in zip(items, decided, strict=True):
        if one.verdict in (Verdict.NEW, Verdict.CHANGED):
            made.append(_line(work, name, row, one, there.get(one.record_id)))
        elif one.verdict is Verdict.SAME and one.record_id in there:
            line = there[one.record_id]
            line.updated_at = max(line.updated_at, row.updated_at)
    with batch(work.session) as together, together.part():
        store.add(work.session, made)
        _wait(work, items, decided, {line.record_id: line for line in (*there.values(), *made)})
    return _told(name, decided, encoding=encoding)


def _told(
    name: str, decided: Sequence[Decision], *, encoding: str, dry_run: bool = False
) -> TakenLines:
    return TakenLines(
        table=name,
        rows=len(decided),
        counts=dict(Counter(str(one.verdict) for one in decided)),
        conflicts=tuple((o.line, str(o.verdict)) for o in decided if o.verdict.is_conflict),
        kept=tuple((o.line, f) for o in decided if not o.verdict.is_conflict for f in o.kept),
        encoding=encoding,
        dry_run=dry_run,
    )


def _wait(
    work: Work,
    rows: Sequence[PregnancyRow | VisitRow],
    decided: Sequence[Decision],
    lines: Mapping[str, ExchangeLine],
) -> None:
    """Let a person look at what was not taken over; an old row sent again needs nobody."""
    found: dict[uuid.UUID, tuple[ExchangeLine, str, set[tuple[ItemKind, str]]]] = {}
    for row, one in zip(rows, decided, strict=True):
        line = lines.get(one.record_id)
        if one.verdict.is_of_a_woman:
            other = "" if one.held is None else one.held.record_id or ""
            line, wanted = line or lines.get(other), {(ItemKind.CONFLICT, str(one.verdict))}
        else:
            changed = one.verdict is Verdict.CHANGED
            wanted = {(ItemKind.KEPT, field) for field in one.kept if changed}
        if wanted and line is not None and isinstance(row, PregnancyRow):
            county = row.given.residence_county or ""
            found.setdefault(line.id, (line, county, set()))[2].update(wanted)
    there = store.items_of(work.session, list(found)) if found else {}
    for key, (line, county, wanted) in found.items():
        open_items(work.session, line, wanted, county=county, there=there.get(key, ()), at=work.now)


def _line(
    work: Work,
    name: str,
    row: PregnancyRow | VisitRow,
    one: Decision,
    there: ExchangeLine | None,
) -> ExchangeLine:
    line = there or ExchangeLine(
        id=new_key(),
        province=work.actor.province,
        format=name,
        record_id=one.record_id,
        of_record=row.record_id if isinstance(row, VisitRow) else None,
        updated_at=row.updated_at,
        by_user=work.actor.user_id,
        taken_at=work.now,
    )
    line.updated_at, line.by_user, line.taken_at = row.updated_at, work.actor.user_id, work.now
    line.status, line.because = LineStatus.WAITING.value, ""
    line.kept = " ".join(one.kept)
    put(work.session, line, content=one.content)
    return line
