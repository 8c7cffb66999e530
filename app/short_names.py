"""Counties in few letters, for tables: without the peoples, with the prefecture where two agree."""

import re
from collections import Counter
from collections.abc import Mapping

from app.text import catalogue
from geodata.divisions import Divisions

__all__ = ["short_names"]

# The peoples of Yunnan that give an autonomous county or prefecture its name.
PEOPLES = "彝|白|哈尼|壮|傣|苗|回|傈僳|拉祜|佤|纳西|瑶|景颇|藏|布朗|普米|怒|独龙"
AUTONOMOUS_ZH = re.compile(rf"(?:(?:{PEOPLES})族)+自治([县州])$")
AUTONOMOUS_EN = re.compile(r"^(\S+) .*Autonomous (County|Prefecture)$")


def _zh(name: str) -> str:
    return AUTONOMOUS_ZH.sub(r"\1", name)


def _en(name: str) -> str:
    return AUTONOMOUS_EN.sub(r"\1 \2", name)


def short_names(divisions: Divisions) -> Mapping[str, tuple[str, str]]:
    """Return every county as (zh, en), short and never the same for two of them."""
    plain = {c.adcode: (_zh(c.name_zh), _en(c.name_en)) for c in divisions.counties}
    often = [Counter(names) for names in zip(*plain.values(), strict=True)]
    found = {}
    for adcode, (zh, en) in plain.items():
        above = divisions.get(divisions.prefecture_of(adcode))
        if often[0][zh] > 1:
            zh = catalogue("zh").text("units.county_in", county=zh, above=_zh(above.name_zh))
        if often[1][en] > 1:
            en = catalogue("en").text("units.county_in", county=en, above=_en(above.name_en))
        found[adcode] = (zh, en)
    return found
