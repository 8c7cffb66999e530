"""Answers given in this request override what the registry knows (R-DEST-05)."""

from facilities.capability import Trust
from routing.triage.able import able_of, codes_lacking, holds_all, trusted_of
from tests.routing.triage.cases import NO_SENDER, THEATRE, sender


def test_yes_makes_an_assumed_theatre_stated_and_leaves_a_confirmed_one():
    asked = {"sender_can_operate_now": True}
    assumed = able_of(sender(*THEATRE, trust=Trust.ASSUMED), asked)
    confirmed = able_of(sender(*THEATRE), asked)

    assert assumed["CS_24H"] is assumed["ANAES_24H"] is Trust.STATED
    assert assumed["BLOOD_RBC"] is Trust.ASSUMED
    assert confirmed["CS_24H"] is Trust.CONFIRMED


def test_no_takes_away_what_hangs_on_it():
    able = able_of(
        sender(*THEATRE, "BLOOD_MTP"),
        {"sender_can_operate_now": False, "sender_can_transfuse_now": False},
    )

    assert set(able) == {"NEO_RESUS", "OB_DELIVERY"}


def test_a_sender_that_is_not_given_may_still_answer():
    assert able_of(NO_SENDER, {"sender_can_transfuse_now": True}) == {"BLOOD_RBC": Trust.STATED}
    assert able_of(NO_SENDER, {}) == {}


def test_only_what_is_stated_or_confirmed_is_trusted():
    able = {"CS_24H": Trust.ASSUMED, "ANAES_24H": Trust.STATED, "BLOOD_RBC": Trust.CONFIRMED}

    assert trusted_of(able) == {"ANAES_24H", "BLOOD_RBC"}


def test_one_code_of_a_group_is_enough():
    groups = (("IR", "HYSTEROSCOPY"), ("CS_24H",))

    assert holds_all(["HYSTEROSCOPY", "CS_24H"], groups)
    assert not holds_all(["CS_24H"], groups)
    assert codes_lacking(["CS_24H"], groups) == {"IR", "HYSTEROSCOPY"}
