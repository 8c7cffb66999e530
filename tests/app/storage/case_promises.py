"""What holds of case files after every step of a random history."""

from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlmodel import col, select

from app.case_files import store
from app.case_files.acts.tables import CasePlan, CaseVisit
from app.case_files.known.care import care_rules
from app.case_files.known.record import pregnancy_of
from app.case_files.states import CASE_FILE, FileStatus, rank
from app.case_files.tables import CaseColour, CaseFile
from app.events.store import events_of
from app.verifying.invariants import broken
from routing.care.calendar import due_items
from routing.care.days import day_of
from routing.care.due import DueState


class CasePromises(RuleBasedStateMachine):
    """Looks at ``database``, ``files`` and ``now`` of the machine that acts."""

    @invariant()
    def nothing_is_wrong(self):
        with self.database.reading() as session:
            assert [one.code for one in broken(session)] == []

    @invariant()
    def who_is_red_was_not_terminated_by_anybody(self):
        """Red when it ended: an assessment that is entered later may say more."""
        with self.database.reading() as session:
            for file in session.exec(select(CaseFile).where(CaseFile.status == "terminated")):
                ended = events_of(session, CASE_FILE, file.id)[-1].at
                steps = [one for one in store.colours_of(session, file.id) if one.at <= ended]
                plans = store.corrected(store.entries_of(session, CasePlan, file.id))
                assert (
                    not steps
                    or steps[-1].colour != "red"
                    or any(
                        one.may_continue is False and one.rank == "chief" and one.woman_informed
                        for one in plans
                    )
                )

    @invariant()
    def plans_of_orange_and_red_had_a_centre(self):
        with self.database.reading() as session:
            for one in session.exec(select(CasePlan).where(col(CasePlan.made_with).is_(None))):
                steps = store.colours_of(session, one.file_id)
                before = [step.colour for step in steps if step.at <= one.entered_at]
                assert not before or before[-1] not in ("orange", "red")

    @invariant()
    def no_colour_came_down_silently(self):
        with self.database.reading() as session:
            for file in session.exec(select(CaseFile)):
                steps = session.exec(
                    select(CaseColour).where(CaseColour.file_id == file.id).order_by("seq")
                ).all()
                by_hand = ""
                for step in steps:
                    named = step.named_by is not None and step.reason is not None
                    assert rank(step.colour) >= rank(by_hand) or named
                    by_hand = step.colour
                assert file.colour == by_hand

    @invariant()
    def no_follow_up_vanishes(self):
        """Whatever the calendar asks for at the last act is a line that is open."""
        with self.database.reading() as session:
            for key in self.files:
                file = store.file_of(session, key)
                items = due_items(care_rules(), pregnancy_of(session, file), now=self.now)
                wanted = {one.key for one in items if one.state is DueState.OPEN}
                lines = {(one.rule, one.about) for one in store.open_due(session, key)}
                late = {one for one in wanted - lines if one[0].startswith("R-FOLLOW-04")}
                assert wanted - lines <= late, (file.status, wanted - lines)

    @invariant()
    def who_is_closed_was_checked(self):
        with self.database.reading() as session:
            for file in session.exec(
                select(CaseFile).where(CaseFile.status == FileStatus.CLOSED_42D.value)
            ):
                check = session.get(CaseVisit, file.closing_visit_id)
                days = (day_of(check.happened_at) - day_of(file.delivered_at)).days
                assert (check.kind, check.status) == ("day_42", "held")
                assert days >= 42
                assert file.colour != "red" or check.unstable is False
