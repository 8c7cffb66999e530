"""Encodings, workbooks, and files that are written and read again unchanged."""

from datetime import UTC, date, datetime

import pytest

from facilities import io
from facilities.capacity import PlaceKind, Pool
from facilities.catchment import CatchmentRow
from facilities.phones import Phone, PhoneRole
from facilities.registry import registry_of
from facilities.staff import StaffRow
from geodata.errors import RefusedInputError
from geodata.io import read_table, read_table_bytes, xlsx_bytes

HOSPITAL = "YN533300-004"
FORMATS = ("csv", "xlsx")


def read_back(sheet, form, name="file"):
    if form == "xlsx":
        return read_table_bytes(io.sheet_bytes(sheet, name=name), name=name)
    return read_table_bytes(io.sheet_text(sheet).encode(), name=name)


@pytest.fixture(scope="module")
def reported(registry, outlines, table):
    """The default registry with something stated in every file."""
    stated = [
        {
            "facility_id": HOSPITAL,
            "name_zh": "贡山县人民医院",
            "county_adcode": "533324",
            "lon": "98.66",
            "lat": "27.74",
            "crs": "gcj02",
            "maternal_level": "M1",
            "neonatal_level": "N1",
            "ward_level": "L2A",
            "capabilities": "OB_DELIVERY;CS_24H;NEO_COOLING",
            "phone": "+86 886 3510120",
        },
        {
            "facility_id": "YN533300-003",
            "name_zh": "福贡县人民医院",
            "county_adcode": "533323",
            "maternal_level": "none",
            "neonatal_level": "none",
            "ward_level": "none",
            "capabilities": "none",
            "phone": "",
        },
        {
            "facility_id": "H1",
            "name_zh": "=某院",
            "county_adcode": "530402",
            "neonatal_level": "N2",
            "capabilities": "NEO_L3A;NEO_VENT",
        },
        {"facility_id": "H2", "name_zh": "某镇卫生院", "county_adcode": "530402"},
    ]
    rows = io.parse_facilities(table(stated), base=registry, outlines=outlines)
    as_of = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
    return (
        registry.with_facilities(rows)
        .with_capacity([Pool(HOSPITAL, PlaceKind.AICU, 2, 0, as_of, as_of, "desk", False)])
        .with_catchments(
            [
                CatchmentRow("533324", "M", 1, HOSPITAL, date(2026, 1, 1), None, "n", False),
                CatchmentRow("533324", "N", 2, HOSPITAL, None, date(2026, 1, 1), "", False),
            ]
        )
        .with_phones(
            [
                Phone(HOSPITAL, PhoneRole.DUTY, "+86 886 3510120", "24h"),
                Phone("530000", PhoneRole.COORDINATOR, "0871-12345"),
            ]
        )
        .with_staff([StaffRow(HOSPITAL, "midwife", 4, date(2026, 1, 1), "")])
    )


@pytest.mark.parametrize("form", FORMATS)
def test_exported_facilities_read_alone_give_the_same_registry(reported, outlines, form):
    table = read_back(io.facility_rows(reported), form)
    empty = registry_of(reported.divisions, (), profiles=reported.profiles)
    rows = io.parse_facilities(table, base=empty, outlines=outlines)

    assert tuple(sorted((r.facility for r in rows), key=lambda f: f.facility_id)) == (
        reported.facilities
    )


@pytest.mark.parametrize("form", FORMATS)
def test_exported_files_read_over_the_default_data_give_the_same_registry(
    registry, reported, outlines, form
):
    rows = io.parse_facilities(
        read_back(io.facility_rows(reported), form), base=registry, outlines=outlines
    )
    again = registry.with_facilities(rows)
    again = again.with_capacity(
        io.parse_capacity(read_back(io.capacity_rows(reported), form), registry=again)
    )
    again = again.with_catchments(
        io.parse_catchment(read_back(io.catchment_rows(reported), form), registry=again)
    )
    again = again.with_phones(
        io.parse_phones(read_back(io.phone_rows(reported), form), registry=again)
    )
    again = again.with_staff(
        io.parse_staff(read_back(io.staff_rows(reported), form), registry=again)
    )

    assert again.facilities == reported.facilities
    assert again.pools == reported.pools
    assert again.catchments.imported == reported.catchments.imported
    assert again.phones == reported.phones
    assert again.staff == reported.staff


def test_an_export_of_the_default_data_confirms_nothing(registry):
    header, rows = io.facility_rows(registry)
    stated = [header.index(c) for c in ("maternal_level", "neonatal_level", "ward_level")]
    stated += [header.index("capabilities"), header.index("phone")]

    assert all(row[column] is None for row in rows for column in stated)
    assert all(row[3] is None for row in io.capacity_rows(registry)[1])
    assert io.catchment_rows(registry)[1] == []


@pytest.mark.parametrize(
    ("codec", "encoding"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-bom"), ("gbk", "gbk")]
)
def test_the_encoding_is_recognised_and_said(
    registry, outlines, file_bytes, new_row, tmp_path, codec, encoding
):
    path = tmp_path / "facilities.csv"
    path.write_bytes(file_bytes([new_row(maternal_level="M1")], codec))
    (row,) = io.read_facilities(path, base=registry, outlines=outlines)

    assert row.facility.name_zh == "某县人民医院"
    assert read_table(path).encoding == encoding


def test_a_workbook_is_read_like_a_file_of_text(registry, outlines, new_row, tmp_path):
    row = new_row(maternal_level="M1", lon=98.66, lat=27.74, crs="wgs84")
    path = tmp_path / "facilities.csv"  # content decides, not the name
    path.write_bytes(xlsx_bytes(list(row), [list(row.values())], sheet="a"))
    (read,) = io.read_facilities(path, base=registry, outlines=outlines)

    assert read.facility.name_zh == "某县人民医院"
    assert (read.facility.lon, read.facility.lat) == (98.66, 27.74)
    assert read_table(path).encoding == "xlsx"


def test_every_reader_takes_a_path(registry, tmp_path):
    path = tmp_path / "file.csv"

    path.write_text(f"facility_id,kind,in_service,free\n{HOSPITAL},AICU,2,1\n")
    assert io.read_capacity(path, registry=registry)[0].free == 1
    path.write_text(f"county_adcode,kind,rank,facility_id\n533324,M,1,{HOSPITAL}\n")
    assert io.read_catchment(path, registry=registry)[0].rank == 1
    path.write_text(f"facility_id,role,phone\n{HOSPITAL},duty,120\n")
    assert io.read_phones(path, registry=registry)[0].phone == "120"
    path.write_text(f"facility_id,role,count\n{HOSPITAL},midwife,4\n")
    assert io.read_staff(path, registry=registry)[0].count == 4


@pytest.mark.parametrize(
    ("name", "parse"),
    [
        ("facilities", io.parse_facilities),
        ("capacity", io.parse_capacity),
        ("catchment", io.parse_catchment),
        ("phones", io.parse_phones),
        ("staff", io.parse_staff),
    ],
)
def test_the_template_has_the_columns_and_its_example_is_refused(registry, outlines, name, parse):
    table = read_back(io.template_rows(name), "csv")
    options = {"base": registry, "outlines": outlines} if name == "facilities" else {}
    options = options or {"registry": registry}
    with pytest.raises(RefusedInputError) as caught:
        parse(table, **options)

    assert [fault.code for fault in caught.value.faults] == ["example_row"] * len(table.rows)


def test_a_template_row_with_an_id_of_ones_own_is_read(registry, outlines):
    header, rows = io.template_rows("facilities")
    table = read_back((header, [["H1", *rows[0][1:]]]), "csv")
    (row,) = io.parse_facilities(table, base=registry, outlines=outlines)

    assert row.facility.is_rescue_centre
