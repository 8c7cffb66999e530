"""Counts of case files over HTTP for commissions and analysts, against a plain recount."""

import json
import uuid
from datetime import timedelta

import pytest

from app.case_files.known.record import pregnancy_of
from app.case_files.store import file_of
from facilities.capability import Trust
from facilities.centre import Grade, MaternalLevel, NeonatalLevel
from routing.care.completeness import file_kept
from tests.flows.case_recount import recounted, shown
from tests.flows.cases import CENTRE, SUIJIANG, Woman, assessed, manager, screened
from tests.flows.test_case_registers import with_site

HOUSES = ("right_place", "births", "week_unknown", "colour_unknown")
SCAR = {"prior_cs_count": 1, "uterine_scar": True, "uterine_surgery_count": 1}
RED = {"heart_disease": "chd_complex", "pulmonary_hypertension": True, "pap_mmhg": 85}
ORANGE = {"placenta_position": "praevia"}


def counts(who, **params):
    answer = who.get("/reports/case-files", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def born(woman, days_ago=1, **more):
    at = (woman.now - timedelta(days=days_ago)).isoformat()
    woman.post("deliveries", {"mode": "vaginal", "newborns": [{}], "happened_at": at, **more})
    return woman


@pytest.fixture
def province(house):
    """Births in two counties of one prefecture, early and late, of every colour and of none."""
    doctor, other = house.clinician(SUIJIANG), house.clinician(CENTRE)
    women = []
    for weeks, facts, where in (
        (31, ORANGE, SUIJIANG),
        (31, ORANGE, CENTRE),
        (27, RED, CENTRE),
        (38, RED, SUIJIANG),
        (38, SCAR, CENTRE),
        (39, {}, None),
        (40, None, SUIJIANG),
    ):
        known = {"prior_cs_count": 0} | (facts or {})
        woman = Woman(house, doctor, weeks=weeks, facts=known)
        if facts is None:
            woman.post("screenings", screened())
        if facts:
            woman.post("screenings", screened(**facts))
            happened = {"happened_at": (woman.now - timedelta(days=2)).isoformat()}
            woman.post("assessments", assessed(**facts) | happened)
        place = {"elsewhere": "在家"} if where is None else {"facility_id": where}
        if facts is SCAR:
            place |= {"trial_of_labour": True, "ruptured": False}
        women.append(born(woman, **place))
    unknown = Woman(house, doctor, lmp=None)
    women.append(born(unknown))
    away = Woman(house, other, residence_county="530602", home_county="533324")
    away.whole(manager(house, "533324"))
    away.post("verification", by=manager(house, "533324"))
    women.append(away)
    women.append(Woman(house, other, residence_county="530602", home_county="530626"))
    return women


def test_births_are_counted_as_a_plain_recount_counts_them(house, province):
    files = [woman.whole() for woman in province]
    registry = house.engine.registry
    found = counts(house.analyst("530000"))

    assert found["total"]["births"] == 8
    for part in HOUSES:
        assert found["total"][part] == recounted(files, registry)[part]
    for line in found["items"]:
        here = [one for one in files if one["residence_county"] == line["area"]]
        assert {part: line[part] for part in HOUSES} == recounted(here, registry)


def test_scars_rupture_and_theatre_are_unknown_where_a_hospital_is_only_assumed(
    house, province, monkeypatch
):
    """R-IND-11: one birth after a caesarean, of two of the others nobody knows."""
    analyst = house.analyst("530000")
    found = counts(analyst)["total"]
    assert (found["scar_births"], found["scar_unknown"]) == (1, 1)
    assert found["scar_uterus"] == {
        "ruptures": shown(0, 1, 0),
        "outside_theatre": shown(0, 0, 1),
        "trial_at_site": shown(0, 0, 1),
    }

    for trust, outside, at_site in ((Trust.CONFIRMED, 0, 1), (None, 1, 0)):
        engine = with_site(house, CENTRE, trust)
        monkeypatch.setattr("app.centres.current.Current.engine", lambda *_, e=engine: e)
        assert counts(analyst)["total"]["scar_uterus"] == {
            "ruptures": shown(0, 1, 0),
            "outside_theatre": shown(outside, 1, 0),
            "trial_at_site": shown(at_site, 1, 0),
        }


def test_files_are_counted_as_the_rule_says_of_each_by_itself(house, province):
    """R-IND-09, against the calendar asked anew for every file that was orange or red."""
    for woman in province[:2]:
        woman.post("clinician", {})
        woman.post("reports", {"kind": "risk", "content": "报告"})
    late = Woman(house, house.clinician(SUIJIANG), weeks=25)
    late.post("screenings", screened(**RED))
    late.post("assessments", assessed(**RED))
    late.pass_days(30)
    kept = []
    with house.database.reading() as session:
        now = house.database.now(session)
        for woman in (*province[:4], late):
            file = file_of(session, uuid.UUID(woman.id))
            at = now + timedelta(days=30)
            kept.append(file_kept(house.engine.care, pregnancy_of(session, file), now=at))
    found = counts(house.analyst("530000"))["total"]

    assert found["files"] == 5
    assert kept[-1].reported_in_time is False
    for name, attribute in (
        ("clinician", "clinician_named"),
        ("reported", "reported_in_time"),
        ("seen", "seen_in_time"),
        ("closed", "closed_at_42_days"),
    ):
        answers = [getattr(one, attribute) for one in kept]
        yes, no = answers.count(True), answers.count(False)
        assert found["kept"][name] == shown(yes, yes + no, answers.count(None)), name


def test_files_that_the_other_county_knows_are_counted_once(house, province):
    """P-14: two women whose home is elsewhere; the home of one has said so."""
    found = counts(house.analyst("530000"))
    assert found["total"]["verified"] == shown(1, 2, 0)
    (line,) = [one for one in found["items"] if one["area"] == "530602"]
    assert line["verified"] == shown(1, 2, 0)


def test_a_commission_counts_its_area_by_county_or_prefecture_and_names_nobody(house, province):
    by_county = counts(house.duty("530600"))
    assert by_county["total"]["area"] == "530600"
    assert {one["area"][:4] for one in by_county["items"]} == {"5306"}
    assert len(by_county["items"]) == len(house.engine.registry.divisions.counties_of("530600"))
    whole = counts(house.duty("530000"), by="prefecture")
    areas = [one["area"] for one in whole["items"]]
    assert len(areas) == 16
    assert sum(one["births"] for one in whole["items"]) == whole["total"]["births"] == 8
    assert counts(house.duty("530102"))["total"]["births"] == 0
    assert counts(manager(house, "530626"))["total"]["births"] == 8
    text = json.dumps(whole)
    for woman in province:
        file = woman.whole()
        for told in (file["id"], file["number"], file["patient_id"]):
            assert told not in text
    assert house.clinician(SUIJIANG).get("/reports/case-files").status_code == 403


def test_what_waits_and_who_is_registered_is_counted_with_the_unknown(house, province):
    doctor, mch = house.clinician(SUIJIANG), manager(house, "530626")
    late = Woman(house, doctor, weeks=33, facts={"age_years": 40, "aid_group": "dibao"})
    late.post("screenings", screened(age_years=40, **RED))
    late.post("assessments", assessed(age_years=40, **RED))
    found = counts(mch)["total"]

    for due in found["worklists"]:
        lines = mch.get("/worklists/case-files", params={"due": due}).json()["items"]
        here = [one for one in lines if one["residence_county"] == "530626"]
        assert found["worklists"][due] == len(here), due
    assert found["worklists"]["without_clinician"] >= 1
    for name, path in (
        ("from_35", "/registers/from-35"),
        ("after_caesarean", "/registers/after-caesarean"),
        ("medical_aid", "/worklists/medical-aid"),
    ):
        lines = mch.get(path).json()["items"]
        here = [one["value"] for one in lines if one["residence_county"] == "530626"]
        both = {"yes": here.count("yes"), "unknown": here.count("unknown")}
        assert found["registers"][name] == both, name
    assert found["registers"]["from_35"]["yes"] >= 1
    assert found["registers"]["medical_aid"]["yes"] == 1


@pytest.mark.parametrize(
    ("params", "births"),
    [
        ({}, 1),
        ({"since": "2000-01-01"}, None),
        ({"since": "2026-02-01", "until": "2026-01-01"}, None),
        ({"since": "2026-01-01", "until": "2026-02-01"}, 0),
    ],
)
def test_births_of_a_time_are_counted_in_it(house, params, births):
    born(Woman(house, house.clinician(SUIJIANG), weeks=38))
    answer = house.analyst("530000").get("/reports/case-files", params=params)

    assert answer.status_code == (400 if births is None else 200), answer.text
    if births is not None:
        assert answer.json()["total"]["births"] == births


def test_a_colour_that_was_found_after_the_birth_says_nothing_of_where_she_gave_birth(house):
    woman = born(Woman(house, house.clinician(SUIJIANG), weeks=38), facility_id=SUIJIANG)
    woman.post("screenings", screened(**RED))
    woman.post("assessments", assessed(**RED))
    found = counts(house.analyst("530000"))["total"]

    assert found["colour_unknown"] == 1
    assert found["right_place"]["red"] == shown(0, 0, 0)


def test_the_levels_of_the_recount_are_those_of_the_registry():
    assert (NeonatalLevel.N2, NeonatalLevel.N3, MaternalLevel.M1, Grade.G3) == (2, 3, 1, 3)
