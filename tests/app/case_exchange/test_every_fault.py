"""Whatever is in a file: the faults that are listed are those that a plain checker lists."""

from hypothesis import given
from hypothesis import strategies as st

from tests.app.case_exchange.made import (
    HOSPITAL,
    PLACEHOLDER,
    PLACES,
    REGISTRY,
    TODAY,
    WRONG,
    day,
    faults,
    number,
)
from tests.app.case_exchange.plain_checker import faults_of

COUNTIES = {one.adcode for one in REGISTRY.divisions.counties}
FACILITIES = {one.facility_id for one in REGISTRY.facilities if not one.is_placeholder}
DAYS = st.one_of(st.none(), st.just("soon"), st.integers(-420, 60).map(day))
NUMBERS = (
    number("53082919920101000"),
    number("53082919920102000"),
    number("00082919920101000"),
    number("53082919921301000"),
    number("53082921000101000"),
    WRONG,
    WRONG[:-1] + "A",
    "530829",
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "record_id": st.sampled_from(("R1", "R2", "R3", "")),
            "updated_at": st.sampled_from(("2026-05-31 08:00:00", "")),
            "identity_kind": st.just("身份证"),
            "id_number": st.sampled_from((None, *NUMBERS)),
            "residence_county": st.sampled_from(("530829", "530102", "999999", "")),
            "township": st.sampled_from((None, None, "V1", "V2", "V3")),
            "registered_on": st.one_of(st.just(day(-60)), DAYS),
            "lmp": st.one_of(st.none(), st.just(day(-140)), DAYS),
            "due_date": st.one_of(st.none(), st.just(day(140)), st.integers(-60, 300).map(day)),
            "colour": st.sampled_from((None, "红", "橙色", "green", "蓝")),
            "purple": st.sampled_from((None, "是", "否", "maybe")),
            "assessed_on": st.one_of(st.none(), st.just(day(-50)), DAYS),
            "assessed_by": st.sampled_from((None, HOSPITAL, HOSPITAL, PLACEHOLDER, "NOBODY")),
            "delivered_on": st.one_of(st.none(), st.none(), DAYS),
            "ended_as": st.sampled_from((None, None, "失访", "gone")),
            "ended_on": st.one_of(st.none(), st.none(), DAYS),
            "facts.hiv": st.sampled_from((None, "是", "x")),
            "facts.hb_g_l": st.sampled_from((None, "110", "9.5")),
        }
    ),
    min_size=1,
    max_size=5,
)


@given(ROWS)
def test_the_faults_listed_are_those_that_a_plain_checker_lists(rows):
    """Ages are left out: with dates of birth in 1992 all of them are possible."""
    listed = faults(*rows)
    plain = faults_of(
        rows,
        counties=COUNTIES,
        facilities=FACILITIES,
        places=dict(PLACES),
        today=TODAY.toordinal(),
    )

    assert len(listed) == len(set(listed))
    assert set(listed) == plain
