"""What is owed for a file stands in lines that follow from its record, and each falls due.

After whatever is done, and whenever time has made something due, the calendar is asked anew: lines
that are new are written, what was done or is not needed any more ends, with what ended it. The file
shows the next of them. One deadline a file, at the next moment at which somebody is to be told.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts.service import commission_of, mch_of
from app.case_files import store
from app.case_files.belonging.linking import gather
from app.case_files.belonging.tables import CaseDue
from app.case_files.known.care import care_of
from app.case_files.known.record import pregnancy_of
from app.case_files.registers.words import enter_registers
from app.case_files.states import FOLLOWED, OPEN, REVIEWS, DueEnd
from app.case_files.tables import CaseFile
from app.deadlines.service import cancel, set_deadline
from app.events.scene import Scene
from app.notices.service import notify
from app.notices.states import Template
from app.worker.handling import Handler, Task
from routing.care.calendar import due_items
from routing.care.due import DueItem, DueState

__all__ = [
    "DUE",
    "LOOK_AT_BOOKING",
    "follow",
    "followed_once",
    "handlers",
    "keep_watch",
    "office_of",
    "owes",
    "owner_of",
    "saved",
]

DUE = "case_file"
"""The kind of the deadline of a file."""
LOOK_AT_BOOKING = "booking_look"
"""Due at once: whether her booking still holds is looked at by who knows bookings."""
AGAIN = timedelta(days=7)
"""How often somebody is told again of what is overdue; assumed."""
LOOK = timedelta(days=28)
"""How long a file rests of which the calendar says nothing; assumed, as a yellow one."""
LOOK_RULE = "look"
WARNED, OVERDUE = 1, 2
FOLLOWS = "files_that_follow"


def keep_watch(scene: Scene, file: CaseFile) -> None:
    """Bring the lines up to what the record says now, and show the next of them in the file."""
    pregnancy = pregnancy_of(scene.session, file)
    items = due_items(care_of(file), pregnancy, now=scene.now)
    _follow(scene, file, [*items])
    enter_registers(scene.session, file, pregnancy, items)
    lines = store.open_due(scene.session, file.id)
    if file.status in OPEN:
        first = next((one for one in lines if one.due_at is not None), None)
        file.owner_org = owner_of(scene.session, file)
        file.next_due_at = scene.now + LOOK if first is None else first.due_at
        file.next_step = LOOK_RULE if first is None else first.rule
    else:
        file.owner_org = file.next_due_at = file.next_step = None
    _next_alarm(scene, file, lines)


@contextmanager
def followed_once(session: Session) -> Iterator[None]:
    """Let the lines of files follow once, at the end of several acts of one moment.

    What was owed after the first of them and settled by the last was never owed to anybody.
    """
    waiting: dict[uuid.UUID, tuple[Scene, CaseFile]] = {}
    session.info[FOLLOWS] = waiting
    try:
        yield
    finally:
        del session.info[FOLLOWS]
    for scene, file in waiting.values():
        _followed(scene, file)


def saved(scene: Scene, file: CaseFile) -> CaseFile:
    """Write a file after an act on it: one version more, and what is owed as it is now."""
    file.version += 1
    store.add(scene.session, file)
    return follow(scene, file)


def follow(scene: Scene, file: CaseFile) -> CaseFile:
    """Bring what is owed for a file up to now, or at the end of the acts of this moment."""
    waiting: dict[uuid.UUID, tuple[Scene, CaseFile]] | None = scene.session.info.get(FOLLOWS)
    if waiting is None:
        return _followed(scene, file)
    waiting[file.id] = scene, file
    return file


def _followed(scene: Scene, file: CaseFile) -> CaseFile:
    keep_watch(scene, file)
    store.add(scene.session, file)
    if file.opened_at is not None:
        set_deadline(
            scene.session,
            LOOK_AT_BOOKING,
            file.id,
            scene.now,
            province=file.province,
            at=scene.now,
        )
    return file


def owner_of(session: Session, file: CaseFile) -> uuid.UUID:
    """Return who looks after a file: who is responsible, else who registered her."""
    turn = store.open_turn(session, file.id)
    return file.registered_org if turn is None else turn.org_id


def owes(session: Session, file: CaseFile, line: CaseDue) -> uuid.UUID:
    """Return who owes a line: who looks after the file; a review, the institution in charge."""
    office = office_of(session, file.residence_county) if line.kind in REVIEWS else None
    return office or owner_of(session, file)


def office_of(session: Session, county: str) -> uuid.UUID | None:
    """Return the MCH institution of a county, else its commission or one above."""
    above = (
        commission_of(session, level, county) for level in ("county", "prefecture", "province")
    )
    found = mch_of(session, county)
    return found or next((one for one in above if one is not None), None)


def handlers() -> Mapping[str, Handler]:
    """Return what is done when something of a file is due."""
    return {DUE: Handler(act=_fallen_due, lock=store.locked, bulk=True)}


def _follow(scene: Scene, file: CaseFile, items: Iterable[DueItem]) -> None:
    """Open, move and end lines as the items say."""
    there = {(one.rule, one.about): one for one in store.open_due(scene.session, file.id)}
    for item in items:
        line = there.pop(item.key, None)
        if item.state is DueState.OPEN:
            _open(scene, file, item, line)
        elif line is not None:
            _ends(scene, line, _because(item), done_by=item.done_by)
    for line in there.values():
        _ends(scene, line, DueEnd.NOT_NEEDED)


def _open(scene: Scene, file: CaseFile, item: DueItem, line: CaseDue | None) -> None:
    rule, about = item.key
    if line is None:
        line = CaseDue(
            province=file.province,
            file_id=file.id,
            rule=rule,
            about=about,
            kind=item.kind.value,
            warn_at=item.warn_from,
            due_at=item.due,
            opened_at=scene.now,
        )
    elif (line.warn_at, line.due_at, line.kind) == (item.warn_from, item.due, item.kind.value):
        return
    else:
        line.kind, line.warn_at, line.due_at = item.kind.value, item.warn_from, item.due
    store.add(scene.session, line)


def _because(item: DueItem) -> DueEnd:
    return DueEnd.DONE if item.state is DueState.DONE else DueEnd.FILE_OVER


def _ends(scene: Scene, line: CaseDue, because: DueEnd, *, done_by: str | None = None) -> None:
    line.ended_at, line.ended_because, line.done_by = scene.now, because.value, done_by
    store.add(scene.session, line)


def _next_alarm(scene: Scene, file: CaseFile, lines: Iterable[CaseDue]) -> None:
    moments = [one for line in lines if (one := _alarm_of(line)) is not None]
    if file.status in FOLLOWED:
        moments.append(scene.now + LOOK)
    if moments:
        at = max(min(moments), scene.now)
        set_deadline(scene.session, DUE, file.id, at, province=file.province, at=scene.now)
    else:
        cancel(scene.session, file.id, (DUE,), at=scene.now)


def _alarm_of(line: CaseDue) -> datetime | None:
    """Return when somebody is to be told of a line next."""
    if line.told == OVERDUE and line.told_at is not None:
        return line.told_at + AGAIN
    return line.due_at if line.told == WARNED else line.warn_at


def _fallen_due(task: Task) -> None:
    """Ask the calendar again, and tell who looks after the file of what has come near or passed."""
    file = store.locked(task.session, task.subject_id)
    if file is None:
        return
    scene = Scene.of_system(task.session, task.now, file.owner_org or file.registered_org)
    gather(scene, file)
    keep_watch(scene, file)
    near = [
        line
        for line in store.open_due(task.session, file.id)
        if (moment := _alarm_of(line)) is not None and moment <= task.now
    ]
    if near:
        _tell(scene, file, near)
    keep_watch(scene, file)
    store.add(task.session, file)


def _tell(scene: Scene, file: CaseFile, lines: Iterable[CaseDue]) -> None:
    """Warn who owes it; of what is overdue the county where she lives hears too.

    One message for all of it: who is told ten things at once is told nothing.
    """
    told: dict[uuid.UUID, bool] = {}
    office = office_of(scene.session, file.residence_county)
    for line in lines:
        late = line.due_at is not None and line.due_at <= scene.now
        line.told, line.told_at = OVERDUE if late else WARNED, scene.now
        store.add(scene.session, line)
        for org in (owes(scene.session, file, line), office if late else None):
            if org is not None:
                told[org] = told.get(org, False) or late
    for org, any_late in told.items():
        notify(
            scene,
            org_id=org,
            template=Template.CASE_OVERDUE if any_late else Template.CASE_DUE,
            referral_id=file.id,
            subject_kind=DUE,
        )
