"""A worklist with names: for who may see her, with why she is at risk, and each line is a look."""

import pytest
from sqlmodel import select

from app.audit.tables import AuditEntry
from tests.flows.cases import COUNTY, SUIJIANG, Woman, assessed, manager, screened
from tests.flows.test_booking_runs import RED

OTHER_COUNTY = "530625"
NAME = "测试甲"


@pytest.fixture
def woman(house):
    doctor = house.clinician(SUIJIANG)
    found = Woman(house, doctor, weeks=20, identity={"name": NAME})
    found.post("screenings", screened(prior_cs_count=1))
    found.post("assessments", assessed(**RED))
    return found


def lines(who, **query):
    answer = who.get("/worklists/case-files", params={"due": "without_clinician", **query})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def looks(house):
    with house.database.reading() as session:
        asked = select(AuditEntry).where(
            AuditEntry.act == "listed", AuditEntry.object_kind == "worklist"
        )
        return len(session.exec(asked).all())


def test_a_manager_asks_for_names_and_reads_why_she_is_at_risk_and_it_is_written_down(house, woman):
    mch = manager(house, COUNTY)
    (plain,) = lines(mch)
    assert (plain["name"], plain["because"], looks(house)) == (None, [], 0)

    (line,) = lines(mch, named="true")
    last = woman.whole()["assessments"][-1]
    assert (line["name"], line["colour"], looks(house)) == (NAME, "red", 1)
    assert line["because"]
    assert set(line["because"]) <= set(last["conditions"])


def test_the_names_of_another_county_are_not_asked_for(house, woman):
    assert lines(manager(house, OTHER_COUNTY), named="true") == []
    assert looks(house) == 0
