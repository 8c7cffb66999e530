"""Measures in the text format of Prometheus, version 0.0.4.

Labels are names of routes, methods, statuses and words of the code; never an identifier.
"""

from collections.abc import Iterator, Mapping

from app.health.service import State
from app.health.states import Figures, Level
from app.health.timings import BUCKETS, Timings

__all__ = ["CONTENT_TYPE", "text_of"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "greenchannel_"
LEVELS = {Level.OK: 0, Level.ATTENTION: 1, Level.ALARM: 2}

Labels = Mapping[str, object]


def text_of(timings: Timings, state: State) -> str:
    """Return all measures."""
    lines = [*_requests(timings), *_latency(timings), *_looks(state)]
    if state.figures is not None:
        lines += _figures(state.figures)
    return "\n".join(lines) + "\n"


def _head(name: str, kind: str, words: str) -> Iterator[str]:
    yield f"# HELP {PREFIX}{name} {words}"
    yield f"# TYPE {PREFIX}{name} {kind}"


def _value(name: str, value: float, labels: Labels | None = None) -> str:
    said = ",".join(f'{key}="{_plain(one)}"' for key, one in (labels or {}).items())
    return f"{PREFIX}{name}{f'{{{said}}}' if said else ''} {value:g}"


def _plain(value: object) -> str:
    return str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _gauge(name: str, words: str, value: float | None) -> Iterator[str]:
    """Yield a measure; one that is not known is not there."""
    if value is not None:
        yield from _head(name, "gauge", words)
        yield _value(name, value)


def _requests(timings: Timings) -> Iterator[str]:
    yield from _head("requests_total", "counter", "Answers by route, method and status.")
    for (route, method, status), count in timings.answers().items():
        yield _value("requests_total", count, {"route": route, "method": method, "status": status})


def _latency(timings: Timings) -> Iterator[str]:
    name = "request_seconds"
    yield from _head(name, "histogram", "Seconds until an answer begins, by route.")
    for route, times in timings.times().items():
        below = 0
        for limit, count in zip((*BUCKETS, "+Inf"), times.counts, strict=True):
            below += count
            end = limit if isinstance(limit, str) else f"{limit:g}"
            yield _value(f"{name}_bucket", below, {"route": route, "le": end})
        yield _value(f"{name}_sum", round(times.total_s, 6), {"route": route})
        yield _value(f"{name}_count", below, {"route": route})


def _looks(state: State) -> Iterator[str]:
    yield from _head("level", "gauge", "Each look: 0 good, 1 wants attention, 2 is an alarm.")
    for look in state.looks:
        yield _value("level", LEVELS[look.level], {"look": look.code})
    yield from _gauge("overall", "The worst of all looks.", LEVELS[state.overall])
    yield from _gauge("disk_free_ratio", "Share of the disk that is free.", state.probed.disk_free)


def _figures(figures: Figures) -> Iterator[str]:
    yield from _head("referrals_open", "gauge", "Open referrals by status, without exercises.")
    for status, count in figures.open_by_status.items():
        yield _value("referrals_open", count, {"status": status})
    waits, due = figures.notices, figures.deadlines
    yield from _gauge("referrals_overdue", "Open referrals past their deadline.", figures.overdue)
    yield from _gauge(
        "offer_oldest_open_seconds",
        "Age of the oldest unanswered offer; not there without one.",
        figures.oldest_open_offer_s,
    )
    yield from _gauge(
        "notice_oldest_seconds",
        "Age of the oldest notice that is not out.",
        waits.get("oldest_undelivered_s"),
    )
    yield from _gauge("notices_waiting", "Notices that are not out.", waits.get("waiting"))
    yield from _gauge("notices_dead", "Notices that were given up.", waits.get("dead"))
    yield from _gauge("deadlines_overdue", "Deadlines due and not done.", due.get("overdue"))
    yield from _gauge(
        "deadline_oldest_overdue_seconds",
        "How late the latest of them is.",
        due.get("oldest_overdue_s"),
    )
    yield from _gauge("deadlines_dead", "Deadlines that were given up.", due.get("dead"))
    yield from _gauge("workers", "Workers that live.", figures.workers)
    yield from _gauge("worker_beat_age_seconds", "Since the last sign of life.", figures.beat_s)
    yield from _gauge("backup_age_seconds", "Since the last backup.", figures.backup_s)
    yield from _gauge("verify_age_seconds", "Since everything was checked.", figures.verify_s)
    yield from _gauge("unsealed_seconds", "Age of the oldest unsealed entry.", figures.unsealed_s)
    yield from _head("verify_findings", "gauge", "Findings of the last check of the worker.")
    yield _value("verify_findings", sum(figures.verify_codes.values()))
    yield from _head("verify_findings_by_code", "gauge", "The same by code; none are not there.")
    for code, count in figures.verify_codes.items():
        yield _value("verify_findings_by_code", count, {"code": code})
