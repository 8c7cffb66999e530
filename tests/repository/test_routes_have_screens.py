"""Every call of the interface that a person needs is made by a screen; what none makes says why."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "app" / "web" / "src"
API = "/api/v1"
NAMED = re.compile(r"""["'`](?:/api/v1)?(/[a-z][a-z0-9_/{}$.-]*)""")

NOT_FOR_PEOPLE = {
    "/plans/preview": "for programs: a person plans on what the database knows (/plans)",
    "/bookings/{booking_id}": "for programs: a file and a list of bookings show all of each",
    "/offers": "for programs: the worklist of a centre has its offers",
    "/paper-forms/sheets": "the answer of /paper-forms leads there (sheets)",
    "/bookings/preview": "for programs: a person books by a run or from a file",
}
"""Calls that no screen makes, each with why."""


def called(sources: Path) -> set[str]:
    """Paths that the screens name, as the document of the interface writes them."""
    found = set()
    for path in [*sources.rglob("*.svelte"), *sources.rglob("*.ts")]:
        text = path.read_text(encoding="utf-8")
        found |= {re.sub(r"\$\{[^}]*\}", "{}", one) for one in NAMED.findall(text)}
    return {re.sub(r"\{[^}]*\}", "{}", one).rstrip("/") for one in found}


def offered() -> set[str]:
    document = json.loads((ROOT / "openapi.json").read_text(encoding="utf-8"))
    return {path.removeprefix(API) for path in document["paths"] if path.startswith(API)}


def without_screen(names: set[str], sources: Path) -> list[str]:
    known = called(sources)
    return sorted(one for one in names if re.sub(r"\{[^}]*\}", "{}", one) not in known)


def test_every_call_that_a_person_needs_has_a_screen():
    assert without_screen(offered() - set(NOT_FOR_PEOPLE), SOURCES) == []


def test_no_reason_is_left_of_a_call_that_is_gone_or_has_a_screen_by_now():
    assert set(NOT_FOR_PEOPLE) == set(without_screen(set(NOT_FOR_PEOPLE), SOURCES))
    assert set(NOT_FOR_PEOPLE) <= offered()


def test_a_call_without_a_screen_is_noticed(tmp_path):
    (tmp_path / "One.svelte").write_text('get("/offers/{offer_id}", {})', encoding="utf-8")
    asked = {"/offers/{offer_id}", "/offers/{offer_id}/accept"}

    assert without_screen(asked, tmp_path) == ["/offers/{offer_id}/accept"]
