"""The line is dead: a numbered form is filled in by hand and entered once, later."""

from datetime import datetime, timedelta

import pytest

from app.referrals.paper.forms import normal

SUIJIANG, YONGSHAN = "YN530600-011", "YN530600-009"
BLEEDING = {"delivered": True, "pph_ongoing": True, "pph_ml": 1100, "hr": 118, "sbp": 96}


def printed(doctor, count=2):
    answer = doctor.post("/paper-forms", {"count": count})
    assert answer.status_code == 201, answer.text
    return [one["number"] for one in answer.json()["items"]]


def earlier(house, minutes):
    with house.database.reading() as session:
        return (house.database.now(session) - timedelta(minutes=minutes)).isoformat()


def test_a_form_is_entered_once_with_the_time_at_which_it_happened(house):
    doctor = house.clinician(SUIJIANG)
    first, second = printed(doctor)
    happened_at = earlier(house, 2)
    asked = doctor.ask(BLEEDING, form={"number": first.lower(), "happened_at": happened_at})

    assert asked["form_number"] == first
    for name in ("happened_at", "decided_at"):
        assert datetime.fromisoformat(asked[name]) == datetime.fromisoformat(happened_at)
    assert datetime.fromisoformat(asked["requested_at"]) > datetime.fromisoformat(happened_at)
    again = doctor.ask(
        BLEEDING, status=422, form={"number": first, "happened_at": earlier(house, 1)}
    )
    assert again["codes"] == ["form_used"]
    left = doctor.get("/paper-forms").json()["items"]
    assert [one["number"] for one in left] == [second]


def test_a_number_that_nobody_printed_or_another_hospital_did_is_refused(house):
    doctor, other = house.clinician(SUIJIANG), house.clinician(YONGSHAN)
    (number,) = printed(other, 1)
    for wrong in ("F-23456789", number):
        refused = doctor.ask(
            BLEEDING, status=422, form={"number": wrong, "happened_at": earlier(house, 1)}
        )
        assert refused["codes"] == ["form_unknown"]
    sheet = doctor.get(f"/paper-forms/sheets?number={number}")
    assert sheet.status_code == 404


def test_a_form_was_not_filled_in_the_day_before_it_was_printed_nor_tomorrow(house):
    doctor = house.clinician(SUIJIANG)
    (number,) = printed(doctor, 1)
    early, late = (
        doctor.ask(
            BLEEDING,
            status=422,
            form={"number": number, "happened_at": earlier(house, minutes)},
        )
        for minutes in (24 * 60, -60)
    )

    assert early["codes"] == ["before_the_form"]
    assert late["faults"][0]["code"] == "after_now"


def test_the_duty_officer_enters_the_form_that_was_read_to_her_over_the_telephone(house):
    doctor, officer = house.clinician(SUIJIANG), house.duty("530626")
    (number,) = printed(doctor, 1)
    asked = officer.ask(
        BLEEDING,
        origin={"facility_id": SUIJIANG},
        said_by="测试甲",
        form={"number": number, "happened_at": earlier(house, 1)},
    )

    assert (asked["origin"], asked["form_number"]) == (SUIJIANG, number)


def test_the_sheet_has_the_fields_and_whom_to_ring_and_no_other_hospital_prints_it(house):
    doctor = house.clinician(SUIJIANG)
    numbers = printed(doctor, 2)
    asked = "&".join(f"number={one}" for one in numbers)
    for lang, words in (
        ("zh", ("转诊单", "血红蛋白", "知情同意")),
        ("en", ("Referral form", "S ")),
    ):
        sheet = doctor.get(f"/paper-forms/sheets?{asked}&lang={lang}")
        assert sheet.status_code == 200, sheet.text
        assert sheet.headers["content-type"].startswith("text/html")
        assert all(word in sheet.text for word in (*words, *numbers, "☎"))
        assert sheet.text.count('class="sheet') == 2
    ranked = doctor.ask({"clinician_says_critical": True})["ranking"]
    zh = doctor.get(f"/paper-forms/sheets?{asked}&lang=zh").text
    assert ranked[0]["name_zh"] in zh


@pytest.mark.parametrize(
    "typed", ["F-FF9T2CBW", "f-ff9t2cbw", "FF9T2CBW", " fff9t2cbw", "FF9T-2CBW"]
)
def test_a_number_that_begins_with_the_letter_of_the_prefix_is_found(typed):
    assert normal(typed) == "F-FF9T2CBW"
