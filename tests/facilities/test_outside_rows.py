"""Whatever is accepted across the border of the province rests on nothing assumed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.capability import Trust, load_capabilities
from facilities.facility_file import parse_facilities
from geodata.errors import RefusedInputError
from geodata.table import table_of
from geodata.yunnan import load_neighbour_hubs, load_outlines

HUBS = [hub.hub_id for hub in load_neighbour_hubs()]
STATED = {"facility_id": "YB-1", "name_zh": "宜宾市某医院", "phone": "0831-0000000"}

codes = st.lists(st.sampled_from(sorted(load_capabilities())), unique=True, max_size=6)
cell = {
    "county_adcode": st.sampled_from(sorted(HUBS)),
    "maternal_level": st.sampled_from(["M0", "M1", "M2", "M3", "none"]),
    "neonatal_level": st.sampled_from(["N1", "N2", "N3", "none"]),
    "ward_level": st.sampled_from(["L3C", "L3C", "none", ""]),
    "capabilities": codes.map(lambda found: ";".join(found) or "none"),
    "grade": st.sampled_from(["", "G2", "G3"]),
    "kind": st.sampled_from(["", "general", "mch", "children", "tcm"]),
    "tier": st.sampled_from(["", "province", "prefecture", "county"]),
}


def read_or_refused(registry, row):
    """The facility, or the codes of the faults it is refused with."""
    try:
        (read,) = parse_facilities(table_of("f", [row]), base=registry, outlines=load_outlines())
    except RefusedInputError as error:
        return None, {fault.code for fault in error.faults}
    return read.facility, set()


@settings(max_examples=60)
@given(st.fixed_dictionaries(cell))
def test_whatever_is_accepted_outside_rests_on_no_assumption(registry, cells):
    """A row that would need one is refused instead; places alone may be assumed."""
    facility, faults = read_or_refused(registry, STATED | cells)

    assert faults <= {"missing", "ward_above_level"}
    assert (facility is None) is bool(faults)
    if facility is None:
        return
    assert set(facility.capabilities.values()) <= {Trust.CONFIRMED}
    assert facility.level_trust is Trust.CONFIRMED
    assert facility.profile == ""
    assert facility.out_of_province
    assert facility.phone is not None
