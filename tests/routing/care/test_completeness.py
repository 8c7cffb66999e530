"""The line that one file gives to the count of complete files (R-IND-09), by hand."""

from routing.care.completeness import file_kept
from routing.care.indicators import FileKept
from tests.routing.care.records import CARE, KNOWN, at, event, pregnancy, stood

OPENED = (
    event("registered", at(8)),
    event("assessment", at(9), ref="a"),
    stood("orange", at(9)),
    event("case_opened", at(9)),
    event("clinician_named", at(9)),
    event("report", at(9, 2)),
)
VISITS = tuple(event("visit", at(week)) for week in (*range(11, 37, 2), 36, 37))
BIRTH = (event("delivered", at(38)), event("discharged", at(38, 3)), event("visit", at(39)))
LAST = event("assessment", at(44))
CLOSED = event("closed_42d", at(44, hour=11))


def kept(*happened, now):
    return file_kept(CARE, pregnancy(*happened, facts=KNOWN), now=now)


def test_a_file_without_fault_is_complete_when_it_is_closed():
    """Seen every second week from 9+0 to 35+0, then weekly, at home in the first week."""
    whole = (*OPENED, *VISITS, *BIRTH, LAST, CLOSED)

    assert kept(*whole, now=at(45)) == FileKept(True, True, True, True)


def test_while_she_is_pregnant_only_what_is_over_is_said():
    assert kept(*OPENED, *VISITS, now=at(20)) == FileKept(True, True, None, None)


def test_a_late_report_and_a_missed_visit_stay_faults_for_ever():
    late = [one for one in OPENED if getattr(one, "kind", None) != "report"]
    missed = [one for one in VISITS if one.at != at(21)]
    found = kept(*late, event("report", at(10)), *missed, *BIRTH, LAST, CLOSED, now=at(45))

    assert found == FileKept(True, False, False, True)


def test_a_visit_that_the_birth_overtook_while_it_was_overdue_was_missed():
    assert kept(*OPENED, event("delivered", at(38)), now=at(38)).seen_in_time is False


def test_nobody_responsible_is_a_fault_and_no_check_at_42_days_too():
    left = kept(*OPENED, *VISITS, *BIRTH, event("clinician_left", at(30)), now=at(45))

    assert left.clinician_named is False
    assert left.closed_at_42_days is False


def test_of_a_pregnancy_without_a_birth_no_closing_is_asked():
    lost = kept(*OPENED, event("visit", at(11)), event("pregnancy_lost", at(12)), now=at(60))

    assert lost == FileKept(True, True, True, None)
