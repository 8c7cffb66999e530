"""Whoever does something, or looks at somebody, leaves a line; the record is whole at the end."""

from sqlalchemy import text

from app.keyfile import make_key
from app.verifying.service import verify

BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}
SUIJIANG = "YN530600-011"


def lines(house):
    statement = (
        "SELECT act, role, is_read FROM audit_entry WHERE by_user IS NOT NULL ORDER BY number"
    )
    with house.database.reading() as session:
        return [tuple(row) for row in session.execute(text(statement))]


def test_a_whole_night_leaves_a_line_for_every_act_and_every_look(house):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(BLEEDING)
    centre = house.coordinator(asked["offers"][0]["facility_id"])
    centre.get(f"/referrals/{asked['id']}")
    centre.post(f"/offers/{asked['offers'][0]['id']}/accept")
    report = {"no_change": True}
    centre.post("/capacity-reports", report)
    doctor.referral(asked["id"])

    found = lines(house)
    assert [act for act, _, _ in found][:3] == ["request", "shown", "accept"]
    assert found[-1][:2] == ("shown", "county_clinician")
    assert {role for _, role, _ in found} == {"county_clinician", "coordinator"}
    house.pass_time(20)
    make_key(house.settings.seal_key_file)
    report = verify(house.database, key_file=house.settings.seal_key_file, outside=None)
    assert report.findings == ()
