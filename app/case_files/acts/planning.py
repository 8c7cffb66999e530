"""Plans with the higher centre, and the judgement whether a red pregnancy may continue.

R-CASE-03 and R-MGMT-RED; the rows of ``acts.csv`` say who has a part in what, and the database
refuses what no hospital of any grade may do.
"""

import uuid
from dataclasses import dataclass

from app.case_files import store
from app.case_files.acts.entering import Entered, entered
from app.case_files.acts.tables import CasePlan
from app.case_files.errors import FileRefusedError
from app.case_files.known.care import care_of, grade_of
from app.case_files.noting import noted
from app.case_files.parties import join_org
from app.case_files.sight import locked_for
from app.case_files.states import NO_COLOUR, WITH_A_CENTRE, Capacity, PlanKind
from app.case_files.tables import CaseFile
from app.case_files.watching import saved
from app.db_types import new_key
from app.engine import Engine
from app.errors import NotFoundError
from app.events.scene import Scene
from app.keys.words import put
from app.work import Work
from facilities.centre import MaternalLevel
from routing.care.acts import rows_of, why_not
from routing.care.rows import CareRules
from routing.care.rows_deciding import Act, Rank
from routing.triage.rows import Colour

__all__ = ["Judgement", "add_plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether the pregnancy may continue, the rank of who says so, and whether the woman knows."""

    may_continue: bool
    rank: Rank | None = None
    woman_informed: bool = False


def add_plan(
    work: Work,
    engine: Engine,
    file_id: uuid.UUID,
    kind: PlanKind,
    text: str,
    said: Entered,
    *,
    made_with: str | None = None,
    agreed_by: str | None = None,
    judgement: Judgement | None = None,
    read: int,
) -> CaseFile:
    """Enter a plan, or a judgement.

    Parameters
    ----------
    made_with, agreed_by
        The higher centre that had its part in a plan, and who agreed there. Of a judgement: the
        hospital where it was made, the own one among them, and by whom.
    judgement
        What was judged, of kind ``continuation`` and of no other.

    Raises
    ------
    FileRefusedError
        A centre without a name or a name without a centre, or what ``acts.csv`` asks for is not
        there; the rules are named.
    """
    file = locked_for(work, file_id, read=read)
    centre = None if made_with is None else store.organisation_at(work.session, made_with)
    if made_with is not None and centre is None:
        raise NotFoundError("facility", made_with)
    judges = kind is PlanKind.CONTINUATION
    checks = (
        ((made_with is None) != (agreed_by is None), "made_with_and_agreed_by"),
        (judges != (judgement is not None), "judgement_or_plan"),
        (judges and made_with is None, "judged_by_whom"),
    )
    if faults := [code for wrong, code in checks if wrong]:
        raise FileRefusedError(faults)
    if judgement is not None:
        _may_judge(care_of(file), engine, str(made_with), judgement)
    elif kind in WITH_A_CENTRE:
        _may_plan(care_of(file), engine, file, work.actor.facility_id, made_with)
    key, scene = new_key(), Scene.of(work)
    row = CasePlan(
        **entered(work, file, CasePlan, key, said),
        kind=kind.value,
        made_with=centre,
        may_continue=None if judgement is None else judgement.may_continue,
        rank=None if judgement is None or judgement.rank is None else judgement.rank.value,
        woman_informed=None if judgement is None else judgement.woman_informed,
    )
    put(work.session, row, text=text, agreed_by=agreed_by)
    store.add(work.session, row)
    if centre is not None:
        join_org(scene, file, Capacity.CONSULTED, centre)
    noted(work, file.id, "plan_made", what="case_plan", object_id=key)
    return saved(scene, file)


def _may_plan(
    care: CareRules, engine: Engine, file: CaseFile, here: str | None, made_with: str | None
) -> None:
    labels = () if file.colour == NO_COLOUR else (file.colour,)
    lacks = why_not(
        care, Act.PLAN, labels=labels, higher_centre=_is_higher(engine, made_with, than=here)
    )
    _refuse(care, (Act.PLAN,), labels, [code for code in lacks if code == "without_higher_centre"])


def _may_judge(care: CareRules, engine: Engine, made_with: str, judgement: Judgement) -> None:
    """Ask for the grade of the hospital, and of a no for rank and that the woman was informed.

    It is a judgement of a red pregnancy whatever her colour is by now.
    """
    red = (Colour.RED.value,)
    acts = (Act.JUDGE_CONTINUATION, *(() if judgement.may_continue else (Act.END_PREGNANCY,)))
    grade = grade_of(engine, made_with)
    lacks = [
        code
        for act in acts
        for code in why_not(
            care,
            act,
            labels=red,
            grade=grade,
            rank=judgement.rank,
            woman_informed=judgement.woman_informed,
        )
    ]
    _refuse(care, acts, red, lacks)


def _refuse(
    care: CareRules, acts: tuple[Act, ...], labels: tuple[str, ...], lacks: list[str]
) -> None:
    if lacks:
        rules = [row.info.id for act in acts for row in rows_of(care, act, labels)]
        raise FileRefusedError(dict.fromkeys(lacks), rules=rules)


def _is_higher(engine: Engine, made_with: str | None, *, than: str | None) -> bool:
    """Tell whether a hospital is a rescue centre of a higher level; above the highest is none."""
    levels = [
        engine.registry.get(one).maternal_level if one in engine.registry else None
        for one in (made_with, than)
        if one is not None
    ]
    if made_with is None or not levels or levels[0] is None:
        return False
    own = (levels[1] if len(levels) > 1 else None) or MaternalLevel.M0
    return levels[0] > own or levels[0] == max(MaternalLevel)
