"""What a request may say, and how everything that is wrong with it is refused at once."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.capability import Trust
from facilities.centre import Grade, MaternalLevel, NeonatalLevel
from facilities.yunnan import load_registry
from geodata.place_file import Place
from geodata.site import SiteKind
from geodata.yunnan import load_road_estimate
from routing.errors import RequestError
from routing.request import Reader
from routing.triage.case import NO_SENDER
from routing.triage.tables import load_rules

NOW = "2026-01-14T03:00:00+08:00"
GONGSHAN = "YN533300-004"
MOMENT = datetime(2026, 1, 14, 3, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture(scope="module")
def reader():
    village = Place("V1", "某村", "533324", None, None, None, 40.0)
    return Reader(load_rules(), load_registry(), load_road_estimate(), {"V1": village})


def asked(**fields):
    """A request that is in order, with some fields different."""
    document = {"facts": {"hdp": "eclampsia"}, "origin": {"adcode": "533324"}, "now": NOW}
    return {name: value for name, value in (document | fields).items() if value is not ...}


def refused(read, document):
    """(field, code) of every fault, in the order in which they are told."""
    with pytest.raises(RequestError) as caught:
        read(document)
    return [(fault.column, fault.code) for fault in caught.value.faults]


def test_a_request_is_read_as_it_was_stated(reader):
    request = reader.request(
        asked(
            facts={"gestational_age_weeks": "34+3", "hb_g_l": 92, "delivered": False},
            decided_at="2026-01-14T02:40:00+08:00",
            closed_roads=[["533324", "533323"]],
            exclude=[GONGSHAN],
            transport={"sender_vehicle": False, "sender_escort": ["ESC-OB"]},
        )
    )

    assert dict(request.case.facts) == {
        "gestational_age_weeks": 241,
        "hb_g_l": 92,
        "delivered": False,
    }
    assert request.case.elapsed_s == 20 * 60
    assert (request.origin_county, request.origin_facility) == ("533324", None)
    assert request.closed == {frozenset(("533324", "533323"))}
    assert request.exclude == {GONGSHAN}
    assert request.transport.sender_vehicle is False
    assert request.transport.sender_escort == ("ESC-OB",)


def test_everything_that_is_wrong_is_told_at_once(reader):
    document = asked(
        facts={"gestational_age_weeks": 45, "hb_g_l": 11, "hb": 3, "parity": "two", "hdp": "bad"},
        origin={"facility_id": "NOBODY"},
        sender={"facility_id": "NOBODY", "capabilities": ["FLYING"], "grade": "G9", "wing": 1},
        exclude=["NOBODY"],
        closed_roads=[["533324", "530102"], "533324"],
        transport={"sender_escort": ["ESC-UFO"], "wings": 2},
        decided_at="2026-01-14T02:40:00",
        colour="red",
    )

    assert refused(reader.request, document) == [
        ("colour", "unknown_field"),
        ("facts.gestational_age_weeks", "out_of_range"),
        ("facts.hb_g_l", "unit_g_dl"),
        ("facts.hb", "unknown_fact"),
        ("facts.parity", "wrong_type"),
        ("facts.hdp", "unknown_value"),
        ("sender.wing", "unknown_field"),
        ("sender.facility_id", "unknown_facility"),
        ("sender.capabilities[0]", "unknown_capability"),
        ("sender.grade", "unknown_value"),
        ("decided_at", "no_offset"),
        ("origin.facility_id", "unknown_facility"),
        ("exclude[0]", "unknown_facility"),
        ("transport.wings", "unknown_field"),
        ("transport.sender_escort[0]", "unknown_value"),
        ("closed_roads[0]", "unknown_road"),
        ("closed_roads[1]", "wrong_type"),
    ]


def test_a_haemoglobin_of_11_is_asked_back_as_grams_per_decilitre(reader):
    with pytest.raises(RequestError) as caught:
        reader.request(asked(facts={"hb_g_l": 11}))
    (fault,) = caught.value.faults

    assert (fault.column, fault.value, fault.code) == ("facts.hb_g_l", "11", "unit_g_dl")
    assert "110 g/L" in fault.expected


def test_a_misspelt_fact_names_what_may_have_been_meant(reader):
    with pytest.raises(RequestError) as caught:
        reader.request(asked(facts={"placental_abrupton": True}))

    assert "placental_abruption?" in caught.value.faults[0].expected


@pytest.mark.parametrize(
    ("facts", "patient"),
    [
        ({"neo_ga_weeks": "29+5"}, "newborn"),
        ({"spo2": 88}, "maternal"),
        ({"neo_ga_weeks": 30, "spo2": 88, "sbp": 45, "eta_min": 60, "language": "lisu"}, "newborn"),
        ({}, "maternal"),
    ],
)
def test_whose_facts_they_are_says_who_the_patient_is(reader, facts, patient):
    assert reader.request(asked(facts=facts)).case.patient == patient


@pytest.mark.parametrize(
    ("patient", "facts", "field"),
    [
        ("maternal", {"birth_weight_g": 1200}, "facts.birth_weight_g"),
        ("newborn", {"pph_ml": 900}, "facts.pph_ml"),
        (..., {"neo_ga_weeks": 30, "cervix_cm": 4}, "facts.cervix_cm"),
    ],
)
def test_a_fact_of_the_other_patient_is_refused(reader, patient, facts, field):
    document = asked(patient=patient, facts=facts)

    assert refused(reader.request, document) == [(field, "wrong_patient")]


@pytest.mark.parametrize(
    ("origin", "faults"),
    [
        (..., [("origin", "missing")]),
        ({}, [("origin", "missing")]),
        ({"adcode": "533324", "facility_id": GONGSHAN}, [("origin", "ambiguous")]),
        ({"adcode": "533300"}, [("origin.adcode", "unknown_division")]),
        ({"adcode": 533324}, [("origin.adcode", "wrong_type")]),
        ({"place_id": "V2"}, [("origin.place_id", "unknown_place")]),
        ({"lon": 100.1, "lat": 25.0}, [("origin.crs", "missing_crs")]),
        ({"lon": 100.1, "crs": "wgs84"}, [("origin.lat", "missing")]),
        ({"lon": 116.4, "lat": 39.9, "crs": "wgs84"}, [("origin.lon,lat", "outside_data")]),
        ({"lon": 999, "lat": 25.0, "crs": "wgs84"}, [("origin.lon", "out_of_range")]),
        ({"lon": 100.1, "lat": 25.0, "crs": "mars"}, [("origin.crs", "unknown_value")]),
        ("533324", [("origin", "wrong_type")]),
    ],
)
def test_where_she_is_must_be_said_in_exactly_one_way(reader, origin, faults):
    assert refused(reader.request, asked(origin=origin)) == faults


@pytest.mark.parametrize(
    ("origin", "kind", "county"),
    [
        ({"facility_id": GONGSHAN}, SiteKind.FACILITY, "533324"),
        ({"adcode": "530626"}, SiteKind.COUNTY, "530626"),
        ({"place_id": "V1"}, SiteKind.PLACE, "533324"),
        ({"lon": 102.7, "lat": 25.04, "crs": "wgs84"}, SiteKind.POINT, "530102"),
    ],
)
def test_each_way_to_say_where_she_is_ends_in_a_county(reader, origin, kind, county):
    request = reader.request(asked(origin=origin))

    assert (request.origin.kind, request.origin_county) == (kind, county)


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"now": ...}, [("now", "missing")]),
        ({"now": "yesterday"}, [("now", "wrong_type")]),
        ({"now": "1970-01-01T00:00:00+00:00"}, [("now", "out_of_range")]),
        ({"decided_at": "2026-01-14T04:00:00+08:00"}, [("decided_at", "after_now")]),
        ({"decided_at": 20260114}, [("decided_at", "wrong_type")]),
    ],
)
def test_times_need_an_offset_and_their_order(reader, fields, faults):
    assert refused(reader.request, asked(**fields)) == faults


def test_without_a_time_of_decision_it_was_decided_now(reader):
    assert reader.request(asked()).case.decided_at == MOMENT


def test_equal_moments_in_two_zones_are_one_moment(reader):
    request = reader.request(asked(decided_at="2026-01-13T19:00:00Z"))

    assert request.case.elapsed_s == 0


def test_no_sender_is_able_to_do_nothing(reader):
    assert reader.assessment({"facts": {}, "now": NOW}).sender == NO_SENDER
    assert reader.request(asked(origin={"facility_id": GONGSHAN})).case.sender == NO_SENDER


def test_a_sender_known_by_its_code_only_is_what_the_registry_knows(reader):
    sender = reader.request(asked(sender={"facility_id": GONGSHAN})).case.sender
    known = load_registry().get(GONGSHAN)

    assert sender.given
    assert sender.capabilities == known.capabilities
    assert not sender.stated_capabilities
    assert (sender.maternal_level, sender.grade) == (known.maternal_level, known.grade)


def test_what_the_sender_says_overrides_the_registry(reader):
    sender = reader.request(
        asked(
            sender={
                "facility_id": GONGSHAN,
                "level": "M0",
                "grade": "G1",
                "neo": None,
                "capabilities": ["CS_24H", "NEO_L2B"],
            }
        )
    ).case.sender

    assert (sender.maternal_level, sender.grade) == (MaternalLevel.M0, Grade.G1)
    assert sender.neonatal_level is None
    assert sender.stated_capabilities
    assert sender.capabilities == dict.fromkeys(
        ("CS_24H", "NEO_L2B", "NEO_L1", "NEO_L2A"), Trust.STATED
    )


@pytest.mark.parametrize(
    ("confirmed", "trust"),
    [(True, Trust.CONFIRMED), (False, Trust.ASSUMED), (None, Trust.STATED)],
)
def test_how_far_a_stated_capability_is_believed(reader, confirmed, trust):
    sender = {"level": "M1", "neo": "N1", "capabilities": ["CS_24H"], "confirmed": confirmed}
    read = reader.request(asked(sender=sender)).case.sender

    assert read.capabilities == {"CS_24H": trust}
    assert read.neonatal_level is NeonatalLevel.N1


def test_confirming_without_a_list_confirms_nothing(reader):
    """Nobody knows which list was meant; an assumed theatre must not turn into a real one."""
    sender = {"facility_id": GONGSHAN, "confirmed": True}
    read = reader.request(asked(sender=sender)).case.sender

    assert set(read.capabilities.values()) == {Trust.ASSUMED}


def test_the_sender_is_where_she_is(reader):
    """The theatre of Kunming is of no use to a woman in Gongshan."""
    document = asked(origin={"facility_id": GONGSHAN}, sender={"facility_id": "YN530100-001"})

    assert "YN530100-001" in load_registry()
    assert refused(reader.request, document) == [("sender.facility_id", "not_the_origin")]


@pytest.mark.parametrize("value", [10**400, -(10**400), float("inf"), float("nan"), [1], {}, None])
def test_no_number_breaks_the_reader(reader, value):
    faults = refused(reader.request, asked(facts={"hb_g_l": value}))

    assert [field for field, _ in faults] == ["facts.hb_g_l"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["facts", "origin", "sender", "adcode", "hb_g_l", "now", "id", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


FIELDS = [
    "closed_roads",
    "decided_at",
    "exclude",
    "facts",
    "now",
    "origin",
    "patient",
    "requests",
    "reserve",
    "sender",
    "transport",
    "vehicles",
]


def faults_of(read, document):
    """The faults of a document, none where it is in order."""
    try:
        read(document)
    except RequestError as error:
        return error.faults or ("refused without a fault",)
    return ()


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_whatever_comes_is_read_or_refused_with_a_code_and_what_was_expected(reader, document):
    faults = [
        fault
        for read in (reader.assessment, reader.request, reader.plan)
        for fault in faults_of(read, document)
    ]

    assert all(fault.code and fault.expected for fault in faults)
