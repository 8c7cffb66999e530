"""The standing colour: up at once by an assessment, down by a clinician's word (R-COLOUR-005)."""

import uuid

from app.case_files import store
from app.case_files.states import NO_COLOUR
from app.case_files.tables import CaseColour, CaseFile
from app.db_types import new_key
from app.events.scene import Scene
from app.keys.words import put
from routing.care.lowering import Change, Label, Outcome
from routing.triage.rows import Colour

__all__ = ["KEPT", "label_of", "stand"]

KEPT = (Outcome.KEPT, Outcome.SAME, Outcome.UNLABELLED)
"""Outcomes that leave the label as it is."""


def label_of(file: CaseFile) -> Label | None:
    """Return the label that stands; None while she has none."""
    if file.colour == NO_COLOUR:
        return None
    return Label(Colour(file.colour), file.purple)


def stand(
    scene: Scene,
    file: CaseFile,
    change: Change,
    *,
    assessment_id: uuid.UUID | None,
    named_by: uuid.UUID | None = None,
    reason: str | None = None,
) -> CaseColour | None:
    """Let a label stand from now on; None where nothing changes."""
    if change.outcome in KEPT or change.label.colour is None:
        return None
    seq = (file.colour_seq or 0) + 1
    row = CaseColour(
        id=new_key(),
        province=file.province,
        file_id=file.id,
        seq=seq,
        prev_seq=file.colour_seq,
        from_colour=file.colour,
        from_purple=file.purple,
        colour=change.label.colour.value,
        purple=change.label.purple,
        assessment_id=assessment_id,
        named_by=named_by,
        by_org=scene.hand.org,
        at=scene.now,
    )
    put(scene.session, row, reason=reason)
    store.add(scene.session, row)
    file.colour, file.purple, file.colour_seq = row.colour, row.purple, seq
    store.add(scene.session, file)
    return row
