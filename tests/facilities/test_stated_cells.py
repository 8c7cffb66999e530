"""Whatever somebody states survives export and import, and nothing else becomes confirmed."""

from hypothesis import given
from hypothesis import strategies as st

from facilities import io
from facilities.capability import Trust, load_capabilities
from facilities.centre import WARD_OF_CAPABILITY
from facilities.yunnan import load_registry
from geodata.io import read_table_bytes
from geodata.table import table_of
from geodata.yunnan import load_outlines

CODES = [code for code in load_capabilities() if code not in WARD_OF_CAPABILITY]
LISTED = [f for f in load_registry().facilities if not f.is_placeholder]

capabilities = st.lists(st.sampled_from(CODES), min_size=1, max_size=12, unique=True).map(";".join)
rows = st.fixed_dictionaries(
    {
        "facility": st.sampled_from([*LISTED, None]),
        "grade": st.sampled_from(["", "G1", "G2", "G3", "none"]),
        "maternal_level": st.sampled_from(["", "M0", "M1", "M2", "M3", "none"]),
        "neonatal_level": st.sampled_from(["", "N1", "N2", "N3", "none"]),
        "ward_level": st.sampled_from(["", "L1", "L2A", "L2B", "L3A", "L3B", "L3C", "none"]),
        "capabilities": st.one_of(st.just(""), st.just("none"), capabilities),
        "status": st.sampled_from(["", "confirmed", "suspended", "diverted"]),
    }
)


def read(cells):
    cells = dict(cells)
    facility = cells.pop("facility")
    cells["facility_id"] = facility.facility_id if facility else "H1"
    cells["name_zh"] = facility.name_zh if facility else "某县人民医院"
    cells["county_adcode"] = facility.county if facility else "533324"
    table = table_of("facilities.csv", [cells])
    return io.parse_facilities(table, base=load_registry(), outlines=load_outlines())[0]


@given(rows)
def test_what_is_stated_survives_export_and_import(cells):
    row = read(cells)
    registry = load_registry().replaced_by([row])
    table = read_table_bytes(io.sheet_text(io.facility_rows(registry)).encode(), name="again")
    (again,) = io.parse_facilities(table, base=load_registry(), outlines=load_outlines())

    assert again == row


@given(rows)
def test_only_what_is_stated_is_confirmed(cells):
    facility = read(cells).facility
    confirmed = {code for code, trust in facility.capabilities.items() if trust != Trust.ASSUMED}
    others = confirmed - set(WARD_OF_CAPABILITY)

    assert others == set(cells["capabilities"].split(";")) - {"", "none"}
    assert bool(confirmed & set(WARD_OF_CAPABILITY)) == (cells["ward_level"] not in ("", "none"))
    if not cells["maternal_level"] and not cells["neonatal_level"]:
        assert facility.level_trust is Trust.ASSUMED


@given(rows)
def test_no_place_is_assumed_without_its_capability_and_all_are_marked(cells):
    row = read(cells)

    for pool in row.assumed_pools:
        assert pool.kind.capability in row.facility.capabilities
        assert pool.assumed
        assert 1 <= pool.free <= pool.in_service
