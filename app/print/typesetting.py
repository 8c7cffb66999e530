"""A sheet set as a PDF, by typst; the code in its corner is the number and nothing of hers."""

import io
import json
from dataclasses import asdict
from pathlib import Path

import segno
import typst

from app.print.errors import FontMissingError
from app.print.fonts import chinese_font
from app.print.sheets import Sheet

__all__ = ["code_of", "pdf_of"]

TEMPLATE = str(Path(__file__).parent / "templates" / "sheet.typ")


def pdf_of(sheet: Sheet, *, language: str, font_dir: Path | None) -> bytes:
    """Return a form as PDF.

    Parameters
    ----------
    sheet : Sheet
    language : str
        ``zh`` or ``en``; says how lines are broken.
    font_dir : Path, optional
        A folder with a Chinese font; None: the fonts of the system.

    Raises
    ------
    FontMissingError
        There is no Chinese font.
    """
    if chinese_font(font_dir) is None:
        raise FontMissingError
    told = json.dumps(asdict(sheet) | {"code": code_of(sheet.number), "language": language})
    folders = [] if font_dir is None else [str(font_dir)]
    return typst.compile(TEMPLATE, font_paths=folders, sys_inputs={"sheet": told})


def code_of(number: str) -> str:
    """Return a QR code of a number, as SVG."""
    out = io.BytesIO()
    segno.make(number, error="m", micro=False).save(
        out, kind="svg", scale=3, border=2, xmldecl=False, nl=False
    )
    return out.getvalue().decode()
