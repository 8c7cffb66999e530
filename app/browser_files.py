"""The built browser application under ``/app/``: files made beforehand, nothing worked out."""

import mimetypes
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

__all__ = ["BUILT", "BrowserFiles"]

BUILT = Path(__file__).parent / "web" / "dist"
KEPT = "public, max-age=31536000, immutable"
ASKED_AGAIN = "no-cache"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PACKED = (("br", ".br"), ("gzip", ".gz"))


class BrowserFiles:
    """Serves what the build left, in the packing that the browser takes.

    A name with a digest in it is kept for a year, the page itself is asked for again each time.
    Which screen is open stands behind the # of the address and never reaches the server.
    """

    def __init__(self, folder: Path = BUILT) -> None:
        self.folder = folder.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file; what is not there, and whatever lies elsewhere, is 404."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405)
        name = scope["path"].removeprefix(scope.get("root_path", "")).strip("/") or "index.html"
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder) or not path.is_file():
            raise HTTPException(404)
        headers = {
            "Cache-Control": KEPT if path.parent.name == "assets" else ASKED_AGAIN,
            "Content-Security-Policy": POLICY,
            "Vary": "Accept-Encoding",
        }
        taken = Headers(scope=scope).get("accept-encoding", "")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        for encoding, ending in PACKED:
            packed = path.with_name(path.name + ending)
            if encoding in taken and packed.is_file():
                path, headers["Content-Encoding"] = packed, encoding
                break
        await FileResponse(path, media_type=kind, headers=headers)(scope, receive, send)
