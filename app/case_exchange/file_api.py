"""Whole files over HTTP: the template, a check, the way in, how far it is, and the way out.

A file is the body itself, CSV or XLSX as its bytes say. Every row must be of a woman whom whoever
sends it looks after. It is taken in wholly or not at all; the worker then enters it into the files.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import APIRouter, Depends, Query, Request, Response

from app.body import read_limited
from app.case_exchange import schemas, store
from app.case_exchange.filing import FILING
from app.case_exchange.mapping import Columns, load_columns
from app.case_exchange.reading import read_file
from app.case_exchange.service import Checked, checked_for, export_for, taken_of
from app.case_exchange.sheets import sheet_of_rows, template_bytes
from app.case_exchange.states import LineStatus
from app.case_exchange.taking import TakenLines, would_take
from app.clock import LOCAL
from app.datafolder import DataFolder
from app.deps import ActorDep, CatalogueDep, DatabaseDep, EngineDep
from app.errors import FilesBusyError
from app.expected import in_words
from app.exporting import Sheet
from app.importing import with_errors
from app.performing import Done, LookDep, PerformDep
from app.text import Catalogue
from app.work import Work
from app.worker.chores import bring_forward
from facilities.io import sheet_bytes, sheet_text
from geodata.check import Fault
from geodata.errors import RefusedInputError
from geodata.table import Table
from geodata.workbook import Limits

__all__ = ["OneFile", "router"]

router = APIRouter(tags=["case-files"])

Name: TypeAlias = Literal["pregnancies", "visits"]
Form: TypeAlias = Annotated[Literal["xlsx", "csv"], Query(alias="as")]
MOST_BYTES = 10 * 1024 * 1024
LIMITS = Limits(max_bytes=MOST_BYTES, max_rows=10_000)
MOST_SHOWN = 500
"""Faults, conflicts and kept fields in one answer; the file with the column of errors has all."""
RETRY_S = 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE = {"schema": {"type": "string", "format": "binary"}}
TAKES_FILE = {"requestBody": {"required": True, "content": {"application/octet-stream": FILE}}}
GIVES_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: FILE, "text/csv": FILE}, "description": "The file"}
}


class OneFile:
    """Lets a process read or write one file at a time: each takes memory and the processor."""

    def __init__(self) -> None:
        self._alone = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Do it now.

        Raises
        ------
        FilesBusyError
            Another file is being read or written; nobody waits.
        """
        if not self._alone.acquire(blocking=False):
            raise FilesBusyError(RETRY_S)
        try:
            yield
        finally:
            self._alone.release()


async def file_sent(request: Request) -> bytes:
    """Return the bytes of a file; they stay with the request and tell a repeated command."""
    request.state.raw = await read_limited(request, MOST_BYTES)
    raw: bytes = request.state.raw
    return raw


async def one_file(request: Request) -> OneFile:
    """Return what lets one file be read at a time."""
    found: OneFile = request.app.state.one_file
    return found


def columns_of(request: Request, engine: EngineDep) -> Columns:
    """Return the mapping of the installation."""
    folder = DataFolder(request.app.state.settings.data_folder)
    return load_columns(folder, engine.rules.facts)


class Sent:
    """A file as it came in, and what it is checked by: the mapping, the registry, who sends it."""

    def __init__(
        self,
        table: Name,
        data: Annotated[bytes, Depends(file_sent)],
        columns: Annotated[Columns, Depends(columns_of)],
        engine: EngineDep,
        database: DatabaseDep,
        actor: ActorDep,
    ) -> None:
        self.table = table
        self._data, self._columns = data, columns
        self._engine, self._database, self._actor = engine, database, actor

    def read(self) -> Table:
        """Return the table in it.

        Raises
        ------
        RefusedInputError
            It is none, or too large.
        """
        return read_file(
            self._data, name=self.table, columns=self._columns[self.table], limits=LIMITS
        )

    def checked(self, read: Table) -> Checked:
        """Return the rows of its table.

        Raises
        ------
        RefusedInputError
            With every fault.
        """
        return checked_for(
            self._actor, self._database, self._engine, self._columns, self.table, read
        )


SentDep = Annotated[Sent, Depends()]
AloneDep = Annotated[OneFile, Depends(one_file)]
ColumnsDep = Annotated[Columns, Depends(columns_of)]


@router.get("/case-exchange/{table}/template", response_class=Response, responses=GIVES_FILE)
def give_exchange_template(
    table: Name, columns: ColumnsDep, engine: EngineDep, words: CatalogueDep
) -> Response:
    """Return a workbook to fill in, with words to choose from and every column explained."""
    data = template_bytes(table, columns[table], engine.rules.facts, words)
    return _file(data, f"{table}-template.xlsx")


@router.post(
    "/case-exchange/{table}/check",
    response_model=schemas.ExchangeCheckOut,
    openapi_extra=TAKES_FILE,
)
def check_exchange_file(
    sent: SentDep, alone: AloneDep, words: CatalogueDep, see: LookDep
) -> Response:
    """Say what is wrong with a file, row by row, or what would become of it; nothing is stored."""
    with alone.turn():
        try:
            read = sent.read()
            rows = sent.checked(read)
        except RefusedInputError as error:
            found = _refused(error.faults, words)
            return see(lambda _: Done(found))

        def act(work: Work) -> Done:
            told = would_take(work, sent.table, rows, encoding=read.encoding)
            return Done(schemas.ExchangeCheckOut(faults=[], fault_count=0, taken=_told(told)))

        return see(act)


@router.post(
    "/case-exchange/{table}/marked",
    response_class=Response,
    responses=GIVES_FILE,
    openapi_extra=TAKES_FILE,
)
def mark_exchange_file(
    sent: SentDep, alone: AloneDep, words: CatalogueDep, form: Form = "xlsx"
) -> Response:
    """Return the file that was sent with a column that says what is wrong with each row.

    A file that is no table at all is refused: there are no rows to write it beside.
    """
    with alone.turn():
        read = sent.read()
        faults: tuple[Fault, ...] = ()
        try:
            sent.checked(read)
        except RefusedInputError as error:
            faults = tuple(error.faults)
        marked = with_errors(read, faults, lambda one: _said(one, words))
        return _sheet(marked, f"{sent.table}-errors", form)


@router.post(
    "/case-exchange/{table}",
    response_model=schemas.ExchangeTakenOut,
    openapi_extra=TAKES_FILE,
)
def take_exchange_file(sent: SentDep, alone: AloneDep, perform: PerformDep) -> Response:
    """Take a file in, wholly or not at all; the worker enters it into the files then."""
    if (known := perform.known()) is not None:
        return known
    with alone.turn():
        rows, encoding = _checked(sent)

        def act(work: Work) -> Done:
            told = taken_of(work, sent.table, rows, encoding=encoding)
            bring_forward(work.session, FILING, province=work.actor.province, at=work.now)
            return Done(_told(told))

        return perform(act)


@router.get("/case-exchange/progress", response_model=schemas.ExchangeProgressOut)
def show_exchange_progress(see: LookDep) -> Response:
    """Show how far what the caller took in last is on its way into the files."""

    def act(work: Work) -> Done:
        taken_at, counts = store.last_file_of(work.session, work.actor.user_id)
        stand = {one.value: counts.get(one, 0) for one in LineStatus}
        return Done(schemas.ExchangeProgressOut(taken_at=taken_at, **stand))

    return see(act)


@router.get("/case-exchange/{table}/export", response_class=Response, responses=GIVES_FILE)
def export_case_files(
    table: Name,
    alone: AloneDep,
    columns: ColumnsDep,
    engine: EngineDep,
    database: DatabaseDep,
    actor: ActorDep,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
    form: Form = "xlsx",
) -> Response:
    """Return the files that the caller looks after, or their visits, as the platform reads them.

    Those registered between two days, both included. Each is a look at a named file and written
    down.
    """
    with alone.turn():
        since, until = _begins(first), _begins(last) + timedelta(days=1)
        rows = export_for(actor, database, table, since=since, until=until)
        sheet = sheet_of_rows(columns[table], rows, engine.rules.facts)
        return _sheet(sheet, f"{table}-{first}-{last}", form)


def _checked(sent: Sent) -> tuple[Checked, str]:
    """Return the rows of a file; where there are faults, the first of them with their lines."""
    try:
        read = sent.read()
        return sent.checked(read), read.encoding
    except RefusedInputError as error:
        raise RefusedInputError(
            sent.table, [_placed(one) for one in error.faults[:MOST_SHOWN]]
        ) from None


def _placed(fault: Fault) -> Fault:
    where = "" if fault.line is None else f"lines[{fault.line}]"
    return Fault(where, fault.line, fault.column, fault.value, fault.code, fault.expected)


def _begins(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)


def _refused(faults: tuple[Fault, ...], words: Catalogue) -> schemas.ExchangeCheckOut:
    shown = [
        schemas.ExchangeFaultOut(
            line=one.line,
            column=one.column,
            value=one.value,
            code=one.code,
            message=words.code("faults", one.code),
            expected=in_words(words, one.expected),
        )
        for one in faults[:MOST_SHOWN]
    ]
    return schemas.ExchangeCheckOut(faults=shown, fault_count=len(faults), taken=None)


def _said(fault: Fault, words: Catalogue) -> str:
    told = words.code("faults", fault.code)
    return f"{fault.column} {fault.value}: {told} ({in_words(words, fault.expected)})"


def _told(done: TakenLines) -> schemas.ExchangeTakenOut:
    return schemas.ExchangeTakenOut(
        table=done.table,
        rows=done.rows,
        encoding=done.encoding,
        counts=dict(done.counts),
        conflicts=[
            schemas.ExchangeLineOut(line=line, what=what)
            for line, what in done.conflicts[:MOST_SHOWN]
        ],
        kept=[
            schemas.ExchangeLineOut(line=line, what=what) for line, what in done.kept[:MOST_SHOWN]
        ],
    )


def _sheet(sheet: Sheet, name: str, form: str) -> Response:
    if form == "csv":
        # With a byte order mark: without one a spreadsheet takes Chinese for something else.
        return _file(sheet_text(sheet).encode("utf-8-sig"), f"{name}.csv")
    return _file(sheet_bytes(sheet, name=name[:31]), f"{name}.xlsx")


def _file(data: bytes, name: str) -> Response:
    return Response(
        data,
        media_type="text/csv; charset=utf-8" if name.endswith(".csv") else XLSX,
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )
