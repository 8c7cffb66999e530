"""Words for people: one catalogue per language, looked up by dotted key."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["LANGUAGES", "Catalogue", "catalogue", "label", "language_of"]

LANGUAGES = ("zh", "en")
# A label of the data dictionary may name its rule; that is for those who read tables.
TABLE_NOTE = re.compile(r"\s*[((](?:计算|小数|computed|[^()()]*\bR-[A-Z]+-\w+)[^()()]*[))]$")


def label(text: str) -> str:
    """Return a label of the data tables as people are shown it."""
    return TABLE_NOTE.sub("", text)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The phrases of one language."""

    language: str
    phrases: Mapping[str, str]

    def text(self, key: str, **values: object) -> str:
        """Return a phrase filled in; a key without phrase comes back as it is."""
        phrase = self.phrases.get(key)
        if phrase is None:
            return key
        return phrase.format(**values) if values else phrase

    def code(self, group: str, code: object) -> str:
        """Return the words for a code of a group, the code itself where there are none."""
        return self.phrases.get(f"{group}.{code}", str(code))

    def has(self, key: str) -> bool:
        """Whether there is a phrase for the key."""
        return key in self.phrases

    def named(self, names: object) -> str:
        """Return ``name_zh`` or ``name_en`` of a record or an object, the other one if empty."""
        order = ("zh", "en") if self.language == "zh" else ("en", "zh")
        for language in order:
            for stem in ("name", "label"):
                key = f"{stem}_{language}"
                found = names.get(key) if isinstance(names, Mapping) else getattr(names, key, None)
                if found:
                    return label(str(found))
        return ""


def _flat(tree: Mapping[str, object], above: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{above}{key}.")
        else:
            found[f"{above}{key}"] = str(value)
    return found


@cache
def catalogue(language: str) -> Catalogue:
    """Load the catalogue of ``zh`` or ``en``."""
    source = files("app") / "web" / "src" / "text" / f"{language}.json"
    return Catalogue(language, _flat(json.loads(source.read_text(encoding="utf-8"))))


def language_of(accept: str | None, default: str = "zh") -> str:
    """Choose a language from an ``Accept-Language`` header."""
    ranked: list[tuple[float, str]] = []
    for part in (accept or "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        primary = tag.split("-")[0].lower()
        if primary in LANGUAGES:
            try:
                ranked.append((-float(weight or 1), primary))
            except ValueError:
                continue
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else default
