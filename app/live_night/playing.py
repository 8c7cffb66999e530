"""One night, act by act: an agenda in minutes of the night, played faster than it would pass."""

import heapq
import itertools
import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TypeAlias, TypeVar

from sqlalchemy.exc import DBAPIError

from app.accounts.states import Role
from app.centres.current import Current
from app.db import Database
from app.engine import Engine
from app.errors import AppError
from app.keys.keyring import KeyRing
from app.live_night.cast import Cast
from app.live_night.invented import Invented, night
from app.referrals import answers, endings, requests, store
from app.referrals.ranking import Ranker
from app.referrals.states import WAITING, CloseReason
from app.referrals.tables import Referral
from app.transfers import journeys, papers
from app.transfers.states import Drives, Identifier
from app.work import Work
from geodata.errors import RefusedInputError

__all__ = ["Happened", "Night"]

LOGGER = logging.getLogger("greenchannel.night")
SILENT, DECLINES = 0.2, 0.15
"""Shares of centres that do not answer, and that say no (assumed)."""
LATE_MIN = 45.0
STEP_S = 0.2
Act: TypeAlias = Callable[[], None]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the night, without anything of a patient."""

    number: str
    what: str
    facility_id: str | None


class Night:
    """Plays invented patients through the services; all of them are exercises.

    Parameters
    ----------
    pace
        Minutes of the night in one minute.
    seed
        The same seed asks for the same patients and gets the same answers.
    tell
        Is told what happens.
    """

    def __init__(
        self,
        database: Database,
        engine: Engine,
        keys: KeyRing,
        *,
        pace: float,
        seed: int,
        tell: Callable[[Happened], None],
    ) -> None:
        self._database, self._keys, self._tell = database, keys, tell
        self._rank = Ranker(database, Current(engine))
        self._rng = Random(seed)  # noqa: S311  a play, no secret
        self._pace = pace
        self._cast = Cast()
        self._now_min = 0.0
        self._agenda: list[tuple[float, int, Act]] = []
        self._order = itertools.count()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._play, name="night", daemon=True)
        for one in night(engine, self._rng):
            self._later(one.at_min, lambda one=one: self._ask(one))  # type: ignore[misc]

    def start(self) -> None:
        """Begin to play."""
        self._thread.start()

    def stop(self) -> None:
        """End after the act that is being played."""
        self._over.set()
        self._thread.join()

    def _play(self) -> None:
        begun = time.monotonic()
        while self._agenda and not self._over.is_set():
            now_min = (time.monotonic() - begun) / 60 * self._pace
            if self._agenda[0][0] > now_min:
                self._over.wait(STEP_S)
                continue
            at, _, act = heapq.heappop(self._agenda)
            self._now_min = max(at, now_min)
            try:
                act()
            except (AppError, RefusedInputError, DBAPIError) as error:
                # Somebody else was first, or it is not to be moved: as in any night.
                LOGGER.info("night: %s", type(error).__name__)

    def _later(self, at_min: float, act: Act) -> None:
        heapq.heappush(self._agenda, (at_min, next(self._order), act))

    def _after(self, mean_min: float, act: Act) -> None:
        self._later(self._now_min + self._rng.uniform(0.5, 1.5) * mean_min, act)

    def _as(self, facility_id: str, role: Role, act: Callable[[Work], Result]) -> Result:
        with self._database.writing() as session:
            actor = self._cast.at(session, facility_id, role)
            return act(Work(session, actor, self._database.now(session)))

    def _ask(self, one: Invented) -> None:
        ranked = self._rank({"facts": one.facts, "origin": {"facility_id": one.facility_id}})
        wanted = requests.Wanted(
            kind=ranked.kind,
            county=ranked.county,
            facility_id=one.facility_id,
            drill=True,
        )

        def act(work: Work) -> tuple[Referral, list[tuple[uuid.UUID, str]]]:
            referral = requests.request_referral(work, self._keys, wanted, ranked.kept)
            offers = store.offers_of(work.session, referral.id)
            return referral, [(offer.id, offer.facility_id) for offer in offers]

        referral, offers = self._as(one.facility_id, Role.COUNTY_CLINICIAN, act)
        self._told(referral, "requested", one.facility_id)
        for offer_id, facility_id in offers:
            self._expect_answer(one, referral.id, offer_id, facility_id)
        self._after(LATE_MIN, lambda: self._leave(one, referral.id))

    def _expect_answer(
        self, one: Invented, referral_id: uuid.UUID, offer_id: uuid.UUID, facility_id: str
    ) -> None:
        said = self._rng.random()
        if said < SILENT:
            return
        act = self._decline if said < SILENT + DECLINES else self._accept
        self._after(4.0, lambda: act(one, referral_id, offer_id, facility_id))

    def _accept(
        self, one: Invented, referral_id: uuid.UUID, offer_id: uuid.UUID, facility_id: str
    ) -> None:
        said = self._as(
            facility_id, Role.COORDINATOR, lambda work: answers.accept_offer(work, offer_id)
        )
        if said.answered.accepted:
            self._told(said.referral, "accepted", facility_id)
            self._after(12.0, lambda: self._leave(one, referral_id))

    def _decline(
        self, one: Invented, referral_id: uuid.UUID, offer_id: uuid.UUID, facility_id: str
    ) -> None:
        def act(work: Work) -> tuple[Referral, list[tuple[uuid.UUID, str]]]:
            referral = answers.decline_offer(work, offer_id, "recommend_nearer")
            offers = store.offers_of(work.session, referral.id)
            asked = [
                (o.id, o.facility_id) for o in offers if o.status in WAITING and o.last_seq == 1
            ]
            return referral, asked

        referral, asked = self._as(facility_id, Role.COORDINATOR, act)
        self._told(referral, "declined", facility_id)
        for following, elsewhere in asked[-1:]:
            self._expect_answer(one, referral_id, following, elsewhere)

    def _leave(self, one: Invented, referral_id: uuid.UUID) -> None:
        """Leave with an answer or, after a while, without one."""

        def act(work: Work) -> tuple[Referral, uuid.UUID, str | None] | None:
            referral = store.referral_of(work.session, referral_id)
            if referral.under_way or referral.status not in journeys.MAY_LEAVE:
                return None
            ride = journeys.dispatch(work, referral_id, journeys.Ride(drives=Drives.SENDER))
            journeys.depart(work, ride.id)
            return referral, ride.id, ride.destination_id

        left = self._as(one.facility_id, Role.COUNTY_CLINICIAN, act)
        if left is not None and left[2] is not None:
            referral, ride_id, towards = left
            self._told(referral, "departed", towards)
            self._after(100.0, lambda: self._arrive(one, referral_id, ride_id, str(towards)))

    def _arrive(
        self, one: Invented, referral_id: uuid.UUID, ride_id: uuid.UUID, facility_id: str
    ) -> None:
        def act(work: Work) -> Referral:
            journeys.arrive(work, ride_id)
            journeys.hand_over(
                work,
                ride_id,
                giver="演示甲",
                receiver="演示乙",
                identifiers=(Identifier.NAME, Identifier.REFERRAL_NUMBER),
            )
            return store.referral_of(work.session, referral_id)

        self._told(self._as(facility_id, Role.COORDINATOR, act), "handed_over", facility_id)
        self._after(120.0, lambda: self._report(one, referral_id, facility_id))

    def _report(self, one: Invented, referral_id: uuid.UUID, facility_id: str) -> None:
        def came(work: Work) -> None:
            papers.report_outcome(
                work,
                self._keys,
                referral_id,
                papers.Came(
                    result="still_admitted",
                    diagnosis="演示",
                    treatment="演示",
                    happened_at=work.now,
                ),
            )

        def closed(work: Work) -> Referral:
            referral = store.referral_of(work.session, referral_id)
            return endings.close(work, referral_id, CloseReason.COMPLETE, read=referral.last_seq)

        self._as(facility_id, Role.COORDINATOR, came)
        self._told(self._as(one.facility_id, Role.COUNTY_CLINICIAN, closed), "closed", None)

    def _told(self, referral: Referral, what: str, facility_id: str | None) -> None:
        self._tell(Happened(referral.number, what, facility_id))
