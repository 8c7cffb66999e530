"""New passwords, tokens of programs, and what they end, on both databases."""

from datetime import timedelta

import pytest

from app.accounts import door, own, people
from app.accounts.errors import (
    PasswordChangeNeededError,
    PasswordRefusedError,
    SignInRefusedError,
    TokenRefusedError,
    TooManyAttemptsError,
)
from app.accounts.passwords import Fresh, faults_of, fresh_password, is_right
from app.accounts.presence import presence_of
from app.accounts.store import user_named
from app.errors import NotFoundError, NotSignedInError
from tests.app.storage import account_rows
from tests.app.storage.account_rows import (
    HASH,
    PASSWORD,
    asks,
    by_token,
    sign_in,
    signs_out,
    there,
    token,
)
from tests.app.storage.rows import NOW

NEW = "云南山区 转诊 2027"
CLIENT = {"client": "10.0.0.7"}


def changed(database, opened, *, old=PASSWORD, new=NEW):
    return door.change_password(
        database, cookie=opened.token, csrf=opened.csrf, old=old, new=new, **CLIENT
    )


def test_a_new_password_ends_all_sessions_and_tokens_and_begins_one(database, jia):
    opened, elsewhere = sign_in(database), sign_in(database)
    made = token(database, opened)
    after = changed(database, opened)

    for request in (
        lambda: asks(database, opened),
        lambda: asks(database, elsewhere),
        lambda: by_token(database, made),
    ):
        with pytest.raises(NotSignedInError):
            request()
    assert asks(database, after).user_id == jia["user"]
    assert after.expires_at == opened.expires_at
    with pytest.raises(SignInRefusedError):
        sign_in(database)
    assert sign_in(database, password=NEW).actor


def test_a_new_password_needs_the_old_one_and_guessing_it_is_counted(database, jia):
    opened = sign_in(database)
    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            changed(database, opened, old="wrong")

    with pytest.raises(TooManyAttemptsError):
        changed(database, opened)
    assert asks(database, opened)


def test_with_an_initial_password_one_can_change_it_look_who_one_is_and_leave(database, clock):
    with database.writing() as session:
        account_rows.clinician(session, must_change=True)
    opened = sign_in(database)

    assert opened.must_change
    with pytest.raises(PasswordChangeNeededError):
        asks(database, opened)
    with pytest.raises(PasswordChangeNeededError):
        token(database, opened)
    assert asks(database, opened, at_the_door=True) == opened.actor
    after = changed(database, opened)
    assert (after.must_change, asks(database, after)) == (False, opened.actor)
    signs_out(database, after)


@pytest.mark.parametrize(
    ("new", "fault"),
    [
        ("elevenchars", "too_short"),
        ("x" * 257, "too_long"),
        ("aaaaaaaaaaaaaaaa", "too_common"),
        ("Password123456", "too_common"),
        (PASSWORD, "is_old"),
    ],
)
def test_a_password_against_the_rules_is_refused_and_the_old_one_stays(database, jia, new, fault):
    opened = sign_in(database)
    with pytest.raises(PasswordRefusedError) as caught:
        changed(database, opened, new=new)

    assert fault in caught.value.faults
    assert asks(database, opened)


def test_the_login_name_is_no_password_not_even_backwards():
    assert faults_of("li.ming.530829", login="li.ming.530829") == ("is_login",)
    assert faults_of("928035.gnim.il", login="li.ming.530829") == ("is_login",)
    assert faults_of(NEW, login="li.ming.530829", old=PASSWORD) == ()


def test_an_initial_password_is_long_random_and_unlike_the_next():
    first, second = fresh_password(), fresh_password()

    assert first.plain != second.plain
    assert faults_of(first.plain, login="jia") == ()
    assert is_right(first.plain, first.hash)
    assert not is_right(first.plain, second.hash)
    assert first.plain not in repr(first)


def test_a_token_acts_without_a_cookie_until_it_is_revoked(database, jia):
    opened = sign_in(database)
    made = token(database, opened)

    assert by_token(database, made) == opened.actor
    with database.writing() as session:
        own.revoke_token(session, there(database, opened), made.id, now=NOW)
    with pytest.raises(NotSignedInError):
        by_token(database, made)


def test_a_token_lasts_a_month_and_at_most_three(database, jia, clock):
    opened = sign_in(database)
    made = token(database, opened)

    assert made.expires_at - NOW == timedelta(days=30)
    for days in (0, 91):
        with pytest.raises(TokenRefusedError):
            token(database, opened, days=days)
    assert token(database, opened, days=90)
    clock.now = made.expires_at
    with pytest.raises(NotSignedInError):
        by_token(database, made)


def test_a_token_makes_no_token_and_ends_none_of_others(database, jia):
    opened = sign_in(database)
    made = token(database, opened)
    with database.writing() as session:
        account_rows.clinician(session, "yi-b")
    other = sign_in(database, "yi-b")
    program = presence_of(database, cookie=None, csrf=None, bearer=made.token, unsafe=True)

    with pytest.raises(TokenRefusedError), database.writing() as session:
        own.make_token(session, program, "more", now=NOW)
    with pytest.raises(NotFoundError), database.writing() as session:
        own.revoke_token(session, there(database, other), made.id, now=NOW)
    assert by_token(database, made)


def test_a_password_given_anew_ends_everything_and_has_to_be_changed(database, jia):
    opened = sign_in(database)
    made = token(database, opened)
    with database.writing() as session:
        people.give_password(session, user_named(session, "jia"), Fresh(PASSWORD, HASH), at=NOW)

    with pytest.raises(NotSignedInError):
        asks(database, opened)
    with pytest.raises(NotSignedInError):
        by_token(database, made)
    assert sign_in(database).must_change
