"""Invented people, and somebody who acts."""

import contextlib

from app.accounts.states import Actor, OrganisationKind, Role
from app.db_types import new_key
from app.work import Work
from tests.app.storage import rows


def number(*, region="530829", born="19900307", order="012"):
    """A number of nobody with a right check character: the sum of a_i 2^(18-i) is 1 modulo 11."""
    first = f"{region}{born}{order}"
    left = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first))
    check = (1 - left) % 11
    return first + ("X" if check == 10 else str(check))


def actor(org_id=None, province="53"):
    return Actor(
        user_id=new_key(),
        name="护士甲",
        role=Role.COUNTY_CLINICIAN,
        org_id=org_id or new_key(),
        org_kind=OrganisationKind.INSTITUTION,
        facility_id=None,
        division="530829",
        province=province,
    )


@contextlib.contextmanager
def working(database, *, who=None):
    """An act of somebody, committed at the end."""
    with database.writing() as session:
        yield Work(session, who or actor(rows.organisation(session)), database.now(session))


def never_referred(_patient_id):
    return False
