"""The application in this process, where a call says by name who calls.

How people sign in has tests of its own (``test_matrix_doors``); ten thousand calls through sockets
and sessions would be the time of the whole suite.
"""

from starlette.testclient import TestClient

from app.errors import NotSignedInError
from app.main import create_app


class Ward:
    """An application on one database; ``people`` are those it knows."""

    def __init__(self, database, settings, engine):
        self.database, self.settings, self.engine = database, settings, engine
        self.people, self.tokens = {}, {}
        self.app = create_app(settings, engine=engine, authenticate=self._who)
        self.client = TestClient(self.app)
        self.client.__enter__()

    def close(self):
        self.client.__exit__(None, None, None)

    def admit(self, name, actor):
        """Let somebody be known by a name."""
        self.people[name], self.tokens[name] = actor, name

    def _who(self, request, _database):
        name = request.headers.get("authorization", "").removeprefix("Bearer ")
        if name not in self.people:
            raise NotSignedInError
        return self.people[name]
