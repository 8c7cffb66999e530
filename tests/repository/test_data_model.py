"""The picture of the data model shows every table and column, and is the same each time."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from app.tables_all import metadata
from scripts.data_model import EVERYWHERE, Field, boxes
from scripts.data_model_svg import HIGH, WIDE, picture
from scripts.make_data_model import page

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def found():
    return boxes()


def words(drawn):
    root = ElementTree.fromstring(drawn)  # noqa: S314  made a moment ago
    return [element.text for element in root.iter(f"{SVG}text")]


def test_every_table_and_every_column_stands_in_the_picture_as_text(found):
    shown = words(picture(found))

    for table in metadata.sorted_tables:
        assert table.name in shown
        for column in table.columns:
            named = column.name + (" ?" if column.nullable else "")
            assert column.name == EVERYWHERE or named in shown


def test_every_table_stands_on_the_page_with_a_sentence(found):
    said = page(found)

    assert {box.name for box in found} == set(metadata.tables)
    assert all(box.what and f"| `{box.name}` |" in said for box in found)


def test_the_same_tables_give_the_same_picture_and_another_column_another(found):
    longer = replace(found[0], fields=(*found[0].fields, Field("planted", "text", False, False)))
    changed = picture((longer, *found[1:]))

    assert picture(found) == picture(boxes())
    assert changed != picture(found)
    assert "planted" in words(changed)


def test_nothing_is_drawn_outside_the_sheet_and_no_two_tables_overlap(found):
    drawn = picture(found)
    sheets = [
        tuple(map(float, size))
        for size in re.findall(r'class="b" x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"', drawn)
    ]

    assert len(sheets) == len(found)
    assert all(x > 0 and y > 0 and x + w < WIDE and y + h < HIGH for x, y, w, h in sheets)
    for n, (x, y, w, h) in enumerate(sheets):
        for other_x, other_y, other_w, other_h in sheets[n + 1 :]:
            apart = x + w <= other_x or other_x + other_w <= x
            assert apart or y + h <= other_y or other_y + other_h <= y


def test_what_is_sealed_and_what_only_grows_is_marked_in_words(found):
    by_name = {box.name: box for box in found}
    shown = words(picture(found))

    assert {f.name for f in by_name["patient_identity"].fields if f.kind == "sealed"} >= {
        "name",
        "id_number",
    }
    assert by_name["status_event"].append_only
    assert by_name["referral"].never_deleted
    assert not by_name["referral"].append_only
    assert shown.count("加密 sealed") == sum(f.kind == "sealed" for b in found for f in b.fields)
    assert shown.count("只增 append-only") == sum(box.append_only for box in found)


def test_every_foreign_key_has_its_arrow(found):
    """One arrow at the head of each table that is pointed at, one dot for each key and joint."""
    drawn = picture(found)
    targets = {link.target for box in found for link in box.links}

    assert drawn.count("l-11 -6v12z") == len(targets)
    assert sum(len(box.links) for box in found) == sum(
        len(table.foreign_key_constraints) for table in metadata.sorted_tables
    )


def test_the_picture_asks_nobody_for_a_font_or_anything_else(found):
    drawn = picture(found).replace('xmlns="http://www.w3.org/2000/svg"', "")

    assert not re.search(r"https?:|url\(|@import|@font-face|<script|<image", drawn)
