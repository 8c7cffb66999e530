"""What other features may ask of case files; they call this and nothing else of the folder."""

from collections.abc import Mapping

from app.case_files import watching
from app.case_files.acts import leaving
from app.case_files.belonging.of_patient import (
    booked_of,
    born_on_the_way,
    file_of_referral,
    handed_over,
    has_open_file,
    link_referral,
    look_at_file,
    reviewed,
    seen_by_file,
    whose_file,
)
from app.worker.handling import Handler

__all__ = [
    "booked_of",
    "born_on_the_way",
    "file_of_referral",
    "handed_over",
    "handlers",
    "has_open_file",
    "link_referral",
    "look_at_file",
    "reviewed",
    "seen_by_file",
    "whose_file",
]


def handlers() -> Mapping[str, Handler]:
    """Return what is done when something of a file is due, or a person may act no more."""
    return {**watching.handlers(), **leaving.handlers()}
