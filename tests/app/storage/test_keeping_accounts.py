"""What an administrator may do, for whom, and the organisations an installation begins with."""

import pytest

from app.accounts import organisations, service, store
from app.accounts.demo import demo_accounts
from app.accounts.errors import (
    CommunityRefusedError,
    GrantRefusedError,
    LoginRefusedError,
    LoginTakenError,
    OrganisationRefusedError,
    SeparateDutiesError,
)
from app.accounts.passwords import Fresh
from app.accounts.states import OrganisationKind, Role
from app.centres.opening import open_places
from app.db_types import new_key
from app.errors import NotFoundError, NotSignedInError, RoleRefusedError
from app.work import Work
from facilities.yunnan import load_registry
from tests.app.storage import account_rows, rows
from tests.app.storage.account_rows import HASH, PASSWORD, asks, sign_in
from tests.app.storage.rows import NOW

FRESH = Fresh(PASSWORD, HASH)
KINDS = OrganisationKind


@pytest.fixture(scope="module")
def registry():
    return load_registry()


@pytest.fixture
def area(database, clock):
    """A hospital and a commission in one county, a hospital in another, and who keeps each."""
    assert clock.now == NOW
    with database.writing() as session:
        orgs = {
            "hospital": rows.organisation(session, facility_id="YN530800-012"),
            "office": rows.organisation(session, kind="county_commission"),
            "away": rows.organisation(session, division="530802"),
        }
        for name, org in orgs.items():
            duty = "administers"
            who = account_rows.user(session, f"boss.{name}", org=org, duty=duty)
            kind = "county_commission" if name == "office" else "institution"
            held = {"role": "administrator", "kind": kind, "duty": duty}
            account_rows.grant(session, who, org, **held)
    return orgs


def does(database, login, act):
    """An act of somebody who signs in for it."""
    actor = sign_in(database, login).actor
    with database.writing() as session:
        return act(Work(session, actor, NOW))


def makes(org, login="jia", role=Role.COUNTY_CLINICIAN):
    return lambda work: service.create_user(work, login, "测试甲", FRESH, org_id=org, role=role).id


def test_an_administrator_makes_an_account_that_has_to_change_its_password(database, area):
    does(database, "boss.hospital", makes(area["hospital"]))
    opened = sign_in(database, "jia")

    assert opened.must_change
    assert opened.roles[0].role is Role.COUNTY_CLINICIAN


def test_a_commission_keeps_its_county_and_a_hospital_itself(database, area):
    """What lies outside is not told apart from what is not there."""
    does(database, "boss.office", makes(area["hospital"], "one"))
    for boss, where in [
        ("boss.hospital", area["office"]),
        ("boss.hospital", area["away"]),
        ("boss.office", area["away"]),
        ("boss.office", new_key()),
    ]:
        with pytest.raises(NotFoundError) as caught:
            does(database, boss, makes(where, "two"))
        assert caught.value.what == "organisation"


def test_who_is_no_administrator_keeps_nobody(database, area):
    with database.writing() as session:
        account_rows.clinician(session)
    for act in (
        makes(area["hospital"], "two"),
        lambda work: service.disable_user(work, new_key()),
        lambda work: service.end_grant(work, new_key()),
        lambda work: service.add_organisation(work, KINDS.COMMUNITY, "共同体", "530829"),
        service.users_kept,
    ):
        with pytest.raises(RoleRefusedError):
            does(database, "jia", act)


def test_an_administrator_sees_the_accounts_she_keeps(database, area):
    seen = does(database, "boss.office", service.users_kept)

    assert [user.login for user in seen] == ["boss.hospital", "boss.office"]
    assert PASSWORD not in repr(seen)
    assert HASH not in repr(seen)


def test_nobody_is_given_a_password_by_who_keeps_only_half_of_her_roles(database, area):
    """She works in the hospital and is on duty for the commission: the hospital's administrator
    could sign in as the commission."""
    who = does(database, "boss.hospital", makes(area["hospital"]))
    duty = Role.COUNTY_DUTY_OFFICER
    does(database, "boss.office", lambda work: service.grant_role(work, who, area["office"], duty))
    for act in (service.disable_user, lambda w, u: service.reset_password(w, u, FRESH)):
        with pytest.raises(NotFoundError):
            does(database, "boss.hospital", lambda work, act=act: act(work, who))
        does(database, "boss.office", lambda work, act=act: act(work, who))


def test_a_role_that_is_ended_is_over_with_the_next_request(database, area):
    does(database, "boss.hospital", makes(area["hospital"]))
    opened = sign_in(database, "jia")
    assert asks(database, opened, at_the_door=True)
    does(database, "boss.hospital", lambda work: service.end_grant(work, opened.roles[0].grant_id))

    with pytest.raises(NotSignedInError):
        asks(database, opened, at_the_door=True)


@pytest.mark.parametrize(
    ("role", "where", "fault"),
    [
        (Role.COORDINATOR, "office", "not_at_such_an_organisation"),
        (Role.COUNTY_DUTY_OFFICER, "hospital", "not_at_such_an_organisation"),
        (Role.PROVINCE_DUTY_OFFICER, "office", "not_at_such_an_organisation"),
        (Role.MCH_MANAGER, "hospital", "not_at_such_an_organisation"),
    ],
)
def test_a_role_that_does_not_fit_is_refused_with_a_reason(database, area, role, where, fault):
    with pytest.raises(GrantRefusedError) as caught:
        does(database, "boss.office", makes(area[where], role=role))

    assert caught.value.faults[0] == fault


def test_nobody_coordinates_an_institution_without_places(database, area):
    with database.writing() as session:
        township = rows.organisation(session)
    with pytest.raises(GrantRefusedError) as caught:
        does(database, "boss.office", makes(township, role=Role.COORDINATOR))

    assert caught.value.faults == ("organisation_without_places",)


def test_an_administrator_gives_herself_nothing(database, area):
    me = sign_in(database, "boss.office").actor.user_id

    def give(work):
        return service.grant_role(work, me, area["office"], Role.ANALYST)

    with pytest.raises(GrantRefusedError) as caught:
        does(database, "boss.office", give)

    assert caught.value.faults == ("to_oneself",)


def test_who_administers_never_audits_not_even_later(database, area):
    who = does(database, "boss.office", makes(area["office"], role=Role.AUDITOR))
    held = sign_in(database, "jia").roles[0].grant_id
    does(database, "boss.office", lambda work: service.end_grant(work, held))

    with pytest.raises(SeparateDutiesError):
        does(
            database,
            "boss.office",
            lambda work: service.grant_role(work, who, area["office"], Role.ADMINISTRATOR),
        )


@pytest.mark.parametrize("login", ["ab", "a" * 65, "名字", "a b c", "-abc", "a'; --"])
def test_a_login_name_that_cannot_be_one_is_refused(database, area, login):
    with pytest.raises(LoginRefusedError):
        does(database, "boss.hospital", makes(area["hospital"], login))


def test_a_login_name_is_taken_once_and_the_act_goes_on(database, area):
    does(database, "boss.hospital", makes(area["hospital"], "jia"))

    with pytest.raises(LoginTakenError):
        does(database, "boss.hospital", makes(area["hospital"], "JIA"))


def test_a_community_has_one_lead_and_hand_over_inside_it_is_known(database, area):
    away = area["away"]
    key = does(
        database,
        "boss.office",
        lambda work: service.add_organisation(work, KINDS.COMMUNITY, "甲县医共体", "530829").id,
    )
    with database.writing() as session:
        second = rows.organisation(session)

    def joins(org, lead):
        return lambda work: service.join_community(work, key, org, lead=lead)

    does(database, "boss.office", joins(area["hospital"], True))
    with pytest.raises(CommunityRefusedError) as caught:
        does(database, "boss.office", joins(second, True))
    assert caught.value.faults == ("led_already",)
    does(database, "boss.office", joins(second, False))
    with pytest.raises(NotFoundError):
        does(database, "boss.office", joins(away, False))

    def together(session, one, other):
        return store.in_one_community(session, one, other, at=NOW)

    with database.reading() as session:
        assert together(session, area["hospital"], second)
        assert not together(session, area["hospital"], away)
    does(database, "boss.office", lambda work: service.leave_community(work, key, second))
    with database.reading() as session:
        assert not together(session, area["hospital"], second)


def test_an_organisation_is_made_in_the_area_and_a_commission_once(database, area):
    def add(kind, division):
        return lambda work: service.add_organisation(work, kind, "甲镇卫生院", division)

    assert does(database, "boss.office", add(KINDS.INSTITUTION, "530829")).province == "53"
    with pytest.raises(NotFoundError):
        does(database, "boss.office", add(KINDS.INSTITUTION, "530802"))
    with pytest.raises(OrganisationRefusedError):
        does(database, "boss.office", add(KINDS.COUNTY_COMMISSION, "530829"))


def test_commissions_are_opened_for_every_division_and_again_makes_nothing(database, registry):
    """16 prefectures, 129 counties; Jinghong has its MCH hospital in the registry."""
    with database.writing() as session:
        open_places(session, registry, now=NOW)
        made = organisations.open_commissions(session, registry)
        again = organisations.open_commissions(session, registry)
        kinds = [org.kind for org in store.organisations(session)]
        jinghong = store.organisations_by_facility(session)["YN532800-003"]

    counties, prefectures = 129, 16
    assert (made, again) == (1 + prefectures + 3 * counties - 1, 0)
    assert kinds.count("mch") == kinds.count("ems120") == counties
    assert jinghong.kind == "mch"


def test_the_demonstration_has_one_account_per_role_and_each_can_sign_in(
    database, registry, monkeypatch
):
    monkeypatch.setattr("app.accounts.demo.fresh_password", lambda: FRESH)
    with database.writing() as session:
        open_places(session, registry, now=NOW)
        organisations.open_commissions(session, registry)
        accounts = demo_accounts(session, registry, database.now(session))

    assert {one.role for one in accounts} == set(Role)
    for one in accounts:
        opened = sign_in(database, one.login, one.password)
        assert (opened.must_change, opened.actor.role) == (False, one.role)
