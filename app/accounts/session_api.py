"""Coming in and leaving, and everybody's own password and tokens, over HTTP.

These calls carry no key for a repetition: a second sign-in is a second session, and no answer with
a secret in it is kept.
"""

import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts import door, own, schemas, service
from app.accounts.calling import (
    PresenceDep,
    client_of,
    cookie_of,
    csrf_of,
    forget,
    idle_of,
    own_page,
    remember,
)
from app.accounts.passwords import fresh_password
from app.accounts.presence import Presence
from app.accounts.session_tables import ApiToken
from app.accounts.sessions import Held, Opened, roles_held
from app.accounts.states import Actor
from app.answers import takes
from app.body import sent
from app.deps import ActorDep, DatabaseDep, KeysDep
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["session"])

CREATED = 201
NOT_KEPT = {"Cache-Control": "no-store"}


@router.post(
    "/session",
    status_code=CREATED,
    response_model=schemas.SessionOut,
    openapi_extra=takes(schemas.SignInIn),
    dependencies=[Depends(own_page)],
)
def sign_in(
    asked: Annotated[schemas.SignInIn, Depends(sent(schemas.SignInIn))],
    request: Request,
    database: DatabaseDep,
    keys: KeysDep,
) -> Response:
    """Come in with name and password; the session is in the cookie."""
    opened = door.sign_in(
        database,
        asked.login,
        asked.password,
        client=client_of(request),
        grant_id=asked.grant_id,
        keys=keys,
    )
    return _opened(request, opened, CREATED)


@router.get("/session", response_model=schemas.ThereOut)
def show_session(there: PresenceDep, database: DatabaseDep) -> Response:
    """Show who is there, also at a locked screen or before the password is changed."""
    with database.reading() as session:
        return _there(session, database.now(session), there)


@router.delete("/session", status_code=204)
def sign_out(request: Request, there: PresenceDep, database: DatabaseDep) -> Response:
    """Leave; the session ends."""
    with database.writing() as session:
        own.sign_out(session, there, client=client_of(request), now=database.now(session))
    response = Response(status_code=204, headers=NOT_KEPT)
    forget(request, response)
    return response


@router.post(
    "/session/unlock",
    response_model=schemas.ThereOut,
    openapi_extra=takes(schemas.UnlockIn),
)
def unlock_session(
    asked: Annotated[schemas.UnlockIn, Depends(sent(schemas.UnlockIn))],
    request: Request,
    database: DatabaseDep,
    keys: KeysDep,
) -> Response:
    """Open a locked session with the password."""
    there = door.unlock(
        database,
        cookie=cookie_of(request),
        csrf=csrf_of(request),
        password=asked.password,
        client=client_of(request),
        keys=keys,
    )
    with database.reading() as session:
        return _there(session, database.now(session), there)


@router.post(
    "/session/role",
    response_model=schemas.SessionOut,
    openapi_extra=takes(schemas.RoleIn),
)
def choose_role(
    asked: Annotated[schemas.RoleIn, Depends(sent(schemas.RoleIn))],
    request: Request,
    there: PresenceDep,
    database: DatabaseDep,
) -> Response:
    """Act in another role, in a session of its own."""
    with database.writing() as session:
        opened = own.switch_role(
            session, there, asked.grant_id, client=client_of(request), now=database.now(session)
        )
    return _opened(request, opened)


@router.post(
    "/password", response_model=schemas.SessionOut, openapi_extra=takes(schemas.PasswordIn)
)
def change_password(
    asked: Annotated[schemas.PasswordIn, Depends(sent(schemas.PasswordIn))],
    request: Request,
    database: DatabaseDep,
    keys: KeysDep,
) -> Response:
    """Take another password; every other session and every token ends."""
    opened = door.change_password(
        database,
        cookie=cookie_of(request),
        csrf=csrf_of(request),
        old=asked.old,
        new=asked.new,
        client=client_of(request),
        idle=idle_of(request),
        keys=keys,
    )
    return _opened(request, opened)


@router.get("/tokens", response_model=schemas.TokensOut)
def list_tokens(there: PresenceDep, database: DatabaseDep) -> Response:
    """List your tokens, without what they are."""
    with database.reading() as session:
        items = tuple(_token(row) for row in own.own_tokens(session, there))
    return _shown(schemas.TokensOut(items=items))


@router.post(
    "/tokens",
    status_code=CREATED,
    response_model=schemas.MadeTokenOut,
    openapi_extra=takes(schemas.TokenIn),
)
def make_token(
    asked: Annotated[schemas.TokenIn, Depends(sent(schemas.TokenIn))],
    there: PresenceDep,
    database: DatabaseDep,
) -> Response:
    """Make a token for a program; it is shown this once."""
    with database.writing() as session:
        made = own.make_token(
            session, there, asked.name, now=database.now(session), days=asked.days
        )
    return _shown(
        schemas.MadeTokenOut(id=made.id, token=made.token, expires_at=made.expires_at), CREATED
    )


@router.delete("/tokens/{token_id}", status_code=204)
def revoke_token(token_id: uuid.UUID, there: PresenceDep, database: DatabaseDep) -> Response:
    """End a token of your own."""
    with database.writing() as session:
        own.revoke_token(session, there, token_id, now=database.now(session))
    return Response(status_code=204, headers=NOT_KEPT)


@router.post("/users/{user_id}/password", response_model=schemas.InitialPasswordOut)
def give_password(user_id: uuid.UUID, actor: ActorDep, database: DatabaseDep) -> Response:
    """Give an account an initial password; it is shown this once, everything signed in ends."""
    fresh = fresh_password()
    with database.writing() as session:
        service.reset_password(Work(session, actor, database.now(session)), user_id, fresh)
    return _shown(schemas.InitialPasswordOut(password=fresh.plain))


def _shown(document: schemas.Model, status: int = 200) -> Response:
    return Response(
        document.model_dump_json(),
        status_code=status,
        media_type="application/json",
        headers=NOT_KEPT,
    )


def _opened(request: Request, opened: Opened, status: int = 200) -> Response:
    response = _shown(
        schemas.SessionOut(
            csrf=opened.csrf,
            must_change_password=opened.must_change,
            expires_at=opened.expires_at,
            actor=_actor(opened.actor),
            roles=tuple(_held(one) for one in opened.roles),
        ),
        status,
    )
    remember(request, response, opened)
    return response


def _there(session: Session, now: datetime, there: Presence) -> Response:
    return _shown(
        schemas.ThereOut(
            user_id=there.user_id,
            login=there.login,
            name=there.name,
            must_change_password=there.must_change,
            locked=there.locked,
            expires_at=there.expires_at,
            csrf=there.csrf,
            actor=_actor(there.actor),
            roles=tuple(_held(one) for one in roles_held(session, there.user_id, now=now)),
        )
    )


def _actor(actor: Actor | None) -> schemas.ActorOut | None:
    if actor is None:
        return None
    return schemas.ActorOut(
        name=actor.name,
        role=actor.role,
        organisation_id=actor.org_id,
        organisation_kind=actor.org_kind,
        facility_id=actor.facility_id,
        division=actor.division,
    )


def _held(one: Held) -> schemas.HeldOut:
    return schemas.HeldOut(
        grant_id=one.grant_id,
        role=one.role,
        organisation_id=one.org_id,
        organisation=one.org_name,
    )


def _token(row: ApiToken) -> schemas.TokenOut:
    return schemas.TokenOut(
        id=row.id,
        name=row.name,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
