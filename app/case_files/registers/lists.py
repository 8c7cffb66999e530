"""Registers: women of 35 and more, women after a caesarean, women with medical aid.

A woman of whom nobody knows whether she belongs in one is in it as unknown (R-DATA-01). What stands
in a line is worked out from her record when it is shown, and each look is written down.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_
from sqlmodel import col

from app.accounts.states import Role
from app.case_files.known.care import care_rules
from app.case_files.known.record import AGE_AT_EDD, pregnancy_of, trial_facts_of
from app.case_files.lists import Narrowed, Register, files_in_scope, in_register
from app.case_files.noting import noted
from app.case_files.registers import documents as documents
from app.case_files.registers.sites import TrialSites
from app.case_files.states import FOLLOWED
from app.case_files.tables import CaseFile
from app.case_files.views import file_line
from app.patients.service import person_of
from app.work import Work
from routing.care.aid import aid_groups_on
from routing.care.calendar import due_items
from routing.care.days import day_of
from routing.care.due import DueItem, DueState
from routing.care.pregnancy import Pregnancy
from routing.care.trial_of_labour import Trial, Verdict, trial_of
from routing.triage.completion import complete
from routing.triage.expression import Value

__all__ = [
    "Wanted",
    "note_looks",
    "registered",
    "shown_after_caesarean",
    "shown_from_35",
    "shown_medical_aid",
    "valid_groups",
]

SAC = "R-SCAR-00-sac"
COUNSELLING, DIAGNOSIS = "R-CASE-08-counselling", "R-CASE-08-diagnosis"
OPEN_TO_TRIAL = (Verdict.ELIGIBLE, Verdict.UNDETERMINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines of a register: ``known`` None is all, True those who belong, False the unknown.

    ``only_open`` leaves out who is not followed any more; who was lost is looked for on.
    """

    narrowed: Narrowed
    known: bool | None = None
    only_open: bool = True


def registered(
    work: Work, register: Register, wanted: Wanted, *, after: uuid.UUID | None, most: int
) -> Sequence[CaseFile]:
    """Return files of a register that the actor may see, in the order of registration."""
    yes, unknown = in_register(register, day_of(work.now))
    both = or_(yes, unknown)
    conditions = [both if wanted.known is None else yes if wanted.known else unknown]
    if wanted.only_open:
        conditions.append(col(CaseFile.status).in_(FOLLOWED))
    return files_in_scope(work, wanted.narrowed, *conditions, after=after, most=most)


def note_looks(work: Work, register: Register, file_ids: Collection[uuid.UUID]) -> None:
    """Write down that these files were looked at, as lines of a register."""
    scope = "area" if work.actor.role is Role.MCH_MANAGER else "own"
    for file_id in file_ids:
        noted(work, file_id, "listed", what=register.value, scope=scope, read=True)


def valid_groups(day: date) -> Sequence[documents.AidGroupOut]:
    """Return the code list of medical aid as it is valid on a day (R-PAY-03)."""
    return [
        documents.AidGroupOut(
            code=one.code,
            name_zh=one.info.name_zh,
            name_en=one.info.name_en,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
        )
        for one in aid_groups_on(care_rules(), day)
    ]


def shown_from_35(work: Work, file: CaseFile) -> documents.From35Out:
    """Return a line of the register of age."""
    looked = _Look.of(work, file)
    age = looked.known.get(AGE_AT_EDD)
    return documents.From35Out.model_validate(
        looked.line(file.from_35)
        | {
            "age_at_due_date": None if age is None else int(float(age)),
            "by_birth_date": age is not None and looked.has_birth_date,
            "counselling": looked.item(COUNSELLING),
            "prenatal_diagnosis": looked.item(DIAGNOSIS),
        }
    )


def shown_after_caesarean(
    work: Work, file: CaseFile, sites: TrialSites
) -> documents.AfterCaesareanOut:
    """Return a line of the register after caesarean."""
    looked = _Look.of(work, file)
    facts = trial_facts_of(work.session, file)
    trial = trial_of(care_rules(), looked.pregnancy.facts, facts)
    near = sites.near(file) if trial.verdict in OPEN_TO_TRIAL else ()
    return documents.AfterCaesareanOut.model_validate(
        looked.line(file.previous_caesarean)
        | {
            "prior_cs_count": looked.known.get("prior_cs_count"),
            "interval_months": looked.known.get("months_since_last_uterine_surgery"),
            "months_between_deliveries": facts.get("months_between_deliveries"),
            "scar_pregnancy_excluded": looked.sac(),
            "trial": _trial(trial),
            "sites": near,
        }
    )


def shown_medical_aid(work: Work, file: CaseFile) -> documents.MedicalAidOut:
    """Return a line of the worklist of aid."""
    value = _value(None if file.aid_group is None else True)
    more = {"value": value, "aid_group": file.aid_group}
    return documents.MedicalAidOut.model_validate(file_line(work, file) | more)


@dataclass(frozen=True, slots=True)
class _Look:
    """One woman as her record says now."""

    work: Work
    file: CaseFile
    pregnancy: Pregnancy
    known: Mapping[str, Value]
    items: Mapping[str, DueItem]
    has_birth_date: bool

    @classmethod
    def of(cls, work: Work, file: CaseFile) -> "_Look":
        pregnancy = pregnancy_of(work.session, file)
        return cls(
            work,
            file,
            pregnancy,
            complete(care_rules().rules, pregnancy.facts, patient="maternal").known,
            {one.rule: one for one in due_items(care_rules(), pregnancy, now=work.now)},
            person_of(work.session, file.patient_id).birth_date is not None,
        )

    def line(self, flag: bool | None) -> dict[str, object]:
        return file_line(self.work, self.file) | {"value": _value(flag)}

    def item(self, rule: str) -> documents.ItemOut | None:
        """Return how an item stands; None where it is not asked of her."""
        item = self.items.get(rule)
        return None if item is None else _item(item)

    def sac(self) -> documents.ItemOut | None:
        """Return whether a scar pregnancy was excluded in time (R-SCAR-00)."""
        found = self.item(SAC)
        if self.known.get("scar_pregnancy") is True:
            at = None if found is None else found.done_at
            return documents.ItemOut(state="found", due_at=None, done_at=at)
        return found


def _value(flag: bool | None) -> documents.Value:
    return "unknown" if flag is None else "yes"


def _item(item: DueItem) -> documents.ItemOut:
    match item.state:
        case DueState.DONE:
            state = "done_late" if item.late else "done"
        case DueState.VOID:
            state = "not_done"
        case DueState.OPEN:
            state = "unknown" if item.due is None else "overdue" if item.overdue else "due"
    return documents.ItemOut.model_validate(
        {"state": state, "due_at": item.due, "done_at": item.done_at}
    )


def _trial(trial: Trial) -> documents.TrialOut:
    return documents.TrialOut.model_validate(
        {
            "verdict": trial.verdict.value,
            "criteria": [
                {
                    "rule": one.row.info.id,
                    "kind": one.row.kind.value,
                    "state": one.state.value,
                    "ask": one.ask,
                }
                for one in trial.criteria
            ],
            "raises": [row.info.id for row in trial.raises],
            "lowers": [row.info.id for row in trial.lowers],
        }
    )
