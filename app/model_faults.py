"""Faults that a model finds, under the codes and in the wordings that faults have everywhere.

Nothing of a value is repeated: what a parser says of a fault may hold parts of it.
"""

import re
from collections.abc import Mapping
from typing import Final

__all__ = ["code_of", "expected_of"]

CODES: Final[Mapping[str, str]] = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "literal_error": "unknown_code",
    "enum": "unknown_code",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "too_long": "too_many",
    "too_short": "too_few",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "greater_than": "out_of_range",
    "less_than": "out_of_range",
    "uuid_parsing": "not_an_identifier",
    "uuid_type": "not_an_identifier",
}
"""Kinds of faults of a model as they are called everywhere; any other is a wrong type."""

LIMITS: Final[Mapping[str, tuple[str, str]]] = {
    "greater_than_equal": (">= {}", "ge"),
    "less_than_equal": ("<= {}", "le"),
    "greater_than": ("> {}", "gt"),
    "less_than": ("< {}", "lt"),
    "string_too_long": ("at most {} characters", "max_length"),
    "string_too_short": ("at least {} characters", "min_length"),
    "too_long": ("at most {} entries", "max_length"),
    "too_short": ("at least {} entries", "min_length"),
    "string_pattern_mismatch": ("the form {}", "pattern"),
}
"""Limits that a model has of its own, with where the parser says them."""

WORDINGS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(kind), wording)
    for kind, wording in (
        ("missing", "a value"),
        ("extra_forbidden", "only the fields of the interface"),
        ("uuid_.*", "an identifier (UUID)"),
        ("int_.*", "a whole number"),
        ("(float|decimal|finite)_.*", "a number"),
        ("bool_.*", "true | false"),
        ("string_.*", "text"),
        ("(list|tuple|set)_.*", "a list"),
        ("(dict|model|mapping|dataclass)_.*", "JSON object"),
        ("(datetime|timezone|time|date)_.*", "RFC 3339 with offset"),
    )
)
OTHERWISE: Final = "a value of another kind"


def code_of(found: Mapping[str, object]) -> str:
    """Return the code of a fault."""
    return CODES.get(str(found["type"]), "wrong_type")


def expected_of(found: Mapping[str, object]) -> str:
    """Return what was expected instead, of the model alone."""
    kind, said = str(found["type"]), found.get("ctx")
    limits = said if isinstance(said, Mapping) else {}
    if kind in ("literal_error", "enum"):
        return " | ".join(re.findall(r"[\w.-]+", str(limits["expected"]).replace(" or ", " ")))
    if kind in LIMITS:
        wording, name = LIMITS[kind]
        return wording.format(limits[name])
    return next((text for fits, text in WORDINGS if fits.fullmatch(kind)), OTHERWISE)
