"""What a referral knows already of the hand-over set, so that nobody types it a second time.

Only what was stated counts. A green that is not complete is no colour yet, and that nobody asked
for an infection is no answer: such fields stay open until somebody states them, if only as
unknown.
"""

import uuid
from collections.abc import Mapping
from typing import TypeAlias

from app.keys.words import document
from app.patients.service import minimum_of
from app.referrals import kept
from app.referrals import store as referrals
from app.transfers import store
from app.transfers.states import missing_fields
from app.transfers.tables import HandoverSet
from app.work import Work

__all__ = ["KnownParts", "known_of", "lacking", "still_lacking"]

KnownParts: TypeAlias = Mapping[str, Mapping[str, object]]
Facts: TypeAlias = Mapping[str, object]

MOTHER = ("hr", "rr", "sbp", "dbp", "spo2", "temp")
CHILD = ("hr", "rr", "spo2", "temp", "resp", "stimulus")
NEEDED = {"maternal": ("hr", "rr", "sbp", "spo2", "temp"), "newborn": ("hr", "rr", "spo2", "temp")}
"""Vital signs that a set of them takes to count as stated (assumed)."""
PLAIN: Mapping[str, tuple[str, str]] = {
    "haemoglobin": ("assessment", "hb_g_l"),
    "platelets": ("assessment", "plt_1e9_l"),
    "bleeding_ml": ("assessment", "pph_ml"),
}
DOES_NOT_APPLY = "not_applicable"


def known_of(work: Work, referral_id: uuid.UUID) -> KnownParts:
    """Return what patient record, assessment, journey and consent say, by part and field."""
    referral = referrals.referral_of(work.session, referral_id)
    patient = minimum_of(work, referral.patient_id)
    found: dict[str, dict[str, object]] = {
        "situation": {"urgency": referral.priority},
        "background": {},
        "assessment": {},
        "request": {},
    }
    if patient.identity_known:
        found["situation"]["identity"] = "recorded"
    if patient.born_at is not None:
        found["situation"]["age_or_birth_time"] = patient.born_at.isoformat()
    _of_ranking(work, referral_id, patient.kind, found)
    _of_journey(work, referral_id, found["request"])
    consent = next(reversed(store.consents_of(work.session, referral_id)), None)
    if consent is not None:
        found["request"]["consent"] = f"{consent.given_by}:{'yes' if consent.agreed else 'no'}"
    return found


def lacking(work: Work, referral_id: uuid.UUID) -> tuple[str, ...]:
    """Return what is stated nowhere: not in the last version, and not known otherwise."""
    row = store.handover_of(work.session, referral_id)
    known = known_of(work, referral_id)
    return missing_fields(known) if row is None else still_lacking(row, known)


def still_lacking(row: HandoverSet, known: KnownParts) -> tuple[str, ...]:
    """Return what a version lacked when it was written and is not known otherwise by now."""
    open_now = {*missing_fields(known)}
    return tuple(name for name in row.missing.split() if name in open_now)


def _of_ranking(
    work: Work, referral_id: uuid.UUID, kind: str, found: dict[str, dict[str, object]]
) -> None:
    row = referrals.last_recommendation(work.session, referral_id)
    if row is None:
        return
    stated = document(work.session, row, "asked").get("facts")
    facts: Facts = stated if isinstance(stated, dict) else {}
    said = kept.read(work.session, row).assessment
    situation, seen = found["situation"], found["assessment"]
    situation |= _who(facts, kind) | _why(said) | _colours(said, kind)
    for name, (part, fact) in PLAIN.items():
        if facts.get(fact) is not None:
            found[part][name] = facts[fact]
    if facts.get("parity") is not None:
        found["background"]["gravidity_parity"] = {"parity": facts["parity"]}
    vital = {n: facts[n] for n in (MOTHER if kind == "maternal" else CHILD) if n in facts}
    if all(vital.get(name) is not None for name in NEEDED[kind]):
        seen["vital_signs"] = vital | {"at": row.computed_at.isoformat()}
    if (scores := _scores(said, kind)) is not None:
        seen["scores"] = scores


def _who(facts: Facts, kind: str) -> dict[str, object]:
    names = {"age_or_birth_time": "age_years", "gestation": "gestational_age_weeks"}
    if kind == "newborn":
        names = {"gestation": "neo_ga_weeks"}
    return {name: facts[fact] for name, fact in names.items() if facts.get(fact) is not None}


def _why(said: Mapping[str, object]) -> dict[str, object]:
    """Return the rows of emergencies that fired, those last that are taken for true meanwhile."""
    fired, presumed = said.get("emergencies"), said.get("presumed")
    rows = [str(row) for row in fired] if isinstance(fired, list) else []
    if isinstance(presumed, list):
        rows += [str(one["row"]) for one in presumed]
    return {"reason": " ".join(dict.fromkeys(rows))} if rows else {}


def _colours(said: Mapping[str, object], kind: str) -> dict[str, object]:
    if kind == "newborn":
        return {"colour": DOES_NOT_APPLY, "purple": DOES_NOT_APPLY}
    found: dict[str, object] = {"purple": True} if said.get("purple") is True else {}
    if said.get("colour") and not (said["colour"] == "green" and said.get("incomplete")):
        found["colour"] = said["colour"]
    return found


def _scores(said: Mapping[str, object], kind: str) -> Mapping[str, object] | None:
    """Return the scores of which no item is missing."""
    scores = said.get("scores")
    if not isinstance(scores, Mapping):
        return None
    if kind == "newborn":
        return None if scores.get("trips") is None else {"trips": scores["trips"]}
    whole = {
        name: one
        for name in ("mewc", "meows")
        if isinstance(one := scores.get(name), Mapping) and not one.get("missing")
    }
    return whole or None


def _of_journey(work: Work, referral_id: uuid.UUID, request: dict[str, object]) -> None:
    ride = store.under_hand(work.session, referral_id)
    if ride is not None and ride.eta_high_at is not None:
        request["eta"] = ride.eta_high_at.isoformat()
