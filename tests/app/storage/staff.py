"""Who acts in the tests: staff of invented organisations that stand in the database."""

from app.accounts.states import Actor, OrganisationKind, Role
from app.db_types import new_key
from app.work import Work
from tests.app.storage import rows

HOSPITAL, OTHER = "YN530100-001", "YN530800-001"


def staff(session, facility=HOSPITAL, *, role=Role.COORDINATOR, division="530102", **more):
    """A member of staff of a hospital."""
    org = rows.organisation(session, facility_id=facility, division=division)
    return actor(org, facility=facility, role=role, division=division, **more)


def officer(session, *, division="530000", role=Role.PROVINCE_DUTY_OFFICER):
    """A duty officer of a commission, the province's unless said."""
    org = rows.organisation(session, kind="province_commission", division=division)
    kind = OrganisationKind.PROVINCE_COMMISSION
    return actor(org, facility=None, role=role, division=division, kind=kind)


def actor(org, *, facility, role, division, kind=OrganisationKind.INSTITUTION):
    return Actor(
        user_id=new_key(),
        name="测试甲",
        role=role,
        org_id=org,
        org_kind=kind,
        facility_id=facility,
        division=division,
        province="53",
    )


def work(database, session, who):
    return Work(session, who, database.now(session))
