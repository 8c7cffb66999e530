"""Signatures of rule rows: who vouches for which wording (R-SIGN-01). No file is touched here."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime

from geodata.check import Fault
from routing.errors import RuleTableError
from routing.triage.rows import RuleSet, Signature

__all__ = ["sign", "signatures_from_json", "signatures_to_json"]

_NAMES = tuple(field.name for field in fields(Signature))


def sign(
    rules: RuleSet, ids: Iterable[str], *, signed_by: str, role: str, signed_at: datetime
) -> tuple[Signature, ...]:
    """Return signatures for the present wording of rows.

    Raises
    ------
    RuleTableError
        A row that does not exist, no name, no role, or a time without offset.
    """
    infos = {info.id: info for info in rules.rows}
    wanted = tuple(dict.fromkeys(ids))
    faults = [
        Fault("rules", None, "id", one, "unknown_code", "an identifier of `rules list`")
        for one in wanted
        if one not in infos
    ]
    for column, value in (("signed_by", signed_by), ("role", role)):
        if not value.strip():
            faults.append(Fault("rules", None, column, value, "missing", "not empty"))
    if signed_at.tzinfo is None:
        faults.append(
            Fault("rules", None, "signed_at", signed_at.isoformat(), "no_offset", "RFC 3339")
        )
    if faults:
        raise RuleTableError(faults)
    return tuple(
        Signature(
            rule=one,
            content_hash=infos[one].content_hash,
            signed_by=signed_by.strip(),
            role=role.strip(),
            rule_set=rules.version,
            signed_at=signed_at.isoformat(),
        )
        for one in wanted
    )


def signatures_from_json(text: str) -> tuple[Signature, ...]:
    """Read signatures; :class:`RuleTableError` lists everything that is none."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, list):
        fault = Fault("signatures", None, "", "", "malformed_json", "a list of signatures")
        raise RuleTableError([fault])
    faults = [
        Fault("signatures", line, "", str(one)[:60], "wrong_type", ", ".join(_NAMES))
        for line, one in enumerate(found, start=1)
        if not isinstance(one, dict)
        or set(one) != set(_NAMES)
        or not all(isinstance(value, str) for value in one.values())
    ]
    if faults:
        raise RuleTableError(faults)
    return tuple(Signature(**one) for one in found)


def signatures_to_json(signatures: Sequence[Signature]) -> str:
    """Write signatures in the order given; who signed first is never lost, twice is once."""
    kept = [asdict(one) for one in dict.fromkeys(signatures)]
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"
