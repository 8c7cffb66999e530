"""Codes and figures put into words."""

import pytest

from app.answer_words import booked_words
from app.text import catalogue, label, language_of
from app.words import NameBook, Words


@pytest.fixture
def zh():
    book = NameBook(
        facilities={"A": ("甲医院", "Hospital A"), "B": ("", "Hospital B")},
        capabilities={"CS_24H": ("剖宫产", "caesarean"), "BLOOD_RBC": ("红细胞", "red cells")},
    )
    return Words(catalogue("zh"), book)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 分钟"),
        (59, "59 分钟"),
        (59.6, "1 小时 00 分"),
        (125, "2 小时 05 分"),
        (1500, "1 天 1 小时"),
        (None, "时间不详"),
    ],
)
def test_minutes_become_hours_where_there_are_many(zh, minutes, words):
    assert zh.span(minutes) == words


def test_a_name_falls_back_to_the_other_language_and_then_to_the_code(zh):
    assert [zh.facility(code) for code in "ABC"] == ["甲医院", "Hospital B", "C"]


def test_any_of_two_capabilities_is_said_as_or(zh):
    assert zh.capability("CS_24H|BLOOD_RBC") == "剖宫产或红细胞"


def test_a_reason_that_names_a_facility_is_said_with_its_name(zh):
    assert zh.why("onward:A") == "之后转 甲医院"
    assert zh.why("nearest") == "最近"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"),
        ("en-GB,en;q=0.9", "en"),
        ("fr,zh-CN;q=0.8,en;q=0.9", "en"),
        ("fr", "zh"),
        ("en;q=x", "zh"),
        ("", "zh"),
    ],
)
def test_the_language_is_the_first_the_reader_understands(header, language):
    assert language_of(header) == language


def test_a_key_without_phrase_is_shown_as_it_is():
    assert catalogue("zh").text("no.such.key", n=1) == "no.such.key"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("in labour (R-DATA-08)", "in labour"),
        ("阴道试产禁忌(计算)", "阴道试产禁忌"),
        ("年龄(周岁)", "年龄(周岁)"),
    ],
)
def test_remarks_for_readers_of_tables_stay_in_the_table(text, shown):
    assert label(text) == shown


def test_a_table_says_the_prefecture_only_where_two_counties_share_a_name(engine):
    """Both Yiliangs are Yiliang County in English only; Gongshan is short in both."""
    book = engine.book
    of = {c: next(f for f, at in book.county_of.items() if at == c) for c in ("530125", "530628")}
    gongshan = next(f for f, at in book.county_of.items() if at == "533324")
    found = {
        lang: [Words(catalogue(lang), book).near(f) for f in (*of.values(), gongshan)]
        for lang in ("zh", "en")
    }

    assert found["zh"] == ["宜良县", "彝良县", "贡山县"]
    assert found["en"][:2] == ["Yiliang County, Kunming", "Yiliang County, Zhaotong"]
    assert found["en"][2] == "Gongshan County"


def test_no_two_counties_have_the_same_short_name(engine):
    for names in zip(*engine.book.short.values(), strict=True):
        assert len(set(names)) == len(engine.county_codes)


@pytest.mark.parametrize(
    ("colour", "incomplete", "purple", "shown"),
    [
        ("green", True, False, ()),
        ("green", True, True, ("purple",)),
        ("green", False, False, ("green",)),
        ("orange", True, False, ("orange",)),
        (None, False, False, ()),
    ],
)
def test_a_green_that_is_not_complete_is_never_shown_as_a_colour(colour, incomplete, purple, shown):
    words = Words(catalogue("en"), NameBook())
    assessment = {"colour": colour, "incomplete": incomplete, "purple": purple}

    assert words.colours(assessment) == shown
    if incomplete:
        known = colour != "green"
        assert words.incomplete(assessment).startswith("assessment" if known else "no colour yet")


def test_of_a_booked_centre_it_is_said_first_whether_it_is_right_then_why_not(zh):
    because = [
        {"code": "another_sooner", "detail": ["A"]},
        {"code": "lacks_preferred", "detail": ["CS_24H"]},
        {"code": "lacks_capability", "detail": ["BLOOD_RBC"]},
        {"code": "no_time", "detail": []},
    ]
    booked = {"facility_id": "B", "right": False, "later_min": 65.0, "because": because}

    assert list(booked_words(zh, booked)) == [
        "预约的分娩机构现在不合适:Hospital B",
        "更早得到救治的是:甲医院",
        "那里缺:剖宫产",
        "缺少必需的能力:红细胞",
        "没有可用的行程时间",
        "比首选晚 1 小时 05 分得到救治",
    ]


def test_nothing_is_said_of_a_centre_that_is_not_booked(zh):
    assert list(booked_words(zh, None)) == []


@pytest.mark.parametrize(("language", "words"), [("zh", "请过几秒再试"), ("en", "few seconds")])
def test_a_person_is_told_what_to_do_where_the_database_is_busy(language, words):
    """The key that a program repeats says nothing to her."""
    told = catalogue(language).text("problems.database-busy.detail")

    assert words in told
    assert told.index(words) < told.index("键" if language == "zh" else "key")
