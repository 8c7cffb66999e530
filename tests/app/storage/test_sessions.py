"""Who is signed in, for how long, and what ends it, on both databases."""

from datetime import timedelta

import pytest

from app.accounts import door, own, people
from app.accounts.errors import (
    CsrfError,
    RoleNotChosenError,
    SessionLockedError,
    SignInRefusedError,
    TooManyAttemptsError,
)
from app.accounts.presence import actor_of, authenticate, presence_of
from app.accounts.store import user_named
from app.accounts.tokens import new_token
from app.db import Database
from app.errors import NotFoundError, NotSignedInError
from tests.app.storage import account_rows, rows
from tests.app.storage.account_rows import (
    PASSWORD,
    asks,
    by_token,
    counted,
    sign_in,
    signs_out,
    there,
    token,
)
from tests.app.storage.rows import NOW

CLIENT = {"client": "10.0.0.7"}


def unlock(database, opened, password=PASSWORD, **more):
    values = {"cookie": opened.token, "csrf": opened.csrf, "password": password}
    return door.unlock(database, **{**values, **CLIENT, **more})


@pytest.mark.parametrize(
    "cookie",
    [None, "", "x", "x" * 43, "x" * 100_000, new_token()],
    ids=["none", "empty", "short", "of its length", "endless", "of nobody"],
)
def test_who_brings_nothing_that_counts_is_not_signed_in(database, jia, cookie):
    sign_in(database)
    for unsafe in (False, True):
        with pytest.raises(NotSignedInError):
            actor_of(database, cookie=cookie, csrf=cookie, bearer=None, unsafe=unsafe)
        with pytest.raises(NotSignedInError):
            actor_of(database, cookie=None, csrf=None, bearer=cookie or "", unsafe=unsafe)


def test_every_sign_in_is_a_session_under_a_new_token(database, jia):
    """No token that was there before counts afterwards: none can be planted in a browser."""
    first, second = sign_in(database), sign_in(database)

    assert len({first.token, second.token, first.csrf, second.csrf}) == 4
    assert counted(database, "user_session") == 2


def test_a_cookie_is_no_bearer_and_a_token_no_cookie(database, jia):
    opened = sign_in(database)
    made = token(database, opened)
    with pytest.raises(NotSignedInError):
        asks(database, opened, cookie=None, bearer=opened.token)
    with pytest.raises(NotSignedInError):
        asks(database, opened, cookie=made.token)
    assert by_token(database, made) == opened.actor


def test_an_unsafe_request_needs_the_token_of_its_own_page(database, jia):
    opened, other = sign_in(database), sign_in(database)

    assert asks(database, opened, unsafe=True) == opened.actor
    for csrf in (None, "", "wrong", other.csrf, opened.token):
        with pytest.raises(CsrfError):
            asks(database, opened, unsafe=True, csrf=csrf)
    assert asks(database, opened, csrf=None) == opened.actor


def test_a_page_that_was_loaded_again_is_told_its_token(database, jia):
    opened = sign_in(database)
    found = presence_of(database, cookie=opened.token, csrf=None, bearer=None, unsafe=False)

    assert found.csrf == opened.csrf


def test_a_cookie_replayed_after_signing_out_is_refused(database, jia):
    opened = sign_in(database)
    signs_out(database, opened)

    with pytest.raises(NotSignedInError):
        asks(database, opened)


def test_a_session_ends_twelve_hours_after_signing_in_however_busy(database, jia, clock):
    opened = sign_in(database)
    for _ in range(12 * 15 - 1):
        clock.passes(minutes=4)
        asks(database, opened)
    clock.passes(minutes=4)

    with pytest.raises(NotSignedInError):
        asks(database, opened)


def test_nobody_at_the_screen_for_five_minutes_locks_it_and_the_password_opens_it(
    database, jia, clock
):
    opened = sign_in(database)
    clock.passes(minutes=5)
    with pytest.raises(SessionLockedError):
        asks(database, opened)
    with pytest.raises(SignInRefusedError):
        unlock(database, opened, "wrong")
    with pytest.raises(SessionLockedError):
        asks(database, opened)

    assert unlock(database, opened).actor == opened.actor
    assert asks(database, opened) == opened.actor


def test_asking_again_and_again_does_not_open_a_locked_screen(database, jia, clock):
    opened = sign_in(database)
    clock.passes(minutes=5)
    for _ in range(6):
        clock.passes(seconds=20)
        with pytest.raises(SessionLockedError):
            asks(database, opened)


def test_a_page_that_asks_by_itself_keeps_no_screen_open(database, jia, clock):
    opened = sign_in(database)
    for _ in range(4):
        clock.passes(minutes=1)
        asks(database, opened, background=True)
    clock.passes(minutes=1)

    with pytest.raises(SessionLockedError):
        asks(database, opened)


def test_a_locked_screen_is_guessed_at_no_more_than_a_login(database, jia, clock):
    opened = sign_in(database)
    clock.passes(minutes=5)
    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            unlock(database, opened, "wrong")

    with pytest.raises(TooManyAttemptsError):
        unlock(database, opened)


def test_unlocking_needs_the_token_of_the_page_too(database, jia, clock):
    opened = sign_in(database)
    clock.passes(minutes=5)

    with pytest.raises(CsrfError):
        unlock(database, opened, csrf=None)


def test_that_somebody_was_there_is_written_once_a_minute(database, jia, clock):
    """A hundred requests in two minutes: two writes."""
    opened = sign_in(database)
    moments = set()
    for _ in range(100):
        clock.passes(seconds=1.2)
        asks(database, opened)
        with database.reading() as session:
            said = session.connection().exec_driver_sql("SELECT last_seen_at FROM user_session")
            moments.add(said.scalar())

    assert len(moments) == 2 + 1


def test_a_role_that_has_ended_ends_what_is_signed_in_with_it(database, jia, address, clock):
    opened = sign_in(database)
    made = token(database, opened)
    other = Database(address)
    with other.writing() as session:
        rows.update(session, "role_grant", {"to_at": NOW}, "1 = 1")
    other.close()

    with pytest.raises(NotSignedInError):
        asks(database, opened)
    with pytest.raises(NotSignedInError):
        by_token(database, made)


def test_a_role_given_until_tomorrow_ends_tomorrow(database, clock):
    with database.writing() as session:
        org = rows.organisation(session)
        who = account_rows.user(session, org=org)
        account_rows.grant(session, who, org, to_at=NOW + timedelta(hours=2))
    opened = sign_in(database)
    clock.now = NOW + timedelta(hours=2)

    with pytest.raises(NotSignedInError):
        asks(database, opened, idle=timedelta(days=1))


def test_a_shut_account_is_out_with_the_next_request_in_every_process(database, jia, address):
    opened = sign_in(database)
    made = token(database, opened)
    other = Database(address)
    with other.writing() as session:
        people.disable(session, user_named(session, "jia"), at=NOW)
    other.close()

    for request in (lambda: asks(database, opened), lambda: by_token(database, made)):
        with pytest.raises(NotSignedInError):
            request()
    with database.writing() as session:
        people.enable(session, user_named(session, "jia"))
    with pytest.raises(NotSignedInError):
        asks(database, opened)


@pytest.fixture
def two_roles(database, jia):
    with database.writing() as session:
        org = rows.organisation(session, facility_id="YN530800-001")
        more = account_rows.grant(session, jia["user"], org, role="coordinator")
    return {**jia, "coordinator": more}


def test_of_several_roles_one_is_chosen_and_nothing_works_before(database, two_roles):
    opened = sign_in(database)

    assert opened.actor is None
    assert {one.role for one in opened.roles} == {"county_clinician", "coordinator"}
    with pytest.raises(RoleNotChosenError):
        asks(database, opened)
    with database.writing() as session:
        chosen = own.switch_role(
            session, there(database, opened), two_roles["coordinator"], now=NOW, **CLIENT
        )
    assert asks(database, chosen).role == "coordinator"
    assert chosen.expires_at == opened.expires_at
    with pytest.raises(NotSignedInError):
        asks(database, opened)


def test_a_role_may_be_chosen_when_signing_in(database, two_roles):
    assert sign_in(database, grant_id=two_roles["coordinator"]).actor.role == "coordinator"


def test_a_role_of_somebody_else_is_not_to_be_had(database, two_roles):
    with database.writing() as session:
        _, foreign, _ = account_rows.clinician(session, "yi-b")
    opened = sign_in(database, grant_id=foreign)

    assert opened.actor is None
    with pytest.raises(NotFoundError), database.writing() as session:
        own.switch_role(session, there(database, opened), foreign, now=NOW, **CLIENT)


def test_of_two_who_go_on_from_one_session_only_one_does(database, two_roles):
    opened = sign_in(database)
    seen = there(database, opened)
    with database.writing() as session:
        own.switch_role(session, seen, two_roles["grant"], now=NOW, **CLIENT)

    with pytest.raises(NotSignedInError), database.writing() as session:
        own.switch_role(session, seen, two_roles["coordinator"], now=NOW, **CLIENT)


def test_a_request_that_reads_writes_nothing(database, jia):
    """Also by the function that is given a session: a reader never waits for a writer."""
    opened = sign_in(database)
    with database.writing() as _, database.reading() as session:
        actor = authenticate(
            session, cookie=opened.token, csrf=None, bearer=None, unsafe=False, now=NOW
        )

    assert actor == opened.actor
