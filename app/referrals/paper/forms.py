"""Numbered blank forms for when the line is dead, and the referrals that are entered from them.

A form is printed ahead, filled in by hand, and entered when the line is back: with its number, so
that nothing is entered twice, and with the time at which it happened beside that of the entry.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.db_types import new_key
from app.errors import NotFoundError
from app.notices.states import NUMBER_LENGTH, short_number
from app.referrals import store
from app.referrals.paper import store as paper_store
from app.referrals.paper.tables import PaperForm, PaperFormUse
from app.referrals.tables import Referral
from app.work import Work

__all__ = ["faults_of_form", "issue", "normal", "own_forms", "unused", "use_form"]

PREFIX = "F-"
AHEAD = timedelta(minutes=5)
"""So far a watch on the wall may be behind the clock of the database."""


def normal(number: str) -> str:
    """Return a number as it was printed, however it was typed."""
    bare = number.upper().replace(" ", "").replace("-", "")
    # A number may begin with the letter of the prefix itself: only what is too long has one.
    return PREFIX + (bare[1:] if len(bare) > NUMBER_LENGTH else bare)


def issue(work: Work, count: int) -> tuple[PaperForm, ...]:
    """Give the actor's organisation numbers for blank forms; what is printed stays good."""
    made = tuple(_form(work) for _ in range(count))
    store.add(work.session, *made)
    return made


def unused(work: Work) -> Sequence[PaperForm]:
    """Return the numbers of the actor's organisation that no referral was entered from yet."""
    return paper_store.unused(work.session, work.actor.org_id)


def own_forms(work: Work, numbers: Sequence[str]) -> Sequence[PaperForm]:
    """Return forms of the actor's organisation by their numbers.

    Raises
    ------
    NotFoundError
        One of them is not its own.
    """
    wanted = [normal(number) for number in numbers]
    found = {one.number: one for one in paper_store.of_org(work.session, work.actor.org_id, wanted)}
    for number in wanted:
        if number not in found:
            raise NotFoundError("form", number)
    return [found[number] for number in wanted]


def faults_of_form(
    work: Work, number: str, *, origin: uuid.UUID | None, happened_at: datetime | None
) -> tuple[str, ...]:
    """Return why a referral cannot be entered from a form: nobody printed it, or it was before."""
    form = paper_store.by_number(work.session, normal(number))
    if form is None or form.issued_to not in (origin, work.actor.org_id):
        return ("form_unknown",)
    faults = []
    if paper_store.used_by(work.session, form.id) is not None:
        faults.append("form_used")
    if happened_at is not None and happened_at < form.issued_at - AHEAD:
        faults.append("before_the_form")
    return tuple(faults)


def use_form(work: Work, number: str, referral: Referral) -> None:
    """Note which referral a form became; the database lets it be once."""
    form = paper_store.by_number(work.session, normal(number))
    if form is None:
        raise AssertionError("looked at before; a form is never deleted")
    use = PaperFormUse(
        province=referral.province,
        form_id=form.id,
        referral_id=referral.id,
        used_at=work.now,
    )
    store.add(work.session, use)


def _form(work: Work) -> PaperForm:
    key = new_key()
    return PaperForm(
        id=key,
        province=work.actor.province,
        number=PREFIX + short_number(key),
        issued_to=work.actor.org_id,
        issued_at=work.now,
        issued_by=work.actor.user_id,
    )
