import pytest

from facilities.phones import Phone, PhoneRole
from facilities.quality import (
    centres_without_phone,
    counties_without_coordinator,
    has_province_duty_number,
)

HOSPITAL = "YN533300-004"
ALL = ["duty", "obstetric", "neonatal", "coordinator", "ems120", "other"]


def with_lines(registry, *lines):
    return registry.with_phones(Phone(who, PhoneRole(role), number) for who, role, number in lines)


@pytest.mark.parametrize(
    ("roles", "maternal", "newborn"),
    [
        (ALL, "obstetric", "neonatal"),
        (["duty", "coordinator", "other"], "duty", "duty"),
        (["coordinator", "other"], "coordinator", "coordinator"),
        (["neonatal"], "neonatal", "neonatal"),
        (["other", "ems120"], "other", "other"),
        (["ems120"], None, None),
        ([], None, None),
    ],
)
def test_the_line_of_her_specialty_is_rung_first_then_duty(registry, roles, maternal, newborn):
    changed = with_lines(registry, *((HOSPITAL, role, role) for role in roles))

    assert changed.phone_of(HOSPITAL, "maternal") == maternal
    assert changed.phone_of(HOSPITAL, "newborn") == newborn


def test_a_line_that_always_answers_goes_before_one_with_office_hours(registry):
    changed = registry.with_phones(
        [
            Phone(HOSPITAL, PhoneRole.DUTY, "1111", "08:00-18:00"),
            Phone(HOSPITAL, PhoneRole.DUTY, "2222", "24h"),
        ]
    )

    assert changed.phone_of(HOSPITAL, "maternal") == "2222"


def test_no_number_is_none_and_never_a_guess(registry):
    assert registry.phone_of(HOSPITAL, "maternal") is None
    assert registry.coordinator_phone("533324") is None


def test_the_coordinator_of_the_county_goes_before_prefecture_and_province(registry):
    province = ("530000", "coordinator", "3")
    prefecture = ("533300", "coordinator", "2")
    county = ("533324", "coordinator", "1")

    assert with_lines(registry, province).coordinator_phone("533324") == "3"
    assert with_lines(registry, province, prefecture).coordinator_phone("533324") == "2"
    assert with_lines(registry, province, prefecture, county).coordinator_phone("533324") == "1"
    assert with_lines(registry, prefecture).coordinator_phone("530402") is None


def test_a_duty_line_of_a_division_answers_as_coordinator_and_its_ambulance_does_not(registry):
    assert with_lines(registry, ("530000", "duty", "9")).coordinator_phone("533324") == "9"
    assert with_lines(registry, ("530000", "ems120", "120")).coordinator_phone("533324") is None


def test_doctor_sees_centres_without_a_number_and_a_missing_duty_number(registry):
    centres = [f for f in registry.facilities if f.is_rescue_centre]
    changed = with_lines(registry, (HOSPITAL, "duty", "1"), ("530000", "coordinator", "2"))

    assert len(centres_without_phone(registry)) == len(centres) == 161
    assert len(centres_without_phone(changed)) == 160
    assert not has_province_duty_number(registry)
    assert has_province_duty_number(changed)
    assert len(counties_without_coordinator(registry)) == 129
    assert counties_without_coordinator(changed) == ()


def test_a_second_import_replaces_the_numbers_of_the_same_facility_only(registry):
    first = with_lines(registry, (HOSPITAL, "duty", "1"), ("533300", "coordinator", "2"))
    second = with_lines(first, (HOSPITAL, "obstetric", "3"))

    assert [phone.phone for phone in second.phones] == ["2", "3"]
