"""The names of facilities, divisions, capabilities, rules and facts, out of the data tables."""

from collections.abc import Iterable

from app.short_names import short_names
from app.text import Catalogue, catalogue, label
from app.words import NameBook
from facilities.capability import load_capabilities
from facilities.registry import Registry
from geodata.road_tables import NeighbourHub
from routing.triage.rows import RuleSet

__all__ = ["book_of"]


def book_of(rules: RuleSet, registry: Registry, hubs: Iterable[NeighbourHub]) -> NameBook:
    """Return the names of everything an answer may mention, each as (zh, en)."""
    divisions = registry.divisions
    zh, en = catalogue("zh"), catalogue("en")
    return NameBook(
        facilities={f.facility_id: (f.name_zh, f.name_en) for f in registry.facilities},
        divisions={d.adcode: (d.name_zh, d.name_en) for d in divisions.all},
        prefecture_of={c.adcode: divisions.prefecture_of(c.adcode) for c in divisions.counties},
        county_of={f.facility_id: f.county for f in registry.facilities},
        capabilities={c.code: (c.label_zh, c.label_en) for c in load_capabilities().values()},
        rules={row.id: (row.name_zh, row.name_en) for row in rules.rows},
        facts={f.name: (label(f.label_zh), label(f.label_en)) for f in rules.facts.values()},
        hubs={hub.hub_id: (_hub(hub, zh), _hub(hub, en)) for hub in hubs},
        short=short_names(divisions),
    )


def _hub(hub: NeighbourHub, words: Catalogue) -> str:
    """Return a city outside with its province; the data know its Chinese name only."""
    key = f"hubs.{hub.hub_id}"
    if words.has(key):
        return words.text(key)
    return words.text("units.hub_in", city=hub.name_zh, province=hub.province_zh)
