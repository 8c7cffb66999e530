"""When the state of an installation is good, wants somebody, or is an alarm."""

from dataclasses import replace

import pytest

from app.health.states import Figures, Level, Probed, looks_of, overall, unfit
from app.text import catalogue

WELL = Probed("postgresql", "9", "9", True, 0.01, True, 0.1, 0.5)
CALM = Figures(
    workers=1,
    beat_s=3,
    backup_s=3600,
    verify_s=3600,
    deadlines={"oldest_overdue_s": 0, "dead": 0},
    notices={"oldest_undelivered_s": 0, "dead": 0},
    age_s=900_000,
)
DAY = 86_400


def wrong(probed=WELL, figures=CALM, unsigned=0):
    looks = looks_of(probed, figures, unsigned=unsigned)
    return {look.code: look.level.value for look in looks if look.level is not Level.OK}


def test_an_installation_that_is_looked_after_is_well():
    assert wrong() == {}
    assert overall(looks_of(WELL, CALM, unsigned=0)) is Level.OK


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"answers": False}, "database_silent"),
        ({"step": "8"}, "database_behind"),
        ({"write_s": None}, "write_failed"),
        ({"write_s": 1.2}, "write_slow"),
        ({"clock_off_s": -2.0}, "clock_off"),
        ({"clock_off_s": 2.0}, "clock_off"),
        ({"keys_open": False}, "keys_unreadable"),
        ({"disk_free": 0.09}, "disk_low"),
    ],
)
def test_what_no_request_can_do_without_is_an_alarm_and_not_ready(change, code):
    probed = replace(WELL, **change)

    assert wrong(probed)[code] == "alarm"
    assert code in unfit(probed)


@pytest.mark.parametrize(
    ("change", "code", "level"),
    [
        ({"workers": 0}, "worker_silent", "alarm"),
        ({"deadlines": {"oldest_overdue_s": 61}}, "deadlines_late", "alarm"),
        ({"deadlines": {"dead": 1}}, "deadlines_dead", "alarm"),
        ({"notices": {"oldest_undelivered_s": 61}}, "notices_late", "alarm"),
        ({"notices": {"dead": 1}}, "notices_dead", "attention"),
        ({"overdue": 1}, "referrals_overdue", "attention"),
        ({"backup_s": 26 * 3600 + 1}, "backup_old", "alarm"),
        ({"backup_s": None}, "backup_none", "alarm"),
        ({"backup_s": None, "age_s": 60}, "backup_none", "attention"),
        ({"verify_found": True}, "verify_found", "alarm"),
        ({"verify_s": None}, "verify_old", "attention"),
        ({"verify_s": 2 * DAY}, "verify_old", "attention"),
        ({"unsealed_s": 601}, "seals_late", "attention"),
    ],
)
def test_what_people_must_see_to_is_said(change, code, level):
    assert wrong(figures=replace(CALM, **change)) == {code: level}


def test_each_limit_itself_is_still_well():
    at_the_limit = replace(
        CALM,
        deadlines={"oldest_overdue_s": 60},
        notices={"oldest_undelivered_s": 60},
        backup_s=26 * 3600,
        verify_s=26 * 3600,
        unsealed_s=600,
    )

    assert wrong(replace(WELL, write_s=1.0, disk_free=0.1, clock_off_s=1.9), at_the_limit) == {}


def test_unsigned_rules_never_count_as_well():
    assert wrong(unsigned=241) == {"rules_unsigned": "attention"}


def test_an_installation_without_a_database_has_a_disk_and_rules():
    probed = replace(WELL, kind=None, step=None, write_s=None, clock_off_s=None)

    assert {look.code for look in looks_of(probed, None, unsigned=0)} == {
        "disk_low",
        "rules_unsigned",
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_look_has_words_for_what_to_do_and_a_line_in_doctor(language):
    texts = catalogue(language)
    codes = {look.code for look in looks_of(WELL, CALM, unsigned=1)}
    codes |= {look.code for look in looks_of(WELL, replace(CALM, backup_s=None), unsigned=1)}

    assert all(texts.has(f"looks.{code}") for code in codes)
    assert all(texts.has(f"checks.{code}") for code in codes - {"rules_unsigned"})


def test_an_exchange_that_once_was_and_is_silent_for_days_wants_somebody():
    assert "exchange_silent" not in wrong(figures=replace(CALM, exchange_s=None))
    assert "exchange_silent" not in wrong(figures=replace(CALM, exchange_s=3 * DAY))
    assert wrong(figures=replace(CALM, exchange_s=3 * DAY + 1)) == {"exchange_silent": "attention"}
