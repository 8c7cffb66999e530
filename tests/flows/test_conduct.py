"""Who raises priorities and who says no is counted, shown to itself, and small counts to nobody."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from app.accounts.tables import Organisation
from tests.app.storage import rows
from tests.flows.test_centres_say import BLEEDING, SUIJIANG


def counts(caller, report, **more):
    answer = caller.get(f"/reports/{report}", params=more)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def raised(house, doctor, number, *, to=1, drill=False):
    """So many requests whose priority was raised, written as the table has them."""
    with house.database.writing() as session:
        org = session.exec(
            select(Organisation.id).where(Organisation.facility_id == SUIJIANG)
        ).one()
        for _ in range(number):
            rows.referral(session, org=org, raised_because=b"s" * 40, drill=drill)


def this_month(house):
    return {"month": datetime(rows.NOW.year, rows.NOW.month, 15, tzinfo=UTC).strftime("%Y-%m")}


@pytest.mark.parametrize(("number", "told"), [(4, None), (5, 5)])
def test_a_hospital_reads_how_often_it_raised_and_the_commission_no_small_count(
    house, number, told
):
    doctor = house.clinician(SUIJIANG)
    raised(house, doctor, number)
    raised(house, doctor, 3, drill=True)
    month = this_month(house)
    (own,) = counts(doctor, "raised-priorities", **month)
    (seen,) = counts(house.analyst("530000"), "raised-priorities", **month)
    stranger = house.coordinator("YN533300-001")

    assert (own["facility_id"], own["requests"], own["raised"]) == (SUIJIANG, number, number)
    assert (seen["facility_id"], seen["requests"], seen["raised"]) == (SUIJIANG, told, told)
    assert counts(stranger, "raised-priorities", **month) == []


def test_every_no_is_in_the_report_of_the_commission_and_exercises_are_not(house):
    doctor = house.clinician(SUIJIANG)

    def no(**more):
        offer = doctor.ask(BLEEDING, **more)["offers"][0]
        centre = house.coordinator(offer["facility_id"])
        said = centre.post(f"/offers/{offer['id']}/decline", {"code": "recommend_nearer"})
        assert said.status_code == 200, said.text
        return centre, offer["facility_id"]

    centre, name = no()
    no(drill=True)
    few = counts(house.analyst("530000"), "declines")
    for _ in range(4):
        assert no()[1] == name
    many = counts(house.duty("530000"), "declines")

    line = {"facility_id": name, "code": "recommend_nearer"}
    assert few == [line | {"declines": None}]
    assert many == [line | {"declines": 5}]
    assert counts(centre, "declines") == many
    assert counts(house.coordinator("YN533300-001"), "declines") == []
    assert set(many[0]) == {"facility_id", "code", "declines"}
