"""What doctor finds in the built-in data, and that each of its checks can fail."""

from datetime import datetime, timedelta

import pytest

from app.clock import LOCAL
from app.doctor import State, examine
from app.engine import Engine
from app.ownership import ForeignPackageError, check_ownership, ownership_faults
from app.settings import Settings
from facilities.capacity import PlaceKind, Pool
from facilities.phones import Phone, PhoneRole

NOW = datetime(2026, 1, 14, 3, tzinfo=LOCAL)
BESIDE = dict.fromkeys(("app", "routing", "facilities", "geodata"), "/somewhere")


def checks(settings, engine):
    return {check.code: check for check in examine(settings, engine, NOW)}


def with_registry(engine, registry):
    return Engine(engine.rules, registry, engine.estimate)


def test_the_built_in_data_have_one_problem_the_missing_duty_number(settings, engine):
    found = checks(settings, engine)
    problems = [code for code, check in found.items() if check.state is State.PROBLEM]

    assert problems == ["province_duty_number"]
    assert found["unsigned_rules"].count == engine.unsigned
    assert found["listed_from_memory"].state is State.WARN
    assert found["placeholder"].state is State.WARN


def test_every_rescue_centre_is_without_a_number_until_numbers_are_imported(settings, engine):
    centres = sum(f.is_rescue_centre for f in engine.registry.facilities)
    number = Phone("YN533300-001", PhoneRole.DUTY, "0886-0000000", "24h")
    rung = with_registry(engine, engine.registry.with_phones([number]))

    assert checks(settings, engine)["no_phone"].count == centres
    assert checks(settings, rung)["no_phone"].count == centres - 1


def test_a_duty_number_of_the_province_solves_the_problem(settings, engine):
    number = Phone("530000", PhoneRole.COORDINATOR, "0871-0000000", "24h")
    rung = with_registry(engine, engine.registry.with_phones([number]))
    found = checks(settings, rung)

    assert found["province_duty_number"].state is State.OK
    assert found["counties_without_coordinator"].count == 0


@pytest.mark.parametrize(
    ("hours", "assumed", "stale"), [(1, -1, 0), (3, -1, 1), (25, 0, 0)], ids=["1h", "3h", "25h"]
)
def test_places_are_counted_by_the_age_of_their_report(settings, engine, hours, assumed, stale):
    before = checks(settings, engine)["assumed_places"].count
    when = NOW - timedelta(hours=hours)
    pool = Pool("YN533300-001", PlaceKind.AICU, 4, 3, None, when, "duty desk", False)
    found = checks(settings, with_registry(engine, engine.registry.with_capacity([pool])))

    assert found["assumed_places"].count == before + assumed
    assert found["stale_places"].count == stale


def test_a_folder_that_is_a_file_is_a_problem(engine, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    found = checks(Settings(data_dir=blocked / "data"), engine)

    assert found["data_folder"].state is State.PROBLEM


def test_our_own_packages_are_ours():
    assert ownership_faults() == ()
    check_ownership()


def test_a_second_owner_and_scattered_packages_are_noticed():
    owners = {"app": ["greenchannel", "other-app"], "routing": ["greenchannel"]}

    assert ownership_faults(owners, BESIDE) == ("package app belongs to greenchannel, other-app",)
    assert ownership_faults({}, BESIDE | {"geodata": "/elsewhere"}) == (
        "the four packages do not lie side by side",
    )


def test_start_up_refuses_foreign_packages(monkeypatch):
    monkeypatch.setattr("app.ownership.ownership_faults", lambda: ("package app belongs to two",))

    with pytest.raises(ForeignPackageError, match="an environment of its own"):
        check_ownership()
