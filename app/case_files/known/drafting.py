"""What an emergency request of a filed woman begins with: what is known of her, and how old it is.

Every fact of her file that a request of a mother can take, from where she is now; the sender says
what is new. What nobody stated is not there.
"""

from app.case_files import documents, store
from app.case_files.acts.tables import CasePlan
from app.case_files.known.ageing import Aged, aged
from app.case_files.known.care import care_rules
from app.case_files.known.record import Known, facts_of, weeks_on
from app.case_files.sight import Seen
from app.case_files.states import BORN, PREGNANT, PlanKind
from app.case_files.tables import CaseFile
from app.case_files.views import turn_out
from app.keys.words import told
from app.work import Work
from routing.care.days import day_of

__all__ = ["draft"]

NEWBORN = "newborn"
"""A group of facts that a request of a mother does not take."""


def draft(work: Work, seen: Seen) -> documents.ReferralDraftOut:
    """Return it, with each fact of the file and when it was stated."""
    file = seen.file
    weeks = weeks_on(file, day_of(work.now)) if file.status in PREGNANT else None
    known = _known(work, file)
    facts = {one.name: one.value for one in known if one.is_taken}
    if weeks is not None:
        facts["gestational_age_weeks"] = weeks
    here = work.actor.facility_id
    origin = {"facility_id": here} if here else {"adcode": work.actor.division}
    request: dict[str, object] = {"patient": "maternal", "facts": facts, "origin": origin}
    if file.booked_facility_id is not None:
        # So that the ranking says first whether the booked centre is still the right one.
        request["booked_facility_id"] = file.booked_facility_id
    turn = store.open_turn(work.session, file.id)
    return documents.ReferralDraftOut(
        version=file.version,
        case_file_id=file.id,
        number=file.number,
        patient_id=file.patient_id,
        home_county=file.home_county,
        request=request,
        facts=[documents.StatedFactOut.model_validate(one) for one in known],
        colour=file.colour or None,
        purple=file.purple,
        weeks=weeks,
        booked_facility_id=file.booked_facility_id,
        responsible=None if turn is None else turn_out(work, turn),
        emergency_plan=_emergency_plan(work, file),
    )


def _known(work: Work, file: CaseFile) -> list[Aged]:
    """Return the facts of a file by name; the weeks are reckoned and not read."""
    found = dict(facts_of(work.session, [file])[file.id])
    found.pop("gestational_age_weeks", None)
    if file.status in BORN and file.delivered_at is not None:
        found["delivered"] = Known(True, file.delivered_at)
    rules = care_rules().rules
    return [
        aged(name, found[name], work.now)
        for name in sorted(found)
        if name in rules.facts and rules.facts[name].group != NEWBORN
    ]


def _emergency_plan(work: Work, file: CaseFile) -> str | None:
    entries = store.corrected(store.entries_of(work.session, CasePlan, file.id))
    plans = [one for one in entries if one.kind == PlanKind.EMERGENCY]
    return told(work.session, plans[-1], "text") if plans else None
