"""Inside one medical community nobody is asked; the times are kept all the same (R-GROUP-01)."""

from datetime import timedelta

from sqlmodel import select

from app.accounts import organisations
from app.accounts.states import OrganisationKind, Role
from app.accounts.tables import Organisation
from app.centres.tables import Reservation
from app.notices.tables import Notice

SUIJIANG = "YN530600-011"
BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}


def community(house, *members, until=None):
    """A community of hospitals; it began an hour ago."""
    with house.database.writing() as session:
        now = house.database.now(session)
        made = organisations.add_new(session, OrganisationKind.COMMUNITY, "测试医共体", "530626")
        for n, code in enumerate(members):
            where = Organisation.facility_id == code
            member = session.exec(select(Organisation).where(where)).one()
            organisations.join(
                session,
                made,
                member,
                lead=n == 0,
                at=now - timedelta(hours=1),
                until=None if until is None else now + until,
            )


def inside(doctor, asked, facility):
    return doctor.post(
        f"/referrals/{asked['id']}/inside-acceptance",
        {"facility_id": facility},
        version=asked["version"],
    )


def test_a_member_takes_her_without_an_offer_and_her_place_is_held(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    lead = asked["ranking"][2]["facility_id"]
    community(house, lead, SUIJIANG)
    taken = inside(doctor, asked, lead)

    assert taken.status_code == 200, taken.text
    found = taken.json()
    assert (found["status"], found["destination"]) == ("accepted", lead)
    assert {one["status"] for one in found["offers"]} == {"withdrawn"}
    last = found["events"][-1]
    assert (last["to"], last["reason"]) == ("accepted", "inside_the_community")
    assert last["at"] >= found["requested_at"]
    with house.database.reading() as session:
        held = session.exec(select(Reservation)).all()
        told = {(one.template) for one in session.exec(select(Notice)).all()}
        assert len(held) == 1
        assert {"coming_inside", "withdrawn"} <= told
    centre = house.coordinator(lead)
    ride = centre.post("/transfers", {"referral_id": asked["id"], "drives": "receiver_team"})
    assert ride.json()["destination"] == lead, ride.text


def test_who_is_of_no_community_or_of_one_that_has_ended_is_asked_like_any_other(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    lead = asked["ranking"][2]["facility_id"]
    assert inside(doctor, asked, lead).json()["codes"] == ["not_one_community"]
    community(house, lead, SUIJIANG, until=-timedelta(minutes=1))
    assert inside(doctor, asked, lead).json()["codes"] == ["not_one_community"]
    assert inside(doctor, asked, SUIJIANG).json()["codes"] == ["not_one_community"]

    assert doctor.referral(asked["id"])["status"] == "offered"


def test_a_full_member_refuses_and_nothing_is_changed(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    row = next(row for row in asked["ranking"] if not row["over_capacity"] and row["places"])
    lead, kind = row["facility_id"], row["places"][0]["kind"]
    community(house, lead, SUIJIANG)
    with house.database.writing() as session:
        session.connection().exec_driver_sql(
            f"UPDATE place SET in_service = false WHERE facility_id = '{lead}' AND kind = '{kind}'"  # noqa: S608  codes of the registry
        )
    full = inside(doctor, asked, lead)

    assert full.status_code == 409, full.text
    found = doctor.referral(asked["id"])
    assert (found["status"], found["version"]) == ("offered", asked["version"])


def test_a_referral_names_the_hospitals_of_the_community_of_its_sender_and_no_others(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    assert doctor.referral(asked["id"])["community"] == []
    far, near = (asked["ranking"][n]["facility_id"] for n in (3, 2))
    community(house, near, SUIJIANG)
    community(house, far, until=timedelta(days=1))
    first = house.coordinator(asked["offers"][0]["facility_id"])
    crew = house.person("120-530626", Role.EMS120, kind="ems120", division="530626")
    assert (
        doctor.post("/transfers", {"referral_id": asked["id"], "drives": "ems120"}).status_code
        == 201
    )

    assert doctor.referral(asked["id"])["community"] == [near]
    assert house.duty("530626").referral(asked["id"])["community"] == [near]
    # Who is asked, and who drives, is told of no other centre.
    assert [one.referral(asked["id"])["community"] for one in (first, crew)] == [None, None]
    assert first.post(f"/offers/{asked['offers'][0]['id']}/accept").status_code == 200
    assert doctor.referral(asked["id"])["community"] is None


def test_who_has_left_the_community_or_is_no_facility_is_in_no_list(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    other = asked["ranking"][2]["facility_id"]
    community(house, other, SUIJIANG)
    assert doctor.referral(asked["id"])["community"] == [other]
    with house.database.writing() as session:
        now = house.database.now(session)

        def named(*where):
            return session.exec(select(Organisation).where(*where)).one()

        made = named(Organisation.name_zh == "测试医共体")
        organisations.leave(session, made, named(Organisation.facility_id == other), at=now)
        township = organisations.add_new(session, OrganisationKind.INSTITUTION, "乙院", "530626")
        organisations.join(session, made, township, lead=False, at=now - timedelta(hours=1))
    assert doctor.referral(asked["id"])["community"] == []
