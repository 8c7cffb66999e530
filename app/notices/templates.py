"""Filling what an operator has set up: a document with places in it, for a gateway or a chat.

Places are filled in values only and never in the text of a document, so that nothing that is filled
in can end a string and begin something else.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import urlencode

__all__ = ["fill", "form_body", "json_body", "signature"]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text with ``{name}`` replaced, each once and nothing inside what was filled in."""
    found, rest = [], text
    while True:
        before, opening, after = rest.partition("{")
        name, closing, behind = after.partition("}")
        found.append(before)
        if not opening:
            return "".join(found)
        if closing and name in values:
            found.append(values[name])
            rest = behind
        else:
            found.append(opening)
            rest = after


def _filled(node: object, values: Mapping[str, str]) -> object:
    if isinstance(node, str):
        return fill(node, values)
    if isinstance(node, list):
        return [_filled(one, values) for one in node]
    if isinstance(node, dict):
        return {name: _filled(one, values) for name, one in node.items()}
    return node


def json_body(template: str, values: Mapping[str, str]) -> bytes:
    """Return a JSON document with its texts filled in."""
    return json.dumps(_filled(json.loads(template), values), ensure_ascii=False).encode()


def form_body(template: Mapping[str, str], values: Mapping[str, str]) -> bytes:
    """Return a form with its values filled in."""
    return urlencode({name: fill(text, values) for name, text in template.items()}).encode()


def signature(template: Mapping[str, str], values: Mapping[str, str], secret: str) -> str:
    """Return HMAC-SHA256 over the filled fields, sorted by name, but for the signature's own.

    The form that gateways with a shared secret commonly ask for: ``a=1&b=2``, as it is, in hex.
    """
    fields = sorted(
        (name, fill(text, values)) for name, text in template.items() if "{signature}" not in text
    )
    line = "&".join(f"{name}={value}" for name, value in fields)
    return hmac.new(secret.encode(), line.encode(), hashlib.sha256).hexdigest()
