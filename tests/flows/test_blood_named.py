"""She bleeds: the answer names the blood store to ring, or says that nobody knows (R-BLOOD-01)."""

import itertools
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from app.centres.states import COMPONENTS
from app.keys.words import document
from app.referrals.tables import Recommendation
from app.text import catalogue

BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}
SICK = {"birth_weight_g": 1450, "neo_ga_weeks": "30+4", "age_minutes": 50}
SUIJIANG, COUNTY = "YN530600-011", "530626"


def ago(minutes):
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


def reported(house, county, *lines, **more):
    stock = {
        "county": county,
        "lines": [
            {"component": "red_cells", "blood_group": group, "units": units, "as_of": ago(age)}
            for group, units, age in lines
        ],
        "source": "电话",
        **more,
    }
    answer = house.duty(county).post("/blood-stocks", stock)
    assert answer.status_code == 201, answer.text


def stored(house):
    with house.database.reading() as session:
        last = select(Recommendation).order_by(col(Recommendation.id).desc()).limit(1)
        return document(session, session.exec(last).one(), "answer")["blood"]


def of_her_hospital(answer):
    (store,) = [one for one in answer["blood"]["stores"] if one["use"] == "origin"]
    return store


def test_the_store_of_her_county_is_named_with_units_age_and_courier(house):
    reported(
        house, COUNTY, ("O+", 6, 30), ("A+", 2, 200), courier_phone="0870-11111", courier_min=25
    )
    answer = house.clinician(SUIJIANG).ask(BLEEDING)
    store = of_her_hospital(answer)
    lines = {line["blood_group"]: line for line in store["lines"]}

    assert "BLOOD_RBC" in answer["blood"]["because"]
    assert (store["county"], store["facility_id"], store["said"]) == (COUNTY, SUIJIANG, "units")
    assert (lines["O+"]["units"], lines["O+"]["trust"]) == (6, "fresh")
    assert (lines["A+"]["units"], lines["A+"]["trust"]) == (2, "stale")
    assert 30 <= lines["O+"]["age_min"] <= 32
    assert (store["courier"]["phone"], store["courier"]["minutes"]) == ("0870-11111", 25)
    assert answer["blood"]["nothing_known"] is False
    assert stored(house)["stores"][0]["courier"]["phone"] == "0870-11111"


def test_where_no_store_ever_said_anything_that_is_said_plainly(house):
    answer = house.clinician(SUIJIANG).ask(BLEEDING)
    store = of_her_hospital(answer)

    assert answer["blood"]["nothing_known"] is True
    assert (store["said"], store["lines"], store["courier"]) == ("nothing", [], None)
    assert stored(house)["nothing_known"] is True


def test_yesterdays_units_are_only_assumed_and_an_empty_store_is_not_a_silent_one(house):
    reported(house, COUNTY, ("O+", 6, 1500))
    old = of_her_hospital(house.clinician(SUIJIANG).ask(BLEEDING))
    reported(house, COUNTY, ("O+", 0, 5))
    empty = of_her_hospital(house.clinician(SUIJIANG, name="other").ask(BLEEDING))

    assert (old["said"], old["lines"][0]["trust"]) == ("units_old", "assumed")
    assert old["courier"] is None
    assert (empty["said"], empty["lines"][0]["units"]) == ("empty", 0)


def test_the_first_stop_has_its_own_store_named(house):
    """R-ROUTE-10: blood is sent to the stop at once, so its county's store is rung as well."""
    reported(house, "530129", ("O+", 4, 30), courier_phone="0871-22222")
    answer = house.clinician("YN530100-027").ask({**BLEEDING, "pph_ml": 1600})
    stop = answer["ranking"][0]
    (named,) = [one for one in answer["blood"]["stores"] if one["use"] == "first_stop"]

    assert stop["role"] == "first_stop"
    assert (named["facility_id"], named["county"]) == (stop["facility_id"], "530129")
    assert (named["said"], named["courier"]["phone"]) == ("units", "0871-22222")
    assert of_her_hospital(answer)["said"] == "nothing"


def test_who_needs_no_blood_is_told_of_none(house):
    answer = house.clinician(SUIJIANG).ask(SICK)

    assert answer["blood"] is None
    assert stored(house) is None


def test_a_centre_that_is_only_asked_sees_no_stores(house):
    reported(house, COUNTY, ("O+", 6, 30), courier_phone="0870-11111")
    answer = house.clinician(SUIJIANG).ask(BLEEDING)
    asked = answer["offers"][0]["facility_id"]

    assert house.coordinator(asked).referral(answer["id"])["blood"] is None


def test_every_word_about_blood_is_in_both_languages():
    said = ("units", "units_old", "empty", "nothing")
    uses = ("origin", "first_stop", "nearest_life_saving")
    unknown = ("nothing_known", "no_courier", "no_phone")
    groups = [
        *itertools.product(["blood_said"], said),
        *itertools.product(["blood_uses"], uses),
        *itertools.product(["blood_components"], COMPONENTS),
        *itertools.product(["blood_unknown"], unknown),
    ]

    assert [
        (language, *code)
        for language in ("zh", "en")
        for code in groups
        if not catalogue(language).has(".".join(code))
    ] == []
