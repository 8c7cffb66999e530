"""Women with case files for the stories: who registers, assesses, follows and delivers them."""

import uuid
from datetime import timedelta

from app.accounts.states import OrganisationKind, Role
from app.case_files.known.care import care_rules
from routing.care.days import day_of
from tests.flows.house import Caller
from tests.flows.test_bad_night import SUIJIANG

__all__ = ["SUIJIANG", "Woman", "assessed", "manager", "well"]

COUNTY = "530626"
CENTRE = "YN530600-002"
NUMBERS = {
    "age_years": 28, "age_at_edd_years": 29, "height_cm": 160, "bmi": 21, "fetus_count": 1,
    "hb_g_l": 120, "plt_1e9_l": 200, "abortion_count": 0, "prior_cs_count": 0,
    "uterine_surgery_count": 0, "fibroid_max_cm": 0, "ovarian_cyst_max_cm": 0,
    "creatinine_ratio_uln": 0.8, "lvef_pct": 65, "nyha_class": 1, "urine_ml_day": 1500,
    "aortic_diameter_mm": 25, "aortic_stenosis_gradient_mmhg": 0, "pap_mmhg": 20,
    "mitral_valve_area_cm2": 4, "months_since_last_uterine_surgery": 120, "pph_ml": 0,
    "sbp": 110, "dbp": 70,
}  # fmt: skip
SKIPPED = ("gestational_age_weeks", "pph_ml", "mitral_valve_area_cm2")
BY_HAND = (
    "R-SCREEN-03-disability", "R-SCREEN-04-interval", "R-SCREEN-04-infertility",
    "R-SCREEN-05-conisation", "R-SCREEN-05-tumour", "R-SCREEN-06-hypertension",
    "R-SCREEN-06-family", "R-SCREEN-07-surgery", "R-SCREEN-08-urine", "R-SCREEN-09-symptoms",
)  # fmt: skip
"""Items of the form that no fact can express."""


def well(**more):
    """Every fact that a colour or the form asks for, as of a healthy woman, but for these."""
    rules = care_rules().rules
    names = {name for row in rules.colours if row.condition for name in row.condition.names()}
    names |= {name for row in rules.screening if row.condition for name in row.condition.names()}
    found = {}
    for name in sorted(names - {*SKIPPED}):
        fact = rules.facts[name]
        if name in NUMBERS:
            found[name] = NUMBERS[name]
        elif fact.values:
            found[name] = fact.values[0]
        else:
            found[name] = False
    return found | more


def assessed(because=None, **more):
    """A whole assessment: rows that no fact of a well woman answers are ruled out by hand."""
    said = {"facts": well(**more), "ruled_out": ["R-COLOUR-RED-03", "R-COLOUR-ORANGE-05"]}
    return said | ({"because": because} if because else {})


def screened(**more):
    """A whole form without findings, but for these."""
    return {"facts": well(**more), "answers": dict.fromkeys(BY_HAND, False)}


def manager(house, county):
    """The manager of the mother-and-child institution of a county."""
    kind = OrganisationKind.MCH.value
    return house.person(f"mch-{county}", Role.MCH_MANAGER, kind=kind, division=county)


class Woman:
    """One woman and her file: calls with the version that was answered last."""

    def __init__(self, house, who, *, weeks=8, **more):
        self.house, self.who = house, who
        entered = who.post("/patients", {"kind": "maternal", **more.pop("identity", {})})
        assert entered.status_code == 201, entered.text
        self.patient = entered.json()["patient_id"]
        with house.database.reading() as session:
            self.now = house.database.now(session)
        self.lmp = day_of(self.now) - timedelta(weeks=weeks)
        asked = {
            "patient_id": self.patient,
            "residence_county": COUNTY,
            "lmp": self.lmp.isoformat(),
            **more,
        }
        self.last = who.post("/case-files", asked)
        assert self.last.status_code == 201, self.last.text
        self.id, self.version = self.last.json()["id"], self.last.json()["version"]

    def post(self, path, body=None, *, by=None, status=None):
        """Do something with her file; the answer, and its version is kept."""
        answer = (by or self.who).post(f"/case-files/{self.id}/{path}", body, version=self.version)
        wanted = (200, 201) if status is None else (status,)
        assert answer.status_code in wanted, (path, answer.status_code, answer.text)
        self.last = answer
        said = answer.json()
        if answer.status_code < 300:
            self.version = said["version"]
        return said

    def whole(self, by=None):
        answer = (by or self.who).get(f"/case-files/{self.id}")
        assert answer.status_code == 200, answer.text
        self.version = answer.json()["version"]
        return answer.json()

    def rules_due(self, by=None):
        return {one["rule"] for one in self.whole(by)["due"]}

    def pass_days(self, days):
        """Let the clock of the worker go on; what people do happens now all the same."""
        self.house.worker.step(now=self.now + timedelta(days=days))


def org_of(caller: Caller) -> uuid.UUID:
    return caller.house.people[caller.name].org_id
