"""Three looks at the entries of the record, all in one pass in the order of their numbers."""

import json
from collections.abc import Iterator, Mapping
from operator import itemgetter

from sqlmodel import Session

from app.audit import store
from app.audit.sealing import Kept, mac_of, root_over
from app.audit.statements import covered
from app.audit.states import GENESIS, GONE, entry_hash, key_of, row_digest
from app.audit.tables import AuditSeal
from app.verifying.findings import Finding

__all__ = ["Chains", "Digests", "Seals"]

ENTRY, CHAIN, SEAL = "audit_entry", "audit_chain", "audit_seal"
Entry = Mapping[str, object]


class Chains:
    """Every entry is as it was written, and follows the one before it; none is missing."""

    def __init__(self) -> None:
        self._ends: dict[str, tuple[int, str, str]] = {}
        self.count = 0

    def see(self, entry: Entry) -> Iterator[Finding]:
        """Look at the next entry."""
        self.count += 1
        number, chain = str(entry["number"]), str(entry["chain"])
        before = self._ends.get(chain)
        seq, prev, province = before or (0, GENESIS, str(entry["province"]))
        if entry["seq"] != seq + 1 or entry["prev_hash"] != prev:
            yield Finding(ENTRY, number, "entry_missing_before")
        if entry_hash(entry) != entry["hash"]:
            yield Finding(ENTRY, number, "entry_changed")
        self._ends[chain] = (int(str(entry["seq"])), str(entry["hash"]), province)

    def end(self, session: Session) -> Iterator[Finding]:
        """Compare where every chain ends with where it should."""
        for chain, province, seq, last in store.chains(session):
            if self._ends.pop(chain, None) != (seq, last, province):
                yield Finding(CHAIN, chain, "chain_end_differs")
        for chain in self._ends:
            yield Finding(CHAIN, chain, "chain_end_missing")


class Seals:
    """What was sealed is what is there, by a key that the database does not know."""

    def __init__(
        self, seals: tuple[AuditSeal, ...], key: bytes | None, outside: Kept | None
    ) -> None:
        self._seals, self._key, self._outside = seals, key, outside
        self._place, self._before = 0, (GENESIS, GENESIS)
        self._part: list[Entry] = []

    def see(self, entry: Entry) -> Iterator[Finding]:
        """Look at the next entry."""
        while self._place < len(self._seals) and _number(entry) > self._now.last_entry:
            yield from self._close()
        self._part.append({"number": entry["number"], "hash": entry["hash"]})

    def end(self, _session: Session) -> Iterator[Finding]:
        """Look at what is left, and compare with the file outside."""
        while self._place < len(self._seals):
            yield from self._close()
        if self._seals and self._key is None:
            yield Finding(SEAL, "-", "seal_key_missing")
        if self._outside is None:
            return
        if self._outside.broken:
            yield Finding(SEAL, "-", "seal_file_damaged")
        there = {line.number: line.mac for line in self._seals}
        for number, mac in self._outside.macs.items():
            if there.get(number) != mac:
                yield Finding(SEAL, str(number), "seal_not_as_outside")
        if self._seals and not self._outside.macs:
            yield Finding(SEAL, "-", "seal_file_missing")

    @property
    def _now(self) -> AuditSeal:
        return self._seals[self._place]

    def _close(self) -> Iterator[Finding]:
        line, (root, mac) = self._now, self._before
        found, count = root_over(root, self._part)
        first = _number(self._part[0]) if self._part else 0
        if (found, count, first) != (line.root, line.entries, line.first_entry):
            yield Finding(SEAL, str(line.number), "sealed_entries_changed")
        if line.number != self._place + 1 or line.prev_mac != mac:
            yield Finding(SEAL, str(line.number), "seal_missing_before")
        if self._key is not None and mac_of(self._key, line) != line.mac:
            yield Finding(SEAL, str(line.number), "seal_changed")
        self._before, self._part = (line.root, line.mac), []
        self._place += 1


class Digests:
    """Every row is as the last entry says that wrote it; none is missing, none is more."""

    def __init__(self) -> None:
        self._last: dict[str, dict[str, str]] = {}
        self.count = 0

    def see(self, entry: Entry) -> Iterator[Finding]:
        """Look at the next entry."""
        if entry["wrote"] is None:
            return
        try:
            for table, key, digest in json.loads(str(entry["wrote"])):
                self._last.setdefault(table, {})[key] = digest
        except (ValueError, TypeError):
            yield Finding(ENTRY, str(entry["number"]), "entry_changed")

    def end(self, session: Session) -> Iterator[Finding]:
        """Compare with all rows there are."""
        for table, of in covered().items():
            said = self._last.pop(table, {})
            key_in = itemgetter(*of.places) if len(of.places) > 1 else None
            for row in store.rows_of(session, of):
                self.count += 1
                key = key_of(key_in(row) if key_in else (row[of.places[0]],))
                expected = said.pop(key, GONE)
                if expected == GONE:
                    yield Finding(table, key, "row_unknown")
                elif row_digest(of.names, row) != expected:
                    yield Finding(table, key, "row_changed")
            for key, digest in said.items():
                if digest != GONE:
                    yield Finding(table, key, "row_lost")


def _number(entry: Entry) -> int:
    return int(str(entry["number"]))
