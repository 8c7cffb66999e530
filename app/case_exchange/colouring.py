"""A colour that the platform says above what our rules find stands too: it is never lowered here.

The assessment of the other institution is an entry of its own (R-COLOUR-012), with the platform as
the rule set; our rules have not seen what was seen there.
"""

from dataclasses import replace

from app.case_exchange.rows import PregnancyRow
from app.case_files import store
from app.case_files.acts.colouring import label_of, stand
from app.case_files.acts.entering import Entered, entered, move
from app.case_files.acts.managing import open_by_rule
from app.case_files.acts.tables import CaseAssessment
from app.case_files.known.care import care_rules
from app.case_files.noting import noted
from app.case_files.states import FileStatus
from app.case_files.tables import CaseFile
from app.case_files.watching import saved
from app.db_types import new_key
from app.documents import dumps
from app.events.scene import Scene
from app.keys.words import put
from app.work import Work
from routing.care.lowering import Label, Outcome, standing_after
from routing.triage.rows import Colour

__all__ = ["PLATFORM", "raise_as_told"]

PLATFORM = "mch-platform"
S = FileStatus
BEFORE = (S.SCREENED_POSITIVE, S.REFERRED_FOR_ASSESSMENT, S.ASSESSED)


def raise_as_told(work: Work, file: CaseFile, row: PregnancyRow, said: Entered) -> bool:
    """Let the platform's label stand where it is above that of the file.

    Returns
    -------
    bool
        False where it calls her green and our rules leave that open: what is unknown is not
        harmless, and a person has to say so (R-SCREEN-13).
    """
    label = label_of(file)
    standing = Label(None, purple=False) if label is None else label
    told = _higher(standing, row.colour, purple=row.purple is True)
    if told == standing or told.colour is None:
        return True
    if told == Label(Colour.GREEN, purple=False):
        return False
    key, scene = new_key(), Scene.of(work)
    entry = CaseAssessment(
        **entered(work, file, CaseAssessment, key, said),
        rule_set=PLATFORM,
        colour=told.colour.value,
        purple=told.purple,
        conditions=0,
        undetermined=0,
        is_full=False,
    )
    answer = {"colour": told.colour, "purple": told.purple, "assessed_by": row.assessed_by}
    put(
        work.session,
        entry,
        facts=dumps({}),
        answer=dumps(answer),
        assessor=row.assessed_by or PLATFORM,
    )
    store.add(work.session, entry)
    first = standing.colour is None
    change = replace(
        standing_after(care_rules(), {}),
        outcome=Outcome.FIRST if first else Outcome.RAISED,
        label=told,
        refused=(),
        rules=(),
    )
    stand(scene, file, change, assessment_id=key)
    if file.status == S.SCREENED_NEGATIVE:
        move(scene, file, S.SCREENED_POSITIVE, reason="R-COLOUR-013")
        file.screening = "positive"
    if file.status in BEFORE:
        move(scene, file, S.ASSESSED)
    open_by_rule(scene, file)
    noted(work, file.id, "assessed", what="case_assessment", object_id=key)
    saved(scene, file)
    return True


def _higher(standing: Label, colour: Colour | None, *, purple: bool) -> Label:
    known = [one for one in (standing.colour, colour) if one is not None]
    highest = max(known, key=lambda one: one.rank, default=None)
    return Label(highest, standing.purple or purple)
