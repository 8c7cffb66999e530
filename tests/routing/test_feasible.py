import pytest

from facilities.capability import Trust
from facilities.centre import FacilityStatus, Kind, WardLevel
from tests.routing.toys import (
    BLEEDING,
    CORD,
    PREECLAMPSIA,
    RESCUE,
    SMALL,
    THEATRE,
    WARD,
    ask,
    centre,
    hospital,
    ids,
    kinds,
    pool,
    reasons,
    request,
    township,
    world,
)

BED = "OB_RESCUE_BED"
AT_60 = 60


def one(facility, *, minutes=AT_60, pools=None, more=()):
    """That facility and GOOD, which can do everything, both an hour away."""
    good = centre("GOOD", *RESCUE, *WARD, ward=WardLevel.L3A, m=3, n=3, grade=3)
    times = {("HERE", "GOOD"): 60}
    if minutes is not None:
        times["HERE", facility.facility_id] = minutes
    free = [pool("GOOD", kind, 1) for kind in (BED, "LABOUR", "NEO_L3A", "AICU")]
    return world([good, facility, *more], times, pools=[*free, *(pools or ())])


def reason_of(answer, facility_id):
    found = next(e for e in answer.excluded if e.facility_id == facility_id)
    return [(r.code, list(r.detail)) for r in found.reasons]


def test_a_nearer_centre_without_a_required_capability_is_passed_over_with_its_gap():
    answer = ask(one(centre("X", *THEATRE), minutes=5), request(BLEEDING))

    assert ids(answer) == ["GOOD"]
    assert reason_of(answer, "X") == [("lacks_capability", [BED])]


def test_every_missing_group_is_named_and_a_choice_of_two_stays_a_choice():
    """E-M33 asks for interventional radiology or hysteroscopy."""
    facts = {"scar_pregnancy": True, "vaginal_bleeding": False}
    answer = ask(one(centre("X", "CS_24H")), request(facts))

    assert reason_of(answer, "X") == [
        ("lacks_capability", ["IR|HYSTEROSCOPY", "ANAES_24H", "BLOOD_RBC"])
    ]


def test_a_higher_ward_satisfies_a_lower_one_and_a_lower_one_does_not():
    facts = {**SMALL, "neo_ga_weeks": "29+0", "birth_weight_g": 1200}
    high = centre("HIGH", *WARD, ward=WardLevel.L3C)
    low = centre("LOW", *WARD, ward=WardLevel.L2B)
    answer = ask(one(high, more=[low]), request(facts))

    assert "HIGH" in ids(answer)
    assert ("lacks_capability", ["NEO_L3A"]) in reason_of(answer, "LOW")


@pytest.mark.parametrize(
    ("facility", "code"),
    [
        (centre("X", *RESCUE, status=FacilityStatus.SUSPENDED), "suspended"),
        (centre("X", *RESCUE, status=FacilityStatus.DIVERTED), "diverted"),
        (centre("X", *RESCUE, kind=Kind.PLACEHOLDER), "placeholder"),
        (centre("X", *RESCUE, m=None, n=None), "not_a_rescue_centre"),
        (centre("X", *RESCUE, m=None, n=2, ward=WardLevel.L3A), "wrong_patient"),
    ],
)
def test_what_a_place_is_excludes_it(facility, code):
    answer = ask(one(facility, minutes=5), request(BLEEDING))

    assert reasons(answer) == {"X": [code]}


def test_a_maternity_without_newborn_level_is_no_place_for_a_newborn():
    facility = centre("X", *RESCUE, *WARD, ward=WardLevel.L3A, m=3, n=None)

    assert reasons(ask(one(facility, minutes=5), request(SMALL)))["X"] == ["wrong_patient"]


def test_all_reasons_of_a_place_come_together_in_their_order():
    facility = centre("X", "CS_24H", status=FacilityStatus.DIVERTED)
    answer = ask(one(facility, minutes=None), request(BLEEDING, exclude=["X"]))

    assert [code for code, _ in reason_of(answer, "X")] == [
        "diverted",
        "excluded_by_request",
        "lacks_capability",
        "no_time",
    ]
    assert reason_of(answer, "X")[-1] == ("no_time", ["not_in_table"])


def test_she_is_not_sent_where_she_is():
    network = world(
        [centre("HERE", *RESCUE), centre("GOOD", *RESCUE)],
        {("HERE", "GOOD"): 60},
        pools=[pool("HERE", BED, 1), pool("GOOD", BED, 1)],
    )
    answer = ask(network, request(BLEEDING, facility="HERE", sender=hospital("OB_DELIVERY")))

    assert reasons(answer) == {"HERE": ["is_origin"]}


def test_level_and_grade_are_a_floor_for_planned_care_only():
    """Red with a valve replaced: level M1 in an institution of grade 3. In an emergency the same
    centre of level M0 and grade 1 is a destination."""
    low = centre("LOW", *RESCUE, m=0, n=None, grade=1)
    free = [pool("LOW", BED, 1), pool("LOW", "LABOUR", 1)]
    planned = ask(
        one(low, minutes=5, pools=free),
        request({"valve_replaced": True, "delivered": False}),
    )
    urgent = ask(one(low, minutes=5, pools=free), request(BLEEDING))

    assert reason_of(planned, "LOW") == [("level_too_low", ["M1"]), ("grade_too_low", ["G3"])]
    assert "LOW" in ids(urgent)


def test_a_grade_nobody_recorded_is_the_one_the_level_implies():
    """Centres of a county sit in grade 2, those of a prefecture in grade 3 (R-CENTRE-02)."""
    county = centre("COUNTY", *RESCUE, m=1, grade=None)
    above = centre("ABOVE", *RESCUE, m=2, grade=None)
    network = world(
        [county, above],
        {("HERE", "COUNTY"): 10, ("HERE", "ABOVE"): 60},
        pools=[pool("COUNTY", "LABOUR", 1), pool("ABOVE", "LABOUR", 1)],
    )
    answer = ask(network, request({"valve_replaced": True}))

    assert ids(answer) == ["ABOVE"]
    assert reason_of(answer, "COUNTY") == [("grade_too_low", ["G3"])]


def test_a_free_place_is_a_hard_condition_for_planned_care():
    full = centre("X", *RESCUE, m=1, grade=3)
    answer = ask(one(full, pools=[pool("X", "LABOUR", 0)]), request({"valve_replaced": True}))

    assert reason_of(answer, "X") == [("no_place", ["LABOUR"])]


def sender_at(trust, *codes):
    return hospital(*codes, trust=trust)


def twins(sender, facts=BLEEDING, **more):
    """TWIN has what the sender has; BETTER has blood products beside it, four hours away."""
    network = world(
        [
            centre("TWIN", *THEATRE, BED),
            centre("BETTER", *THEATRE, BED, "BLOOD_MTP", "OB_TRANSPORT"),
        ],
        {("HERE", "TWIN"): 60, ("HERE", "BETTER"): 240, ("TWIN", "BETTER"): 190},
        pools=[pool("TWIN", BED, 1), pool("BETTER", BED, 1)],
    )
    return ask(network, request(facts, sender=sender, **more))


def test_a_twin_of_the_sender_adds_nothing_and_is_a_stop_on_the_way():
    """60 + 190 - 240 = 10 minutes longer: on the way. Late, so R-ROUTE-06 speaks too.

    The teams meet after (20 + 45 + 240) / 2 = 152; the expert team is at TWIN after 45 + 190.
    """
    sender = sender_at(Trust.ASSUMED, *THEATRE, BED)
    answer = twins(sender, facility=None)

    assert ids(answer) == ["BETTER"]
    assert reasons(answer) == {"TWIN": ["adds_nothing"]}
    assert kinds(answer) == [
        "nearest_life_saving",
        "stop_on_the_way",
        "rendezvous",
        "expert_team",
        "call_coordinator",
    ]


def test_operate_here_names_the_sender_with_no_minutes():
    network = world(
        [centre("HERE", *THEATRE, BED, trust=Trust.ASSUMED), centre("BETTER", *RESCUE)],
        {("HERE", "BETTER"): 240},
        pools=[pool("BETTER", BED, 1)],
    )
    sender = sender_at(Trust.ASSUMED, *THEATRE, BED)
    top = ask(network, request(BLEEDING, sender=sender, facility="HERE")).alternatives[0]

    assert (top.kind, top.facility_id, top.minutes) == ("operate_here", "HERE", 0)


@pytest.mark.parametrize("answer", ["sender_can_operate_now", "sender_can_transfuse_now"])
def test_the_twin_comes_back_when_the_sender_states_a_lack(answer):
    sender = sender_at(Trust.ASSUMED, *THEATRE, BED)
    found = twins(sender, {**BLEEDING, answer: False})

    assert ids(found) == ["TWIN", "BETTER"]
    assert "operate_here" not in kinds(found)


def test_a_sender_that_is_not_given_can_do_nothing_so_every_centre_adds_something():
    network = world(
        [centre("TWIN", *THEATRE, BED)], {("HERE", "TWIN"): 60}, pools=[pool("TWIN", BED, 1)]
    )

    assert ids(ask(network, township(BLEEDING))) == ["TWIN"]


def test_never_bypass_knows_no_twins():
    sender = sender_at(Trust.ASSUMED, *THEATRE, BED)

    assert ids(twins(sender, CORD))[0] == "TWIN"


def test_a_centre_of_the_level_that_the_row_asks_for_adds_something_to_a_lower_sender():
    """E-M05 asks for M2: the twin of level M1 adds nothing, that of level M2 does."""
    facts = {**PREECLAMPSIA, "gestational_age_weeks": "33+0"}
    everything = (*RESCUE, "MFM")
    network = world(
        [
            centre("SAME", *everything, ward=WardLevel.L2B, m=1),
            centre("ABOVE", *everything, ward=WardLevel.L2B, m=2),
        ],
        {("HERE", "SAME"): 60, ("HERE", "ABOVE"): 120},
        pools=[pool("ABOVE", "AICU", 1), pool("ABOVE", "NEO_L2B", 1)],
    )
    sender = sender_at(Trust.ASSUMED, *everything, *WardLevel.L2B.capabilities)
    answer = ask(network, request(facts, sender=sender))

    assert ids(answer) == ["ABOVE"]
    assert reasons(answer) == {"SAME": ["adds_nothing"]}


def test_a_hospital_with_a_theatre_takes_a_never_bypass_row_whatever_it_was_designated_for():
    facility = centre("TCM", "CS_24H", "ANAES_24H", m=None, n=None)
    none = centre("CLINIC", "CS_24H", m=None, n=None)
    answer = ask(one(facility, minutes=10, more=[none]), request(CORD))

    assert ids(answer)[0] == "TCM"
    assert reasons(answer)["CLINIC"] == ["not_a_rescue_centre", "lacks_capability", "no_time"]


def test_cardiac_arrest_holds_her_everywhere_and_the_team_comes_to_her():
    network = world(
        [centre("HERE", *THEATRE), centre("GOOD", *RESCUE, "OB_TRANSPORT")],
        {("HERE", "GOOD"): 60},
    )
    answer = ask(network, request({"maternal_cardiac_arrest": True}, facility="HERE"))
    team = next(a for a in answer.alternatives if a.kind == "expert_team")

    assert answer.ranking == ()
    assert "held" in reasons(answer)["GOOD"]
    assert answer.assessment.decision == "stay_expert_team"
    assert (team.from_facility_id, team.facility_id, team.minutes) == ("GOOD", "HERE", 45 + 60)


def test_an_assumed_capability_means_telephone_first_and_is_named():
    network = world(
        [centre("A", *RESCUE, trust=Trust.ASSUMED)],
        {("HERE", "A"): 60},
        pools=[pool("A", BED, 1)],
    )
    row = ask(network, request(BLEEDING)).ranking[0]

    assert row.phone_first
    assert row.capability_trust == dict.fromkeys(
        (BED, "ANAES_24H", "CS_24H", "BLOOD_RBC"), "assumed"
    )


def test_the_place_booked_may_be_the_present_hospital():
    """E-M28, a trial of labour: a booking row."""
    here = centre("HERE", *RESCUE, grade=3, m=2)
    network = world([here], {}, pools=[pool("HERE", "LABOUR", 1)])
    sender = sender_at(Trust.ASSUMED, *RESCUE)
    answer = ask(network, request({"tolac_planned": True}, sender=sender, facility="HERE"))

    assert answer.assessment.decision == "book_planned"
    assert ids(answer) == ["HERE"]
