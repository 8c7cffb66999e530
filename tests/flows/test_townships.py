"""Where in her county she lives: said when she is registered, and only of a township there is."""

import pytest

from app.centres.importing import take_in
from app.tables import Data
from geodata.io import read_table
from tests.flows.cases import COUNTY, SUIJIANG, Woman

PLACES = """place_id,name_zh,county_adcode,lon,lat,crs,births,minutes_to_seat
T-1,甲镇,530626,,,,120,35
T-2,乙乡,530626,,,,80,60
T-3,丙镇,530602,,,,90,20
"""


@pytest.fixture
def townships(house, tmp_path):
    """Three townships in two counties, as somebody has imported them."""
    path = tmp_path / "places.csv"
    path.write_text(PLACES, encoding="utf-8")
    base = Data(house.engine.registry, tuple(house.engine.places.values()))
    with house.database.writing() as session:
        now = house.database.now(session)
        take_in(session, base, "places", read_table(path), by_name="测试", now=now)


def refused(who, patient, **said):
    answer = who.post("/case-files", {"patient_id": patient, **said})
    assert answer.status_code == 422, answer.text
    return answer.json()["codes"]


def test_she_is_registered_with_the_township_where_she_lives(house, townships):
    doctor = house.clinician(SUIJIANG)
    found = doctor.get("/townships", params={"county": COUNTY}).json()["items"]
    woman = Woman(house, doctor, township="T-2")

    assert [(one["place_id"], one["name_zh"]) for one in found] == [
        ("T-1", "甲镇"),
        ("T-2", "乙乡"),
    ]
    assert woman.whole()["township"] == "T-2"
    assert doctor.get("/townships", params={"county": "530102"}).json()["items"] == []


def test_a_township_of_nowhere_or_of_another_county_is_refused_with_every_other_fault(
    house, townships
):
    doctor = house.clinician(SUIJIANG)
    patient = doctor.post("/patients", {"kind": "maternal"}).json()["patient_id"]
    late = {"residence_county": COUNTY, "lmp": "2001-01-01"}

    assert refused(doctor, patient, **late, township="T-9") == [
        "no_such_township",
        "impossible_lmp",
    ]
    assert refused(doctor, patient, **late, township="T-3") == [
        "township_of_another_county",
        "impossible_lmp",
    ]
    assert refused(doctor, patient, residence_county="999999", township="T-1") == [
        "unknown_residence",
        "township_of_another_county",
    ]
    assert doctor.get("/case-files").json()["items"] == []


def test_where_nobody_has_imported_townships_none_can_be_said(house):
    doctor = house.clinician(SUIJIANG)
    patient = doctor.post("/patients", {"kind": "maternal"}).json()["patient_id"]

    assert refused(doctor, patient, residence_county=COUNTY, township="T-1") == ["no_such_township"]
    assert Woman(house, doctor).whole()["township"] is None
