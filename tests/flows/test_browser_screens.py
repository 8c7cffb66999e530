"""Every screen that a role can open: readable by everybody, and never wider than the window."""

from pathlib import Path

import pytest

from app.accounts.states import OrganisationKind, Role
from tests.app.chromium import Chromium
from tests.app.walking import screens_of
from tests.flows.cases import manager
from tests.flows.screen import DESK, PHONE, Screen, login_of
from tests.flows.test_bad_night import BLEEDING
from tests.flows.test_bookings import managed

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "app" / "web" / "node_modules" / "axe-core"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOK = """async tags => {
  const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  const where = one => one.nodes.map(node => node.html.slice(0, 160)).join(" | ");
  return found.violations.map(one => `${one.id}: ${where(one)}`);
}"""
LONGEST = "530925"
"""双江拉祜族佤族布朗族傣族自治县, the county with the longest name."""
ROLES = (
    Role.TOWNSHIP,
    Role.COUNTY_CLINICIAN,
    Role.COORDINATOR,
    Role.MCH_MANAGER,
    Role.COUNTY_DUTY_OFFICER,
    Role.PROVINCE_DUTY_OFFICER,
    Role.EMS120,
    Role.ANALYST,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)


@pytest.fixture(scope="module")
def chromium():
    with Chromium() as browser:
        yield browser


def hospital(house):
    county = house.engine.registry.in_county(LONGEST)
    return next(one.facility_id for one in county if not one.is_placeholder)


def somebody(house, role):
    """Somebody in a role in the county with the longest name, with work before them."""
    doctor = house.clinician(hospital(house))
    asked = doctor.ask(BLEEDING)
    doctor.ask(BLEEDING, drill=True)
    woman = managed(house, doctor, weeks=34)
    centre = house.coordinator(asked["offers"][0]["facility_id"])
    assert woman.whole()["number"]
    commission = OrganisationKind.PROVINCE_COMMISSION.value
    return {
        Role.TOWNSHIP: lambda: house.person(
            "township", Role.TOWNSHIP, facility=hospital(house), division=LONGEST
        ),
        Role.COUNTY_CLINICIAN: lambda: doctor,
        Role.COORDINATOR: lambda: centre,
        Role.MCH_MANAGER: lambda: manager(house, LONGEST),
        Role.COUNTY_DUTY_OFFICER: lambda: house.duty(LONGEST),
        Role.PROVINCE_DUTY_OFFICER: lambda: house.duty("530000"),
        Role.EMS120: lambda: house.person(
            "ems", Role.EMS120, kind=OrganisationKind.EMS120.value, division=LONGEST
        ),
        Role.ANALYST: lambda: house.person(
            "counts", Role.ANALYST, kind=commission, division="530000"
        ),
        Role.ADMINISTRATOR: lambda: house.person(
            "admin", Role.ADMINISTRATOR, kind=commission, division="530000"
        ),
        Role.AUDITOR: lambda: house.person(
            "audit", Role.AUDITOR, kind=commission, division="530000"
        ),
    }[role]()


@pytest.mark.parametrize("role", ROLES, ids=str)
@pytest.mark.parametrize("house_address", ["sqlite"], indirect=True)
def test_every_screen_of_a_role_is_readable_and_fits(house, chromium, role):
    screen = Screen(chromium, house, DESK).sign_in(login_of(somebody(house, role)))
    page, faults = screen.page, []
    page.evaluate((AXE / "axe.min.js").read_text(encoding="utf-8"))
    count = 0
    for address in screens_of(page):
        count += 1
        for size in (DESK, PHONE):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            faults += [f"{address} {size[0]}: {one}" for one in page.evaluate(LOOK, TAGS)]
            if (wider := screen.sideways()) > 0:
                faults.append(f"{address} {size[0]}: {wider} pixels too wide")
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    faults += screen.faults
    page.context.close()

    assert count >= 1
    assert faults == []


def test_a_picture_without_words_is_noticed(chromium):
    page = chromium.somebody(*DESK)
    page.set_content(
        "<html lang=zh><title>x</title><main><h1>x</h1><img src='a.png'></main></html>"
    )
    page.evaluate((AXE / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(LOOK, TAGS)
    page.context.close()

    assert [one.partition(":")[0] for one in found] == ["image-alt"]
