"""A hospital sees each of its places and who has it; others see how many there are."""

from app.accounts.states import Role
from tests.flows.test_centres_say import BLEEDING, SUIJIANG

COUNTS = ("in_service", "held", "blocked", "free")


def kinds_at(person, centre):
    answer = person.get(f"/places?facility_id={centre}")
    assert answer.status_code == 200, answer.text
    return {one["kind"]: one for one in answer.json()["kinds"]}


def report(house, centre, **figures):
    line = {"kind": "OB_RESCUE_BED", **figures}
    body = {"facility_id": centre, "lines": [line]}
    answer = house.coordinator(centre).post("/capacity-reports", body)
    assert answer.status_code == 201, answer.text


def test_every_place_is_counted_once_and_a_guess_is_called_one(house):
    centre = house.clinician(SUIJIANG).ask(BLEEDING)["offers"][0]["facility_id"]
    own, stranger = house.coordinator(centre), house.clinician("YN533300-001")
    before = kinds_at(own, centre)["OB_RESCUE_BED"]
    report(house, centre, in_service=4, free=2)
    seen, other = (kinds_at(who, centre)["OB_RESCUE_BED"] for who in (own, stranger))

    assert (before["assumed"], before["as_of"]) == (True, None)
    assert seen["assumed"] is False
    assert [seen[name] for name in COUNTS] == [4, 0, 2, 2]
    assert [one["state"] for one in seen["places"]].count("blocked") == 2
    assert {**other, "places": seen["places"]} == seen
    assert other["places"] is None


def test_whoever_is_promised_a_place_stands_beside_it_until_she_is_handed_over(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    offer = asked["offers"][0]
    centre = house.coordinator(offer["facility_id"])
    assert centre.post(f"/offers/{offer['id']}/accept").status_code == 200
    kinds = kinds_at(centre, offer["facility_id"]).values()
    (place,) = [one for kind in kinds for one in kind["places"] if one["referral_id"]]

    assert (place["referral_id"], place["state"]) == (asked["id"], "held")
    assert sum(kind["held"] for kind in kinds) == 1
    told = doctor.get(f"/places?facility_id={offer['facility_id']}").text
    assert asked["id"] not in told


def test_what_does_not_fit_together_is_named(house):
    doctor = house.clinician(SUIJIANG)
    offer = doctor.ask(BLEEDING)["offers"][0]
    centre = offer["facility_id"]
    assert house.coordinator(centre).post(f"/offers/{offer['id']}/accept").status_code == 200
    (kind,) = [k for k, one in kinds_at(doctor, centre).items() if one["held"]]
    body = {"facility_id": centre, "lines": [{"kind": kind, "in_service": 0, "free": 0}]}
    assert house.coordinator(centre).post("/capacity-reports", body).status_code == 201

    now = kinds_at(house.coordinator(centre), centre)[kind]
    assert now["contradictions"] == ["fewer_than_held"]
    assert now["held"] == 1


def test_what_was_said_is_listed_newest_first_page_by_page(house):
    centre = SUIJIANG
    for free in (3, 2, 1):
        report(house, centre, in_service=4, free=free)
    analyst = house.person("looks", Role.ANALYST, kind="province_commission", division="530000")
    path = f"/capacity-reports?facility_id={centre}&limit=2"
    first = analyst.get(path).json()
    second = analyst.get(f"{path}&cursor={first['next']}").json()

    assert [one["free"] for one in (*first["items"], *second["items"])] == [1, 2, 3]
    assert second["next"] is None
    for route in ("places", "capacity-reports"):
        assert analyst.get(f"/{route}?facility_id=YN999999-001").status_code == 404
        assert analyst.get(f"/{route}").status_code == 400
