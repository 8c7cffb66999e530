"""Random histories of case files: everything people and the worker do with them, in any order.

After every step: no open file without a clinician or an alert, none closed against its rules, no
colour lowered by nobody, no follow-up that vanishes. Somebody writes into the tables behind the
back meanwhile, and the database refuses it. ``make soak`` draws more and longer ones.
"""

import os
from collections import Counter
from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    initialize,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.people import disable, enable
from app.accounts.states import Actor, OrganisationKind, Role
from app.accounts.tables import UserAccount
from app.case_files import store
from app.case_files.acts.assessing import assess_risk, lower_colour
from app.case_files.acts.delivering import Delivered, deliver, discharge
from app.case_files.acts.ending import close_file, end_file, take_up
from app.case_files.acts.entering import Entered
from app.case_files.acts.handing import answer_handover, offer_file
from app.case_files.acts.managing import (
    admit_early,
    go_home,
    leave_file,
    name_clinician,
)
from app.case_files.acts.planning import Judgement, add_plan
from app.case_files.acts.registering import Registration, register
from app.case_files.acts.screening import screen
from app.case_files.acts.tables import CaseVisit
from app.case_files.acts.telling import send_report
from app.case_files.acts.visiting import Visited, add_visit
from app.case_files.service import handlers
from app.case_files.states import (
    OPEN,
    Contact,
    DeliveryMode,
    EndReason,
    HandoverAnswer,
    PlanKind,
    ReportKind,
    VisitKind,
    VisitStatus,
)
from app.engine import load_engine
from app.errors import AppError
from app.patients.states import PatientSight
from app.settings import Settings
from app.work import Work
from app.worker.deadline_pass import DeadlinePass
from routing.care.days import day_of
from routing.care.rows_deciding import Rank
from tests.app.storage import account_rows, rows
from tests.app.storage.case_ways import CaseWays
from tests.app.storage.consents import consented
from tests.flows.cases import assessed, screened

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
COUNTIES = ("530626", "533324", "530102")
START = rows.NOW
SEEN = Counter()
FACTS = (
    {},
    {"prior_cs_count": 1, "uterine_scar": True},
    {"placenta_position": "praevia"},
    {"heart_disease": "eisenmenger"},
    {"hiv": True},
    {"age_years": 37, "age_at_edd_years": 38},
)
CENTRE = "YN530600-002"
JUDGED = (
    Judgement(may_continue=True),
    Judgement(may_continue=False, rank=Rank.CHIEF, woman_informed=True),
    Judgement(may_continue=False, rank=Rank.ATTENDING, woman_informed=True),
    Judgement(may_continue=False, rank=Rank.CHIEF),
)
numbers = st.integers(0, 2)
cases = st.sampled_from(FACTS)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    return load_engine(Settings(data_dir=tmp_path_factory.mktemp("case-data")))


class CaseHistories(CaseWays):
    """Three women; each rule is one transaction of a person, or the worker at a later hour."""

    def __init__(self, database, engine):
        super().__init__()
        self.database, self.engine, self.now = database, engine, START
        with database.writing() as session:
            hospital = rows.organisation(session, facility_id="YN530600-001", division="530626")
            rows.organisation(session, facility_id=CENTRE, division="530602")
            mch = [
                rows.organisation(session, kind="mch", division=one, name_zh=f"妇幼{one}")
                for one in COUNTIES
            ]
            user = account_rows.user(session, org=hospital)
            account_rows.grant(session, user, hospital)
            self.women = [self._woman(session) for _ in range(3)]
        self.doctor = Actor(
            user, "测试甲", Role.COUNTY_CLINICIAN, hospital, OrganisationKind.INSTITUTION,
            "YN530600-001", "530626", "53",
        )  # fmt: skip
        self.managers = {
            county: Actor(
                user, "测试乙", Role.MCH_MANAGER, org, OrganisationKind.MCH, None, county, "53"
            )
            for county, org in zip(COUNTIES, mch, strict=True)
        }
        self.files = []
        self.worker = DeadlinePass(database, handlers())

    def _woman(self, session):
        key = rows.patient(session)
        return rows.insert(
            session, "patient_identity", id=key, province="53", identity_kind="none",
            entered_at=START, kept_from=START, version=1,
        )  # fmt: skip

    def work(self, session, actor=None):
        return Work(session, actor or self.doctor, self.now)

    def act(self, doing, *, actor=None):
        self.now += timedelta(minutes=7)
        name = doing.__name__
        try:
            with self.database.writing() as session:
                found = doing(self.work(session, actor))
        except AppError:
            SEEN[f"{name} refused"] += 1
            return None
        SEEN[name] += 1
        return found

    def file(self, which):
        if not self.files:
            return None, 0
        key = self.files[-1 - which % len(self.files)]
        with self.database.reading() as session:
            return key, store.file_of(session, key).version

    def on(self, which, doing, *more, actor=None, **named):
        key, read = self.file(which)
        if key is None:
            return None

        def done(work):
            return doing(work, key, *more, read=read, **named)

        done.__name__ = doing.__name__
        return self.act(done, actor=actor)

    @initialize(facts=cases, weeks=st.integers(5, 38))
    def first(self, facts, weeks):
        """Most rules need a file that has come some way."""
        self.register(0, weeks, True, facts)
        self.screening(0, facts)
        self.assessing(0, facts, False)
        self.clinician(0, False)

    # What people do.

    @rule(who=numbers, weeks=st.integers(5, 41), known=st.booleans(), facts=cases)
    def register(self, who, weeks, known, facts):
        lmp = day_of(self.now) - timedelta(weeks=weeks) if known else None
        wanted = Registration(
            patient_id=self.women[who],
            residence_county="530626",
            home_county=COUNTIES[who],
            lmp=lmp,
            facts=facts,
        )

        def registering(work):
            return register(work, wanted, sees=lambda *_: PatientSight.FULL, counties=COUNTIES).id

        made = self.act(registering)
        if made is not None:
            self.files.append(made)

    @rule(which=numbers, facts=cases)
    def screening(self, which, facts):
        form = screened(**facts)
        self.on(which, screen, form["facts"], form["answers"], Entered())

    @rule(which=numbers, facts=cases, word=st.booleans())
    def assessing(self, which, facts, word):
        key, read = self.file(which)
        if key is None:
            return
        said = assessed(**facts)

        def assessment(work):
            return assess_risk(
                work, self.engine, key, said["facts"], Entered(),
                ruled_out=said["ruled_out"], reason="复查平稳" if word else None, read=read,
            )  # fmt: skip

        self.act(assessment)

    @rule(which=numbers)
    def lowering(self, which):
        self.on(which, lower_colour, "连续四周平稳")

    @rule(which=numbers, goes=st.booleans())
    def clinician(self, which, goes):
        if goes:
            self.on(which, leave_file)
        else:
            self.on(which, name_clinician, None)

    @rule(
        which=numbers,
        kind=st.sampled_from(PlanKind),
        alone=st.booleans(),
        judged=st.sampled_from(JUDGED),
    )
    def plan(self, which, kind, alone, judged):
        """With the higher centre or without; a judgement that holds or one that does not."""
        key, read = self.file(which)
        if key is None:
            return
        more = {} if alone else {"made_with": CENTRE, "agreed_by": "测试丙"}
        more["judgement"] = judged if kind is PlanKind.CONTINUATION else None

        def planning(work):
            return add_plan(work, self.engine, key, kind, "方案", Entered(), read=read, **more)

        self.act(planning)

    @rule(which=numbers, goes=st.booleans())
    def waiting(self, which, goes):
        self.on(which, go_home if goes else admit_early)

    @rule(back=st.booleans())
    def account(self, back):
        """Whoever is responsible is shut out, and let in again; the worker does the rest."""
        self.now += timedelta(minutes=7)
        with self.database.writing() as session:
            user = session.get(UserAccount, self.doctor.user_id)
            if back:
                enable(session, user)
            else:
                disable(session, user, at=self.now)
        while self.worker.run(self.now).any:
            pass
        SEEN["back" if back else "shut"] += 1

    @rule(
        which=numbers, kind=st.sampled_from(VisitKind), status=st.sampled_from(VisitStatus),
        unstable=st.sampled_from((None, True, False)),
    )  # fmt: skip
    def visit(self, which, kind, status, unstable):
        key, _ = self.file(which)
        if key is None:
            return
        with self.database.reading() as session:
            plans = [
                one.id
                for one in store.entries_of(session, CaseVisit, key)
                if one.status == "planned" and one.kind == kind
            ]
            over = {
                one.plan_id
                for one in store.entries_of(session, CaseVisit, key)
                if one.status == status or one.status in ("held", "called_off")
            }
            plans = [one for one in plans if one not in over]
        said = Visited(
            kind=kind,
            status=status,
            plan_id=plans[-1] if plans and status is not VisitStatus.PLANNED else None,
            planned_for=day_of(self.now) if status is VisitStatus.PLANNED else None,
            findings={"bp": "110/70"} if status is VisitStatus.HELD else None,
            contact=Contact.REACHED if status is VisitStatus.CONTACTED else None,
            unstable=unstable if kind is VisitKind.DAY_42 else None,
        )
        self.on(which, add_visit, said, Entered())

    @rule(which=numbers, kind=st.sampled_from(ReportKind))
    def report(self, which, kind):
        self.on(which, send_report, kind, "报告", Entered())

    @rule(which=numbers)
    def booking(self, which):
        self.on(which, consented, "YN530600-001")

    @rule(which=numbers)
    def birth(self, which):
        self.on(which, deliver, Delivered(mode=DeliveryMode.VAGINAL, stillborn=1), Entered())

    @rule(which=numbers)
    def home(self, which):
        self.on(which, discharge, None)

    @rule(which=numbers, how=st.sampled_from(EndReason))
    def end(self, which, how):
        self.on(which, end_file, how, "说明")

    @rule(which=numbers)
    def found(self, which):
        self.on(which, take_up)

    @rule(which=numbers)
    def close(self, which):
        self.on(which, close_file)

    @rule(which=numbers, to=st.sampled_from(COUNTIES))
    def offer(self, which, to):
        self.on(which, offer_file, to, None, counties=COUNTIES)

    @rule(which=numbers, answer=st.sampled_from(HandoverAnswer))
    def answer(self, which, answer):
        key, _ = self.file(which)
        if key is None:
            return
        with self.database.reading() as session:
            there = store.open_handover(session, key)
            asked = None if there is None else (there.id, there.to_county)
        if asked is not None:
            actor = self.managers[asked[1]]
            self.on(which, answer_handover, asked[0], answer, "理由", actor=actor)

    # What time and strangers do.

    @rule(days=st.sampled_from((1, 3, 14, 43)))
    def time_passes(self, days):
        until = self.now + timedelta(days=days)
        while self.now < until:
            self.now = min(self.now + timedelta(days=7), until)
            while self.worker.run(self.now).any:
                pass

    @rule(which=numbers, what=st.integers(0, 5))
    def rogue(self, which, what):
        key, _ = self.file(which)
        if key is None:
            return
        statement = (
            "UPDATE case_file SET colour_seq = NULL, colour = '', purple = {no}",
            "UPDATE case_file SET no_clinician_since = NULL WHERE turn_id IS NULL",
            "UPDATE case_file SET status = 'closed_42d'",
            "UPDATE case_file SET next_due_at = NULL",
            "DELETE FROM case_due",
            "UPDATE case_visit SET kind = 'antenatal'",
        )[what].format(no="0" if self.database.is_sqlite else "FALSE")
        with self.database.reading() as session:
            before = session.execute(text("SELECT count(*) FROM case_due")).scalar()
            file = store.file_of(session, key)
            harmless = (
                (what == 0 and file.colour_seq is None and not file.purple)
                or (what == 1 and (file.turn_id or not file.opened_at or file.status not in OPEN))
                or (what == 2 and file.status == "closed_42d")
                or (what == 3 and file.status not in OPEN)
                or (what == 4 and not before)
                or what == 5
            )
        if harmless:
            return
        where = "" if what == 4 else f"{' AND' if 'WHERE' in statement else ' WHERE'} id = '{key}'"
        with pytest.raises(DBAPIError), self.database.writing() as session:
            session.execute(text(statement + where))
        SEEN["rogue refused"] += 1


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_random_histories_keep_every_promise(kind, one_after_another, engine):
    SEEN.clear()
    run_state_machine_as_test(
        lambda: CaseHistories(one_after_another(kind), engine),
        settings=settings(
            max_examples=400 if SOAK else {"sqlite": 12, "postgresql": 6}[kind],
            stateful_step_count=60 if SOAK else 30,
            deadline=None,
            phases=tuple(Phase) if SOAK else (Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )

    # Who never comes by a birth has proven nothing of what follows it.
    done = {name for name in SEEN if "refused" not in name}
    wanted = {"registering", "screen", "assessment", "name_clinician", "deliver"}
    wanted |= {"close_file", "take_up", "planning", "go_home"} if SOAK else set()
    assert wanted <= done, f"never came by {wanted - done}: {SEEN}"
