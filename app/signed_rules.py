"""The rules with the signatures that stand in the database, and those of the file beside them.

Signatures change seldom and are looked for often: they are counted each time, and read when the
count is another one. Where the database does not answer, what was known last goes on to count:
advice does not wait for a database.
"""

import threading
import time
from collections.abc import Iterable

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.db import Database
from app.engine import Engine
from app.loading import read_signatures
from app.migrating import opened, require_head
from app.settings import Settings
from app.signing import service
from routing.care.tables import load_rule_set
from routing.triage.rows import RuleSet, Signature

__all__ = ["SignedRules", "engine_signed", "signed_with"]

LOOK_EVERY_S = 2.0
"""So often the calculators look for new signatures; whoever has a transaction looks each time."""


def signed_with(given: Iterable[Signature], session: Session, *, profile: str) -> RuleSet:
    """Return the rules with signatures of a file and those of the database."""
    return load_rule_set((*given, *service.standing(session)), profile=profile)


def engine_signed(engine: Engine, settings: Settings) -> Engine:
    """Return an engine with the signatures of the database of the settings, where there is one.

    Raises
    ------
    DatabaseBehindError, DatabaseSilentError
        It cannot be read.
    """
    if settings.database_url is None:
        return engine
    with opened(settings.database_url, settings.keys) as database:
        require_head(database)
        with database.reading() as session:
            given, profile = read_signatures(settings.signature_file), engine.rules.profile
            return engine.with_rules(signed_with(given, session, profile=profile))


class SignedRules:
    """Gives rules and engine with the signatures of now; one for the life of a process.

    Parameters
    ----------
    given
        Signatures of the file of this installation; they count beside those of the database.
    """

    def __init__(self, engine: Engine, given: Iterable[Signature], database: Database) -> None:
        self._given = tuple(given)
        self._database = database
        self._engine = engine
        self._seen = -1
        self._looked = -LOOK_EVERY_S
        self._alone = threading.Lock()

    def number(self, session: Session) -> int:
        """Return a number that is another one as soon as anything was signed."""
        return service.newest(session)

    def rules(self, session: Session) -> RuleSet:
        """Return the rules as they are signed now."""
        number = self.number(session)
        with self._alone:
            if number != self._seen:
                profile = self._engine.rules.profile
                rules = signed_with(self._given, session, profile=profile)
                self._engine = self._engine.with_rules(rules)
                self._seen = number
            return self._engine.rules

    def with_those_of(self, session: Session) -> RuleSet:
        """Return the rules with what a transaction has signed that is not committed yet."""
        return signed_with(self._given, session, profile=self._engine.rules.profile)

    def look_again(self) -> None:
        """Let the next look find what was signed just now."""
        self._looked = -LOOK_EVERY_S

    def engine(self) -> Engine:
        """Return the engine for who has no transaction; a look at most every few seconds."""
        now = time.monotonic()
        if now - self._looked >= LOOK_EVERY_S:
            try:
                with self._database.reading() as session:
                    self.rules(session)
            except DBAPIError:
                return self._engine
            finally:
                # Not before: who comes meanwhile would be given what was known before.
                self._looked = now
        return self._engine
