"""Journeys in a list: those of the referrals that one may see, page by page."""

from tests.flows.test_bad_night import BLEEDING, SUIJIANG


def ride(house, facility):
    doctor = house.clinician(facility)
    asked = doctor.ask(BLEEDING)
    said = {"referral_id": asked["id"], "drives": "sender"}
    return doctor, doctor.post("/transfers", said).json()


def test_journeys_are_listed_page_by_page_to_who_has_to_do_with_them(house):
    doctor, first = ride(house, SUIJIANG)
    assert doctor.post(f"/transfers/{first['id']}/call-off").status_code == 200
    second = doctor.post(
        "/transfers", {"referral_id": first["referral_id"], "drives": "sender"}
    ).json()
    other, elsewhere = ride(house, "YN533300-004")
    page = doctor.get("/transfers?limit=1").json()
    rest = doctor.get(f"/transfers?limit=1&cursor={page['next']}").json()

    assert [one["id"] for one in page["items"]] == [first["id"]]
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([second["id"]], None)
    left = doctor.get("/transfers?only_open=true").json()["items"]
    assert [one["id"] for one in left] == [second["id"]]
    assert [one["id"] for one in other.get("/transfers").json()["items"]] == [elsewhere["id"]]
    assert "observations" not in left[0]
    assert doctor.get("/transfers?cursor=nonsense").status_code == 400
