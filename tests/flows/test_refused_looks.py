"""Who tries what is not hers is refused, and that she tried is written down; never without end."""

import uuid

from sqlalchemy import text

from app.main import INTERFACE
from app.referrals.api import router as referrals
from app.refused import MOST, NAMED, Refusals
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

ELSEWHERE = "YN533300-004"


def entries(house, name):
    user = house.people[name].user_id
    with house.database.reading() as session:
        asked = text(
            "SELECT act, object_kind, object_id, scope, why FROM audit_entry "
            "WHERE chain = :chain AND scope = 'refused' ORDER BY seq"
        )
        found = session.connection().execute(asked, {"chain": f"account:{user}"})
        return [tuple(row) for row in found]


def test_a_look_out_of_scope_and_one_at_nothing_are_written_down_alike(house):
    asked = house.clinician(SUIJIANG).ask(BLEEDING)
    stranger = house.clinician(ELSEWHERE, name="stranger")
    nothing = str(uuid.uuid4())
    found = [
        stranger.get(f"/referrals/{asked['id']}"),
        stranger.get(f"/referrals/{nothing}"),
        stranger.get(f"/patients/{asked['patient_id']}/identity"),
        stranger.post(f"/referrals/{asked['id']}/cancel", {"reason": "recovered"}, version=1),
    ]

    assert [answer.status_code for answer in found] == [404] * 4
    assert entries(house, "stranger") == [
        ("show_referral", "referral", asked["id"], "refused", "not-found"),
        ("show_referral", "referral", nothing, "refused", "not-found"),
        ("show_identity", "patient", asked["patient_id"], "refused", "not-found"),
        ("cancel_referral", "referral", asked["id"], "refused", "not-found"),
    ]


def test_a_role_that_may_not_is_written_down_and_a_refused_state_is_not(house):
    doctor = house.clinician(SUIJIANG, name="doctor")
    asked = doctor.ask(BLEEDING)
    analyst = house.analyst("530000")
    refused = analyst.get(f"/referrals/{asked['id']}")
    stale = doctor.post(f"/referrals/{asked['id']}/cancel", {"reason": "recovered"}, version=99)

    assert (refused.status_code, stale.status_code) == (403, 412)
    assert entries(house, "analyst") == [
        ("show_referral", "referral", asked["id"], "refused", "role-refused")
    ]
    assert entries(house, "doctor") == []


def test_who_tries_a_thousand_numbers_does_not_flood_the_record(house):
    house.app.state.refusals = Refusals(most=3)
    stranger = house.clinician(ELSEWHERE, name="stranger")
    codes = {stranger.get(f"/referrals/{uuid.uuid4()}").status_code for _ in range(8)}
    acts = [act for act, *_ in entries(house, "stranger")]

    assert codes == {404}
    assert acts == ["show_referral"] * 3 + ["refused_many"]
    assert MOST == 30


def test_after_an_hour_it_is_written_down_again_and_few_are_remembered():
    moment = [0.0]
    refusals = Refusals(most=2, clock=lambda: moment[0])
    her, other = uuid.uuid4(), uuid.uuid4()
    first = [refusals._number(her) for _ in range(3)]
    moment[0] = 3600.0

    assert first == [1, 2, 3]
    assert (refusals._number(her), refusals._number(other)) == (1, 1)


def test_every_part_of_an_address_that_names_somebody_is_known():
    used = {
        part
        for router in INTERFACE
        for route in router.routes
        for part in getattr(route, "param_convertors", {})
    }
    of_nobody = {
        *("facility_id", "key", "user_id", "grant_id", "vehicle_id", "plan_id", "address_id"),
        "item_id",
        *(
            "token_id",
            "community_id",
            "organisation_id",
            "member_id",
            "sort",
            "diversion_id",
            "turn_id",
            "letter_id",
            "run_id",
            "closure_id",
            "sheet",
            "rule_id",
            "table",
        ),
    }

    assert referrals in INTERFACE
    assert set(NAMED) <= used
    assert sorted(used - set(NAMED) - of_nobody) == []
