"""Registers and worklists of files, told over HTTP; whoever may belong in one is in it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from app.audit.tables import AuditEntry
from app.case_files import lists
from app.case_files.registers.sites import is_site
from facilities.capability import Trust
from facilities.centre import Aspect
from routing.care.days import day_of
from tests.app.storage.people import number
from tests.flows.cases import CENTRE, SUIJIANG, Woman, assessed, manager, screened

SCAR = {"prior_cs_count": 1, "uterine_scar": True, "uterine_surgery_count": 1}
GOOD = {
    "incision_type": "lower_transverse",
    "incision_healed": True,
    "lower_segment_continuous": True,
    "trial_wished": True,
    "months_between_deliveries": 40,
    "estimated_weight_g": 3200,
    "previous_indication_persists": False,
    "new_caesarean_indication": False,
    "myomectomy_into_cavity": False,
    "unsuited_for_vaginal_birth": False,
}
ON_SITE = ("CS_24H", "ANAES_24H", "BLOOD_RBC", "HYSTERECTOMY_24H", "NEO_RESUS")


def listed(who, path, **params):
    answer = who.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return {one["id"]: one for one in answer.json()["items"]}


def born(today, *, years, days=0):
    """A date of birth; 29 February becomes the day before it."""
    day = today - timedelta(days=days)
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return (day - timedelta(days=1)).replace(year=day.year - years)


def today_of(house):
    with house.database.reading() as session:
        return day_of(house.database.now(session))


def identity(birth_date, order):
    return {
        "identity_kind": "resident_id",
        "id_number": number(born=f"{birth_date:%Y%m%d}", order=order),
        "name": "测试庚辛",
    }


def test_who_is_35_on_the_due_date_is_found_by_her_date_of_birth(house):
    """34 today and 35 before the birth; 34 on the due date; stated; and nobody knows."""
    doctor, today = house.clinician(SUIJIANG), today_of(house)
    turns = Woman(house, doctor, identity=identity(born(today, years=35, days=-60), "461"))
    stays = Woman(house, doctor, identity=identity(born(today, years=34, days=60), "463"))
    stated = Woman(house, doctor, facts={"age_years": 38})
    unsaid = Woman(house, doctor)
    found = listed(doctor, "/registers/from-35")

    assert turns.id in found
    assert stays.id not in found
    assert found[turns.id]["value"] == "yes"
    assert (found[turns.id]["age_at_due_date"], found[turns.id]["by_birth_date"]) == (35, True)
    assert found[turns.id]["counselling"]["state"] == "due"
    assert found[turns.id]["prenatal_diagnosis"]["state"] == "due"
    assert (found[stated.id]["value"], found[stated.id]["by_birth_date"]) == ("yes", False)
    assert (found[unsaid.id]["value"], found[unsaid.id]["age_at_due_date"]) == ("unknown", None)
    assert set(listed(doctor, "/registers/from-35", known=True)) == {turns.id, stated.id}
    assert set(listed(doctor, "/registers/from-35", known=False)) == {unsaid.id}
    # The calendar owes her counselling for it, and the file of who is 34 owes none.
    assert "R-CASE-08-counselling" in turns.rules_due()
    assert "R-CASE-08-counselling" not in stays.rules_due()


def test_a_date_of_birth_that_is_said_later_moves_her_out_of_the_unknown(house):
    doctor, today = house.clinician(SUIJIANG), today_of(house)
    woman = Woman(house, doctor)
    woman.pass_days(0.005)  # whatever else would have her file looked at is over
    assert listed(doctor, "/registers/from-35")[woman.id]["value"] == "unknown"
    seen = doctor.get(f"/patients/{woman.patient}").json()
    said = {"birth_date": born(today, years=41).isoformat(), "aid_group": "dibao"}
    answer = house.client.patch(
        f"/api/v1/patients/{woman.patient}/identity",
        json=said,
        headers=doctor.headers(seen["version"]),
    )
    assert answer.status_code == 200, answer.text
    woman.pass_days(0.01)

    assert listed(doctor, "/registers/from-35")[woman.id]["value"] == "yes"
    aided = listed(doctor, "/worklists/medical-aid", known=True)
    assert aided[woman.id]["aid_group"] == "dibao"


def test_after_a_caesarean_scar_pregnancy_and_trial_are_told_one_by_one(house):
    doctor = house.clinician(SUIJIANG)
    early = Woman(house, doctor, weeks=6, facts=SCAR)
    late = Woman(house, doctor, weeks=12, facts=SCAR)
    undated = Woman(house, doctor, facts=SCAR, lmp=None)
    unsaid = Woman(house, doctor, facts={"age_years": 25})
    never = Woman(house, doctor, facts={"prior_cs_count": 0})
    found = listed(doctor, "/registers/after-caesarean")

    states = {one: found[one]["scar_pregnancy_excluded"]["state"] for one in found}
    assert states == {
        early.id: "due",
        late.id: "overdue",
        undated.id: "unknown",
        unsaid.id: "due",
    }
    assert never.id not in found
    assert [found[one.id]["value"] for one in (early, unsaid)] == ["yes", "unknown"]
    line = found[early.id]
    assert (line["prior_cs_count"], line["interval_months"]) == (1, None)
    assert line["trial"]["verdict"] == "undetermined"
    asked = {one["rule"]: one for one in line["trial"]["criteria"]}
    assert asked["R-SCAR-02-one"]["state"] == "met"
    assert asked["R-SCAR-02-wish"] == {
        "rule": "R-SCAR-02-wish",
        "kind": "needs",
        "state": "unknown",
        "ask": ["trial_wished"],
    }

    held = {"kind": "scar_ultrasound", "status": "held", "findings": {"sac": "in utero"}}
    early.post("visits", held)
    late.post("visits", held)
    found = listed(doctor, "/registers/after-caesarean")
    assert found[early.id]["scar_pregnancy_excluded"]["state"] == "done"
    assert found[late.id]["scar_pregnancy_excluded"]["state"] == "done_late"

    late.post("screenings", screened(**SCAR))
    late.post("assessments", assessed(**SCAR, scar_pregnancy=True))
    found = listed(doctor, "/registers/after-caesarean")
    assert found[late.id]["scar_pregnancy_excluded"]["state"] == "found"


def with_site(house, facility_id, trust):
    """An engine on whose network one hospital has what a trial needs, is assumed to, or has not."""
    engine = house.engine
    has = {} if trust is None else dict.fromkeys(ON_SITE, trust)
    stated = frozenset() if trust is Trust.ASSUMED else frozenset({Aspect.CAPABILITIES})
    facilities = [
        replace(one, capabilities=has, stated=stated) if one.facility_id == facility_id else one
        for one in engine.registry.facilities
    ]
    registry = replace(engine.registry, facilities=tuple(facilities))
    return engine.with_network(engine.network.with_registry(registry))


def test_a_trial_is_eligible_by_every_criterion_and_names_known_sites_only(house, monkeypatch):
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=37, facts=SCAR)
    woman.post("screenings", screened(**SCAR))
    woman.post("assessments", assessed(**SCAR, months_since_last_uterine_surgery=31))
    visit = {"kind": "antenatal", "status": "held", "findings": {"bp": "110/70"}}
    woman.post("visits", visit | {"trial": {"estimated_weight_g": "heavy"}}, status=422)
    woman.post("visits", visit | {"findings": {"trial": {}}}, status=422)
    woman.post("visits", visit | {"trial": GOOD})
    line = listed(doctor, "/registers/after-caesarean")[woman.id]
    assert line["trial"]["verdict"] == "eligible"
    assert {one["state"] for one in line["trial"]["criteria"]} == {"met"}
    assert (line["interval_months"], line["months_between_deliveries"]) == (31, 40)
    # What every hospital has is assumed so far: none is named.
    assert line["sites"] == []

    for trust, is_one in ((Trust.CONFIRMED, True), (Trust.ASSUMED, None), (None, False)):
        engine, names = with_site(house, CENTRE, trust), [CENTRE] if is_one else []
        assert is_site(engine, engine.registry.get(CENTRE)) is is_one
        monkeypatch.setattr("app.centres.current.Current.engine", lambda *_, e=engine: e)
        line = listed(doctor, "/registers/after-caesarean")[woman.id]
        assert [one["facility_id"] for one in line["sites"]] == names
        assert all(one["minutes"] > 0 for one in line["sites"])

    woman.post("visits", visit | {"trial": {"estimated_weight_g": 4100}})
    line = listed(doctor, "/registers/after-caesarean")[woman.id]
    assert line["trial"]["verdict"] == "contraindicated"
    assert line["sites"] == []


def test_the_list_of_aid_has_the_code_list_and_is_in_no_clinical_order(house):
    """R-PAY-01 to 03: who is in no group is left out, who never said is there as unknown."""
    doctor = house.clinician(SUIJIANG)
    groups = ("tekun", "none", None, "monitored")
    women = [
        Woman(house, doctor, weeks=30 - n, identity={"aid_group": group} if group else {})
        for n, group in enumerate(groups)
    ]
    answer = doctor.get("/worklists/medical-aid").json()
    found = {one["id"]: one["aid_group"] for one in answer["items"]}

    assert found == {women[0].id: "tekun", women[2].id: None, women[3].id: "monitored"}
    assert [one["id"] for one in answer["items"]] == sorted(found)
    assert {one["code"] for one in answer["groups"]} == {"tekun", "dibao", "monitored", "other"}
    assert all(one["name_zh"] and one["name_en"] for one in answer["groups"])


def test_a_register_comes_page_by_page_and_every_line_is_written_down(house):
    doctor = house.clinician(SUIJIANG)
    women = {Woman(house, doctor, facts={"age_years": 40}).id for _ in range(3)}
    first = doctor.get("/registers/from-35", params={"limit": 2}).json()
    rest = doctor.get("/registers/from-35", params={"limit": 2, "cursor": first["next"]}).json()

    assert len(first["items"]) == 2
    assert rest["next"] is None
    assert {one["id"] for one in (*first["items"], *rest["items"])} == women
    with house.database.reading() as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.act == "listed")).all()
        looks = {(one.chain, one.is_read, one.object_kind) for one in found}
    assert looks == {(f"case_file:{one}", True, "from_35") for one in women}


def test_registers_and_worklists_hold_what_is_yours(house):
    here, there = house.clinician(SUIJIANG), house.clinician("YN533300-004")
    mch, other = manager(house, "530626"), manager(house, "530102")
    woman = Woman(house, here, weeks=12, facts={"age_years": 40, **SCAR})
    for path in ("/registers/from-35", "/registers/after-caesarean", "/worklists/medical-aid"):
        assert set(listed(here, path)) == set(listed(mch, path)) == {woman.id}
        assert listed(there, path) == listed(other, path) == {}
        for who in (house.duty("530626"), house.analyst("530000")):
            assert who.get(path).status_code == 403
    due = {"due": "overdue"}
    assert set(listed(mch, "/worklists/case-files", **due)) == {woman.id}
    # A duty officer looks at the files of open emergencies and at no others; an analyst at none.
    assert listed(house.duty("530600"), "/worklists/case-files", **due, area="530600") == {}
    assert house.analyst("530000").get("/worklists/case-files", params=due).status_code == 403


@pytest.mark.parametrize(
    ("who", "narrowed", "allowed"),
    [
        ("doctor", {"mine": True}, True),
        ("mch", {"mine": True}, False),
        ("duty", {"mine": True}, False),
        ("mch", {"area": "530626"}, True),
        ("duty", {"area": "530600"}, True),
        ("duty", {"looked_after_by": "00000000-0000-7000-8000-000000000000"}, False),
        ("mch", {"looked_after_by": "00000000-0000-7000-8000-000000000000"}, True),
    ],
)
def test_a_list_is_narrowed_as_the_role_may(house, who, narrowed, allowed):
    people = {
        "doctor": house.clinician(SUIJIANG),
        "mch": manager(house, "530626"),
        "duty": house.duty("530600"),
    }
    answer = people[who].get("/worklists/case-files", params={"due": "today", **narrowed})

    assert answer.status_code == (200 if allowed else 400), answer.text
    if not allowed:
        (fault,) = answer.json()["faults"]
        assert (fault["code"], [fault["field"]]) == ("not_of_your_role", list(narrowed))


def test_a_worklist_is_narrowed_to_a_clinician_an_institution_and_an_area(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, "530626")
    own, other = (Woman(house, doctor, weeks=33) for _ in range(2))
    for woman in (own, other):
        woman.post("screenings", screened(hypertension=True))
        woman.post("assessments", assessed(placenta_position="praevia"))
    own.post("clinician", {})
    orgs = {one: str(house.people[one.name].org_id) for one in (doctor, mch)}

    def found(who, **params):
        return set(listed(who, "/worklists/case-files", due="unbooked_by_32", **params))

    assert found(doctor) == {own.id, other.id}
    assert found(doctor, mine=True) == {own.id}
    assert found(mch, registered_by=orgs[doctor]) == {own.id, other.id}
    assert found(mch, looked_after_by=orgs[mch]) == set()
    assert found(mch, area="530600") == {own.id, other.id}
    assert found(mch, area="530100") == set()


def test_a_report_is_warned_of_at_three_quarters_of_its_time_and_then_overdue(house, monkeypatch):
    """R-REPORT-01, 04: orange, 72 hours; warned from the 54th."""
    doctor = house.clinician(SUIJIANG)
    woman = Woman(house, doctor, weeks=25)
    woman.post("screenings", screened(hypertension=True))
    woman.post("assessments", assessed(placenta_position="praevia"))
    real = lists.lines_of

    def found(due, hours):
        monkeypatch.setattr(
            lists, "lines_of", lambda kind, now: real(kind, now + timedelta(hours=hours))
        )
        items = listed(doctor, "/worklists/case-files", due=due)
        return [one["rule"] for one in items.get(woman.id, {}).get("owed", ())]

    owed = ["R-REPORT-01-orange"]
    assert found("reports", 0) == owed
    assert (found("reports_warned", 53), found("reports_warned", 55)) == ([], owed)
    assert (found("reports_warned", 73), found("reports_overdue", 71)) == ([], [])
    assert found("reports_overdue", 73) == owed
    woman.post("reports", {"kind": "risk", "content": "橙色:前置胎盘"})
    assert found("reports", 0) == []
