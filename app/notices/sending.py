"""One pass over the notices of a channel: take one in hand, send it, note that it is out.

The call goes out between two transactions, so that no database waits for a network. Who dies
between sending and noting sends it again: the receiver knows it by its key.
"""

import logging
import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.db import Database
from app.deadlines.states import as_code, pause
from app.failpoints import passing
from app.keys.words import told
from app.notices import store
from app.notices.channels import Channel, LogChannel, Message
from app.notices.errors import ChannelError, ForbiddenAddressError, RefusedMessageError
from app.notices.states import INSTITUTIONS, ChannelName, Template, read_params, short_number
from app.notices.tables import Notice, NoticeAddress
from app.notices.wording import text_to_copy
from app.text import Catalogue, catalogue

__all__ = ["PhoneOf", "Sending", "no_phone"]

LOGGER = logging.getLogger("greenchannel.notices")
TRIES = 20
"""About an hour and a half of a gateway that is away."""
AT_ONCE = 32
"""So many lines of the log in one transaction."""
PhoneOf = Callable[[Session, str, datetime], "str | None"]


def no_phone(_session: Session, _code: str, _at: datetime) -> str | None:
    """Know no telephone number; the texts name the institution alone."""
    return None


@dataclass(frozen=True, slots=True)
class _InHand:
    by: uuid.UUID
    notice: Notice
    address: NoticeAddress | None


class Sending:
    """Sends what waits on one channel.

    Parameters
    ----------
    words
        The language of the texts.
    phone_of
        The duty telephone of an institution at a moment, for the texts; asked while a notice is
        taken in hand.
    """

    def __init__(
        self,
        database: Database,
        name: ChannelName,
        channel: Channel,
        *,
        words: Catalogue | None = None,
        phone_of: PhoneOf = no_phone,
    ) -> None:
        self.name = name
        self._database = database
        self._channel = channel
        self._words = words or catalogue("zh")
        self._phone_of = phone_of

    def run(self, now: datetime | None = None) -> bool:
        """Send one notice, several where nobody has to be called; whether there was one."""
        if isinstance(self._channel, LogChannel):
            try:
                return self._write_down(now)
            except Exception as error:
                # One of them cannot be put into words; one by one, the others get out.
                LOGGER.warning("notices on %s: %s", self.name.value, as_code(error))
        return self._send_one(now)

    def _write_down(self, now: datetime | None) -> bool:
        """Write into the log all whose turn it is: no network is waited for.

        They are put into words before anybody who writes is kept waiting.
        """
        with self._database.reading() as session:
            at = now or self._database.now(session)
            found = store.whose_turn_it_is(session, self.name, at=at, most=AT_ONCE)
            said = {notice.id: self._worded(session, notice, "", at) for notice in found}
            at = max([at, *(notice.created_at for notice in found)])
        if not said:
            return False
        with self._database.writing() as session:
            mine = store.mark_all_sent(session, tuple(said), at=at)
            for key, message in said.items():
                if key in mine:
                    self._channel.send(message)
        return True

    def _send_one(self, now: datetime | None) -> bool:
        found = self._claim(now)
        if found is None:
            return False
        try:
            self._channel.send(self._message(found, now))
            passing("notice_sent")
        except Exception as error:
            self._give_back(found, error, now)
            return True
        with self._database.writing() as session:
            at = now or self._database.now(session)
            store.mark_sent(session, found.notice.id, at=max(at, found.notice.created_at))
        passing("notice_marked")
        return True

    def run_all(self, now: datetime | None = None, *, most: int = 10_000) -> int:
        """Send everything whose turn it is; how many tries that were."""
        return next((n for n in range(most) if not self.run(now)), most)

    def _claim(self, now: datetime | None) -> _InHand | None:
        with self._database.reading() as session:
            at = now or self._database.now(session)
            if not store.is_any_due(session, self.name, at=at):
                return None
        with self._database.writing() as session:
            at = now or self._database.now(session)
            by = uuid.uuid4()
            taken = store.claim(session, self.name, by=by, at=at)
            if taken is None:
                return None
        passing("notice_claimed")
        notice, address = taken
        return _InHand(by, notice, address)

    def _message(self, found: _InHand, now: datetime | None) -> Message:
        """Put it into words; a notice of a version to come fails here, alone."""
        with self._database.reading() as session:
            at = now or self._database.now(session)
            where = None if found.address is None else told(session, found.address, "address")
            return self._worded(session, found.notice, where or "", at)

    def _worded(self, session: Session, notice: Notice, address: str, at: datetime) -> Message:
        params = read_params(notice.params)
        names = store.institutions(session, _codes(params))
        org = store.organisation(session, notice.org_id)
        text = text_to_copy(
            Template(notice.template),
            params,
            notice.subject_id,
            self._words,
            name_of=lambda code: names.get(code, code),
            phone_of=lambda code: self._phone_of(session, code, at),
        )
        facility = org.facility_id if org else None
        return Message(
            dedup_key=notice.dedup_key,
            template=notice.template,
            referral=short_number(notice.subject_id),
            org=facility or str(notice.org_id),
            text=text,
            address=address,
            at=notice.created_at.isoformat(timespec="seconds"),
        )

    def _give_back(self, found: _InHand, error: Exception, now: datetime | None) -> None:
        code = error.code if isinstance(error, ChannelError) else as_code(error)
        LOGGER.warning("notice %s on %s: %s", found.notice.id, self.name.value, code)
        never = isinstance(error, RefusedMessageError | ForbiddenAddressError)
        dies = never or found.notice.tries >= TRIES
        chance = random.random()  # noqa: S311  spreads, guards nothing
        with self._database.writing() as session:
            at = now or self._database.now(session)
            store.give_back(
                session,
                found.notice.id,
                by=found.by,
                error=code,
                next_try_at=None if dies else at + pause(found.notice.tries, chance),
                dead_at=at if dies else None,
            )


def _codes(params: Mapping[str, int | str | None]) -> list[str]:
    return [str(params[name]) for name in INSTITUTIONS & set(params) if params[name]]
