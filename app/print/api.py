"""Forms of a referral over HTTP: a page to print, or a PDF."""

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from app.clock import local_now
from app.deps import CatalogueDep, CurrentDep, FontsDep, KeysDep, TrainingDep
from app.engine import Engine
from app.pages.api import page
from app.performing import LookDep
from app.print.sheets import Sheet, SheetKind, sheet_of
from app.print.typesetting import code_of, pdf_of
from app.referrals.noting import noted
from app.referrals.sight import look
from app.transfers.dossier import dossier
from app.words import Words
from app.work import Work

__all__ = ["router"]

router = APIRouter(tags=["print"])

PDF = "application/pdf"


@router.get(
    "/referrals/{referral_id}/sheets/{sheet}",
    response_class=HTMLResponse,
    responses={200: {"content": {PDF: {}}, "description": "A page to print, or a PDF"}},
)
def print_sheet(
    referral_id: uuid.UUID,
    sheet: SheetKind,
    keys: KeysDep,
    current: CurrentDep,
    texts: CatalogueDep,
    fonts: FontsDep,
    training: TrainingDep,
    see: LookDep,
    form: Annotated[Literal["page", "pdf"], Query(alias="as")] = "page",
) -> Response:
    """Print the slip (转诊单) or the hand-over form (交接单); the look is written down.

    It holds what the reader may see of the referral, and lines to write on for all else.
    """

    def read(work: Work) -> tuple[Engine, Sheet]:
        engine = current.engine(work.session, work.now)
        seen = look(work, referral_id)
        noted(work, referral_id, "printed", scope=" ".join(sorted(seen.capacities)), read=True)
        found = sheet_of(
            sheet,
            dossier(work, keys, seen),
            Words(texts, engine.book),
            engine.rules,
            now=local_now(),
            training=training,
            unsigned=engine.unsigned,
        )
        return engine, found

    engine, found = see.read(read, noted=True)
    if form == "pdf":
        made = pdf_of(found, language=texts.language, font_dir=fonts)
        name = f"{found.number}-{sheet}.pdf"
        return Response(
            made,
            media_type=PDF,
            headers={
                "Cache-Control": "no-store",
                "Content-Disposition": f'inline; filename="{name}"',
            },
        )
    words = Words(texts, engine.book)
    return page(
        "slip.html", words, engine, training=training, sheet=found, code=code_of(found.number)
    )
