"""A notice in words, from the catalogue: what may be read aloud, sent, or copied into a chat."""

import uuid
from collections.abc import Callable, Mapping

from app.notices.states import INSTITUTIONS, PLACES, Template, short_number
from app.text import Catalogue

__all__ = ["text_to_copy"]


def text_to_copy(
    template: Template,
    params: Mapping[str, int | str | None],
    referral_id: uuid.UUID,
    words: Catalogue,
    *,
    name_of: Callable[[str], str],
    phone_of: Callable[[str], str | None] = lambda _: None,
) -> str:
    """Return a text without identity: number, colour, minutes, and whom to ring.

    Parameters
    ----------
    name_of, phone_of
        Name and duty telephone of an institution by its code.
    """
    values: dict[str, object] = {"number": short_number(referral_id)}
    for name in PLACES[template]:
        value = params[name]
        if value is None:
            values[name] = words.text(f"notices.no_{name}")
        elif name in INSTITUTIONS:
            phone = phone_of(str(value)) if name == "ring" else None
            values[name] = f"{name_of(str(value))} {phone}" if phone else name_of(str(value))
        elif name in ("colour", "reason"):
            group = "colours" if name == "colour" else "notice_reasons"
            values[name] = words.code(group, value)
        else:
            values[name] = value
    return words.text(f"notices.{template.value}", **values)
