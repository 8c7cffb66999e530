"""What may be done with a patient; other features call this and nothing else of the folder."""

from app.patients.duplicates import possible_duplicates
from app.patients.entered import entered_here
from app.patients.entering import Completed, Entered, complete_identity, enter_emergency, look_up
from app.patients.finding import for_referral, records_of
from app.patients.identity import Candidate, Given, Identity, Least, Minimum
from app.patients.merging import HasOpenReferral, merge, undo_merge
from app.patients.newborns import link_to_mother, newborn_of, newborn_without_mother, newborns_of
from app.patients.reading import (
    Person,
    find_by_id_number,
    find_by_phone,
    identity_of,
    kind_of,
    know_kinds,
    least_of,
    minimum_of,
    person_of,
)
from app.patients.retention import Retention, due_for_erasure, erase_identity, keep_from_now
from app.patients.sight import Around, Sees, own_entries, require_sight

__all__ = [
    "Around",
    "Candidate",
    "Completed",
    "Entered",
    "Given",
    "HasOpenReferral",
    "Identity",
    "Least",
    "Minimum",
    "Person",
    "Retention",
    "Sees",
    "complete_identity",
    "due_for_erasure",
    "enter_emergency",
    "entered_here",
    "erase_identity",
    "find_by_id_number",
    "find_by_phone",
    "for_referral",
    "identity_of",
    "keep_from_now",
    "kind_of",
    "know_kinds",
    "least_of",
    "link_to_mother",
    "look_up",
    "merge",
    "minimum_of",
    "newborn_of",
    "newborn_without_mother",
    "newborns_of",
    "own_entries",
    "person_of",
    "possible_duplicates",
    "records_of",
    "require_sight",
    "undo_merge",
]
