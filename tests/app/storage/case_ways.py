"""Ways through a case file that chance seldom finds, each of several steps of a history."""

import hypothesis.strategies as st
from hypothesis.stateful import rule

from app.case_files.states import EndReason, VisitKind, VisitStatus
from tests.app.storage.case_promises import CasePromises

which_of = st.integers(0, 2)
LOOKED_FOR = (VisitStatus.PLANNED, VisitStatus.MISSED, VisitStatus.CONTACTED)


class CaseWays(CasePromises):
    """Calls the steps of the machine that acts."""

    @rule(which=which_of, comes_back=st.booleans())
    def lost(self, which, comes_back):
        for status in LOOKED_FOR:
            self.visit(which, VisitKind.ANTENATAL, status, None)
        self.end(which, EndReason.LOST_TO_FOLLOW_UP)
        if comes_back:
            self.found(which)

    @rule(which=which_of, unstable=st.sampled_from((None, True, False)))
    def six_weeks(self, which, unstable):
        self.birth(which)
        self.home(which)
        self.visit(which, VisitKind.POSTPARTUM, VisitStatus.HELD, None)
        self.time_passes(43)
        self.visit(which, VisitKind.DAY_42, VisitStatus.HELD, unstable)
        self.close(which)

    @rule(which=which_of)
    def better(self, which):
        self.assessing(which, {}, False)
        self.lowering(which)

    @rule(which=which_of)
    def to_and_fro(self, which):
        self.waiting(which, False)
        self.waiting(which, True)
