"""What a tier and kind is assumed to have, and how stated values go before it."""

import pytest

from facilities.assume import Stated, ability_of, assumed_pools
from facilities.capability import Trust, load_capabilities
from facilities.capacity import PlaceKind
from facilities.centre import Aspect, Kind, MaternalLevel, NeonatalLevel, Tier, WardLevel
from facilities.profile import NOTHING, parse_profiles
from facilities.yunnan import load_profiles, load_table
from geodata.table import table_of

COUNTY = "county:general"


def stated(**values):
    aspects = {
        "maternal": Aspect.MATERNAL,
        "neonatal": Aspect.NEWBORN,
        "ward": Aspect.WARD,
        "capabilities": Aspect.CAPABILITIES,
    }
    return Stated(**values, aspects=frozenset(aspects[name] for name in values))


def filled(said, key=COUNTY):
    return ability_of(said, load_profiles().get(key))


def places(said, key=COUNTY):
    profile = load_profiles().get(key)
    pools = assumed_pools("H", ability_of(said, profile), said, profile)
    return {pool.kind: pool.in_service for pool in pools}


def test_there_are_eighteen_profiles_four_of_them_for_one_facility():
    keys = list(load_profiles().by_key)

    assert len(keys) == 18
    assert [key for key in keys if ":" not in key] == [
        "YN530900-001",
        "YN530100-014",
        "YN530100-015",
        "YN530400-003",
    ]


def test_the_county_profile_is_an_m1_with_intensive_care_and_no_plasma():
    ability = filled(Stated())

    assert (ability.maternal, ability.neonatal, ability.ward) == (
        MaternalLevel.M1,
        NeonatalLevel.N1,
        WardLevel.L2B,
    )
    assert "AICU" in ability.capabilities
    assert "BLOOD_MTP" not in ability.capabilities
    assert set(ability.capabilities.values()) == {Trust.ASSUMED}
    assert ability.trust is Trust.ASSUMED


def test_a_further_hospital_of_the_county_is_assumed_without_intensive_care():
    ability = filled(Stated(), "county:general_other")

    assert ability.maternal is MaternalLevel.M0
    assert not {"AICU", "OB_RESCUE_BED", "HYSTERECTOMY_24H"} & set(ability.capabilities)


def test_a_stated_level_alone_leaves_the_capabilities_assumed():
    ability = filled(stated(maternal=MaternalLevel.M1, neonatal=NeonatalLevel.N1))

    assert ability.trust is Trust.CONFIRMED
    assert set(ability.capabilities.values()) == {Trust.ASSUMED}
    assert ability.ward is WardLevel.L2B


def test_the_level_is_not_confirmed_while_one_side_is_assumed():
    assert filled(stated(maternal=MaternalLevel.M1)).trust is Trust.ASSUMED
    assert filled(stated(neonatal=NeonatalLevel.N1)).trust is Trust.ASSUMED


def test_stated_capabilities_are_exactly_those_and_confirmed():
    ability = filled(stated(capabilities=frozenset({"CS_24H"}), ward=None))

    assert dict(ability.capabilities) == {"CS_24H": Trust.CONFIRMED}


def test_no_maternal_level_is_assumed_of_who_lists_capabilities_without_obstetrics():
    assert filled(stated(capabilities=frozenset({"NEO_VENT"}))).maternal is None
    assert filled(stated(capabilities=frozenset({"CS_24H"}))).maternal is MaternalLevel.M1


def test_the_ward_of_stated_capabilities_stays_assumed_until_it_is_stated():
    ability = filled(stated(capabilities=frozenset({"CS_24H"})))

    assert ability.ward is WardLevel.L2B
    assert ability.capabilities["NEO_L2B"] is Trust.ASSUMED
    assert ability.capabilities["CS_24H"] is Trust.CONFIRMED


@pytest.mark.parametrize(
    ("level", "ward"),
    [
        (NeonatalLevel.N1, WardLevel.L2B),
        (NeonatalLevel.N2, WardLevel.L3A),
        (NeonatalLevel.N3, WardLevel.L3B),
    ],
)
def test_the_default_ward_follows_the_newborn_level(level, ward):
    """R-LEVEL-03."""
    assert ability_of(stated(neonatal=level), NOTHING).ward is ward


def test_a_stated_none_takes_away_what_the_profile_assumes_of_that_side():
    ability = filled(stated(maternal=None))

    assert ability.maternal is None
    assert "CS_24H" not in ability.capabilities
    assert "NEO_CPAP" in ability.capabilities
    assert set(places(stated(maternal=None))) == {PlaceKind.NEO_L2B}


def test_cots_are_those_of_the_stated_ward():
    assert places(stated(ward=WardLevel.L3A))[PlaceKind.NEO_L3A] == 6
    assert PlaceKind.NEO_L2B not in places(stated(ward=WardLevel.L3A))
    assert not [kind for kind in places(stated(ward=WardLevel.L1)) if "NEO" in kind]


def test_no_place_is_assumed_whose_capability_was_stated_to_be_missing():
    said = stated(capabilities=frozenset({"OB_DELIVERY", "CS_24H"}))

    assert places(said) == {PlaceKind.LABOUR: 10, PlaceKind.NEO_L2B: 6}


def test_a_stated_capability_without_a_number_is_one_assumed_place():
    said = stated(capabilities=frozenset({"NEO_COOLING", "NEO_VENT"}), ward=WardLevel.L3A)

    assert places(said, "") == {
        PlaceKind.NEO_L3A: 1,
        PlaceKind.NEO_VENT: 1,
        PlaceKind.NEO_COOLING: 1,
    }


@pytest.mark.parametrize(
    ("kind", "maternal", "neonatal", "key"),
    [
        (Kind.GENERAL, MaternalLevel.M0, None, "county:general_other"),
        (Kind.GENERAL, MaternalLevel.M1, NeonatalLevel.N1, "county:general"),
        (Kind.GENERAL, MaternalLevel.M1, NeonatalLevel.N2, "prefecture:general"),
        (Kind.GENERAL, MaternalLevel.M3, None, "province:general"),
        (Kind.MCH, MaternalLevel.M2, None, "prefecture:mch"),
        (Kind.CHILDREN, None, NeonatalLevel.N3, "prefecture:children"),
        (Kind.CHILDREN, None, NeonatalLevel.N1, ""),
        (Kind.TCM, MaternalLevel.M1, None, "county:general"),
        (Kind.OTHER, MaternalLevel.M0, None, ""),
        (Kind.GENERAL, None, None, ""),
    ],
)
def test_a_stated_level_brings_the_profile_of_its_tier(kind, maternal, neonatal, key):
    assert load_profiles().key_of_level(kind, maternal, neonatal) == key


def test_a_profile_with_unknown_codes_or_given_twice_is_refused(faults_of):
    good = dict(load_table("assumed_profiles").rows[0].cells)
    bad = good | {"capabilities": "MAGIC", "places": "BEDS:2", "maternal_level": "M9"}

    faults = faults_of(
        parse_profiles, table_of("profiles", [good, bad]), capabilities=load_capabilities()
    )

    assert [(line, code) for line, _, code in faults] == [
        (3, "unknown_code"),
        (3, "unknown_capability"),
        (3, "unknown_code"),
        (3, "duplicate"),
    ]


def test_the_key_of_a_general_hospital_depends_on_whether_it_is_the_first_of_its_county():
    profiles = load_profiles()

    assert profiles.key_of("H", tier=Tier.COUNTY, kind=Kind.GENERAL) == "county:general"
    assert (
        profiles.key_of("H", tier=Tier.COUNTY, kind=Kind.GENERAL, first=False)
        == "county:general_other"
    )
    assert profiles.key_of("YN530100-014", tier=Tier.COUNTY, kind=Kind.TCM) == "YN530100-014"
    assert profiles.key_of("H", tier=Tier.PROVINCE, kind=Kind.OTHER) == ""
