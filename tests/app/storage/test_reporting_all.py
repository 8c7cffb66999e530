"""One call of a hospital on all its places: figures together, or "no change"."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.centres.current import Current
from app.centres.errors import ReportRefusedError
from app.centres.reporting_all import Line, report_all
from app.centres.service import hold_seats, let_go
from app.engine import Engine
from facilities.yunnan import load_registry
from geodata.yunnan import load_road_estimate
from routing.triage.tables import load_rules
from tests.app.storage import rows
from tests.app.storage import staff as people
from tests.app.storage.staff import HOSPITAL, work

BED, AICU = "OB_RESCUE_BED", "AICU"


def hold(act, referral, kind=BED):
    hold_seats(
        act.session,
        referral,
        {"mother": kind},
        facility_id=HOSPITAL,
        province="53",
        at=act.now,
        until=None,
    )


def counted(found):
    return {kind: (one.in_service, one.held, one.free) for kind, one in found.items()}


def test_all_figures_of_a_call_count_or_none(database):
    with database.writing() as session:
        who = people.staff(session)
        act = work(database, session, who)
        found = report_all(act, HOSPITAL, [Line(BED, 4, 2), Line(AICU, 2, 1)])
    bad = [Line(BED, 4, 1), Line(AICU, 1, 2)]
    with pytest.raises(ReportRefusedError), database.writing() as session:
        report_all(work(database, session, who), HOSPITAL, bad)
    with database.reading() as session:
        reports = session.execute(text("SELECT count(*) FROM capacity_report")).scalar()

    assert counted(found) == {BED: (4, 0, 2), AICU: (2, 0, 1)}
    assert reports == 2


@pytest.mark.parametrize(
    ("lines", "no_change", "fault"),
    [
        ([], False, "nothing_said"),
        ([Line(BED, 1, 1)], True, "both_figures_and_no_change"),
        ([Line(BED, 1, 1), Line(BED, 2, 1)], False, "kind_twice"),
        ([Line("BED", 1, 1)], False, "unknown_kind"),
        ([], True, "nothing_reported_yet"),
    ],
)
def test_a_call_that_says_nothing_or_two_things_is_refused(database, lines, no_change, fault):
    with database.writing() as session:
        act = work(database, session, people.staff(session))
        with pytest.raises(ReportRefusedError) as caught:
            report_all(act, HOSPITAL, lines, no_change=no_change)

    assert caught.value.faults == (fault,)


def test_no_change_states_what_the_screen_shows_and_not_the_last_figures(database):
    """Two of four free at eight; then one is promised, and another freed. The last figures again
    would be wrong both times; the screen shows one, then two."""
    with database.writing() as session:
        act = work(database, session, people.staff(session))
        report_all(act, HOSPITAL, [Line(BED, 4, 2)])
        later = type(act)(session, act.actor, act.now + timedelta(hours=1))
        referral = rows.referral(session)
        hold(later, referral)
        after = type(act)(session, act.actor, act.now + timedelta(hours=2))
        promised = counted(report_all(after, HOSPITAL, no_change=True))
        let_go(session, referral, at=after.now)
        last = type(act)(session, act.actor, act.now + timedelta(hours=3))
        freed = counted(report_all(last, HOSPITAL, no_change=True))
        said = session.execute(text("SELECT free FROM capacity_report ORDER BY as_of")).scalars()

    assert promised == {BED: (4, 1, 1)}
    assert freed[BED][1:] == (0, 2)
    assert list(said) == [2, 1, 2]


def test_no_change_settles_no_contradiction(database):
    """Three are promised, the hospital says it has two: a nod does not close that."""
    with database.writing() as session:
        act = work(database, session, people.staff(session))
        report_all(act, HOSPITAL, [Line(BED, 3, 3), Line(AICU, 2, 2)])
        for _ in range(3):
            hold(act, rows.referral(session))
        later = type(act)(session, act.actor, act.now + timedelta(hours=1))
        told = report_all(later, HOSPITAL, [Line(BED, 2, 0)])
        found = report_all(later, HOSPITAL, no_change=True)
        still = session.execute(
            text("SELECT count(*) FROM work_item WHERE closed_at IS NULL")
        ).scalar()

    assert told[BED].contradictions == ("fewer_than_held",)
    assert (sorted(found), still) == ([AICU], 1)


def test_what_one_process_is_told_another_ranks_by(database):
    """Two processes, each with its own network: neither asks the other, both ask the database."""
    engine = Engine(load_rules(), load_registry(), load_road_estimate())
    here, there = Current(engine), Current(engine)

    def free(current):
        with database.reading() as session:
            registry = current.network(session, database.now(session)).registry
            pools = {pool.kind.value: pool.free for pool in registry.pools_of(HOSPITAL)}
            return pools.get(BED)

    with database.writing() as session:
        who = people.staff(session)
        report_all(work(database, session, who), HOSPITAL, [Line(BED, 4, 3)])
    before = (free(here), free(there))
    with database.writing() as session:
        hold(work(database, session, who), rows.referral(session))

    assert before == (3, 3)
    assert (free(here), free(there)) == (2, 2)
