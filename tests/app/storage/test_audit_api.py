"""An auditor reads the record of the own province; nobody else reads it at all."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from app.accounts.states import Role
from app.main import create_app
from app.referrals.tables import Referral
from app.settings import Settings
from tests.app.storage.filled import Filled


@pytest.fixture
def night(database):
    return Filled(database, seed=4).night(2)


def asked(address, actor, path):
    settings = Settings(database_url=address)
    app = create_app(settings, engine=object(), authenticate=lambda _request, _database: actor)
    with TestClient(app) as client:
        return client.get(f"/api/v1{path}")


def test_an_auditor_reads_a_referral_page_by_page_and_that_is_written_down(address, night):
    auditor = replace(night.actor, role=Role.AUDITOR)
    path = f"/audit?referral={night.key}&limit=2"
    first = asked(address, auditor, path).json()
    second = asked(address, auditor, f"{path}&cursor={first['next']}").json()
    looks = asked(address, auditor, "/audit?limit=500").json()["items"]

    assert [one["seq"] for one in first["items"] + second["items"]] == [1, 2, 3, 4]
    assert {one["chain"] for one in first["items"]} == {f"referral:{night.key}"}
    # The worker inside checks everything meanwhile, and may say what it found.
    said = [one["act"] for one in looks if one["chain"] == "installation"]
    assert [act for act in said if act != "verify_found"] == ["audit_shown"] * 2


def test_an_auditor_of_another_province_sees_nothing_of_this_one(address, night):
    other = replace(night.actor, role=Role.AUDITOR, province="52")

    assert asked(address, other, "/audit").json() == {"items": [], "next": None}


def test_an_entry_names_its_referral_by_number_and_in_another_province_none_is_found(
    address, night, database
):
    with database.reading() as session:
        number = session.get(Referral, night.key).number
    auditor = replace(night.actor, role=Role.AUDITOR)
    entries = asked(address, auditor, f"/audit?referral={night.key}").json()["items"]

    assert {one["case_number"] for one in entries} == {number}
    other = replace(auditor, province="52")
    assert asked(address, auditor, f"/audit?number={number}").status_code == 200
    assert asked(address, other, f"/audit?number={number}").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
def test_no_other_role_reads_the_record(address, night, role):
    assert asked(address, replace(night.actor, role=role), "/audit").status_code == 403
