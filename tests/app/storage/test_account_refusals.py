"""What the database refuses of accounts by itself, shown by plain SQL."""

from datetime import timedelta

import pytest

from app.accounts.states import FITS, OrganisationKind, Role
from app.accounts.tables import RoleGrant
from app.db_types import new_key
from tests.app.storage import account_rows, rows
from tests.app.storage.rows import NOW
from tests.app.storage.test_refusals import refused

DUTY = {"administrator": "administers", "auditor": "audits"}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_held_where_it_fits_and_nowhere_else(database, role):
    for kind in OrganisationKind:
        duty = DUTY.get(role.value)
        with database.writing() as session:
            org = rows.organisation(session, kind=kind.value, division=f"53{len(kind):04d}")
            who = account_rows.user(session, f"{role}-{kind}", org=org, duty=duty)
        held = {"role": role.value, "kind": kind.value, "duty": duty}
        if kind in FITS[role]:
            with database.writing() as session:
                account_rows.grant(session, who, org, **held)
        else:
            with refused(database, by=["ck_role_grant_fits"]) as session:
                account_rows.grant(session, who, org, **held)


def test_a_role_does_not_lie_about_its_organisation(database):
    """Coordinator of a commission that is written down as an institution."""
    with database.writing() as session:
        org = rows.organisation(session, kind="county_commission")
        who = account_rows.user(session)
    with refused(database, by=["fk_role_grant_org"]) as session:
        account_rows.grant(session, who, org, role="coordinator", kind="institution")


@pytest.mark.parametrize("first", list(DUTY))
def test_nobody_both_administers_and_audits(database, first):
    """Not with the duty written down, not without it, and not after the first role has ended."""
    other = next(role for role in DUTY if role != first)
    with database.writing() as session:
        org = rows.organisation(session)
        who = account_rows.user(session, org=org, duty=DUTY[first])
        account_rows.grant(
            session, who, org, role=first, duty=DUTY[first], to_at=NOW - timedelta(days=1)
        )
    with refused(database, by=["fk_role_grant_duty"]) as session:
        account_rows.grant(session, who, org, role=other, duty=DUTY[other])
    with refused(database, by=["ck_role_grant_duty"]) as session:
        account_rows.grant(session, who, org, role=other, duty=None)
    with refused(database, by=["ck_role_grant_duty"]) as session:
        account_rows.grant(session, who, org, role=other, duty=DUTY[first])
    with refused(database, by=["fk_role_grant_duty"]) as session:
        rows.update(session, "user_account", {"duty": DUTY[other]}, "login = 'jia'")


def test_nobody_gives_herself_a_role(database):
    with database.writing() as session:
        who, _, org = account_rows.clinician(session)
    with refused(database, by=["ck_role_grant_by_another"]) as session:
        account_rows.grant(session, who, org, role="coordinator", granted_by=who)


def test_a_role_is_held_once_at_a_time(database):
    with database.writing() as session:
        who, _, org = account_rows.clinician(session)
    with refused(database, by=["uq_role_grant_open", "role_grant.user_id"]) as session:
        account_rows.grant(session, who, org)


@pytest.mark.parametrize(
    "change",
    [
        {"role": "coordinator"},
        {"from_at": NOW},
        {"to_at": None},
        {"to_at": NOW + timedelta(days=400)},
        {"granted_by": None},
    ],
)
def test_what_somebody_held_and_when_is_not_written_over(database, change):
    with database.writing() as session:
        boss = account_rows.user(session, "boss")
        who, org = account_rows.user(session), rows.organisation(session)
        ends = NOW + timedelta(days=1)
        account_rows.grant(session, who, org, to_at=ends, granted_by=boss)
    with refused(database, by=["update of role_grant is not allowed"]) as session:
        rows.update(session, "role_grant", change, "1 = 1")
    with database.writing() as session:
        assert rows.update(session, "role_grant", {"to_at": NOW}, "1 = 1") == 1


def test_a_session_acts_in_a_role_of_its_own_person(database):
    with database.writing() as session:
        account_rows.clinician(session, "jia")
        _, role_of_other, _ = account_rows.clinician(session, "yi-b")
        who = account_rows.user(session, "bing")
    values = {"id": new_key(), "province": "53", "token_hash": "0" * 64, "user_id": who}
    values |= {"created_at": NOW, "expires_at": NOW + timedelta(hours=1)}
    with refused(database, by=["fk_user_session_grant"]) as session:
        rows.insert(
            session,
            "user_session",
            csrf_hash="0" * 64,
            grant_id=role_of_other,
            last_seen_at=NOW,
            **values,
        )
    with refused(database, by=["fk_api_token_grant"]) as session:
        rows.insert(session, "api_token", name="his", grant_id=role_of_other, **values)


@pytest.mark.parametrize(
    ("change", "by"),
    [
        ({"login": "Jia"}, "ck_user_account_login"),
        ({"password_hash": "secret"}, "ck_user_account_password_hash"),
        ({"duty": "both"}, "ck_user_account_duty"),
        ({"disabled_to": NOW}, "ck_user_account_disabled"),
        ({"name": b"jia"}, "ck_user_account_name_sealed"),
    ],
)
def test_an_account_is_what_an_account_is(database, change, by):
    with refused(database, by=[by]) as session:
        account_rows.user(session, **change)


def test_a_login_name_is_given_once(database):
    with database.writing() as session:
        account_rows.user(session)
    with refused(database, by=["uq_user_account_login", "user_account.login"]) as session:
        account_rows.user(session)


@pytest.fixture
def community(database):
    """A medical community with a lead hospital from NOW on, and another hospital."""
    with database.writing() as session:
        key = rows.organisation(session, kind="community")
        first, second = rows.organisation(session), rows.organisation(session)
        account_rows.member(session, key, first, lead=True)
    return key, first, second


def test_a_community_has_one_lead_hospital_at_a_time(database, community):
    """The second begins while the first has no end; or ends before the first began."""
    key, _, second = community
    once = ["uq_community_member_lead", "one lead hospital at a time"]
    for later in (timedelta(0), timedelta(days=300)):
        with refused(database, by=once) as session:
            account_rows.member(session, key, second, lead=True, from_at=NOW + later)
    with refused(database, by=once) as session:
        period = {"from_at": NOW - timedelta(days=9), "to_at": NOW + timedelta(days=9)}
        account_rows.member(session, key, second, lead=True, **period)
    with database.writing() as session:
        earlier = {"from_at": NOW - timedelta(days=9), "to_at": NOW}
        account_rows.member(session, key, second, lead=True, **earlier)
        account_rows.member(session, key, second)


def test_the_lead_passes_on_when_it_has_ended(database, community):
    key, _, second = community
    with database.writing() as session:
        rows.update(session, "community_member", {"to_at": NOW + timedelta(days=1)}, "is_lead")
        begins = NOW + timedelta(days=1)
        account_rows.member(session, key, second, lead=True, from_at=begins)
    with refused(database, by=["update of community_member is not allowed"]) as session:
        rows.update(session, "community_member", {"to_at": None}, f"from_at <> '{begins}'")


def test_hospitals_belong_to_communities_and_nothing_else_to_anything(database, community):
    key, first, second = community
    with database.writing() as session:
        office = rows.organisation(session, kind="county_commission")
    with refused(database, by=["ck_community_member_member"]) as session:
        account_rows.member(session, key, office, kind="county_commission")
    with refused(database, by=["fk_community_member_member"]) as session:
        account_rows.member(session, key, office, kind="institution")
    with refused(database, by=["fk_community_member_community"]) as session:
        account_rows.member(session, first, second)


@pytest.mark.parametrize("what", ["UPDATE sign_in SET client = 'x'", "DELETE FROM sign_in"])
def test_the_log_of_signing_in_is_never_changed(database, what):
    with database.writing() as session:
        values = {"id": new_key(), "province": "00", "at": NOW, "client": "10.0.0.7"}
        rows.insert(session, "sign_in", outcome="unknown_login", **values)
    with refused(database, by=["of sign_in is not allowed"]) as session:
        session.connection().exec_driver_sql(what)


def test_the_log_names_nobody_for_a_name_that_nobody_has(database):
    values = {"id": new_key(), "province": "00", "at": NOW, "client": "10.0.0.7"}
    with refused(database, by=["ck_sign_in_who"]) as session:
        rows.insert(session, "sign_in", outcome="wrong_password", **values)


@pytest.mark.parametrize("table", ["user_account", "role_grant", "community_member"])
def test_no_account_no_role_and_no_membership_is_deleted(database, community, table):
    with database.writing() as session:
        account_rows.clinician(session)
    with refused(database, by=[f"of {table} is not allowed", "fk_"]) as session:
        session.connection().exec_driver_sql(f"DELETE FROM {table}")


def test_a_division_has_one_commission(database):
    with database.writing() as session:
        rows.organisation(session, kind="county_commission")
        rows.organisation(session, kind="ems120")
    with refused(database, by=["uq_organisation_commission", "organisation.division"]) as session:
        rows.organisation(session, kind="county_commission")


def test_the_check_of_roles_is_the_table_of_roles():
    """A role without a place to hold it would be one that the database lets nobody have."""
    said = " ".join(
        str(one.sqltext) for one in RoleGrant.__table__.constraints if hasattr(one, "sqltext")
    )

    assert set(FITS) == set(Role)
    assert all(f"role = '{role.value}'" in said for role in Role)
