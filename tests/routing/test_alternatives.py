from facilities.centre import FacilityStatus, Kind, WardLevel
from facilities.phones import Phone
from routing.network import conditions_for
from tests.routing.toys import (
    BLEEDING,
    CORD,
    RESCUE,
    SMALL,
    THEATRE,
    ask,
    centre,
    ids,
    kinds,
    pool,
    request,
    township,
    world,
)

BED = "OB_RESCUE_BED"


def only(answer, kind):
    return [one for one in answer.alternatives if one.kind == kind]


def near_and_far(far=200):
    """NEAR has theatre and red cells, FAR is definitive and has a team."""
    return world(
        [centre("NEAR", *THEATRE), centre("FAR", *RESCUE, "OB_TRANSPORT")],
        {("HERE", "NEAR"): 30, ("HERE", "FAR"): far, ("NEAR", "FAR"): 180},
        pools=[pool("FAR", BED, 1)],
    )


def test_nothing_special_leaves_the_coordinator_alone():
    """In time, with the escort of the row: the last alternative is the only one."""
    answer = ask(near_and_far(40), request(BLEEDING))

    assert kinds(answer) == ["call_coordinator"]


def test_nothing_in_time_gives_the_ways_of_route_06_by_minutes():
    """NEAR 30; met after (20 + 45 + 200) / 2 = 132; the team at NEAR after 45 + 180 = 225."""
    answer = ask(near_and_far(), request(BLEEDING))

    assert [(a.kind, a.minutes) for a in answer.alternatives] == [
        ("nearest_life_saving", 30),
        ("rendezvous", 132),
        ("expert_team", 225),
        ("call_coordinator", None),
    ]
    assert only(answer, "expert_team")[0].facility_id == "NEAR"
    assert answer.ranking[0].within == "late"


def test_nobody_at_all_still_gets_an_answer():
    answer = ask(world([centre("A", "OB_DELIVERY")], {("HERE", "A"): 10}), request(BLEEDING))

    assert answer.ranking == ()
    assert kinds(answer) == ["out_of_province", "call_coordinator"]


def test_an_empty_registry_still_gets_an_answer():
    answer = ask(world([], {}), request(BLEEDING))

    assert (answer.ranking, answer.excluded) == ((), ())
    assert kinds(answer)[-1] == "call_coordinator"


def test_the_coordinator_is_the_one_of_the_county_else_of_those_above():
    network = near_and_far()
    registry = network.registry.with_phones(
        [Phone("530000", "coordinator", "0871-1", ""), Phone("530102", "coordinator", "0871-2", "")]
    )
    answer = ask(type(network)(registry, network.estimate, table=network.table), request(BLEEDING))

    assert answer.alternatives[-1].phone == "0871-2"


def placeholder():
    return centre("P", m=None, n=None, county="530102", kind=Kind.PLACEHOLDER)


def with_placeholder():
    return world(
        [placeholder(), centre("FAR", *RESCUE, ward=WardLevel.L3A)],
        {("HERE", "P"): 15, ("HERE", "FAR"): 40},
        pools=[pool("FAR", BED, 1), pool("FAR", "NEO_L2B", 1)],
    )


def test_the_county_hospital_nobody_recorded_is_named_first_for_theatre_rows():
    for facts in (CORD, BLEEDING):
        first = ask(with_placeholder(), request(facts)).alternatives[0]

        assert (first.kind, first.facility_id, first.minutes) == (
            "county_hospital_unconfirmed",
            "P",
            15,
        )


def test_and_not_for_a_newborn():
    answer = ask(with_placeholder(), township({**SMALL, "needs_cpap": False}))

    assert "county_hospital_unconfirmed" not in kinds(answer)


def test_a_placeholder_is_never_a_destination_nor_a_life_saver():
    answer = ask(with_placeholder(), request(CORD))

    assert ids(answer) == ["FAR"]


def test_a_newborn_late_everywhere_is_told_the_nearest_ventilator():
    network = world(
        [
            centre("VENT", "NEO_VENT", ward=WardLevel.L2A),
            centre("GOAL", "NEO_CPAP", "NEO_TRANSPORT", ward=WardLevel.L2B),
        ],
        {("HERE", "VENT"): 30, ("HERE", "GOAL"): 1200},
        pools=[pool("GOAL", "NEO_L2B", 1)],
    )
    answer = ask(network, request(SMALL))

    assert only(answer, "nearest_life_saving")[0].facility_id == "VENT"


def test_a_closed_hospital_saves_nobody():
    network = world(
        [centre("SHUT", *THEATRE, status=FacilityStatus.SUSPENDED), centre("FAR", *RESCUE)],
        {("HERE", "SHUT"): 10, ("HERE", "FAR"): 200},
        pools=[pool("FAR", BED, 1)],
    )
    found = only(ask(network, request(BLEEDING)), "nearest_life_saving")

    assert [one.facility_id for one in found] == ["FAR"]


def test_a_city_outside_the_province_is_named_when_it_is_thirty_minutes_nearer():
    """From Suijiang the estimate gives Yibin; a stated 400 minutes to FAR is far behind it, one
    minute to it is not."""
    for minutes, named in ((400, True), (1, False)):
        network = world(
            [centre("FAR", *RESCUE)], {("HERE", "FAR"): minutes}, pools=[pool("FAR", BED, 1)]
        )
        answer = ask(network, request(BLEEDING, county="530626"))
        hubs = only(answer, "out_of_province")

        assert bool(hubs) is named
        assert all(hub.note_code == "no_hospital_entered" for hub in hubs)
        assert kinds(answer)[-1] == "call_coordinator"


def test_no_minutes_are_ever_modelled_for_air():
    assert "air" not in kinds(ask(near_and_far(), request(BLEEDING)))


def test_the_meeting_lies_in_a_county_on_the_way():
    """From Kunming to Qujing (530302) by stated 200 minutes; the counties come from the graph."""
    network = world(
        [centre("FAR", *RESCUE, "OB_TRANSPORT", county="530302")],
        {("HERE", "FAR"): 200},
        pools=[pool("FAR", BED, 1)],
    )
    asked = request(BLEEDING)
    meeting = only(ask(network, asked), "rendezvous")[0]
    path = network.path(asked.origin, "FAR", conditions_for(asked.case.now))
    assert meeting.meet_adcode in path
