"""What a refusal expected, in the language of the reader.

The libraries write ranges, codes and units, which are the same in every language, and a few short
English phrases. Those stand in the catalogues too: a phrase is found by its English wording and
said in the language of the reader, in answers over HTTP too. ``--json`` of the command line, which
has no reader, keeps the wording of the libraries.
"""

import re
from functools import cache

from app.text import Catalogue, catalogue

__all__ = ["GROUP", "in_words", "key_of"]

GROUP = "expected."
# A fact of the data dictionary: its range and its unit.
RANGE = re.compile(r"(?P<range>\S+\.\.\S+) (?P<unit>\S+)")
BLANK = re.compile(r"\{(\w+)\}")


@cache
def _wordings() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return how each English phrase reads when it is filled in, the most definite first."""
    found = []
    for key, phrase in catalogue("en").phrases.items():
        if not key.startswith(GROUP):
            continue
        parts = BLANK.split(phrase)
        fixed, names = map(re.escape, parts[::2]), [f"(?P<{name}>.*)" for name in parts[1::2]]
        pattern = "".join(a + b for a, b in zip(fixed, [*names, ""], strict=True))
        length = len("".join(parts[::2]))
        found.append((length, re.compile(pattern, re.DOTALL), key))
    found.sort(key=lambda wording: (-wording[0], wording[2]))
    return tuple((pattern, key) for _, pattern, key in found)


def key_of(expected: str) -> tuple[str, dict[str, str]] | None:
    """Return the key of a phrase with what it is filled with; None for codes and ranges."""
    for pattern, key in _wordings():
        match = pattern.fullmatch(expected)
        if match:
            return key, match.groupdict()
    return None


def in_words(words: Catalogue, expected: str) -> str:
    """Return what was expected in the language of ``words``."""
    found = key_of(expected)
    if found is not None:
        key, values = found
        return words.text(key, **values)
    measured = RANGE.fullmatch(expected)
    if measured is None:
        return expected
    return f"{measured['range']} {words.code('fact_units', measured['unit'])}"
