"""An entry of the record as a FHIR R4 AuditEvent, in the patterns of IHE BALP 1.1.

BALP has a pattern for each of create, read, update, delete and query, with a patient and without.
It describes what succeeded: an attempt that was refused has outcome 4 and claims no profile. A
patient is the opaque key of her record; nobody is named, and a client is the hash of its address.
"""

import base64
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

__all__ = ["audit_event", "pattern_of"]

PROFILE = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
TERMS = "http://terminology.hl7.org/CodeSystem/"
DCM = "http://dicom.nema.org/resources/ontology/DCM"
RESTFUL = "http://hl7.org/fhir/restful-interaction"
OURS = "urn:greenchannel:"
UNKNOWN = "unknown"

QUERIES = frozenset({"patient_searched", "audit_shown", "looked_up"})
CREATES = frozenset(
    {"patient_entered", "request", "dispatch", "ask", "handover_set", "consent", "outcome"}
    | {"glass_broken", "observation", "birth", "create_user", "grant_role"}
    | {"registered", "screened", "assessed", "plan_made", "report_sent", "counselled", "delivered"}
    | {"visit_planned", "visit_held", "visit_missed", "visit_contacted", "visit_called_off"}
    | {"booking_asked"}
)
DELETES = frozenset({"identity_erased", "commands_forgotten"})
REFUSED = "refused"
GLASS = "break_glass"

Entry = Mapping[str, object]
Json = dict[str, object]

# Action, interaction, and the roles of DICOM: what flows from the source to the destination.
_KINDS: Mapping[str, tuple[str, str]] = {
    "Create": ("C", "create"),
    "Read": ("R", "read"),
    "Update": ("U", "update"),
    "Delete": ("D", "delete"),
    "Query": ("E", "search"),
}
_SOURCE = ("110153", "Source Role ID")
_DESTINATION = ("110152", "Destination Role ID")


def pattern_of(entry: Entry) -> str:
    """Return which pattern an entry follows; what is neither of the others is an update."""
    act = str(entry["act"])
    if act in QUERIES:
        return "Query"
    if entry["is_read"]:
        return "Read"
    if act in CREATES:
        return "Create"
    return "Delete" if act in DELETES else "Update"


def audit_event(entry: Entry, *, site: str, patient_id: uuid.UUID | None) -> Json:
    """Return an entry as an AuditEvent.

    Parameters
    ----------
    entry
        The columns of ``audit_entry`` by name.
    site
        What this installation is called; who observed it.
    patient_id
        Whose record it is about; None where it is about nobody's.
    """
    kind = pattern_of(entry)
    action, interaction = _KINDS[kind]
    refused = entry["scope"] == REFUSED
    found: Json = {"resourceType": "AuditEvent", "id": f"entry-{entry['number']}"}
    if not refused:
        name = f"Patient{kind}" if patient_id else kind
        found["meta"] = {"profile": [PROFILE + name]}
    found |= {
        "type": _coding(TERMS + "audit-event-type", "rest", "Restful Operation"),
        "subtype": [
            _coding(RESTFUL, interaction, interaction),
            _coding(OURS + "act", str(entry["act"])),
        ],
        "action": action,
        "recorded": _instant(entry["at"]),
        "outcome": "4" if refused else "0",
    }
    if refused:
        found["outcomeDesc"] = str(entry["why"])
    found["agent"] = [*_machines(entry, kind, site), *_user(entry, kind)]
    found["source"] = {
        "site": site,
        "observer": _identified(OURS + "installation", site),
        "type": [_coding(TERMS + "security-source-type", "4", "Application Server")],
    }
    found["entity"] = [_object(entry, kind), *_patient(patient_id)]
    return found


def _machines(entry: Entry, kind: str, site: str) -> list[Json]:
    """Return client and server; only of a read does the server send and the client receive."""
    sides = (_DESTINATION, _SOURCE) if kind == "Read" else (_SOURCE, _DESTINATION)
    client = str(entry["client"] or UNKNOWN)
    office = str(entry["by_org"] or UNKNOWN)
    whos = ((OURS + "organisation", office, client), (OURS + "installation", site, site))
    return [
        {
            "type": {"coding": [_coding(DCM, code, display)]},
            "who": _identified(system, value),
            "requestor": False,
            "network": {"address": address},
        }
        for (code, display), (system, value, address) in zip(sides, whos, strict=True)
    ]


def _user(entry: Entry, kind: str) -> list[Json]:
    """Return who did it; nobody where it was done by the installation itself."""
    if entry["by_user"] is None:
        return []
    receives = kind in ("Read", "Query")
    code, display = (
        ("IRCP", "information recipient") if receives else ("AUT", "author (originator)")
    )
    found: Json = {
        "type": {"coding": [_coding(TERMS + "v3-ParticipationType", code, display)]},
        "who": _identified(OURS + "user", str(entry["by_user"])),
        "requestor": True,
    }
    if entry["role"] is not None:
        found["role"] = [{"coding": [_coding(OURS + "role", str(entry["role"]))]}]
    purposes = list(_purposes(entry))
    if purposes:
        found["purposeOfUse"] = purposes
    return [found]


def _purposes(entry: Entry) -> list[Json]:
    found: list[Json] = []
    if GLASS in str(entry["scope"] or "").split():
        found.append({"coding": [_coding(TERMS + "v3-ActReason", "BTG", "break the glass")]})
    if entry["why"] is not None and entry["scope"] != REFUSED:
        found.append({"text": str(entry["why"])})
    return found


def _object(entry: Entry, kind: str) -> Json:
    """Return what it was about; of a query only that there was one, never what was asked for."""
    system_object = _coding(TERMS + "audit-entity-type", "2", "System Object")
    if kind == "Query":
        asked = str(entry["act"])
        return {
            "type": system_object,
            "role": _coding(TERMS + "object-role", "24", "Query"),
            "description": asked,
            "query": base64.b64encode(asked.encode()).decode(),
        }
    name = str(entry["object_kind"] or "installation")
    said = {"chain": entry["chain"], "hash": entry["hash"]}
    said |= {name: entry[name] for name in ("scope", "changed") if entry[name]}
    found: Json = {
        "what": _identified(OURS + name, str(entry["object_id"] or entry["chain"])),
        "type": system_object,
        "role": _coding(TERMS + "object-role", "4", "Domain Resource"),
    }
    if kind != "Delete":
        found["detail"] = [{"type": key, "valueString": str(said[key])} for key in said]
    return found


def _patient(patient_id: uuid.UUID | None) -> list[Json]:
    if patient_id is None:
        return []
    return [
        {
            "what": {"reference": f"Patient/{patient_id}"},
            "type": _coding(TERMS + "audit-entity-type", "1", "Person"),
            "role": _coding(TERMS + "object-role", "1", "Patient"),
        }
    ]


def _coding(system: str, code: str, display: str | None = None) -> Json:
    found: Json = {"system": system, "code": code}
    return found if display is None else {**found, "display": display}


def _identified(system: str, value: str) -> Json:
    return {"identifier": {"system": system, "value": value}}


def _instant(at: object) -> str:
    """Return the time in UTC, whichever way the database keeps it."""
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
