"""Who knows her name, rule by rule (R-ROLE-01, R-ROLE-03, R-CONSENT-04)."""

import pytest

from tests.flows.matrix.rules import ROUTES


def knows(stage, name, told):
    """Whether somebody is told who she is, by her record or by her referral; both say the same."""
    one = stage.told[told]
    record = stage.asking("show_identity", name, one.ids)
    referral = stage.asking("show_referral", name, one.ids)
    by_record = record.status_code == 200 and one.secrets[1] in record.text
    by_referral = referral.status_code == 200 and one.secrets[1] in referral.text
    assert by_record or not any(secret in record.text for secret in one.secrets)
    assert by_record == by_referral, (name, told)
    return by_record


def coordinator(stage, org):
    return next(name for name, at in stage.at.items() if at == org and "coordinator" in name)


@pytest.mark.parametrize(
    "name",
    ["analyst", "county analyst", "administrator", "hospital administrator", "auditor"],
)
def test_analysts_administrators_and_auditors_never_know_a_name(stage, name):
    """Of no route whatever, and of no woman, also not of one of their own hospital."""
    for one in (stage.told[told] for told in ("offered", "accepted", "closed")):
        for route in sorted(ROUTES.keys() - {"listen_to_changes"}):
            answer = stage.asking(route, name, one.ids)
            assert not any(secret in answer.text for secret in stage.secrets()), route


def test_a_duty_officer_knows_the_name_in_an_open_emergency_of_the_area(stage):
    for name in ("county duty", "prefecture duty", "province duty"):
        assert knows(stage, name, "offered")
        assert knows(stage, name, "accepted")
    assert knows(stage, "province duty", "elsewhere")


def test_a_duty_officer_knows_no_name_outside_the_area(stage):
    for name in ("county duty", "prefecture duty"):
        assert not knows(stage, name, "elsewhere")
    assert not knows(stage, "other prefecture duty", "accepted")
    assert not knows(stage, "province duty", "of another province")


def test_a_duty_officer_knows_no_name_where_it_is_not_urgent(stage):
    for name in ("county duty", "prefecture duty", "province duty"):
        assert not knows(stage, name, "not urgent")


def test_a_duty_officer_knows_no_name_once_it_is_over_also_who_entered_her(stage):
    for name in ("county duty", "prefecture duty", "province duty"):
        for told in ("cancelled", "closed", "by telephone, over"):
            assert not knows(stage, name, told), (name, told)


def test_a_centre_knows_no_name_before_it_accepts(stage):
    for org in stage.told["offered"].asked:
        assert not knows(stage, coordinator(stage, org), "offered")


def test_a_centre_knows_the_name_once_it_has_accepted(stage):
    for told in ("accepted", "closed"):
        assert knows(stage, coordinator(stage, stage.told[told].takes), told)


def test_a_centre_knows_no_name_after_it_declined_or_another_took_her(stage):
    took = stage.told["accepted"].takes
    for org in stage.told["offered"].asked - {took}:
        assert not knows(stage, coordinator(stage, org), "accepted")
    assert not knows(stage, coordinator(stage, took), "declined")


def test_what_a_centre_is_asked_tells_it_no_name_ever(stage):
    for one in stage.told.values():
        if one.offered_to is not None:
            answer = stage.asking("show_offer", coordinator(stage, one.offered_to), one.ids)
            assert answer.status_code == 200
            assert not any(secret in answer.text for secret in one.secrets), one.name


def test_the_mch_managers_of_the_county_where_she_lies_and_of_her_home_know_her(stage):
    assert knows(stage, "mch manager here", "offered")
    assert knows(stage, "mch manager of her home", "offered")
    assert not knows(stage, "mch manager far away", "offered")


def test_an_mch_manager_knows_her_also_where_it_is_not_urgent_and_when_it_is_over(stage):
    assert knows(stage, "mch manager here", "not urgent")
    assert knows(stage, "mch manager here", "closed")
    assert not knows(stage, "mch manager of her home", "closed")


def test_a_township_knows_its_own_and_no_others(stage):
    assert knows(stage, "township worker", "from a township")
    for told in stage.told.keys() - {"from a township"}:
        assert not knows(stage, "township worker", told), told


def test_a_glass_shows_her_while_it_is_broken_and_not_before_nor_after(stage):
    """The looker broke it for one; for another it has expired; her colleague broke none."""
    assert knows(stage, "looker", "accepted")
    assert not knows(stage, "looker", "offered")
    assert not knows(stage, "doctor elsewhere", "accepted")


def test_who_broke_the_glass_looks_and_does_nothing(stage):
    one = stage.told["not urgent"]
    name = "duty with a broken glass"
    acts = [
        route
        for route, rule in ROUTES.items()
        if rule.about in ("referral", "transfer")
        and rule.acts
        and "prefecture_duty_officer" in rule.roles
    ]
    said = {route: stage.asking(route, name, one.ids).status_code for route in acts}

    assert len(acts) > 10
    assert set(said.values()) == {403}, said
