"""The invented women as another system would send them, and as ``greenchannel book`` takes them.

Every name and number says that it was invented: 演示0001, papers of the kind "other" with DEMO in
front, telephones that begin with 0000. No identity number is among them: one whose check character
is right may be somebody's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from types import MappingProxyType

from app.case_exchange.rows import PregnancyRow, VisitRow
from app.case_files.states import VisitStatus
from app.clock import LOCAL
from app.demo_women import shares
from app.demo_women.inventing import InventedWoman
from app.patients.identity import Given
from app.patients.states import AidGroup, IdentityKind
from facilities.centre import MaternalLevel, Tier
from facilities.registry import Registry
from routing.care.follow_up import next_visit
from routing.care.rows import CareRules
from routing.triage.answer import PlannedDelivery
from routing.triage.completion import complete
from routing.triage.expression import Value
from routing.triage.planned import planned_delivery
from routing.triage.rows import Colour, RuleSet
from routing.triage.screening import screening_of

__all__ = ["Told", "booking_document", "tell"]

ASSESSED_WITHIN = (1, 13)
"""Days from the screening; R-SCREEN-12 allows 14."""
BOOK_FROM_DAYS = 28 * 7
TERM_DAYS = 280
HELD = 2
"""Visits held that are told of each woman, the last ones; and the one to come."""
AID: Mapping[AidGroup, int] = {
    AidGroup.NONE: 90,
    AidGroup.DIBAO: 6,
    AidGroup.MONITORED: 3,
    AidGroup.TEKUN: 1,
}
UNDERSTOOD = ("zh",)
AFTERNOON = time(16)


@dataclass(frozen=True, slots=True)
class Told:
    """A woman with what a file says of her."""

    woman: InventedWoman
    row: PregnancyRow
    visits: tuple[VisitRow, ...]


def tell(
    women: Iterable[InventedWoman],
    rules: RuleSet,
    care: CareRules,
    registry: Registry,
    *,
    now: datetime,
    seed: int = 0,
) -> tuple[Told, ...]:
    """Return what files of another system would say of women at ``now``; same seed, same files."""
    teller = _Teller(rules, care, registry, now, Random(f"told {seed}"))  # noqa: S311  no secret
    return tuple(teller.told(woman) for woman in women)


@dataclass(slots=True)
class _Teller:
    rules: RuleSet
    care: CareRules
    registry: Registry
    now: datetime
    rng: Random

    @property
    def today(self) -> date:
        return self.now.astimezone(LOCAL).date()

    def told(self, woman: InventedWoman) -> Told:
        """Return what is said of one woman, and of her visits."""
        found = screening_of(self.rules, complete(self.rules, woman.facts, patient="maternal"))
        labelled = woman.found.labels != (Colour.GREEN,)
        assessed_on = self._assessed_on(woman) if found.positive or labelled else None
        visits = tuple(self._visits(woman, assessed_on or woman.registered_on))
        seen = [v.visited_on for v in visits if v.state == VisitStatus.HELD]
        born = woman.delivered_on if woman.delivered_on <= self.today else None
        row = PregnancyRow(
            record_id=f"DEMO{woman.number:06d}",
            updated_at=self._moment(max([woman.registered_on, *seen])),
            given=self._given(woman),
            registered_on=woman.registered_on,
            due_date=woman.due_date,
            registered_by=self._hospital(woman.county),
            screening="positive" if found.positive else "negative",
            screened_on=woman.registered_on,
            refuses_lodging=woman.refuses_lodging if woman.found.case_file else None,
            delivered_on=born,
            live_born=None if born is None else int(woman.facts["fetus_count"]),
            stillborn=None if born is None else 0,
            facts=MappingProxyType({name: woman.facts[name] for name in sorted(woman.told)}),
        )
        if assessed_on is not None:
            row = replace(
                row,
                colour=woman.colour,
                purple=woman.found.purple,
                assessed_on=assessed_on,
                assessed_by=self._place(woman, ("yellow",)),
                booked_facility=self._booked(woman),
            )
        return Told(woman, row, visits)

    def _given(self, woman: InventedWoman) -> Given:
        (group,) = self.rng.choices(list(AID), list(AID.values()))
        return Given(
            identity_kind=IdentityKind.OTHER,
            id_number=f"DEMO{woman.number:06d}",
            name=f"演示{woman.number:04d}",
            birth_date=woman.birth_date,
            phone=f"0000{woman.number:06d}",
            address="演示村",
            language=woman.language,
            interpreter_needed=woman.language not in UNDERSTOOD and self.rng.random() < 0.5,
            aid_group=group,
            residence_county=woman.county,
            home_county=woman.home_county,
        )

    def _assessed_on(self, woman: InventedWoman) -> date | None:
        """Return when she was assessed; some never were although it was time (R-SCREEN-12)."""
        seen = woman.due_date + timedelta(days=woman.from_day - TERM_DAYS)
        found = max(woman.registered_on, seen) + timedelta(days=self.rng.randint(*ASSESSED_WITHIN))
        overlooked = self.rng.random() < shares.NEVER_ASSESSED
        return None if overlooked or found > self.today else found

    def _visits(self, woman: InventedWoman, first: date) -> Iterator[VisitRow]:
        """Yield the last visits that were held, and the one that is to come or was missed."""
        end = min(self.today, woman.delivered_on)
        days, following = [first], self._following(woman, first)
        while following is not None and following <= end:
            days.append(following)
            following = self._following(woman, following)
        if self.rng.random() < shares.VISIT_MISSED and len(days) > 1:
            following = days.pop()
        held = [day for day in days if day <= end][-HELD:]
        for day in held:
            yield self._visit(woman, day, VisitStatus.HELD)
        if following is not None and woman.delivered_on > self.today:
            yield self._visit(woman, following, VisitStatus.PLANNED)

    def _following(self, woman: InventedWoman, day: date) -> date | None:
        found = next_visit(
            self.care,
            woman.colour,
            purple=woman.found.purple,
            ga_days=woman.day_of_pregnancy(day),
            last_visit=day,
        )
        return None if found is None else found.day

    def _visit(self, woman: InventedWoman, day: date, state: VisitStatus) -> VisitRow:
        facts: dict[str, Value] = {}
        if state is VisitStatus.HELD:
            facts = {"gestational_age_weeks": woman.day_of_pregnancy(day), "sbp": 116.0}
        return VisitRow(
            visit_id=f"DEMO{woman.number:06d}-{day:%Y%m%d}",
            record_id=f"DEMO{woman.number:06d}",
            updated_at=self._moment(min(day, self.today)),
            state=str(state),
            visited_on=day,
            facts=MappingProxyType(facts),
        )

    def _moment(self, day: date) -> datetime:
        """Return the afternoon of a day, and never what is still to come."""
        return min(datetime.combine(day, AFTERNOON, LOCAL), self.now).astimezone(UTC)

    def _booked(self, woman: InventedWoman) -> str | None:
        """Return where she is booked; some are not although it is time (R-CASE-05)."""
        there = woman.day_of_pregnancy(self.today) >= BOOK_FROM_DAYS
        wanted = woman.found.case_file and there and self.rng.random() < shares.BOOKED
        return self._place(woman, woman.found.labels) if wanted else None

    def _place(self, woman: InventedWoman, labels: tuple[str, ...]) -> str | None:
        """Return the first hospital in county, prefecture, province that the labels allow."""
        floor = planned_delivery(self.rules, labels)
        divisions = self.registry.divisions
        prefecture = divisions.counties_of(divisions.prefecture_of(woman.county))
        counties = [woman.county, *(one.adcode for one in prefecture), *self._province()]
        found = (self._hospital(c, floor) for c in counties)
        return next((one for one in found if one is not None), None)

    def _province(self) -> list[str]:
        return [one.county for one in self.registry.facilities if one.tier is Tier.PROVINCE]

    def _hospital(self, county: str, floor: PlannedDelivery | None = None) -> str | None:
        grade = 1 if floor is None else floor.min_institution_grade
        level = MaternalLevel["M0" if floor is None else floor.min_maternal_level]
        for one in self.registry.in_county(county):
            if one.is_placeholder or one.grade is None or one.maternal_level is None:
                continue
            if one.grade >= grade and one.maternal_level >= level:
                return one.facility_id
        return None


def booking_document(told: Iterable[Told], *, now: datetime) -> Mapping[str, object]:
    """Return the women who are still pregnant as ``greenchannel book`` takes them."""
    day = now.astimezone(LOCAL).date()
    women = [one for one in told if one.row.delivered_on is None]
    return {"pregnancies": [_pregnancy(one, day) for one in women], "now": now.isoformat()}


def _pregnancy(told: Told, day: date) -> Mapping[str, object]:
    woman, row = told.woman, told.row
    weeks, days = divmod(woman.day_of_pregnancy(day), 7)
    facts = dict(row.facts) | {"gestational_age_weeks": f"{weeks}+{days}"}
    return {
        "id": row.record_id,
        "origin": {"adcode": woman.county},
        "due_date": row.due_date.isoformat(),
        "colour": woman.colour.value,
        "facts": facts,
        "booked_facility_id": row.booked_facility,
        "refuses_lodging": woman.refuses_lodging,
        "frozen": False,
    }
