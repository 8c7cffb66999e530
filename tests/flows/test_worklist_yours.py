"""A list says what waits for your hospital, and what you only see."""

from app.accounts.states import Role
from tests.flows.test_centres_say import BLEEDING, SUIJIANG


def leaves(found):
    """Every single value that stands anywhere in an answer."""
    if isinstance(found, dict | list):
        parts = found.values() if isinstance(found, dict) else found
        return [leaf for part in parts for leaf in leaves(part)]
    return [found]


def mine(caller):
    found = caller.get("/worklists/mine").json()["referrals"]
    return [(one["id"], one["yours"], one["why"]) for one in found]


def test_who_is_asked_who_waits_for_her_and_who_only_sees_it_are_told_apart(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    first, second = (house.coordinator(one["facility_id"]) for one in asked["offers"][:2])
    key = asked["id"]
    assert mine(first) == [(key, True, "asked")]
    declined = second.post(
        f"/offers/{asked['offers'][1]['id']}/decline", {"code": "recommend_nearer"}
    )
    assert declined.status_code == 200, declined.text
    assert (key, True, "asked") not in mine(second)
    yes = first.post(f"/offers/{asked['offers'][0]['id']}/accept")
    assert yes.status_code == 200, yes.text

    assert mine(first) == [(key, True, "coming")]
    (of_sender,) = mine(doctor)
    owner = doctor.referral(key)["yours"]
    assert of_sender == (key, owner, "owner" if owner else "sent")


def test_what_is_yours_stands_first_however_late_its_deadline(house):
    doctor = house.clinician(SUIJIANG)
    one = doctor.ask(BLEEDING)
    centre = house.coordinator(one["offers"][0]["facility_id"])
    centre.post(f"/offers/{one['offers'][0]['id']}/decline", {"code": "recommend_nearer"})
    two = doctor.ask(BLEEDING)
    found = mine(centre)

    assert two["offers"][0]["facility_id"] == one["offers"][0]["facility_id"]
    assert found[0] == (two["id"], True, "asked")
    assert all(not yours for key, yours, _ in found if key == one["id"])
    offers = centre.get("/worklists/mine").json()["offers"]
    assert [(offer["referral_id"], offer["yours"]) for offer in offers] == [
        (two["id"], True),
        (one["id"], False),
    ]


def test_who_names_what_has_changed_is_shown_that_and_nothing_that_is_not_hers(house):
    doctor = house.clinician(SUIJIANG)
    one, two = doctor.ask(BLEEDING), doctor.ask(BLEEDING)
    first = one["offers"][0]
    centre, stranger = house.coordinator(first["facility_id"]), house.clinician("YN530600-002")

    def named(caller, *keys):
        found = caller.get("/worklists/mine?" + "&".join(f"referral={key}" for key in keys)).json()
        lines = {line["id"]: line for line in found["referrals"]}
        return lines, [offer["referral_id"] for offer in found["offers"]]

    lines, offers = named(centre, one["id"])
    whole = {line["id"]: line for line in centre.get("/worklists/mine").json()["referrals"]}
    assert (list(lines), offers) == ([one["id"]], [one["id"]])
    assert lines[one["id"]] == whole[one["id"]] | {"overdue": lines[one["id"]]["overdue"]}
    assert named(stranger, one["id"], two["id"]) == ({}, [])

    read = doctor.referral(two["id"])["version"]
    doctor.post(f"/referrals/{two['id']}/cancel", {"reason": "recovered"}, version=read)
    assert list(named(doctor, one["id"], two["id"])[0]) == [one["id"]]


def test_the_office_that_owns_it_finds_it_as_its_own(house):
    doctor = house.clinician(SUIJIANG)
    key = doctor.ask(BLEEDING)["id"]
    house.pass_time(30)
    province = house.duty("530000")
    owner = doctor.referral(key)["owner_org"]
    (entry,) = mine(province)

    assert entry[1:] == ((True, "owner") if _org(house, province) == owner else (False, "in_sight"))


def _org(house, caller):
    return str(house.people[caller.name].org_id)


def test_who_can_only_be_rung_is_told_to_the_sender_and_the_office_and_to_no_centre(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    first, second = (one["facility_id"] for one in asked["offers"][:2])
    centre, province = house.coordinator(first), house.duty("530000")

    def line(caller):
        (found,) = caller.get("/worklists/mine").json()["referrals"]
        return found

    assert [line(one)["only_by_telephone"] for one in (doctor, province)] == [[second]] * 2
    assert line(centre)["only_by_telephone"] == []
    assert centre.referral(asked["id"])["only_by_telephone"] == []

    said = {"facility_id": second, "said_by": "测试丁"}
    yes = doctor.post(f"/referrals/{asked['id']}/spoken-acceptance", said)
    assert yes.status_code == 200, yes.text
    spoken = line(province)["spoken_yes"]
    assert (spoken["what"], spoken["said_by"]) == ("acceptance", "测试丁")
    assert (spoken["entered_name"], spoken["confirmed_at"]) == (f"测试{doctor.name}", None)
    assert doctor.referral(asked["id"])["spoken_yes"] == spoken


def test_a_centre_is_told_why_she_comes_and_no_other_centre(house):
    doctor = house.clinician(SUIJIANG)
    offer = doctor.ask(BLEEDING)["offers"][0]
    centre = house.coordinator(offer["facility_id"])
    (seen,) = centre.get("/worklists/mine").json()["offers"]

    assert seen["why"]
    assert seen["within"] in ("target", "hard", "late")
    assert all(":" not in one for one in seen["why"])


def test_a_centre_is_told_how_far_on_she_is_and_since_when_she_waits_no_more(house):
    doctor = house.clinician(SUIJIANG)
    facts = BLEEDING | {"delivered": False, "gestational_age_weeks": "31+0"}
    asked = doctor.ask(facts)
    first = house.coordinator(asked["offers"][0]["facility_id"])
    (offer,) = first.get("/worklists/mine").json()["offers"]
    assert (offer["weeks"], offer["delivered"]) == ("31+0", False)
    assert offer["assessment"]["emergencies"]
    # That, and no figure of her (as a value: a time of day may hold the same digits).
    assert facts["pph_ml"] == 1100
    assert 1100 not in leaves(offer)
    (line,) = first.get("/worklists/mine").json()["referrals"]
    assert (line["accepted_at"], line["fell_due"]) == (None, [])

    assert first.post(f"/offers/{offer['id']}/accept").status_code == 200
    (line,) = first.get("/worklists/mine").json()["referrals"]
    assert line["accepted_at"] >= line["requested_at"]
    crew = house.person("120-530626", Role.EMS120, kind="ems120", division="530626")
    said = {"referral_id": asked["id"], "drives": "ems120"}
    assert doctor.post("/transfers", said).status_code == 201
    assert "31+0" not in crew.get(f"/referrals/{asked['id']}").text
    assert "31+0" not in crew.get("/worklists/mine").text
    assert "31+0" not in crew.get(f"/offers/{offer['id']}").text
