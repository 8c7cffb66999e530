"""Files from registration to their end, told over HTTP."""

from tests.flows.cases import CENTRE, SUIJIANG, Woman, assessed, manager, screened


def test_a_pregnancy_after_a_caesarean_from_registration_to_the_42nd_day(house):
    doctor, mch = house.clinician(SUIJIANG), manager(house, "530626")
    woman = Woman(house, doctor, weeks=7, facts={"prior_cs_count": 1})
    assert woman.last.json()["status"] == "registered"
    assert "R-SCAR-00-sac" in woman.rules_due()

    found = woman.post("screenings", screened(prior_cs_count=1, uterine_scar=True))
    assert (found["status"], found["screening"]) == ("screened_positive", "positive")
    assert woman.id in listed(doctor, "unassessed")

    scar = {"prior_cs_count": 1, "uterine_scar": True, "uterine_surgery_count": 1}
    done = woman.post("assessments", assessed(**scar))
    assert (done["colour"], done["outcome"]) == ("yellow", "first")
    assert done["status"] == "case_managed"
    assert "R-CASE-02-caesarean" in done["reasons"]
    assert woman.id in listed(mch, "without_clinician")
    assert woman.id not in listed(doctor, "unassessed")

    named = woman.post("clinician", {})
    assert named["has_clinician"]
    assert woman.id not in listed(mch, "without_clinician")
    woman.post("visits", {"kind": "scar_ultrasound", "status": "held", "findings": {"sac": "ok"}})
    assert "R-SCAR-00-sac" not in woman.rules_due()
    woman.post("visits", {"kind": "antenatal", "status": "held", "findings": {"bp": "110/70"}})

    planned = woman.post("delivery-place", {"facility_id": CENTRE, "come_by": "2027-06-01"})
    assert planned["status"] == "delivery_planned"
    assert house.clinician(CENTRE).get(f"/case-files/{woman.id}").status_code == 200

    born = woman.post(
        "deliveries",
        {"mode": "caesarean_planned", "newborns": [{}], "happened_at": ago(house, days=43)},
    )
    assert born["status"] == "delivered"
    woman.post("discharge", {"happened_at": ago(house, days=40)})
    refused = woman.post("close", status=409)
    assert "not_assessed_at_42_days" in refused["codes"]
    held = {"status": "held", "findings": {"uterus": "ok"}}
    woman.post("visits", {"kind": "postpartum", "happened_at": ago(house, days=35), **held})
    woman.post("visits", {"kind": "day_42", **held})
    closed = woman.post("close", by=mch)
    assert closed["status"] == "closed_42d"
    whole = woman.whole(mch)
    assert whole["due"] == []
    assert len(whole["newborns"]) == 1


def listed(who, due):
    answer = who.get("/worklists/case-files", params={"due": due})
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in answer.json()["items"]}


def ago(house, **back):
    from datetime import timedelta

    with house.database.reading() as session:
        return (house.database.now(session) - timedelta(**back)).isoformat()
