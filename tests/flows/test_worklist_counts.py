"""Each worklist says how many stand in it: those that whoever asks may see, and no others."""

import pytest

from app.case_files.lists import DueList
from tests.flows.cases import COUNTY, SUIJIANG, Woman, assessed, manager, screened
from tests.flows.test_booking_runs import RED

ELSEWHERE, OTHER_COUNTY = "YN533300-004", "533325"


@pytest.fixture
def women(house):
    """Women of two counties who stand in different lists; none stands in all."""
    doctor, other = house.clinician(SUIJIANG), house.clinician(ELSEWHERE)
    Woman(house, doctor, weeks=12)
    Woman(house, doctor, lmp=None)
    late = Woman(house, doctor, weeks=33)
    late.post("screenings", screened(hypertension=True))
    late.post("assessments", assessed(placenta_position="praevia"))
    own = Woman(house, doctor, weeks=25)
    own.post("screenings", screened(prior_cs_count=1))
    own.post("assessments", assessed(**RED))
    own.post("clinician", {})
    far = Woman(house, other, weeks=25, residence_county=OTHER_COUNTY)
    far.post("screenings", screened(prior_cs_count=1))
    return [late, own, far]


def asked(who, **query):
    answer = who.get("/worklists/case-files", params={"due": "overdue", "limit": 500, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def counts(who, **query):
    return asked(who, counted="true", **query)["counts"]


def lengths(who, **query):
    """The oracle: every list is read as a whole."""
    return {due.value: len(asked(who, due=due.value, **query)["items"]) for due in DueList}


def test_each_worklist_counts_what_it_lists_for_everybody_who_may_see_some(house, women):
    people = {
        "doctor": house.clinician(SUIJIANG),
        "other": house.clinician(ELSEWHERE),
        "manager": manager(house, COUNTY),
        "manager of another county": manager(house, OTHER_COUNTY),
        "duty": house.duty("530600"),
    }
    found = {name: counts(who) for name, who in people.items()}

    for name, who in people.items():
        assert found[name] == lengths(who), name
    assert found["doctor"] == found["manager"]
    # Of women of another county nobody learns so much as a number.
    assert found["doctor"]["unassessed"] == 0
    assert found["other"]["unassessed"] == found["manager of another county"]["unassessed"] == 1
    assert found["doctor"]["unbooked_by_32"] == 1
    assert found["other"]["unbooked_by_32"] == 0
    assert set(found["duty"].values()) == {0}


def test_counts_are_narrowed_as_the_list_is_and_told_only_where_they_are_asked_for(house, women):
    doctor, mch = house.clinician(SUIJIANG), manager(house, COUNTY)
    org = str(house.people[doctor.name].org_id)
    for who, narrowed in (
        (doctor, {"mine": "true"}),
        (doctor, {"registered_by": org}),
        (mch, {"looked_after_by": org}),
        (mch, {"area": "530600"}),
        (mch, {"area": "530100"}),
    ):
        assert counts(who, **narrowed) == lengths(who, **narrowed), narrowed
    assert counts(doctor, mine="true") != counts(doctor)
    assert set(counts(mch, area="530100").values()) == {0}
    assert asked(doctor)["counts"] is None
    refused = {"due": "overdue", "counted": "true", "mine": "true"}
    assert mch.get("/worklists/case-files", params=refused).status_code == 400


def test_the_counts_stand_beside_names_too_and_are_no_look_at_more_than_the_page(house, women):
    mch = manager(house, COUNTY)
    page = asked(mch, counted="true", named="true", due="without_clinician", limit=1)

    assert page["counts"] == counts(mch)
    assert len(page["items"]) == 1
