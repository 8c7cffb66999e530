"""Lines that go into their files together leave what they would have left one by one."""

import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from app.batching import batch
from app.case_exchange import filing
from app.case_exchange.filing import AT_ONCE
from app.case_exchange.service import importer
from app.case_exchange.tables import ExchangeLine
from app.db_types import metadata
from app.demo_women.writing import told_of_all
from app.failpoints import IMPORT_POINTS
from app.keys.errors import SealBrokenError
from app.keys.keyring import Bound
from app.keys.sealed import Sealed
from app.keys.words import told
from app.patients.service import enter_emergency, newborn_of
from app.patients.states import PatientKind
from app.verifying.service import examine
from app.work import Work
from routing.triage.rows import Colour
from tests.app.storage.exchanging import (
    LOGIN,
    ask,
    assessed,
    filed,
    furnished,
    later,
    lines,
    take,
)

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
OF_ITSELF = {"audit_entry", "audit_chain", "audit_seal", "alembic_version"}
NOT_COMPARED = {"dedup_key", "number", "prev_hash", "hash", "at"}
"""Made of keys, or of the moment at which the record was written."""
OF_THE_CHILD_THAT_WAS_HERE = """
SELECT count(*) FROM case_newborn JOIN patient_birth ON patient_birth.id = case_newborn.newborn_id
WHERE case_newborn.file_id NOT IN (SELECT file_id FROM case_delivery)
"""


class Told:
    """All that a database holds, with keys told by their table and place in it."""

    def __init__(self, house):
        self.house, self.names = house, {}
        self.tables = {t.name: t for t in metadata.sorted_tables if t.name not in OF_ITSELF}
        with house.reading() as session:
            self.rows = {n: self._rows(session, t) for n, t in self.tables.items()}
            self.entries = session.execute(
                metadata.tables["audit_entry"]
                .select()
                .order_by(metadata.tables["audit_entry"].c.chain, text("seq"))
            ).mappings()
            self.entries = [dict(one) for one in self.entries]
        for name, rows in self.rows.items():
            for place, row in enumerate(rows):
                if "id" in row:
                    self.names.setdefault(str(row["id"]), f"{name}-{place}")
        for place, row in enumerate(self.rows["patient_birth"]):
            self.names.setdefault(str(row["birth_id"]), f"birth-{place}")

    def _rows(self, session, table):
        key = list(table.primary_key.columns)
        return [dict(row) for row in session.execute(table.select().order_by(*key)).mappings()]

    def _plain(self, table, row):
        found = {}
        for column in self.tables[table].columns:
            value = row[column.name]
            if value is not None and isinstance(column.type, Sealed):
                value = self.house.keys.open(value, Bound(table, column.name, row["id"]))
            if column.name not in NOT_COMPARED:
                found[column.name] = self._named(value)
        return found

    def _named(self, value):
        return UUID.sub(lambda m: self.names.get(m[0], m[0]), str(value))

    def all(self):
        """Every row of every table."""
        return {n: [self._plain(n, row) for row in rows] for n, rows in self.rows.items() if rows}

    def record(self):
        """Every chain of a file with its acts, and which rows each entry speaks for."""
        found = {}
        for one in self.entries:
            wrote = json.loads(one.pop("wrote") or "[]")
            if not one["chain"].startswith("writes"):
                rest = {k: self._named(v) for k, v in one.items() if k not in NOT_COMPARED}
                rows = sorted((t, self._named(k)) for t, k, _ in wrote)
                found.setdefault(self._named(one["chain"]), []).append((rest, rows))
        return found


@pytest.fixture
def two_houses(another_database, engine, monkeypatch):
    """Two houses with the same people, in which it is the same moment, and nothing takes long."""
    monkeypatch.setattr(filing, "AT_MOST_S", 3_600)
    both = [furnished(another_database(), engine) for _ in range(2)]
    for one in both:
        monkeypatch.setattr(one, "now", lambda _: NOW)
    yield both
    for one in both:
        one.close()


def told_by_the_platform(engine, count=40):
    """Women of all kinds, their visits, and what is said of some of them a day later."""
    women = told_of_all(engine.rules, engine.registry, now=NOW - timedelta(days=2), count=count)
    rows = [one.row for one in women]
    named = [dataclasses.replace(rows[0], given=dataclasses.replace(rows[0].given, name=None))]
    raised = [later(r, colour=Colour.RED) for r in rows if r.colour is Colour.YELLOW]
    moved = [later(r, due_date=r.due_date + timedelta(days=2)) for r in rows[3:8]]
    born = [
        later(r, delivered_on=(NOW - timedelta(days=1)).date(), live_born=2)
        for r in rows[8:20]
        if r.delivered_on is None
    ]
    found = {one.record_id: one for one in [*moved, *raised, *born]}
    visits = [visit for one in women for visit in one.visits]
    unsaid, told = (dataclasses.replace(rows[2].given, address=at) for at in (None, "某路1号"))
    over = dataclasses.replace(rows[2], given=unsaid, ended_as="moved_away")
    over = dataclasses.replace(over, ended_on=over.registered_on)
    # Refused, for her file is open here: what she said with it must not stay in her record.
    second = dataclasses.replace(rows[2], record_id="SECOND", given=told)
    unnumbered = dataclasses.replace(rows[5].given, identity_kind=None, id_number=None)
    rows[5] = dataclasses.replace(rows[5], given=unnumbered)
    return [*named, rows[1], over, second, *rows[3:]], visits, [*found.values()]


def known_before(house, row):
    """She and a child of hers are here already when the platform tells of her."""
    with house.writing() as session:
        work = Work(session, importer(session, LOGIN, now=NOW), NOW)
        mother = enter_emergency(work, house.keys, PatientKind.MATERNAL, row.given).patient_id
        newborn_of(work, mother, (NOW - timedelta(days=1),))


def whole(house, engine, at_once):
    rows, visits, changes = told_by_the_platform(engine)
    known_before(house, rows[-3])
    for several in (rows, visits, changes):
        take(house, engine, several)
        filed(house, engine, at_once=at_once)
    return Told(house)


@pytest.mark.parametrize("at_once", [7, AT_ONCE])
def test_lines_together_leave_what_they_leave_one_by_one(two_houses, engine, at_once):
    """Files, entries, dues, alerts, messages, deadlines and the record of each, row by row."""
    one_by_one, together = (
        whole(house, engine, n) for house, n in zip(two_houses, (1, at_once), strict=True)
    )
    first, second = one_by_one.all(), together.all()

    assert first.keys() == second.keys()
    for name in first:
        assert second[name] == first[name], name
    of_first, of_second = one_by_one.record(), together.record()
    for chain, entries in of_first.items():
        assert of_second[chain] == entries, chain
    assert of_second.keys() == of_first.keys()
    for house in two_houses:
        assert ask(house, OF_THE_CHILD_THAT_WAS_HERE) == [(1,)]


def faults_of(house):
    with house.reading() as session:
        found = examine(session, key=None, outside=None).findings
    return {(one.table, one.id, one.code) for one in found if one.table != "audit_seal"}


def test_what_was_written_together_agrees_with_the_record(two_houses, engine):
    house = two_houses[0]
    before = faults_of(house)
    whole(house, engine, AT_ONCE)

    assert faults_of(house) == before


def test_a_line_that_is_refused_stops_neither_those_before_it_nor_those_behind(
    house, engine, women
):
    """The second of five has no office; it alone is refused, and once."""
    rows = [women[0].row]
    elsewhere = [w.row for w in women if w.woman.county != women[0].woman.county][:4]
    with house.writing() as session:
        session.execute(
            text("UPDATE organisation SET kind = 'ems120' WHERE kind = 'mch' AND division = :d"),
            {"d": rows[0].given.residence_county},
        )
    five = [elsewhere[0], *rows, *elsewhere[1:]]
    take(house, engine, five)
    done = filed(house, engine, at_once=5)

    assert (done.filed, done.refused) == (4, 1)
    assert [lines(house)[row.record_id][0] for row in five] == [
        "filed",
        "refused",
        *["filed"] * 3,
    ]
    assert ask(house, "SELECT count(*) FROM case_file") == [(4,)]
    assert ask(house, "SELECT count(*) FROM patient") == [(4,)]


def test_what_the_database_refuses_of_one_line_is_refused_of_that_line_alone(house, engine, women):
    """A planted rule of the database: nobody from this county has a file."""
    row, county = women[0].row, women[0].row.given.residence_county
    others = [w.row for w in women if w.woman.county != women[0].woman.county][:3]
    plant_rule(house, county)
    take(house, engine, [others[0], row, *others[1:]])
    done = filed(house, engine, at_once=4)

    assert (done.filed, done.refused) == (3, 1)
    assert lines(house)[row.record_id][:2] == ("refused", "refused_by_the_database")


def plant_rule(house, county):
    with house.writing() as session:
        if house.is_sqlite:
            session.execute(
                text(
                    f"CREATE TRIGGER planted BEFORE INSERT ON case_file "
                    f"WHEN NEW.residence_county = '{county}' "
                    "BEGIN SELECT RAISE(ABORT, 'planted'); END"
                )
            )
        else:
            session.execute(
                text(f"ALTER TABLE case_file ADD CHECK (residence_county <> '{county}')")
            )


def test_a_woman_of_two_lines_is_one_woman_however_many_go_together(house, engine, women):
    """A pregnancy that is over for the platform, and the next one: two records, one number."""
    row = assessed(women, Colour.YELLOW)
    over = dataclasses.replace(row, ended_as="moved_away", ended_on=row.registered_on)
    take(house, engine, [over])
    take(house, engine, [dataclasses.replace(row, record_id="SECOND")])
    done = filed(house, engine, at_once=10)

    assert (done.filed, done.refused) == (1, 1)
    assert lines(house)["SECOND"][:2] == ("refused", "filed_elsewhere")
    assert ask(house, "SELECT count(*) FROM patient WHERE kind = 'maternal'") == [(1,)]


@pytest.mark.parametrize("point", IMPORT_POINTS)
def test_an_import_that_is_killed_goes_on_where_it_was(
    house, address, engine, women, tmp_path, point
):
    """Seven lines, three at once, killed in the second transaction; then again, to the end."""
    rows, faults = [one.row for one in women[:7]], faults_of(house)
    take(house, engine, rows)
    again = [sys.executable, str(Path(__file__).with_name("dying_importer.py")), address, "3"]
    again.append(str(tmp_path / "data"))
    environment = os.environ | {"GREENCHANNEL_FAILPOINT": f"{point}:2"}
    died = subprocess.run(again, env=environment, check=False)  # noqa: S603
    between = ask(house, "SELECT count(*) FROM case_file")
    subprocess.run(again, check=True)  # noqa: S603

    assert died.returncode == -signal.SIGKILL
    assert between == [(6 if point == "lines_filed" else 3,)]
    assert {status for status, _, _ in lines(house).values()} == {"filed"}
    assert ask(house, "SELECT count(*) FROM case_file") == [(7,)]
    assert faults_of(house) == faults


def test_others_write_between_the_transactions_of_an_import(house, engine, women):
    """An emergency that comes in meanwhile waits for some lines, never for all."""
    take(house, engine, [one.row for one in women[:6]])
    seen = []

    def meanwhile(done, _):
        with house.writing(wait_s=0.5) as session:
            session.execute(text("UPDATE organisation SET name_zh = name_zh WHERE 1 = 0"))
        seen.append(done)

    filed(house, engine, at_once=2, told_of=meanwhile)

    assert seen == [2, 4, 6]


def test_what_takes_long_is_several_transactions(house, engine, women, monkeypatch):
    """However many lines may go together: nobody waits for more than what fits into the time."""
    begun = []
    monkeypatch.setattr(filing, "AT_MOST_S", 0)
    monkeypatch.setattr(filing, "batch", lambda session: begun.append(1) or batch(session))
    take(house, engine, [one.row for one in women[:5]])
    done = filed(house, engine, at_once=5)

    assert (done.filed, done.refused) == (5, 0)
    assert len(begun) == 4  # and the last of them by itself


def test_a_sealed_word_opens_in_its_own_row_only_also_in_a_batch(house, engine, women):
    """What a batch has opened it remembers by where it stood."""
    take(house, engine, [one.row for one in women[:2]])
    with house.writing() as session, batch(session):
        first, second = session.exec(select(ExchangeLine).order_by(ExchangeLine.id)).all()
        assert told(session, first, "content")
        with session.no_autoflush:
            moved = ExchangeLine(**second.model_dump() | {"content": first.content})
            with pytest.raises(SealBrokenError):
                told(session, moved, "content")
