"""One invented pregnancy, written down in days: 0+0 weeks is 1 January 2026."""

from datetime import date, datetime, timedelta

from routing.care.calendar import due_items
from routing.care.days import CHINA
from routing.care.due import DueState
from routing.care.pregnancy import Event, Pregnancy, Standing
from routing.care.rows import EventKind
from routing.care.tables import load_care_rules
from routing.triage.rows import Colour
from routing.triage.tables import load_rules
from tests.routing.triage.conditions import stored

RULES = load_rules()
CARE = load_care_rules(RULES)
DAY_ZERO = date(2026, 1, 1)


def at(weeks, days=0, *, hour=10, minute=0):
    """An instant of the day that is ``weeks`` and ``days``, in China."""
    day = DAY_ZERO + timedelta(weeks=weeks, days=days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)


def on(weeks, days=0):
    """The day that is ``weeks`` and ``days``."""
    return DAY_ZERO + timedelta(weeks=weeks, days=days)


def event(kind, when, about=None, ref=None):
    return Event(EventKind(kind), when, ref or f"{kind}-{when:%m%d%H%M}", about)


def stood(colour, when, *, purple=False):
    return Standing(when, Colour(colour), purple, f"{colour}-{when:%m%d%H%M}")


def pregnancy(*happened, facts=None, dated=True):
    """A record of events and standing colours in any order; facts as people state them."""
    return Pregnancy(
        DAY_ZERO if dated else None,
        stored(facts or {}, RULES.facts),
        tuple(one for one in happened if isinstance(one, Standing)),
        tuple(one for one in happened if isinstance(one, Event)),
    )


KNOWN = {"age_years": 28, "prior_cs_count": 0, "uterine_scar": False, "placenta_over_scar": False}


def items(record, now):
    return {(item.rule, item.about): item for item in due_items(CARE, record, now=now)}


def of(record, now, rule):
    """The one item of a rule."""
    (found,) = [item for item in due_items(CARE, record, now=now) if item.rule == rule]
    return found


def rules(record, now, *, state=DueState.OPEN):
    return {item.rule for item in due_items(CARE, record, now=now) if item.state is state}


def china(month, day, hour=0, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)
