"""What was done with the files of the invented women since: most of what is owed, not all of it.

The platform told who they are and what colour they have. Here their county looks after them, so
that worklists, registers and counts of a demonstration are filled as those of a province would be.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlmodel import Session

from app.case_files import store
from app.case_files.acts import managing
from app.case_files.acts.assessing import assess_risk
from app.case_files.acts.delivering import Delivered, deliver, discharge
from app.case_files.acts.entering import Entered
from app.case_files.acts.handing import verify_file
from app.case_files.acts.planning import add_plan
from app.case_files.acts.screening import screen
from app.case_files.acts.telling import add_counselling, send_report
from app.case_files.acts.visiting import Visited, add_visit
from app.case_files.belonging.tables import CaseDelivery
from app.case_files.known.care import care_rules
from app.case_files.states import (
    Answer,
    DeliveryMode,
    PlanKind,
    ReportKind,
    Subject,
    VisitKind,
    VisitStatus,
)
from app.case_files.tables import CaseFile
from app.clock import LOCAL
from app.demo_women import shares
from app.demo_women.hands import Hands
from app.demo_women.telling import AFTERNOON, Told
from app.engine import Engine
from app.patients.service import newborns_of
from app.work import Work
from facilities.centre import MaternalLevel
from routing.triage.rows import Colour

__all__ = ["SAID", "Caring"]

SAID = "演示"
WEEKS = "gestational_age_weeks"
HIGH = (Colour.ORANGE, Colour.RED)
LATELY = (1, 9)
"""Days since she was seen last."""
HOME_AFTER, VISIT_AFTER = 3, 6
"""Days after birth."""
SEEN_WELL = {"text": "演示"}


@dataclass(slots=True)
class Caring:
    """Looks after one woman at a time; same seed, same acts."""

    engine: Engine
    hands: Hands
    seed: int

    def look_after(self, session: Session, told: Told, file_id: uuid.UUID, now: datetime) -> None:
        """Do what her county has done for her; each act goes the way of any other."""
        rng = Random(f"cared {self.seed} {told.woman.number}")  # noqa: S311  no secret
        file = store.file_of(session, file_id)
        office = self.hands.office(session, told.woman.county)
        if file is None or office is None:
            return
        one = _One(self.engine, Work(session, office, now), file, told, rng)
        place = told.row.registered_by
        found = place and self.hands.clinician(session, told.woman.county, place, now=now)
        if file.colour and found:
            login, clinician = found
            managing.name_clinician(one.work, file.id, login, read=file.version)
            one.work = Work(session, clinician, now)
            one.is_managed()
            if one.happens(shares.WITHOUT_CLINICIAN):
                managing.leave_file(one.work, file.id, read=file.version)
        elif file.screening == "negative":
            one.is_screened_again()
        home = self.hands.office(session, told.woman.home_county)
        away = told.woman.home_county != told.woman.county
        if away and home is not None and one.happens(shares.VERIFIED):
            verify_file(Work(session, home, now), file.id, read=file.version)


@dataclass(slots=True)
class _One:
    engine: Engine
    work: Work
    file: CaseFile
    told: Told
    rng: Random

    def happens(self, share: float) -> bool:
        return self.rng.random() < share

    def is_managed(self) -> None:
        """Let who is responsible do most of what is owed."""
        born = self.told.row.delivered_on
        if self.happens(shares.SEEN_AGAIN):
            self._is_assessed(born)
        if self.told.woman.colour in HIGH:
            self._is_reported()
        if self.file.from_35 and self.happens(shares.COUNSELLED):
            self._is_counselled()
        if born is not None:
            self._has_given_birth(born)

    def is_screened_again(self) -> None:
        """Ask her the form again, as it is asked at 16, 21, 28 and 36 weeks."""
        if self.told.row.delivered_on is not None or not self.happens(shares.SEEN_AGAIN):
            return
        items = [row.info.id for row in care_rules().rules.screening]
        facts, at = self._facts(self._lately())
        screen(
            self.work,
            self.file.id,
            facts,
            dict.fromkeys(items, False),
            Entered(at),
            read=self.file.version,
        )

    def _is_assessed(self, born: date | None) -> None:
        self._is_assessed_on(self._lately() if born is None else born + timedelta(days=1))

    def _is_assessed_on(self, day: date) -> None:
        facts, at = self._facts(day)
        if facts.get("prior_cs_count") and self.happens(shares.LOOKED_FOR_SAC):
            facts |= {"scar_pregnancy": False, "sac_located_by_ultrasound": True}
        assess_risk(
            self.work, self.engine, self.file.id, facts, Entered(at), read=self.file.version
        )

    def _is_reported(self) -> None:
        if self.happens(shares.REPORTED):
            send_report(
                self.work, self.file.id, ReportKind.RISK, SAID, Entered(), read=self.file.version
            )
        centre = self._centre(above=self.work.actor.facility_id)
        if centre is not None and self.happens(shares.PLANNED_WITH_CENTRE):
            for kind in (PlanKind.MANAGEMENT, PlanKind.TREATMENT, PlanKind.EMERGENCY):
                add_plan(
                    self.work,
                    self.engine,
                    self.file.id,
                    kind,
                    SAID,
                    Entered(),
                    made_with=centre,
                    agreed_by=SAID,
                    read=self.file.version,
                )

    def _is_counselled(self) -> None:
        for subject in Subject:
            answer = self.rng.choice((Answer.ACCEPTED, Answer.ACCEPTED, Answer.REFUSED))
            add_counselling(
                self.work, self.file.id, subject, answer, SAID, Entered(), read=self.file.version
            )

    def _has_given_birth(self, born: date) -> None:
        """Say of the birth what the platform does not: where, and how."""
        session, file = self.work.session, self.file
        first = store.entries_of(session, CaseDelivery, file.id)
        if not first or file.delivered_at is None:
            return
        tries = bool(file.previous_caesarean) and self.happens(shares.TRIES_LABOUR)
        elsewhere = self.happens(shares.BORN_ELSEWHERE)
        birth = Delivered(
            mode=self._mode(tries=tries),
            newborn_ids=newborns_of(self.work, file.patient_id),
            stillborn=first[0].stillborn,
            facility_id=None if elsewhere else self._where(),
            elsewhere="演示:途中" if elsewhere else None,
            trial_of_labour=tries if file.previous_caesarean else None,
            ruptured=False if file.previous_caesarean else None,
        )
        said = Entered(file.delivered_at, first[0].id)
        deliver(self.work, file.id, birth, said, read=file.version)
        today = self.work.now.astimezone(LOCAL).date()
        if born + timedelta(days=HOME_AFTER) < today:
            home = self._at(born + timedelta(days=HOME_AFTER))
            discharge(self.work, file.id, home, read=file.version)
        if born + timedelta(days=VISIT_AFTER) < today and self.happens(shares.SEEN_AGAIN):
            visit = Visited(kind=VisitKind.POSTPARTUM, status=VisitStatus.HELD, findings=SEEN_WELL)
            at = Entered(self._at(born + timedelta(days=VISIT_AFTER)))
            add_visit(self.work, file.id, visit, at, read=file.version)
            # She is assessed again at the visit (R-POST-01).
            self._is_assessed_on(born + timedelta(days=VISIT_AFTER))

    def _mode(self, *, tries: bool) -> DeliveryMode:
        if self.file.previous_caesarean and not tries:
            return DeliveryMode.CAESAREAN_PLANNED
        return self.rng.choice((DeliveryMode.VAGINAL, DeliveryMode.CAESAREAN_EMERGENCY))

    def _where(self) -> str | None:
        row = self.told.row
        high = self.told.woman.colour in HIGH
        return row.booked_facility or (self._centre() if high else None) or row.registered_by

    def _centre(self, *, above: str | None = None) -> str | None:
        """Return a maternal centre of her prefecture, of a higher level than another hospital."""
        registry, divisions = self.engine.registry, self.engine.registry.divisions
        own = registry.get(above).maternal_level or MaternalLevel.M0 if above else MaternalLevel.M0
        prefecture = divisions.prefecture_of(self.told.woman.county)
        found = (
            one.facility_id
            for county in divisions.counties_of(prefecture)
            for one in registry.in_county(county.adcode)
            if not one.is_placeholder
            and (one.maternal_level or MaternalLevel.M0) >= MaternalLevel.M2
            and (one.maternal_level or MaternalLevel.M0) > own
        )
        return next(found, None)

    def _lately(self) -> date:
        return self.work.now.astimezone(LOCAL).date() - timedelta(days=self.rng.randint(*LATELY))

    def _at(self, day: date) -> datetime:
        """Return the afternoon of a day; never what is still to come."""
        return min(datetime.combine(day, AFTERNOON, LOCAL), self.work.now)

    def _facts(self, day: date) -> tuple[dict[str, object], datetime]:
        """Return everything that is known of her on a day, with her weeks, or those at birth."""
        woman = self.told.woman
        weeks, days = divmod(min(woman.day_of_pregnancy(day), woman.birth_day), 7)
        return {**woman.facts, WEEKS: f"{weeks}+{days}"}, self._at(day)
