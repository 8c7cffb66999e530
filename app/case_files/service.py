"""What other features may ask of case files; they call this and nothing else of the folder."""

from app.case_files.of_patient import (
    booked_of,
    file_of_referral,
    handed_over,
    has_open_file,
    link_referral,
    seen_by_file,
    whose_file,
)
from app.case_files.watching import handlers

__all__ = [
    "booked_of",
    "file_of_referral",
    "handed_over",
    "handlers",
    "has_open_file",
    "link_referral",
    "seen_by_file",
    "whose_file",
]
