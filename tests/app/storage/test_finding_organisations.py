"""Whoever keeps the machine finds the code that an account is made with; both databases."""

import json

import pytest
from typer.testing import CliRunner

from app.accounts.states import OrganisationKind
from app.cli import app
from app.text import catalogue
from tests.app.storage import rows


@pytest.fixture
def run(database, address, tmp_path):
    with database.writing() as session:
        rows.organisation(
            session, facility_id="YN530600-011", name_zh="绥江县人民医院", division="530626"
        )
        rows.organisation(
            session, kind="county_commission", name_zh="绥江县卫生健康局", division="530626"
        )
        rows.organisation(
            session, facility_id="YN530100-001", name_zh="甲市医院", division="530102"
        )

    def run(*words):
        env = {"DATABASE_URL": address, "GREENCHANNEL_DATA_DIR": str(tmp_path), "COLUMNS": "150"}
        done = CliRunner().invoke(app, [*words], env={**env, "GREENCHANNEL_LANGUAGE": "zh"})
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def codes(text):
    return [one["code"] for one in json.loads(text)["organisations"]]


def test_a_hospital_is_found_by_part_of_its_name_with_kind_and_county(run):
    (line,) = [line for line in run("organisations", "人民医院").splitlines() if "YN" in line]

    assert line.split() == ["YN530600-011", "医疗机构", "绥江县人民医院", "530626", "绥江县"]


def test_what_is_found_is_what_an_account_is_made_with(run):
    run("keys", "init")
    (commission,) = codes(run("organisations", "--kind", "county_commission", "--json"))
    role = ("--role", "county_duty_officer", "--organisation", commission)
    made = json.loads(run("user", "add", "duty-yi", "--name", "测试乙", *role, "--json"))

    assert made["organisation"] == "绥江县卫生健康局"


def test_a_code_of_a_prefecture_or_the_province_finds_what_lies_in_it(run):
    assert len(codes(run("organisations", "--division", "530600", "--json"))) == 2
    assert len(codes(run("organisations", "--division", "530000", "--json"))) == 3
    assert codes(run("organisations", "--division", "530102", "--json")) == ["YN530100-001"]
    assert codes(run("organisations", "YN530100-001", "--json")) == ["YN530100-001"]
    assert codes(run("organisations", "没有这样的名字", "--json")) == []


def test_every_kind_has_words():
    for kind in OrganisationKind:
        for language in ("zh", "en"):
            assert catalogue(language).has(f"organisation_kinds.{kind}")
