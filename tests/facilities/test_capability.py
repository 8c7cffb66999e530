from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.capability import lacking, load_capabilities, satisfied_by
from facilities.centre import WARD_OF_CAPABILITY, MaternalLevel, NeonatalLevel, WardLevel

CODES = sorted(load_capabilities())
GROUPS = st.lists(st.lists(st.sampled_from(CODES), min_size=1, max_size=3).map(tuple), max_size=5)


def test_there_are_forty_seven_capabilities_of_four_kinds():
    """12 + 16 + 17 + 2."""
    kinds = Counter(capability.kind for capability in load_capabilities().values())

    assert kinds == {"maternal": 12, "specialty": 16, "neonatal": 17, "transport": 2}
    assert all(c.label_zh and c.label_en for c in load_capabilities().values())


def test_the_wards_are_the_only_ordinal_group_and_rise_from_l1_to_l3c():
    wards = [c for c in load_capabilities().values() if c.ordinal_group]

    assert {c.ordinal_group for c in wards} == {"neo_ward"}
    assert {c.code: c.ordinal for c in wards} == {w.capability: w for w in WardLevel}
    assert WARD_OF_CAPABILITY["NEO_L3B"] is WardLevel.L3B


@pytest.mark.parametrize("higher", ["NEO_L3A", "NEO_L3B", "NEO_L3C"])
def test_ward_iiia_is_satisfied_by_iiia_and_above(higher):
    assert lacking({higher}, (("NEO_L3A",),)) == ()
    assert satisfied_by("NEO_L3A") == {"NEO_L3A", "NEO_L3B", "NEO_L3C"}


def test_a_lower_ward_does_not_satisfy_a_higher_one():
    assert lacking({"NEO_L2B"}, (("NEO_L3A",),)) == (("NEO_L3A",),)


def test_one_code_of_a_group_is_enough_and_the_group_missing_is_named_whole():
    need = (("IR", "HYSTEROSCOPY"), ("AICU",))

    assert lacking({"IR"}, need) == (("AICU",),)
    assert lacking({"HYSTEROSCOPY", "AICU"}, need) == ()
    assert lacking(set(), need) == need


def test_levels_are_ordered_and_named_as_in_public():
    assert MaternalLevel.M3 > MaternalLevel.M2 > MaternalLevel.M1 > MaternalLevel.M0
    assert [level.name for level in NeonatalLevel] == ["N1", "N2", "N3"]
    assert WardLevel.L3A.capabilities == ("NEO_L1", "NEO_L2A", "NEO_L2B", "NEO_L3A")


@given(st.sets(st.sampled_from(CODES)), st.sets(st.sampled_from(CODES)), GROUPS)
def test_having_more_never_lacks_more(have, more, groups):
    groups = tuple(groups)

    assert set(lacking(have | more, groups)) <= set(lacking(have, groups))
    assert lacking(CODES, groups) == ()
    assert lacking((), groups) == groups
