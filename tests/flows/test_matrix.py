"""Every route x everybody x every referral: what is not yours is answered as if it were not there.

The routes are those of the description of the interface, what is expected are the plain rules of
``matrix/rules.py``. Whatever is done is undone, so that each cell finds the same province.
"""

import functools
import itertools
from dataclasses import replace

import pytest
from fastapi import APIRouter
from sqlalchemy import true

from app import main
from app.policies import UnpolicedRouteError
from app.referrals.states import Sight
from app.referrals.store import looking
from app.transfers import dossier
from tests.flows.matrix.asking import people, word_of
from tests.flows.matrix.rules import ROUTES, Said, Sees, expected, sees_patient

ALL_OF = functools.partial(replace, sight=Sight.FULL)
ABOUT_HER = {
    "referral": "referral_id",
    "offer": "offer_id",
    "transfer": "transfer_id",
    "patient": "patient_id",
}
NAMES = sorted(route for route, rule in ROUTES.items() if rule.about in ABOUT_HER)
FEW = ("offered", "accepted", "elsewhere")
"""Referrals of the cut that PostgreSQL is asked about, and of routes that rank before they look."""
RANKS = ("match_referral", "request_referral")
SHUT = ("accepted", "none")
"""Whoever is refused for the role is refused before anything is looked up, as these show."""


def things(stage, route):
    """Every referral that the route can be about, and one that there is not."""
    whole = stage.whole and route not in RANKS
    names = stage.told if whole else FEW
    part = ABOUT_HER[ROUTES[route].about]
    return {name: stage.told[name] for name in names if part in stage.told[name].ids} | {
        "none": None
    }


def differences(stage, *routes):
    """Where an answer is not what the rules say, or says more than that there is nothing."""
    found = []
    for route, (name, who) in itertools.product(routes, people(stage).items()):
        nothing = stage.asking(route, name, {})
        knocked = expected(route, who, None) is not Said.NOT_THERE
        for thing, one in things(stage, route).items():
            if knocked and thing not in SHUT:
                continue
            answer = nothing if one is None else stage.asking(route, name, one.ids)
            cell = f"{route} · {name} · {thing}"
            wrong = _wrong(answer, nothing, expected(route, who, one), route)
            found += [f"{cell}: {text}" for text in (*wrong, *too_much(stage, who, answer))]
    return found


def _wrong(answer, nothing, wanted, route):
    said = word_of(answer)
    if route == "confirm_word" and (said, wanted) == (Said.NOT_THERE, Said.ANSWERED):
        return  # nothing was spoken that would wait to be confirmed
    if said != wanted:
        yield f"{said} instead of {wanted}"
    elif said == Said.NOT_THERE and answer.content != nothing.content:
        yield "not there, but not like nothing"


def too_much(stage, who, answer):
    """What an answer tells of women whom somebody does not know by name."""
    for one in stage.told.values():
        by_name = who is not None and sees_patient(who, one) is Sees.ALL
        if not by_name and any(secret in answer.text for secret in one.secrets):
            yield f"tells who {one.name} is"
        at_her_door = who is not None and one.heading == who.org
        # Who brings her reads with whom; never her vital signs.
        brings = who is not None and one.brings == who.org
        hidden = one.journey[:-1] if brings else one.journey
        if not (by_name or at_her_door) and any(word in answer.text for word in hidden):
            yield f"tells how {one.name} travels"


def test_every_route_of_the_interface_is_in_the_matrix(stage):
    assert sorted(stage.asking.routes.keys() - ROUTES.keys()) == []
    assert sorted(ROUTES.keys() - stage.asking.routes.keys()) == []


def test_the_interface_says_who_may_call_what_as_the_rules_do(stage):
    for methods in stage.house.app.openapi()["paths"].values():
        for operation in methods.values():
            plain = set(ROUTES[operation["operationId"]].roles) or {"anybody"}
            if operation["x-roles"] != ["by_setting"]:
                assert set(operation["x-roles"]) == plain, operation["operationId"]


@pytest.mark.parametrize("route", NAMES)
def test_what_is_not_yours_is_not_there(stage, route):
    assert differences(stage, route) == []


def test_a_scope_that_forgets_its_condition_is_found(stage, monkeypatch):
    """The planted fault: who asks is forgotten when a referral is looked up."""
    monkeypatch.setattr("app.referrals.sight._looking", lambda _actor: looking(true()))
    found = differences(stage, "show_referral")

    assert any("answered instead of not there" in line for line in found)
    assert any("tells who accepted is" in line for line in found)


def test_a_journey_that_is_shown_to_whoever_is_asked_is_found(stage, monkeypatch):
    """The planted fault: journeys are read without a look at how much is seen."""
    forgets = dossier.transfers_seen
    monkeypatch.setattr(dossier, "transfers_seen", lambda work, seen: forgets(work, ALL_OF(seen)))
    found = differences(stage, "show_referral")

    assert any("tells how offered travels" in line for line in found)


def test_a_list_that_forgets_its_condition_is_found(stage, monkeypatch):
    monkeypatch.setattr("app.referrals.lists.visible_to", lambda _actor, _now: true())
    stranger = stage.asking("list_referrals", "mch manager far away", {}).json()["items"]

    assert len(stranger) == len(stage.told)


def test_a_route_that_nobody_decided_about_does_not_start(stage, monkeypatch):
    router = APIRouter()

    @router.get("/everything")
    def show_everything():
        return {}

    monkeypatch.setattr(main, "INTERFACE", (*main.INTERFACE, router))
    with pytest.raises(UnpolicedRouteError) as refused:
        main.create_app(stage.house.settings, engine=stage.house.engine)
    assert refused.value.names == ("show_everything",)
