"""What can go wrong when a form is set.

FontMissingError  no Chinese font is on this machine, and boxes instead of signs help nobody
"""

from app.errors import AppError

__all__ = ["FontMissingError"]


class FontMissingError(AppError):
    """There is no font with Chinese signs, so a PDF would show boxes."""

    def __init__(self) -> None:
        super().__init__(
            "no Chinese font is installed, so no PDF is made; print the page instead, or install "
            "one (Debian: fonts-noto-cjk) or name its folder in GREENCHANNEL_FONT_DIR"
        )
