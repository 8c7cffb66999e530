"""What holds for every patient: nothing unknown makes her look safer than she may be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.capability import Trust, lacking, load_capabilities
from routing.triage.assess import assess_case
from routing.triage.rows import Patient
from tests.routing.triage.cases import NO_SENDER, case, patient_of, rules, sender
from tests.routing.triage.drawing import MATERNAL, NEWBORN, facts, leads, senders, without
from tests.routing.triage.row_facts import STATED

SENT_AWAY = {"routine_referral", "none"}
BOTH = {"maternal": MATERNAL, "newborn": NEWBORN}
THREATS = ("maternal_sepsis", "hellp", "aflp", "pulmonary_embolism", "trauma", "poisoning", "dka")


def assessed(drawn, patient="maternal", at=NO_SENDER):
    return assess_case(rules(), case(drawn, patient=patient, at=at))


def by_a_hold(found):
    """Tell whether a hold presumed a critical patient; any row replaces that (R-DEST-06)."""
    return any(one.because_of.startswith("R-HOLD") for one in found.fired)


@pytest.mark.parametrize("row", STATED)
def test_erasing_a_fact_beside_the_leading_one_never_sends_a_stated_row_away(row):
    patient, drawn = patient_of(row), STATED[row]

    for name in drawn:
        left = without(drawn, name)
        if leads(rules().emergencies[row], case(left, patient=patient)):
            assert assessed(left, patient).decision not in SENT_AWAY


@pytest.mark.parametrize("patient", BOTH)
@given(data=st.data())
def test_erasing_a_fact_never_turns_leaving_into_staying(patient, data):
    drawn = data.draw(facts(BOTH[patient]))
    at = data.draw(senders())
    full = assessed(drawn, patient, at)
    if full.decision != "transfer_now" or by_a_hold(full):
        return

    for name in drawn:
        left = without(drawn, name)
        if all(leads(one.row, case(left, patient=patient)) for one in full.fired):
            assert assessed(left, patient, at).decision not in SENT_AWAY, name


@pytest.mark.parametrize("patient", BOTH)
@given(data=st.data())
def test_nobody_stays_on_an_assumed_capability(patient, data):
    """Whoever stays would stay without everything that is only assumed."""
    drawn = data.draw(facts(BOTH[patient]))
    at = data.draw(senders())
    found = assessed(drawn, patient, at)
    sure = {c: t for c, t in at.capabilities.items() if t is not Trust.ASSUMED}
    on_sure = assessed(drawn, patient, replace(at, capabilities=sure))

    if found.decision in {"none", "deliver_in_place"}:
        assert on_sure.decision == found.decision


@pytest.mark.parametrize("row", STATED)
def test_a_hospital_that_is_assumed_to_have_everything_keeps_no_stated_row(row):
    """The guard fires: the same hospital confirmed keeps every row that is treated anywhere."""
    codes = tuple(load_capabilities())
    drawn, patient = STATED[row], patient_of(row)
    guessed = assessed(drawn, patient, sender(*codes, trust=Trust.ASSUMED))
    sure = assessed(drawn, patient, sender(*codes, trust=Trust.CONFIRMED))
    booking = rules().emergencies[row].booking

    assert guessed.decision not in {"none", "deliver_in_place"}
    if not booking and row != "E-M27":
        weeks_open = "gestational_age_weeks" in sure.assessment.ask_next[:1]
        assert sure.decision in {"none", "deliver_in_place"} or weeks_open


@pytest.mark.parametrize("patient", BOTH)
@given(data=st.data())
def test_equal_facts_give_an_equal_answer_in_whatever_order_they_come(patient, data):
    drawn = data.draw(facts(BOTH[patient]))
    order = data.draw(st.permutations(list(drawn)))
    again = {name: drawn[name] for name in order}

    assert assessed(drawn, patient) == assessed(again, patient)


@given(drawn=facts(MATERNAL), threat=st.sampled_from(THREATS))
def test_one_threat_more_never_lowers_need_urgency_or_clock(drawn, threat):
    """A hospital that has all the new need names has all that the old one's rows named."""
    before = assessed(without(drawn, threat))
    after = assessed({**drawn, threat: True})
    if before.need.suppressed or not before.need.rows or by_a_hold(before):
        return

    named = {c for group in (*after.need.required, *after.need.preferred) for c in group}
    assert lacking(named, (*before.need.required, *before.need.preferred)) == ()
    assert after.priority <= before.priority
    if before.need.hard_s is not None:
        assert after.need.hard_s is not None
        assert after.need.hard_s <= before.need.hard_s


@pytest.mark.parametrize("patient", BOTH)
@given(data=st.data())
def test_what_every_counting_row_requires_is_in_the_need(patient, data):
    found = assessed(data.draw(facts(BOTH[patient])), patient)
    counted = [rules().emergencies[row] for row in found.need.rows]

    if not found.need.suppressed:
        required = set(found.need.required)
        assert all(required.issuperset(row.required) for row in counted)
        assert set(found.need.floor) <= required
        assert not required.intersection(found.need.preferred)


@pytest.mark.parametrize("patient", BOTH)
@given(data=st.data())
def test_seats_are_one_for_her_and_one_for_each_child(patient, data):
    found = assessed(data.draw(facts(BOTH[patient])), patient)
    names = [seat.seat for seat in found.need.seats]

    assert len(names) == len(set(names))
    assert len(names) <= 3
    if found.need.never_bypass or found.need.suppressed:
        assert names == []
    elif patient == "newborn":
        assert names in ([], ["newborn_1"])
    else:
        assert names[0] == "mother"


@given(drawn=facts(MATERNAL))
def test_after_birth_no_row_of_the_fetus_counts(drawn):
    found = assessed({**drawn, "delivered": True})

    assert all(one.row.patient is not Patient.IN_UTERO for one in found.fired)
    assert all(seat.seat == "mother" for seat in found.need.seats)
