"""Dates of a pregnancy that cannot be so, against each other and against today."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from app.case_exchange.limits import Limits

__all__ = ["Slip", "Span", "age_on", "pregnancy_slips", "span_of", "visit_slips"]

Slip: TypeAlias = tuple[str, str, str]
"""Field, code and what was expected."""
Days: TypeAlias = Mapping[str, date | None]
HAPPENED = ("registered_on", "screened_on", "assessed_on", "delivered_on", "ended_on")


@dataclass(frozen=True, slots=True)
class Span:
    """When a pregnancy begins at the earliest, and the due date it is counted from."""

    begins: date
    due: date
    latest: date


def span_of(lmp: date | None, due: date | None, limits: Limits) -> Span | None:
    """Return the span of a pregnancy; None where neither period nor due date is known.

    A due date corrected by ultrasound counts before the one by the period.
    """
    term = timedelta(days=limits.term_days)
    if due is None:
        if lmp is None:
            return None
        due = lmp + term
    begins = min(lmp or due - term, due - term)
    return Span(begins, due, due - term + timedelta(days=limits.longest_days))


def age_on(day: date, born: date) -> int:
    """Return the age in completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def pregnancy_slips(days: Days, *, ended: bool, limits: Limits, today: date) -> Iterator[Slip]:
    """Yield what is impossible in the dates of one pregnancy.

    Parameters
    ----------
    days : Mapping[str, date | None]
        The dates of the row by field.
    ended : bool
        Whether the row says that the pregnancy is over.
    """
    for name in HAPPENED:
        if (day := days.get(name)) is not None and day > today:
            yield name, "in_the_future", f"<= {today}"
    lmp, due = days.get("lmp"), days.get("due_date")
    span = span_of(lmp, due, limits)
    if span is None:
        return
    yield from _due_slips(lmp, due, span, ended=ended, limits=limits, today=today)
    for name in HAPPENED:
        if (day := days.get(name)) is not None and day < span.begins:
            yield name, "before_pregnancy", f">= {span.begins}"
    yield from _late_slips(days, span, limits)


def _due_slips(
    lmp: date | None,
    due: date | None,
    span: Span,
    *,
    ended: bool,
    limits: Limits,
    today: date,
) -> Iterator[Slip]:
    term, slack = timedelta(days=limits.term_days), timedelta(days=limits.due_from_lmp_days)
    if lmp is not None and lmp > today:
        yield "lmp", "in_the_future", f"<= {today}"
    if lmp is None and span.due - term > today:
        yield "due_date", "too_far_ahead", f"<= {today + term}"
    if lmp is not None and due is not None and abs(due - lmp - term) > slack:
        yield "due_date", "not_as_by_period", f"{lmp + term - slack}..{lmp + term + slack}"
    if not ended and today > span.latest:
        yield "due_date", "pregnancy_over", f">= {span.due + (today - span.latest)}"


def _late_slips(days: Days, span: Span, limits: Limits) -> Iterator[Slip]:
    born, registered = days.get("delivered_on"), days.get("registered_on")
    last = span.latest + timedelta(days=limits.after_birth_days)
    if registered is not None and registered > last:
        yield "registered_on", "after_pregnancy", f"<= {last}"
    if born is None:
        return
    first = span.begins + timedelta(days=limits.shortest_birth_days)
    if span.begins <= born < first:
        yield "delivered_on", "too_early_for_birth", f">= {first}"
    if born > span.latest:
        yield "delivered_on", "after_pregnancy", f"<= {span.latest}"


def visit_slips(
    days: Days, *, planned: bool, registered_on: date | None, limits: Limits, today: date
) -> Iterator[Slip]:
    """Yield what is impossible in the dates of one visit."""
    day, following = days.get("visited_on"), days.get("next_visit_on")
    furthest = today + timedelta(days=limits.planned_ahead_days)
    if day is not None and not planned and day > today:
        yield "visited_on", "in_the_future", f"<= {today}"
    if day is not None and planned and day > furthest:
        yield "visited_on", "too_far_ahead", f"<= {furthest}"
    if day is not None and registered_on is not None and day < registered_on:
        yield "visited_on", "before_registration", f">= {registered_on}"
    if following is not None and following > furthest:
        yield "next_visit_on", "too_far_ahead", f"<= {furthest}"
    if following is not None and day is not None and following <= day:
        yield "next_visit_on", "before_visit", f"> {day}"
