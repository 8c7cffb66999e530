"""Addresses of notices over HTTP: kept by the administrator of the organisation or of its area."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.accounts.service import kept_organisation
from app.answers import takes
from app.body import sent
from app.keys.words import opened
from app.notices import service
from app.notices.schemas import AddressesOut, AddressIn, AddressOut
from app.notices.states import ChannelName
from app.notices.tables import NoticeAddress
from app.performing import Done, LookDep, PerformDep
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["notices"])

CREATED = 201


@router.get("/notice-addresses", response_model=AddressesOut)
def list_notice_addresses(org_id: Annotated[uuid.UUID, Query()], see: LookDep) -> Response:
    """List where an organisation is reached; where nowhere, its notices stand in the log."""

    def act(work: Work) -> Done:
        org = kept_organisation(work, org_id)
        found = service.addresses_of(work.session, org.id, at=work.now)
        return Done(AddressesOut(items=[_out(work, row) for row in found]))

    return see(act)


@router.post(
    "/notice-addresses",
    status_code=CREATED,
    response_model=AddressOut,
    openapi_extra=takes(AddressIn),
)
def add_notice_address(
    given: Annotated[AddressIn, Depends(sent(AddressIn))], perform: PerformDep
) -> Response:
    """Note where an organisation is reached from now on."""

    def act(work: Work) -> Done:
        org = kept_organisation(work, given.org_id)
        key = service.add_address(
            work.session, org.id, ChannelName(given.channel), given.address, at=work.now
        )
        return Done(_out(work, service.address_of(work.session, key)), CREATED)

    return perform(act)


@router.post("/notice-addresses/{address_id}/end", response_model=AddressOut)
def end_notice_address(address_id: uuid.UUID, perform: PerformDep) -> Response:
    """Reach an organisation there no more."""

    def act(work: Work) -> Done:
        row = service.address_of(work.session, address_id)
        kept_organisation(work, row.org_id)
        service.end_address(work.session, row, at=work.now)
        return Done(_out(work, row))

    return perform(act)


def _out(work: Work, row: NoticeAddress) -> AddressOut:
    shown = opened(work.session, row, "address")
    return AddressOut.model_validate({name: shown[name] for name in AddressOut.model_fields})
