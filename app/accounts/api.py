"""Accounts and organisations over HTTP, for administrators.

No answer that is kept for a repetition carries a password: an account is made with one that nobody
knows, and a call of its own, which may be repeated, gives one and shows it.
"""

import uuid
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.accounts import schemas, service
from app.accounts.passwords import fresh_password
from app.accounts.presence import name_of
from app.accounts.tables import CommunityMember, Organisation, RoleGrant, UserAccount
from app.answers import takes
from app.body import sent
from app.paging import DEFAULT_LIMIT, LARGEST_LIMIT, page
from app.performing import Done, LookDep, PerformDep
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["accounts"])

CREATED = 201


@router.get("/users", response_model=schemas.UsersOut)
def list_users(
    see: LookDep,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """List the accounts that you keep, page by page."""

    def act(work: Work) -> Done:
        found = service.users_kept(work)
        shown, following = page(found, lambda user: str(user.id), cursor, limit)
        return Done(
            schemas.UsersOut(items=tuple(_user(work, one) for one in shown), next=following)
        )

    return see(act)


@router.post(
    "/users",
    status_code=CREATED,
    response_model=schemas.UserOut,
    openapi_extra=takes(schemas.UserIn),
)
def create_user(
    asked: Annotated[schemas.UserIn, Depends(sent(schemas.UserIn))], perform: PerformDep
) -> Response:
    """Make an account with its first role; ask for its initial password next."""
    fresh = fresh_password()

    def act(work: Work) -> Done:
        user = service.create_user(
            work, asked.login, asked.name, fresh, org_id=asked.organisation_id, role=asked.role
        )
        return Done(_user(work, user), CREATED)

    return perform(act)


@router.post(
    "/users/{user_id}/disable",
    response_model=schemas.UserOut,
    openapi_extra=takes(schemas.UntilIn),
)
def disable_user(
    user_id: uuid.UUID,
    asked: Annotated[schemas.UntilIn, Depends(sent(schemas.UntilIn))],
    perform: PerformDep,
) -> Response:
    """Shut an account; whatever is signed in with it ends now."""
    return perform(
        lambda work: Done(_user(work, service.disable_user(work, user_id, until=asked.until)))
    )


@router.post("/users/{user_id}/enable", response_model=schemas.UserOut)
def enable_user(user_id: uuid.UUID, perform: PerformDep) -> Response:
    """Open an account again; nothing that ended comes back."""
    return perform(lambda work: Done(_user(work, service.enable_user(work, user_id))))


@router.get("/users/{user_id}/grants", response_model=schemas.GrantsOut)
def list_grants(user_id: uuid.UUID, see: LookDep) -> Response:
    """List the roles that a person holds now."""

    def act(work: Work) -> Done:
        items = tuple(_grant(one) for one in service.grants_of(work, user_id))
        return Done(schemas.GrantsOut(items=items))

    return see(act)


@router.post(
    "/users/{user_id}/grants",
    status_code=CREATED,
    response_model=schemas.GrantOut,
    openapi_extra=takes(schemas.GrantIn),
)
def grant_role(
    user_id: uuid.UUID,
    asked: Annotated[schemas.GrantIn, Depends(sent(schemas.GrantIn))],
    perform: PerformDep,
) -> Response:
    """Let a person hold one more role."""

    def act(work: Work) -> Done:
        grant = service.grant_role(
            work, user_id, asked.organisation_id, asked.role, until=asked.until
        )
        return Done(_grant(grant), CREATED)

    return perform(act)


@router.post("/grants/{grant_id}/end", response_model=schemas.GrantOut)
def end_grant(grant_id: uuid.UUID, perform: PerformDep) -> Response:
    """End a role; what is signed in with it is so no more."""
    return perform(lambda work: Done(_grant(service.end_grant(work, grant_id))))


@router.get("/organisations", response_model=schemas.OrganisationsOut)
def list_organisations(
    see: LookDep,
    cursor: Annotated[str | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT)] = DEFAULT_LIMIT,
    division: Annotated[str | None, Query(pattern=r"^\d{6}$")] = None,
) -> Response:
    """List the organisations, page by page; no account is named."""

    def act(work: Work) -> Done:
        found = service.organisations_at(work, division)
        shown, following = page(found, lambda org: str(org.id), cursor, limit)
        items = tuple(_organisation(org) for org in shown)
        return Done(schemas.OrganisationsOut(items=items, next=following))

    return see(act)


@router.post(
    "/organisations",
    status_code=CREATED,
    response_model=schemas.OrganisationOut,
    openapi_extra=takes(schemas.OrganisationIn),
)
def add_organisation(
    asked: Annotated[schemas.OrganisationIn, Depends(sent(schemas.OrganisationIn))],
    perform: PerformDep,
) -> Response:
    """Make an organisation in your area that is no facility of the registry."""

    def act(work: Work) -> Done:
        made = service.add_organisation(work, asked.kind, asked.name_zh, asked.division)
        return Done(_organisation(made), CREATED)

    return perform(act)


@router.get("/organisations/{community_id}/members", response_model=schemas.CommunityMembersOut)
def list_members(community_id: uuid.UUID, see: LookDep) -> Response:
    """List the hospitals that belong to a medical community now."""

    def act(work: Work) -> Done:
        items = tuple(_member(one) for one in service.members_of(work, community_id))
        return Done(schemas.CommunityMembersOut(items=items))

    return see(act)


@router.post(
    "/organisations/{community_id}/members",
    status_code=CREATED,
    response_model=schemas.CommunityMemberOut,
    openapi_extra=takes(schemas.CommunityMemberIn),
)
def join_community(
    community_id: uuid.UUID,
    asked: Annotated[schemas.CommunityMemberIn, Depends(sent(schemas.CommunityMemberIn))],
    perform: PerformDep,
) -> Response:
    """Let a hospital belong to a medical community."""
    return perform(
        _membership(
            lambda work: service.join_community(
                work, community_id, asked.organisation_id, lead=asked.is_lead
            ),
            CREATED,
        )
    )


@router.post(
    "/organisations/{community_id}/members/{organisation_id}/end",
    response_model=schemas.CommunityMemberOut,
)
def leave_community(
    community_id: uuid.UUID, organisation_id: uuid.UUID, perform: PerformDep
) -> Response:
    """End a membership."""
    return perform(
        _membership(lambda work: service.leave_community(work, community_id, organisation_id))
    )


def _membership(
    act: Callable[[Work], CommunityMember], status: int = 200
) -> Callable[[Work], Done]:
    return lambda work: Done(_member(act(work)), status)


def _member(row: CommunityMember) -> schemas.CommunityMemberOut:
    return schemas.CommunityMemberOut(
        community_id=row.community_id,
        organisation_id=row.member_id,
        is_lead=row.is_lead,
        from_at=row.from_at,
        to_at=row.to_at,
    )


def _user(work: Work, user: UserAccount) -> schemas.UserOut:
    return schemas.UserOut(
        id=user.id,
        login=user.login,
        name=name_of(work.session, user),
        organisation_id=user.home_org,
        roles=service.roles_now(work, user.id),
        must_change_password=user.must_change,
        disabled_from=user.disabled_from,
        disabled_to=user.disabled_to,
    )


def _grant(grant: RoleGrant) -> schemas.GrantOut:
    return schemas.GrantOut.model_validate(
        {
            "id": grant.id,
            "user_id": grant.user_id,
            "organisation_id": grant.org_id,
            "role": grant.role,
            "from_at": grant.from_at,
            "to_at": grant.to_at,
        }
    )


def _organisation(org: Organisation) -> schemas.OrganisationOut:
    return schemas.OrganisationOut.model_validate(
        {
            "id": org.id,
            "kind": org.kind,
            "name_zh": org.name_zh,
            "division": org.division,
            "facility_id": org.facility_id,
        }
    )
