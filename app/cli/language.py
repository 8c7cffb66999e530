"""The language of a run, and the words in it."""

from enum import StrEnum
from typing import TYPE_CHECKING

from app.text import Catalogue, catalogue

if TYPE_CHECKING:
    from app.engine import Engine
    from app.settings import Settings
    from app.words import Words

__all__ = ["Lang", "phrases", "words_of"]


class Lang(StrEnum):
    """Languages there is a catalogue for."""

    ZH = "zh"
    EN = "en"


def phrases(lang: Lang | None, settings: "Settings") -> Catalogue:
    """Return the catalogue that was asked for, else that of the settings."""
    return catalogue(lang.value if lang else settings.language)


def words_of(lang: Lang | None, settings: "Settings", engine: "Engine") -> "Words":
    """Return the catalogue together with the names of the data."""
    from app.words import Words

    return Words(phrases(lang, settings), engine.book)
