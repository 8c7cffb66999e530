"""The matrix beside the referrals: lists, numbers, glasses, accounts, centres and vehicles."""

import itertools
import uuid

import pytest

from app.live.states import scope_of
from tests.flows.matrix.asking import people, word_of
from tests.flows.matrix.cast import GONGSHAN, HERE, THERE
from tests.flows.matrix.rules import (
    ADMIN,
    COMMISSION,
    DUTY,
    OWN,
    ROUTES,
    Said,
    Sees,
    keeps,
    sees,
    sees_by_role,
    sees_patient,
    speaks,
)
from tests.flows.test_bad_night import SUIJIANG

KINDS = (
    "user",
    "community",
    "glass",
    "number of a referral",
    "facility",
    "facility above",
    "vehicle",
    "plan",
    "form",
    "division",
    "anybody signed in",
    "nothing of hers",
)
NAMES = sorted(route for route, rule in ROUTES.items() if rule.about in KINDS)
LISTS = sorted(route for route, rule in ROUTES.items() if rule.about == "list")
AT = {SUIJIANG: HERE, GONGSHAN: THERE}


def things(stage, about):
    """What a route of a kind can be about: its identifiers, by name."""
    if about in ("user", "community"):
        found = stage.staff
    elif about in ("glass", "number of a referral"):
        part = {"glass": "glass_id"}.get(about, "number")
        found = {name: one.ids for name, one in stage.told.items() if part in one.ids}
    elif about.startswith("facility"):
        found = {name: {"facility_id": name} for name in AT}
    elif about == "vehicle":
        found = stage.vehicles
    elif about == "plan":
        found = {"530600": {"plan_id": stage.plan}}
    elif about == "form":
        found = {"sender": {"number": stage.form}}
    elif about == "division":
        return {code: {"division": code} for code in (HERE, THERE, "520102")}
    else:
        return {"any": {"facility_id": SUIJIANG}}
    return {**found, "none": {"facility_id": "YN000000-000"}}


def expected(stage, route, who, thing):
    """What somebody is to be answered."""
    rule = ROUTES[route]
    if who is None:
        return Said.NOT_SIGNED_IN
    if who.role not in rule.roles:
        return Said.NOT_THE_ROLE
    if rule.about == "anybody signed in":
        return Said.ANSWERED
    if rule.about == "division":
        above = speaks(who, "", thing)
        told = route in ("report_blood_stock", "close_road")
        refused = Said.NOT_THEIRS if told else Said.NOT_THERE
        return Said.ANSWERED if above else refused
    if rule.about == "facility above" and who.kind not in COMMISSION:
        return Said.NOT_THEIRS
    if thing in ("none", "any"):
        return Said.NOT_THERE
    if rule.about == "community" and who.kind not in COMMISSION:
        return Said.NOT_THERE
    if rule.about in ("user", "community"):
        org = stage.orgs[thing]
        return Said.ANSWERED if keeps(who, thing, org.division) else Said.NOT_THERE
    if rule.about in ("glass", "number of a referral"):
        same = stage.told[thing].province == who.province
        return Said.ANSWERED if same else Said.NOT_THERE
    if rule.about == "facility":
        return Said.ANSWERED if speaks(who, thing, AT[thing]) else Said.NOT_THEIRS
    if rule.about == "facility above":
        return Said.ANSWERED if speaks(who, "", AT[thing]) else Said.NOT_THEIRS
    if rule.about == "plan":
        within = thing.startswith(who.division[: DUTY[who.role]])
        return Said.ANSWERED if within else Said.NOT_THERE
    if rule.about == "form":
        return Said.ANSWERED if thing == who.org else Said.NOT_THERE
    own = thing == who.org or speaks(who, "", stage.orgs[thing].division)
    return Said.ANSWERED if own else Said.NOT_THERE


@pytest.mark.parametrize("route", NAMES)
def test_who_may_not_is_answered_as_the_rules_say(stage, route):
    about = ROUTES[route].about
    wrong = []
    for (name, who), (thing, ids) in itertools.product(
        people(stage).items(), things(stage, about).items()
    ):
        answer = stage.asking(route, name, ids)
        said, wanted = word_of(answer), expected(stage, route, who, thing)
        either = about == "nothing of hers" and wanted == Said.NOT_THERE
        if said != wanted and not (either and said == Said.NOT_THEIRS):
            wrong.append(f"{route} · {name} · {thing}: {said} instead of {wanted}: {answer.text}")

    assert wrong == []


def listed(stage, route, name):
    answer = stage.asking(route, name, {})
    items = answer.json().get("items", ())
    return answer, {one.get("id") or one["number"] for one in items}


def wanted_in(stage, route, who):
    """The identifiers that a list holds for somebody."""
    told = stage.told.values()
    if route == "list_referrals":
        return {one.ids["referral_id"] for one in told if sees(who, one) is not Sees.NOTHING}
    if route == "list_transfers":
        rides = [one for one in told if "transfer_id" in one.ids]
        return {one.ids["transfer_id"] for one in rides if sees(who, one) is not Sees.NOTHING}
    if route == "list_offers":
        return {key for key, at in stage.offers.items() if at == who.facility}
    if route == "list_broken_glasses":
        glasses = [one for one in told if "glass_id" in one.ids]
        return {one.ids["glass_id"] for one in glasses if one.province == who.province}
    if route == "list_users":
        orgs = stage.orgs
        return {
            ids["user_id"]
            for name, ids in stage.staff.items()
            if keeps(who, name, orgs[name].division)
        }
    if route == "list_own_vehicles":
        return {ids["vehicle_id"] for org, ids in stage.vehicles.items() if org == who.org}
    if route == "list_plans":
        return {stage.plan} if "530600".startswith(who.division[: DUTY[who.role]]) else set()
    if route == "list_paper_forms":
        return {stage.form} if who.org == "sender" else set()
    if route in (
        "list_case_files",
        "list_due_case_files",
        "list_from_35",
        "list_after_caesarean",
        "list_medical_aid",
        "list_case_glasses",
        "list_exchange_items",
        "list_bookings",
    ):
        return set()  # nobody has a file on this stage; see test_matrix_case_files
    raise AssertionError(route)


@pytest.mark.parametrize("route", sorted(set(LISTS) - {"show_worklist"}))
def test_a_list_holds_what_is_yours_and_nothing_else(stage, route):
    for name, who in people(stage).items():
        answer, found = listed(stage, route, name)
        if who is None or who.role not in ROUTES[route].roles:
            wanted = Said.NOT_SIGNED_IN if who is None else Said.NOT_THE_ROLE
            assert word_of(answer) == wanted, name
        else:
            assert found == wanted_in(stage, route, who), (route, name)
            assert not any(secret in answer.text for secret in stage.secrets()), name


def test_a_worklist_holds_what_is_open_and_yours(stage):
    for name, who in people(stage).items():
        answer = stage.asking("show_worklist", name, {})
        if who is None or who.role not in ROUTES["show_worklist"].roles:
            assert answer.status_code in (401, 403), name
            continue
        found = answer.json()
        mine = [one for one in stage.told.values() if sees(who, one) is not Sees.NOTHING]
        offers = {key for key, at in stage.offers.items() if at == who.facility}
        assert {one["id"] for one in found["referrals"]} == {
            one.ids["referral_id"] for one in mine if one.open
        }, name
        assert {one["id"] for one in found["offers"]} == (offers if who.role in OWN else set())
        assert not any(secret in answer.text for secret in stage.secrets()), name


def test_a_number_finds_nobody_whom_one_does_not_see(stage):
    for name, who in people(stage).items():
        for one in stage.told.values():
            number = {"id_number": one.secrets[0]}
            answer = stage.asking("search_patients", name, number)
            if who is None or who.role not in ROUTES["search_patients"].roles:
                assert answer.status_code in (401, 403), name
                continue
            seen = sees_patient(who, one) is not Sees.NOTHING
            found = one.ids["patient_id"] if seen else None
            assert answer.json() == {"patient_id": found}, (name, one.name)


def test_the_stream_tells_of_no_referral_that_its_listener_may_not_see(stage):
    """A duty officer is told that something of the area changed, also where it is not urgent or is
    over by now: kind and identifier, and nothing opens with it.
    """
    for name, who in people(stage).items():
        if who is None:
            continue
        scope = scope_of(stage.house.people[name])
        for one in stage.told.values():
            named = (one.sender, one.entered_by, one.takes, one.brings, one.coordinates, *one.asked)
            orgs = " ".join(str(stage.orgs[org].id) for org in named if org)
            told = scope.sees(orgs, " ".join(filter(None, (one.county, one.home))))
            seen = sees_by_role(who, one) is not Sees.NOTHING
            assert told >= seen, (name, one.name)
            assert told == seen or who.role in DUTY, (name, one.name)


def test_the_record_of_a_province_is_not_read_in_another(stage):
    """And it is read by auditors alone, without a name of any patient."""
    for name, who in people(stage).items():
        answer = stage.asking("list_audit", name, {})
        if who is None or who.role != "auditor":
            assert answer.status_code in (401, 403), name
            continue
        here = {one.name for one in stage.told.values() if one.ids["referral_id"] in answer.text}
        elsewhere = {one.name for one in stage.told.values() if one.province != who.province}
        assert not here & elsewhere, name
        assert here, name
        assert not any(secret in answer.text for secret in stage.secrets()), name


def test_who_may_not_listen_is_refused_before_the_stream_begins(stage):
    for name, who in people(stage).items():
        if who is None or who.role not in ROUTES["listen_to_changes"].roles:
            assert stage.asking("listen_to_changes", name, {}).status_code in (401, 403)


def test_who_asks_for_somebody_elses_patient_is_told_neither_number_nor_sender(stage):
    """Also where the number of the open referral is known and it is to be taken over."""
    her = stage.told["elsewhere"]
    over = {"number": her.ids["number"], "because": "patient_is_here"}
    known = stage.asking("request_referral", "doctor", her.ids, takes_over=over)
    nobody = stage.asking("request_referral", "doctor", {"patient_id": uuid.uuid4()})

    assert known.status_code == 404
    assert known.content == nobody.content


def test_a_centre_that_is_asked_no_more_is_not_told_what_became_of_her(stage):
    """Cancelled, closed, taken by another: its own offer is over, and that is all."""
    for name in ("cancelled", "closed", "by telephone, over"):
        one = stage.told[name]
        facility = stage.offers[one.ids["offer_id"]]
        answer = stage.asking("accept_offer", f"coordinator {facility}", one.ids)
        assert (answer.status_code, answer.json()["machine"]) == (409, "offer"), name
        assert answer.json()["current"] in ("withdrawn", "declined"), name


def test_roles_that_see_nobody_are_three():
    seeing = frozenset().union(*(rule.roles for rule in ROUTES.values() if rule.least is Sees.ALL))
    assert frozenset({"analyst", "auditor"} | ADMIN).isdisjoint(seeing)
