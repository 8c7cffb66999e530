"""What registers answer over HTTP: lines with what is known of each woman, and what is unknown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from app.case_files.documents import CaseFileLineOut

__all__ = [
    "AfterCaesareanOut",
    "AfterCaesareansOut",
    "AidGroupOut",
    "From35Out",
    "From35sOut",
    "ItemOut",
    "MedicalAidOut",
    "MedicalAidsOut",
    "RegisterLineOut",
    "TrialCriterionOut",
    "TrialOut",
    "TrialSiteOut",
]

Value = Literal["yes", "unknown"]


class RegisterLineOut(CaseFileLineOut):
    """A file in a register; ``value`` is unknown where nobody has said whether she belongs here."""

    value: Value


class ItemOut(BaseModel):
    """How something stands that is owed once in a pregnancy.

    ``done_late`` was done after its time, ``not_done`` became void before it was; ``unknown`` is
    open, and nobody knows how far the pregnancy is. ``found`` is a scar pregnancy.
    """

    state: Literal["done", "done_late", "due", "overdue", "unknown", "not_done", "found"]
    due_at: datetime | None
    done_at: datetime | None


class From35Out(RegisterLineOut):
    """A woman of 35 or more on the due date, and how she was counselled (R-CASE-08).

    ``by_birth_date`` tells that the age is that of her date of birth; else it was stated.
    """

    age_at_due_date: int | None
    by_birth_date: bool
    counselling: ItemOut | None
    prenatal_diagnosis: ItemOut | None


class From35sOut(BaseModel):
    """A page of the register; ``next`` is the cursor of the following one."""

    items: Sequence[From35Out]
    next: str | None


class TrialCriterionOut(BaseModel):
    """One criterion; ``met`` always speaks for the trial, ``ask`` would settle an unknown one."""

    rule: str
    kind: Literal["needs", "forbids"]
    state: Literal["met", "not_met", "unknown"]
    ask: Sequence[str]


class TrialOut(BaseModel):
    """A trial of labour, criterion by criterion (R-SCAR-02, 03); ``raises``, ``lowers``: R-SCAR-08.

    Nobody is eligible by silence: anything unknown leaves it undetermined.
    """

    verdict: Literal["contraindicated", "not_eligible", "undetermined", "eligible"]
    criteria: Sequence[TrialCriterionOut]
    raises: Sequence[str]
    lowers: Sequence[str]


class TrialSiteOut(BaseModel):
    """A hospital that is known to have on site what a trial needs (R-SCAR-05).

    ``minutes`` are the expected way by day from the county where she lives.
    """

    facility_id: str
    name_zh: str
    name_en: str
    minutes: int | None


class AfterCaesareanOut(RegisterLineOut):
    """A woman after a caesarean.

    ``interval_months`` are full months from the last operation of the uterus to the last menstrual
    period (R-DATA-05), ``months_between_deliveries`` those between the two births. ``sites`` are
    named while a trial is not ruled out, the nearest first; what a hospital is only assumed to have
    names none.
    """

    prior_cs_count: int | None
    interval_months: float | None
    months_between_deliveries: float | None
    scar_pregnancy_excluded: ItemOut | None
    trial: TrialOut
    sites: Sequence[TrialSiteOut]


class AfterCaesareansOut(BaseModel):
    """A page of the register; ``next`` is the cursor of the following one."""

    items: Sequence[AfterCaesareanOut]
    next: str | None


class AidGroupOut(BaseModel):
    """A group of the code list of the insurance bureau, and when it is one (R-PAY-03)."""

    code: str
    name_zh: str
    name_en: str
    valid_from: date | None
    valid_to: date | None


class MedicalAidOut(RegisterLineOut):
    """A woman whose aid is to be settled; it changes no clinical order (R-PAY-02)."""

    aid_group: str | None


class MedicalAidsOut(BaseModel):
    """A page of the worklist with the groups that are valid today."""

    groups: Sequence[AidGroupOut]
    items: Sequence[MedicalAidOut]
    next: str | None
