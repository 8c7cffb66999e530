"""Every route of case files x everybody x files of here, of elsewhere and of an emergency.

What is expected is told in plain words beside each file, and read from no code of ours.
"""

import itertools
import uuid
from dataclasses import dataclass

import pytest
from sqlalchemy import true
from sqlmodel import select

from app.case_files.acts.entering import Entered
from app.case_files.acts.registering import Registration, register
from app.case_files.acts.screening import refer_for_assessment, screen
from app.case_files.belonging.tables import CaseReferral
from app.case_files.finding import Asked, Glass, look_up
from app.db_types import new_key
from app.patients.service import enter_emergency
from app.patients.states import PatientKind, PatientSight
from app.work import Work
from tests.flows.matrix.asking import QUERIES, people, word_of
from tests.flows.matrix.cast import FAR, HERE, THERE
from tests.flows.matrix.rules import DUTY, FILES, OWN, ROUTES, Said
from tests.flows.test_bad_night import SUIJIANG

NAMES = sorted(route for route, rule in ROUTES.items() if rule.about == "case file")
COUNTIES = (HERE, THERE, FAR)


@dataclass
class File:
    """What everybody would say of a file: who has to do with it, and which counties."""

    ids: dict
    orgs: frozenset
    counties: frozenset
    emergency: str | None = None
    glass: frozenset = frozenset()


@pytest.fixture(scope="module")
def files(stage):
    """A woman whose home is elsewhere, one sent here to be assessed, and an emergency."""
    database, keys, cast = stage.house.database, stage.keys, stage.house.people

    def made(who, **more):
        with database.writing() as session:
            work = Work(session, cast[who], database.now(session))
            woman = enter_emergency(work, keys, PatientKind.MATERNAL).patient_id
            wanted = Registration(patient_id=woman, **more)
            file = register(work, wanted, sees=lambda *_: PatientSight.NONE, counties=COUNTIES)
            return file.id, file.number

    def ids(made_one, version=1):
        return {"file_id": str(made_one[0]), "file_number": made_one[1], "version": version}

    here = made("township worker", residence_county=HERE, home_county=THERE)
    sent = made("doctor elsewhere", residence_county=THERE)
    urgent = made("doctor elsewhere", residence_county=FAR)
    with database.writing() as session:
        work = Work(session, cast["doctor elsewhere"], database.now(session))
        facts = {"prior_cs_count": 1}
        file = screen(work, sent[0], facts, {}, Entered(), read=1)
        refer_for_assessment(work, sent[0], SUIJIANG, read=file.version)
    with database.writing() as session:
        work = Work(session, cast["looker"], database.now(session))
        look_up(work, keys, Asked(number=here[1]), Glass("产妇已到本院急诊", 60))
        key = uuid.UUID(stage.told["offered"].ids["referral_id"])
        session.add(
            CaseReferral(
                id=new_key(), province="53", file_id=urgent[0], referral_id=key, at=work.now
            )
        )
    return {
        "here": File(
            ids(here), frozenset({"township"}), frozenset({HERE, THERE}),
            glass=frozenset({"looker"}),
        ),
        "sent": File(ids(sent, 3), frozenset({"elsewhere", "sender"}), frozenset({THERE})),
        "urgent": File(ids(urgent), frozenset({"elsewhere"}), frozenset({FAR}), emergency=HERE),
    }  # fmt: skip


def party(who, file):
    if who.role in OWN and who.role in FILES:
        return who.org in file.orgs
    return who.role == "mch_manager" and who.division in file.counties


def sees(who, file):
    if party(who, file) or who.name in file.glass:
        return True
    return (
        who.role in DUTY
        and file.emergency is not None
        and file.emergency.startswith(who.division[: DUTY[who.role]])
    )


def expected(route, who, file):
    rule = ROUTES[route]
    if who is None:
        return Said.NOT_SIGNED_IN
    if who.role not in rule.roles:
        return Said.NOT_THE_ROLE
    if file is None or not sees(who, file):
        return Said.NOT_THERE
    if rule.acts and not party(who, file):
        return Said.NOT_THEIRS
    # Nobody was offered any of these files.
    return Said.NOT_THEIRS if route == "answer_case_handover" else Said.ANSWERED


def differences(stage, files, *routes):
    found = []
    for route, (name, who) in itertools.product(routes, people(stage).items()):
        nothing = stage.asking(route, name, {"version": 1})
        for thing, file in {**files, "none": None}.items():
            answer = nothing if file is None else stage.asking(route, name, file.ids)
            said, wanted = word_of(answer), expected(route, who, file)
            if said != wanted:
                found.append(f"{route} · {name} · {thing}: {said} not {wanted}: {answer.text}")
            elif said == Said.NOT_THERE and file is not None:
                same = answer.text.replace(file.ids["file_id"], "")
                if file.ids["file_number"] in same:
                    found.append(f"{route} · {name} · {thing}: tells the number")
    return found


@pytest.mark.parametrize("route", NAMES)
def test_a_file_that_is_not_yours_is_not_there(stage, files, route):
    assert differences(stage, files, route) == []


def test_a_scope_that_forgets_its_condition_is_found(stage, files, monkeypatch):
    """The planted fault: who asks is forgotten when a file is looked at."""
    monkeypatch.setattr("app.case_files.sight.visible_to", lambda _actor, _now: true())
    found = differences(stage, files, "show_case_file")

    assert any("answered not not there" in line for line in found)


def test_a_list_of_files_holds_what_is_yours_and_nothing_else(stage, files):
    for name, who in people(stage).items():
        answer = stage.asking("list_case_files", name, {})
        if who is None or who.role not in ROUTES["list_case_files"].roles:
            assert answer.status_code in (401, 403), name
            continue
        found = {one["id"] for one in answer.json()["items"]}
        assert found == {f.ids["file_id"] for f in files.values() if sees(who, f)}, name


@pytest.mark.parametrize("route", ["list_from_35", "list_after_caesarean", "list_medical_aid"])
def test_a_register_holds_what_is_yours_and_nothing_else(stage, files, route):
    """Of none of these women anybody knows her age or her aid: they are in all three as unknown."""
    for name, who in people(stage).items():
        answer = stage.asking(route, name, {})
        if who is None or who.role not in ROUTES[route].roles:
            assert answer.status_code in (401, 403), name
            continue
        found = {one["id"] for one in answer.json()["items"]}
        assert found == {f.ids["file_id"] for f in files.values() if sees(who, f)}, name


def test_a_worklist_holds_what_is_yours_and_nothing_else(stage, files, monkeypatch):
    """One of them is positive and waits for her assessment."""
    monkeypatch.setitem(QUERIES, "list_due_case_files", {"due": "unassessed"})
    for name, who in people(stage).items():
        answer = stage.asking("list_due_case_files", name, {})
        if who is None or who.role not in ROUTES["list_due_case_files"].roles:
            assert answer.status_code in (401, 403), name
            continue
        found = {one["id"] for one in answer.json()["items"]}
        assert found == ({files["sent"].ids["file_id"]} if sees(who, files["sent"]) else set())


def test_counts_name_no_file_and_count_the_area(stage, files):
    for name, who in people(stage).items():
        answer = stage.asking("report_case_files", name, {})
        if who is None or who.role not in ROUTES["report_case_files"].roles:
            assert answer.status_code in (401, 403), name
            continue
        for one in files.values():
            assert one.ids["file_id"] not in answer.text
            assert one.ids["file_number"] not in answer.text
        area = who.division.rstrip("0") if who.kind != "mch" else who.division
        counties = {"here": HERE, "sent": THERE, "urgent": FAR}
        inside = [one for one, county in counties.items() if county.startswith(area)]
        total = answer.json()["total"]
        assert total["registers"]["from_35"] == {"yes": 0, "unknown": len(inside)}, name
        assert total["worklists"]["unassessed"] == len({"sent"} & set(inside)), name


def test_a_register_that_forgets_its_condition_is_found(stage, files, monkeypatch):
    """The planted fault: who asks is forgotten where files are listed."""
    monkeypatch.setattr("app.case_files.lists.visible_to", lambda _actor, _now: true())
    found = stage.asking("list_from_35", "mch manager far away", {}).json()["items"]

    assert len(found) == len(files)


def test_a_number_finds_no_file_that_one_does_not_see(stage, files):
    for name, who in people(stage).items():
        for thing, file in files.items():
            answer = stage.asking("look_up_case_file", name, file.ids)
            if who is None or who.role not in ROUTES["look_up_case_file"].roles:
                assert answer.status_code in (401, 403), name
            elif sees(who, file):
                assert answer.json()["id"] == file.ids["file_id"], (name, thing)
            else:
                assert word_of(answer) == Said.NOT_THERE, (name, thing)


def test_who_breaks_the_glass_is_seen_by_the_auditor_of_the_province(stage, files):
    with stage.house.database.reading() as session:
        linked = session.exec(select(CaseReferral)).all()
    assert len(linked) == 1
    for name, shown in (("auditor", 1), ("foreign auditor", 0)):
        answer = stage.asking("list_case_glasses", name, {})
        assert len(answer.json()["items"]) == shown, name
