"""Whoever reads a long list page by page reads all of it, each line once."""

import pytest
from sqlalchemy import text

from app.accounts.states import Role
from tests.flows.test_centres_say import BLEEDING, SUIJIANG

PREFECTURE = "530600"


def plans(house):
    officer = house.duty(PREFECTURE)
    house.clinician(SUIJIANG).ask(BLEEDING)
    for _ in range(3):
        assert officer.post("/plans", {}).status_code == 201
    return officer


def users(house):
    for name in ("a", "b", "c"):
        house.clinician(SUIJIANG, name=name)
    kind = "province_commission"
    return house.person("keeper", Role.ADMINISTRATOR, kind=kind, division="530000")


def dead_letters(house):
    house.clinician(SUIJIANG).ask(BLEEDING)
    with house.database.writing() as session:
        session.execute(text("UPDATE deadline SET dead_at = due_at, tries = 9"))
    return house.duty("530000")


def broken_glasses(house):
    """Two that nobody has reviewed and two that somebody has, in neither order."""
    stranger = house.clinician("YN530600-008")
    auditor = house.person("auditor", Role.AUDITOR, kind="province_commission", division="530000")
    for place in range(4):
        number = house.clinician(SUIJIANG).ask(BLEEDING)["number"]
        why = {"number": number, "reason": "she was brought to our emergency room"}
        glass = stranger.post("/broken-glasses", why).json()
        if place % 2:
            path = f"/broken-glasses/{glass['id']}/review"
            assert auditor.post(path, {"justified": True}).status_code == 200
    listed = [one["justified"] for one in auditor.get("/broken-glasses").json()["items"]]
    assert listed == [None, None, True, True]
    return auditor


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("/plans", plans),
        ("/users", users),
        ("/worklists/dead-letters", dead_letters),
        ("/broken-glasses", broken_glasses),
    ],
)
def test_pages_of_one_are_the_list(house, path, made):
    reader = made(house)
    whole = reader.get(f"{path}?limit=500").json()
    found, cursor = [], ""
    while cursor is not None:
        page = reader.get(f"{path}?limit=1{cursor and f'&cursor={cursor}'}").json()
        found += page["items"]
        cursor = page["next"]

    assert len(whole["items"]) >= 3
    assert whole["next"] is None
    assert found == whole["items"]
    assert reader.get(f"{path}?cursor=nonsense").status_code == 400
