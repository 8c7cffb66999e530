"""A centre without a bed names one that has one, and the server insists on it (R-REF-02)."""

import pytest

from tests.flows.house import hours_ago
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

FAR_AHEAD_H = 6


@pytest.fixture
def asked(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    first = asked["offers"][0]
    return doctor, asked, first, house.coordinator(first["facility_id"])


def elsewhere(centre, offer):
    return centre.get(f"/offers/{offer['id']}/elsewhere").json()["items"]


def names(centre, offer, facility_id):
    no = {"code": "no_bed_diverting_to", "detail": facility_id}
    return centre.post(f"/offers/{offer['id']}/decline", no)


def reports_nothing_free(house, facility_id, kinds, *, hours):
    its = house.coordinator(facility_id)
    none = {"in_service": 2, "free": 0, "as_of": hours_ago(hours)}
    lines = [{"kind": one, **none} for one in kinds]
    told = its.post("/capacity-reports", {"facility_id": facility_id, "lines": lines})
    assert told.status_code == 201, told.text


def test_the_next_of_her_ranking_are_offered_with_minutes_and_places(asked):
    _, found, first, centre = asked
    others = elsewhere(centre, first)
    ranked = [one for one in found["ranking"] if one["facility_id"] != first["facility_id"]]

    assert [one["facility_id"] for one in others] == [one["facility_id"] for one in ranked[:5]]
    assert [one["minutes"] for one in others] == [one["minutes"]["expected"] for one in ranked[:5]]
    assert all(one["rooms"] and one["rooms"][0]["free"] is not None for one in others)
    waiting = {one["facility_id"] for one in found["offers"]}
    assert [one["facility_id"] in waiting for one in others] == [one["asked"] for one in others]
    assert any(one["asked"] for one in others)
    assert names(centre, first, others[0]["facility_id"]).status_code == 200
    assert elsewhere(centre, first) == []


def test_another_centre_and_the_sender_do_not_read_them(house, asked):
    doctor, found, first, _ = asked
    other = house.coordinator(found["offers"][1]["facility_id"])
    assert other.get(f"/offers/{first['id']}/elsewhere").status_code == 403
    assert doctor.get(f"/offers/{first['id']}/elsewhere").status_code == 403


def test_who_has_said_no_to_her_is_not_named(house, asked):
    doctor, found, first, centre = asked
    second = found["offers"][1]
    no = {"code": "recommend_nearer"}
    house.coordinator(second["facility_id"]).post(f"/offers/{second['id']}/decline", no)

    assert second["facility_id"] not in [one["facility_id"] for one in elsewhere(centre, first)]
    refused = names(centre, first, second["facility_id"])
    assert (refused.status_code, refused.json()["codes"]) == (422, ["diverting_to_said_no"])
    assert refused.json()["messages"] != ["diverting_to_said_no"]
    assert doctor.referral(found["id"])["offers"][0]["status"] == "offered"


@pytest.mark.parametrize(("hours", "full"), [(0.1, True), (25, False)])
def test_who_is_known_to_have_none_is_not_named_and_an_old_report_is_no_knowledge(
    house, asked, hours, full
):
    _, _, first, centre = asked
    other = elsewhere(centre, first)[0]
    kinds = [one["kind"] for one in other["rooms"]]
    reports_nothing_free(house, other["facility_id"], kinds, hours=hours)

    assert elsewhere(centre, first)[0]["full"] is full
    answer = names(centre, first, other["facility_id"])
    assert answer.json().get("codes") == (["diverting_to_full"] if full else None)


def test_who_asks_to_be_passed_over_is_not_named(house, asked):
    _, _, first, centre = asked
    other = elsewhere(centre, first)[0]["facility_id"]
    said = house.coordinator(other).post(
        f"/facilities/{other}/diversions", {"reason": "full", "until": hours_ago(-FAR_AHEAD_H)}
    )
    assert said.status_code == 201, said.text

    assert names(centre, first, other).json()["codes"] == ["diverting_to_full"]
