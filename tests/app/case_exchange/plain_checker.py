"""A slow and simple list of everything wrong with rows of pregnancies, rule after rule.

It shares no code with the reader: dates are counted as ordinals, every pair of rows is compared.
"""

import re
from datetime import date

WEIGHTS = [2**k % 11 for k in range(17, 0, -1)]
COLOURS = {
    "绿",
    "黄",
    "橙",
    "红",
    "绿色",
    "黄色",
    "橙色",
    "红色",
    "green",
    "yellow",
    "orange",
    "red",
}
YES_NO = {"是", "否", "yes", "no"}
ENDINGS = {"失访", "迁出", "42天结案"}
HAPPENED = ("registered_on", "screened_on", "assessed_on", "delivered_on", "ended_on")


def ordinal(text):
    try:
        return (
            date.fromisoformat(text).toordinal() if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
        )
    except ValueError:
        return None


def bare(text):
    return text.replace(" ", "").replace("-", "").upper()


def check_digit_wrong(number):
    total = sum(w * int(d) for w, d in zip(WEIGHTS, number[:17], strict=True))
    return (12 - total % 11) % 11 != (10 if number[17] == "X" else int(number[17]))


def number_faults(text, today):
    number = bare(text)
    if len(number) != 18:
        return ["id_length"]
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return ["id_characters"]
    found = []
    if number[:2] not in {"53", "11", "44"}:
        found.append("id_region")
    born = ordinal(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    if born is None or not date(1900, 1, 1).toordinal() <= born <= today:
        found.append("id_birth_date")
    if check_digit_wrong(number):
        found.append("id_check_digit")
    return found


def faults_of(rows, *, counties, facilities, places, today):
    """Set of line, field and code."""
    found = set()
    for index, row in enumerate(rows):
        line = index + 2
        found |= {(line, *one) for one in row_faults(row, counties, facilities, places, today)}
        for field in ("record_id", "id_number"):
            earlier = [bare(r[field]) for r in rows[:index] if r.get(field)]
            if row.get(field) and bare(row[field]) in earlier:
                found.add((line, field, "duplicate"))
    return found


def row_faults(row, counties, facilities, places, today):
    get = row.get
    for field in ("record_id", "updated_at", "residence_county", "registered_on"):
        if not get(field):
            yield field, "missing"
    for field, words in (
        ("colour", COLOURS),
        ("purple", YES_NO),
        ("ended_as", ENDINGS),
        ("facts.hiv", YES_NO),
    ):
        if get(field) and get(field) not in words:
            yield field, "unknown_code"
    county = get("residence_county")
    if county and county not in counties:
        yield "residence_county", "unknown_county"
    township = get("township")
    if township and township not in places:
        yield "township", "unknown_township"
    elif township and county in counties and places[township] != county:
        yield "township", "not_in_county"
    if get("assessed_by") and get("assessed_by") not in facilities:
        yield "assessed_by", "unknown_facility"
    if get("id_number"):
        yield from (("id_number", code) for code in number_faults(get("id_number"), today))
    if get("facts.hb_g_l") and float(get("facts.hb_g_l")) < 25:
        yield "facts.hb_g_l", "unit_g_dl"
    if get("colour") in COLOURS and not get("assessed_on"):
        yield "assessed_on", "missing"
    if get("ended_as") in ENDINGS and not get("ended_on"):
        yield "ended_on", "missing"
    if ordinal(get("ended_on") or "") and not get("ended_as"):
        yield "ended_as", "missing"
    yield from day_faults(row, today)


def day_faults(row, today):
    days = {}
    for field in (*HAPPENED, "lmp", "due_date"):
        text = row.get(field)
        days[field] = ordinal(text) if text else None
        if text and days[field] is None:
            yield field, "not_a_date"
    if not row.get("lmp") and not row.get("due_date"):
        yield "due_date", "missing"
    for field in HAPPENED:
        if days[field] and days[field] > today:
            yield field, "in_the_future"
    lmp, due = days["lmp"], days["due_date"]
    starts = [x for x in (lmp, due and due - 280) if x]
    if not starts:
        return
    if lmp and lmp > today:
        yield "lmp", "in_the_future"
    if lmp and due and not lmp + 259 <= due <= lmp + 301:
        yield "due_date", "not_as_by_period"
    if not lmp and due > today + 280:
        yield "due_date", "too_far_ahead"
    latest = (due or lmp + 280) + 28
    over = days["delivered_on"] or row.get("ended_as") in ENDINGS
    if not over and today > latest:
        yield "due_date", "pregnancy_over"
    for field in HAPPENED:
        if days[field] and days[field] < min(starts):
            yield field, "before_pregnancy"
    if days["registered_on"] and days["registered_on"] > latest + 42:
        yield "registered_on", "after_pregnancy"
    born = days["delivered_on"]
    if born and min(starts) <= born < min(starts) + 112:
        yield "delivered_on", "too_early_for_birth"
    if born and born > latest:
        yield "delivered_on", "after_pregnancy"
