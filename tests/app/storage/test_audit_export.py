"""The record as AuditEvents, field by field against the patterns of IHE BALP (R4)."""

import base64
import json
import tracemalloc
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from app.audit.balp import CREATES, DELETES, QUERIES, audit_event
from app.audit.exporting import audit_events
from app.audit.states import Chain, Said, chain_of
from app.audit.tracing import say
from app.cli import app
from tests.app.storage import case_rows, rows

HER, WHO, ORG = uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3)
TERMS = "http://terminology.hl7.org/CodeSystem/"
PROFILES = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
ENTRY = {
    "number": 7,
    "chain": f"patient:{HER}",
    "hash": "0" * 64,
    "at": datetime(2026, 11, 25, 3, tzinfo=UTC),
    "by_user": WHO,
    "by_org": ORG,
    "role": "county_clinician",
    "act": "identity_shown",
    "object_kind": "patient",
    "object_id": str(HER),
    "scope": "own",
    "why": None,
    "changed": None,
    "client": None,
    "is_read": True,
}
# Act, whether it is a look; pattern, action, interaction, code of the user and of the client.
PATTERNS = [
    ("patient_entered", False, "Create", "C", "create", "AUT", "110153"),
    ("identity_shown", True, "Read", "R", "read", "IRCP", "110152"),
    ("identity_changed", False, "Update", "U", "update", "AUT", "110153"),
    ("identity_erased", False, "Delete", "D", "delete", "AUT", "110153"),
    ("patient_searched", True, "Query", "E", "search", "IRCP", "110153"),
]


def code(concept):
    return (concept["coding"][0] if "coding" in concept else concept)["code"]


def shape_faults(event):
    """What R4 and BALP ask of every event and is not there."""
    agents = [code(agent["type"]) for agent in event["agent"]]
    kinds = [code(entity["type"]) for entity in event["entity"]]
    asked = {
        "resource": event["resourceType"] == "AuditEvent",
        "type": event["type"]["code"] == "rest",
        "type system": event["type"]["system"] == TERMS + "audit-event-type",
        "subtype": event["subtype"][0]["system"] == "http://hl7.org/fhir/restful-interaction",
        "action": event["action"] in "CRUDE",
        "recorded": datetime.fromisoformat(event["recorded"]).tzinfo is not None,
        "outcome": event["outcome"] in ("0", "4"),
        "source": "observer" in event["source"],
        "requestor": all(isinstance(agent["requestor"], bool) for agent in event["agent"]),
        "who": all("who" in agent for agent in event["agent"]),
        "client and server": {"110152", "110153"} <= set(agents),
        "network": all("network" in a for a in event["agent"] if not a["requestor"]),
        "no network of a user": all("network" not in a for a in event["agent"] if a["requestor"]),
        "one user at most": sum(agent["requestor"] for agent in event["agent"]) <= 1,
        "one object": kinds.count("2") == 1,
        "one patient at most": kinds.count("1") <= 1,
    }
    return [name for name, fine in asked.items() if not fine]


@pytest.mark.parametrize(
    ("act", "read", "pattern", "action", "subtype", "user", "client"), PATTERNS
)
@pytest.mark.parametrize("patient", [HER, None])
def test_each_pattern_has_what_balp_asks_for(
    act, read, pattern, action, subtype, user, client, patient
):
    event = audit_event(ENTRY | {"act": act, "is_read": read}, site="s", patient_id=patient)
    machine, server, person = event["agent"]
    name = f"Patient{pattern}" if patient else pattern

    assert shape_faults(event) == []
    assert event["meta"]["profile"] == [PROFILES + name]
    assert (event["action"], event["subtype"][0]["code"]) == (action, subtype)
    assert (event["outcome"], event["recorded"]) == ("0", "2026-11-25T03:00:00.000+00:00")
    assert (code(machine["type"]), code(person["type"])) == (client, user)
    assert {code(machine["type"]), code(server["type"])} == {"110152", "110153"}
    assert person["who"]["identifier"]["value"] == str(WHO)
    assert person["role"][0]["coding"][0]["code"] == "county_clinician"
    assert event["source"]["observer"]["identifier"]["value"] == "s"


def test_a_patient_is_an_opaque_key_in_the_role_of_a_patient():
    entity = audit_event(ENTRY, site="s", patient_id=HER)["entity"][1]

    assert entity["what"] == {"reference": f"Patient/{HER}"}
    assert (entity["type"]["code"], entity["role"]["code"]) == ("1", "1")
    assert entity["role"]["system"] == TERMS + "object-role"


def test_a_query_has_the_query_encoded_and_neither_object_nor_detail():
    found = audit_event(ENTRY | {"act": "patient_searched"}, site="s", patient_id=HER)
    query = found["entity"][0]

    assert query["role"]["code"] == "24"
    assert base64.b64decode(query["query"]) == b"patient_searched"
    assert {"what", "lifecycle", "detail"} & set(query) == set()


def test_what_was_refused_is_a_failure_and_claims_no_profile():
    refused = ENTRY | {"scope": "refused", "why": "not-found"}
    event = audit_event(refused, site="s", patient_id=None)

    assert (event["outcome"], event["outcomeDesc"]) == ("4", "not-found")
    assert "meta" not in event
    assert shape_faults(event) == []


def test_a_broken_glass_says_so_and_what_the_installation_did_has_no_user():
    glass = audit_event(ENTRY | {"scope": "break_glass"}, site="s", patient_id=HER)
    alone = audit_event(ENTRY | {"by_user": None}, site="s", patient_id=HER)

    assert glass["agent"][2]["purposeOfUse"][0]["coding"][0]["code"] == "BTG"
    assert [agent["requestor"] for agent in alone["agent"]] == [False, False]


def test_a_missing_part_is_noticed():
    event = audit_event(ENTRY, site="s", patient_id=HER)
    event["agent"] = event["agent"][1:]
    del event["source"]["observer"]

    assert shape_faults(event) == ["source", "client and server"]


def test_no_act_is_of_two_patterns():
    assert frozenset() == CREATES & DELETES
    assert frozenset() == QUERIES & (CREATES | DELETES)


def said(database, act, *, chain, kind, key, read=False, many=1):
    with database.writing() as session:
        for _ in range(many):
            one = Said("53", act, WHO, ORG, "coordinator", kind, str(key), is_read=read)
            say(session, chain, one)


def exported(address, tmp_path, *words):
    env = {"DATABASE_URL": address, "GREENCHANNEL_DATA_DIR": str(tmp_path / "data")}
    return CliRunner().invoke(app, ["audit", "export", *words], env=env)


def test_the_command_writes_what_was_done_in_that_time_with_whose_referral_it_is(
    database, address, tmp_path
):
    with database.writing() as session:
        her = rows.patient(session)
        referral = rows.referral(session, of=her)
    chain = chain_of(Chain.REFERRAL, referral)
    said(database, "shown", chain=chain, kind="referral", key=referral, read=True)
    said(database, "seal", chain="installation", kind="installation", key="all")
    out = tmp_path / "audit.jsonl"
    told = exported(
        address, tmp_path, "--from", "2020-01-01", "--to", "2100-01-01", "--out", str(out)
    )
    before = exported(address, tmp_path, "--from", "2020-01-01", "--to", "2020-02-01")
    wrong = exported(address, tmp_path, "--from", "yesterday", "--to", "2020-02-01")
    events = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    by_act = {event["subtype"][1]["code"]: event for event in events}

    assert told.exit_code == 0, told.output
    assert [shape_faults(event) for event in events] == [[]] * len(events)
    assert by_act["shown"]["meta"]["profile"] == [PROFILES + "PatientRead"]
    assert by_act["shown"]["entity"][1]["what"]["reference"] == f"Patient/{her}"
    assert by_act["seal"]["meta"]["profile"] == [PROFILES + "Update"]
    assert "write" not in by_act
    assert before.stdout.strip() == ""
    assert (wrong.exit_code, "--from" in wrong.output) == (2, True)


# Act in the record of a file, what it is about, whether it is a look; pattern.
OF_FILES = [
    ("registered", "case_file", False, "PatientCreate"),
    ("assessed", "case_assessment", False, "PatientCreate"),
    ("visit_held", "case_visit", False, "PatientCreate"),
    ("colour_lowered", "case_colour", False, "PatientUpdate"),
    ("ended", "case_file", False, "PatientUpdate"),
    ("shown", "case_file", True, "PatientRead"),
    ("looked_up", "case_file", True, "PatientQuery"),
]


def test_what_was_done_with_a_case_file_is_written_with_whose_it_is(database, address, tmp_path):
    with database.writing() as session:
        her = rows.patient(session)
        file = case_rows.file(session, of=her)
    chain = chain_of(Chain.CASE_FILE, file)
    for act, kind, read, _ in OF_FILES:
        key = file if kind == "case_file" else uuid.uuid4()
        said(database, act, chain=chain, kind=kind, key=key, read=read)
    refused = Said(
        "53", "shown", WHO, ORG, "township", "case_file", str(file), scope="refused", why="no"
    )
    with database.writing() as session:
        say(session, chain_of(Chain.ACCOUNT, WHO), refused)
    told = exported(address, tmp_path, "--from", "2020-01-01", "--to", "2100-01-01")
    events = [json.loads(line) for line in told.stdout.splitlines()]
    done = [event for event in events if event["outcome"] == "0"]
    by_act = {event["subtype"][1]["code"]: event for event in done}

    assert [shape_faults(event) for event in events] == [[]] * len(events)
    for act, _, _, pattern in OF_FILES:
        assert by_act[act]["meta"]["profile"] == [PROFILES + pattern]
        assert by_act[act]["entity"][1]["what"]["reference"] == f"Patient/{her}"
    # A look that was refused is a failure, and about her all the same.
    (failed,) = [event for event in events if event["outcome"] == "4"]
    assert failed["entity"][1]["what"]["reference"] == f"Patient/{her}"


def test_that_it_was_written_out_is_in_the_record(database, address, tmp_path):
    exported(address, tmp_path, "--from", "2020-01-01", "--to", "2100-01-01")
    again = exported(address, tmp_path, "--from", "2020-01-01", "--to", "2100-01-01")

    assert "audit_exported" in again.stdout


def test_ten_times_the_entries_take_no_more_memory(database):
    def peak(many):
        chain = chain_of(Chain.CENTRE, f"c{many}")
        said(database, "report", chain=chain, kind="centre", key="c", many=many)
        with database.reading() as session:
            now = database.now(session)
            tracemalloc.start()
            count = sum(
                1
                for _ in audit_events(
                    session,
                    since=now - timedelta(days=1),
                    until=now + timedelta(days=1),
                    site="s",
                    patient_of={},
                )
            )
            _, highest = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return count, highest

    few, some = peak(600)
    many, most = peak(5_400)

    assert (few, many) == (600, 6_000)
    assert most < 2 * some
