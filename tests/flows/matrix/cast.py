"""The people of the matrix: every role, here and elsewhere, at organisations that have names."""

from sqlmodel import select

from app.accounts.organisations import add_new
from app.accounts.states import Actor, OrganisationKind, Role
from app.accounts.tables import Organisation
from app.db_types import new_key
from tests.app.storage import account_rows, rows
from tests.flows.house import Caller
from tests.flows.test_bad_night import SUIJIANG

GONGSHAN = "YN533300-004"
KNOWN = {SUIJIANG: "sender", GONGSHAN: "elsewhere"}
"""Hospitals that have a name on the stage, whatever else they are asked."""
HERE, THERE, FAR = "530626", "533324", "530102"
ABROAD, FOREIGN = "520102", "52"
R = Role
PEOPLE = (
    ("doctor", R.COUNTY_CLINICIAN, "sender"),
    ("sender's coordinator", R.COORDINATOR, "sender"),
    ("township worker", R.TOWNSHIP, "township"),
    ("doctor elsewhere", R.COUNTY_CLINICIAN, "elsewhere"),
    ("looker", R.COUNTY_CLINICIAN, "elsewhere"),
    ("mch manager here", R.MCH_MANAGER, "mch here"),
    ("mch manager of her home", R.MCH_MANAGER, "mch home"),
    ("mch manager far away", R.MCH_MANAGER, "mch far"),
    ("120 here", R.EMS120, "ems"),
    ("120 far away", R.EMS120, "ems far"),
    ("county duty", R.COUNTY_DUTY_OFFICER, f"commission {HERE}"),
    ("duty of her home", R.COUNTY_DUTY_OFFICER, f"commission {THERE}"),
    ("duty with a broken glass", R.COUNTY_DUTY_OFFICER, f"commission {THERE}"),
    ("prefecture duty", R.PREFECTURE_DUTY_OFFICER, "commission 530600"),
    ("other prefecture duty", R.PREFECTURE_DUTY_OFFICER, "commission 533300"),
    ("province duty", R.PROVINCE_DUTY_OFFICER, "commission 530000"),
    ("analyst", R.ANALYST, "commission 530000"),
    ("county analyst", R.ANALYST, f"commission {HERE}"),
    ("administrator", R.ADMINISTRATOR, "commission 530000"),
    ("hospital administrator", R.ADMINISTRATOR, "sender"),
    ("auditor", R.AUDITOR, "commission 530000"),
    ("foreign doctor", R.COUNTY_CLINICIAN, "foreign"),
    ("foreign duty", R.PROVINCE_DUTY_OFFICER, "commission 520000"),
    ("foreign mch manager", R.MCH_MANAGER, "foreign mch"),
    ("foreign administrator", R.ADMINISTRATOR, "commission 520000"),
    ("foreign auditor", R.AUDITOR, "commission 520000"),
)


class Cast:
    """Organisations and people of a house by name; ``at`` says where each stands."""

    def __init__(self, house):
        self.house, self.orgs, self.at = house, {}, {}
        self._people()

    def _people(self):
        self._org("sender", facility=SUIJIANG)
        self._org("elsewhere", facility=GONGSHAN)
        for name, kind, division in (
            ("township", "institution", HERE),
            ("ems", "ems120", HERE),
            ("ems far", "ems120", FAR),
            ("mch here", "mch", HERE),
            ("mch home", "mch", THERE),
            ("mch far", "mch", FAR),
        ):
            self._new_org(name, kind, division)
        for division in (HERE, THERE, "530600", "533300", "530000"):
            self._org(f"commission {division}", division=division)
        self._foreign()
        for name, role, org in PEOPLE:
            self.put(name, role, org)

    def _org(self, name, *, facility=None, division=None):
        with self.house.database.reading() as session:
            where = (
                Organisation.facility_id == facility
                if facility
                else (Organisation.division == division) & Organisation.kind.like("%commission")
            )
            self.orgs[name] = session.exec(select(Organisation).where(where)).one()
            session.expunge_all()

    def _new_org(self, name, kind, division):
        with self.house.database.writing() as session:
            made = add_new(session, OrganisationKind(kind), f"测试{name}", division)
            session.flush()
            key = made.id
        with self.house.database.reading() as session:
            self.orgs[name] = session.get(Organisation, key)
            session.expunge_all()

    def _foreign(self):
        """Another province on the same machine: nothing of it is seen from here, nor from there."""
        with self.house.database.writing() as session:
            for name, kind, division in (
                ("foreign", "institution", ABROAD),
                ("foreign mch", "mch", ABROAD),
                ("commission 520102", "county_commission", ABROAD),
                ("commission 520100", "prefecture_commission", "520100"),
                ("commission 520000", "province_commission", "520000"),
            ):
                key = rows.organisation(
                    session, province=FOREIGN, kind=kind, division=division, name_zh=f"测试{name}"
                )
                self.orgs[name] = session.get(Organisation, key)
            session.expunge_all()

    def put(self, name, role, org):
        """Let somebody in a role stand at an organisation of the stage."""
        of = self.orgs[org]
        self.at[name] = org
        actor = Actor(
            user_id=new_key(),
            name=f"测试{name}",
            role=role,
            org_id=of.id,
            org_kind=OrganisationKind(of.kind),
            facility_id=of.facility_id,
            division=of.division,
            province=of.province,
        )
        self.house.admit(name, actor)

    def centre(self, facility):
        """The organisation of a centre, with a coordinator."""
        name = KNOWN.get(facility, f"centre {facility}")
        if name not in self.orgs:
            self._org(name, facility=facility)
        if f"coordinator {facility}" not in self.at:
            self.put(f"coordinator {facility}", Role.COORDINATOR, name)
        return name

    def caller(self, name):
        return Caller(self.house, name)

    def _accounts(self):
        """Staff whose accounts administrators keep."""
        self.staff = {}
        with self.house.database.writing() as session:
            for name, org in (
                ("sender", "sender"),
                ("elsewhere", "elsewhere"),
                ("foreign", "foreign"),
            ):
                of = self.orgs[org]
                user = account_rows.user(session, f"staff-{name}", org=of.id, province=of.province)
                grant = account_rows.grant(session, user, of.id, province=of.province)
                community = rows.organisation(
                    session, kind="community", province=of.province, division=of.division
                )
                member = account_rows.member(session, community, of.id, province=of.province)
                self.staff[name] = {
                    "user_id": str(user),
                    "grant_id": str(grant),
                    "community_id": str(community),
                    "organisation_id": str(of.id),
                    "member_id": str(member),
                    "org_id": str(of.id),
                    "address_id": str(self._address(session, of)),
                }

    def _address(self, session, of):
        return rows.insert(
            session,
            "notice_address",
            id=new_key(),
            province=of.province,
            org_id=of.id,
            channel="sms",
            address="0870-7654321",
            since=rows.NOW,
        )

    def _vehicles(self):
        """An ambulance of each: ours, another county's, another province's."""
        self.vehicles = {}
        with self.house.database.writing() as session:
            for name in ("sender", "elsewhere", "ems", "foreign"):
                of = self.orgs[name]
                key = rows.insert(
                    session,
                    "vehicle",
                    id=new_key(),
                    province=of.province,
                    home_org=of.id,
                    version=1,
                    kind="ambulance",
                    label=f"测试 {name}",
                    equipment="",
                    state="available",
                )
                self.vehicles[name] = {"vehicle_id": str(key)}
