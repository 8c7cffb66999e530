"""What a centre is asked by a ranking, as far as it is shown before its yes.

A ranking is long and never changes, and a board reads the same questions again every time that
anything moves: what was taken from a ranking for one centre is kept a while.
"""

import contextlib
import uuid
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from app.referrals import kept, store
from app.referrals.tables import Offer, Recommendation

__all__ = ["FEW", "Question", "questions_to"]

FEW = (
    "colour",
    "incomplete",
    "emergencies",
    "presumed",
    "need",
    "decision",
    "holds",
    "first_actions",
)
"""What a centre sees of an assessment before it says yes."""
MANY = 2_000
_SHOWN: OrderedDict[tuple[uuid.UUID, str], "Question"] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; it is shared and must not be changed.

    ``row`` is that of the centre in the ranking, empty for one that was asked by name.
    """

    assessment: Mapping[str, object]
    row: Mapping[str, object]
    places: kept.Rows
    pregnancy: kept.Pregnancy


def questions_to(session: Session, offers: Collection[Offer]) -> Mapping[uuid.UUID, Question]:
    """Return what each offer asks, by its key; rankings that are not known are read at once."""
    found = {offer.id: _SHOWN.get(_place(offer)) for offer in offers}
    unknown = {offer.recommendation_id for offer in offers if found[offer.id] is None}
    rankings = {one.id: one for one in store.recommendations_of(session, unknown)}
    return {
        offer.id: found[offer.id] or _taken(session, rankings[offer.recommendation_id], offer)
        for offer in offers
    }


def _taken(session: Session, ranking: Recommendation, offer: Offer) -> Question:
    said = kept.read(session, ranking)
    made = Question(
        {name: said.assessment.get(name) for name in FEW},
        said.row(offer.facility_id) or {},
        said.places,
        kept.pregnancy(session, ranking),
    )
    _SHOWN[_place(offer)] = made
    while len(_SHOWN) > MANY:
        with contextlib.suppress(KeyError):
            _SHOWN.popitem(last=False)
    return made


def _place(offer: Offer) -> tuple[uuid.UUID, str]:
    return offer.recommendation_id, offer.facility_id
