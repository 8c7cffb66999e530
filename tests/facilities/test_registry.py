from dataclasses import replace

import pytest

from facilities.capacity import PlaceKind
from facilities.errors import FacilitiesError, UnknownFacilityError
from facilities.registry import FacilityRow, registry_of
from geodata.site import SiteKind


def test_a_facility_is_found_by_its_id(registry):
    assert registry.get("YN533300-004").name_zh == "贡山县人民医院"
    assert "YN533300-004" in registry
    assert "YN000000-000" not in registry


def test_an_unknown_id_is_refused_by_name(registry):
    with pytest.raises(UnknownFacilityError, match="'H9' is not among the 207") as caught:
        registry.get("H9")

    assert isinstance(caught.value, FacilitiesError)
    assert isinstance(caught.value, LookupError)


def test_the_facilities_of_a_county_come_in_the_order_of_their_ids(registry):
    assert [f.facility_id for f in registry.in_county("532901")] == [
        f"YN532900-00{n}" for n in (1, 2, 3, 4, 5)
    ]
    assert registry.in_county("999999") == ()


def test_places_come_in_the_order_of_their_kinds(registry):
    kinds = [pool.kind for pool in registry.pools_of("YN530100-005")]

    assert kinds == [kind for kind in PlaceKind if kind in kinds]
    assert registry.pools_of("YN530400-006") == ()


def test_a_facility_is_a_site_of_its_county(registry):
    site = registry.get("YN533300-004").site()

    assert (site.site_id, site.kind, site.county) == (
        "YN533300-004",
        SiteKind.FACILITY,
        "533324",
    )


def test_a_change_gives_a_new_registry_and_leaves_the_old_one_alone(registry):
    renamed = replace(registry.get("YN533300-004"), name_zh="新名")
    changed = registry.with_facilities([FacilityRow(renamed, ())])

    assert changed.get("YN533300-004").name_zh == "新名"
    assert registry.get("YN533300-004").name_zh == "贡山县人民医院"
    assert len(changed.facilities) == 207


def test_reported_places_survive_a_change_of_the_facility_and_assumed_ones_do_not(registry):
    pool = registry.pools["YN533300-004", PlaceKind.AICU]
    reported = replace(pool, in_service=3, free=0, assumed=False)
    facility = registry.get("YN533300-004")
    changed = registry.with_capacity([reported]).with_facilities([FacilityRow(facility, ())])

    assert changed.pools_of("YN533300-004") == (reported,)


def test_the_order_of_rows_does_not_matter(registry):
    backwards = registry_of(
        registry.divisions,
        reversed(registry.facilities),
        pools=reversed(registry.pools.values()),
        profiles=registry.profiles,
    )

    assert backwards.facilities == registry.facilities
    assert list(backwards.pools.items()) == list(registry.pools.items())


def test_a_replaced_registry_holds_the_rows_alone(registry):
    facility = registry.get("YN533300-004")
    alone = registry.replaced_by([FacilityRow(facility, registry.pools_of("YN533300-004"))])

    assert alone.facilities == (facility,)
    assert {key[0] for key in alone.pools} == {"YN533300-004"}
    assert len(registry.facilities) == 207


def test_the_placeholder_is_no_longer_named_once_a_county_hospital_is_recorded(registry):
    recorded = replace(
        registry.get("YN533300-004"), facility_id="H1", county="530402", prefecture="530400"
    )
    changed = registry.with_facilities([FacilityRow(recorded, ())])

    assert registry.placeholder_of("530402").facility_id == "YN530400-006"
    assert changed.placeholder_of("530402") is None
    assert "YN530400-006" in changed
