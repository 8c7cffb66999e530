"""A patient who is nobody, and the search for her in everything that an installation leaves behind.

``traces`` are her name, number and telephone in every coding in which they could lie in a file. A
test that lets something new be written (a notice, a backup, a print) asks :func:`sightings`.
"""

import base64
import contextlib
import traceback

from app.patients.identity import Given
from app.patients.states import IdentityKind
from tests.app.storage.people import number

NAME, PHONE, RELATIVE = "金丝雀测试", "15912340987", "金丝雀之亲属"
NUMBER = number(region="530829", born="19930817", order="964")
OLD_NUMBER = NUMBER[:6] + NUMBER[8:17]
ADDRESS = "金丝雀测试村九十九号"
CANARY = Given(
    identity_kind=IdentityKind.RESIDENT_ID,
    id_number=NUMBER,
    name=NAME,
    phone=PHONE,
    address=ADDRESS,
    contact_name=RELATIVE,
    contact_phone="15956780123",
)
SECRETS = (NAME, NUMBER, OLD_NUMBER, PHONE, ADDRESS, RELATIVE, "15956780123", "1993-08-17")
CODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


def traces(secrets=SECRETS):
    """Bytes by what they are a trace of."""
    found = {}
    for secret in secrets:
        for coding in CODINGS:
            raw = secret.encode(coding)
            found[secret, coding] = raw
            found[secret, coding, "hex"] = raw.hex().encode()
            found[secret, coding, "HEX"] = raw.hex().upper().encode()
            for shift in range(3):
                found[secret, coding, "base64", shift] = inner_base64(raw, shift)
        found[secret, "escaped"] = secret.encode("unicode_escape")
        found[secret, "repr of bytes"] = repr(secret.encode())[2:-1].encode()
    return found


def inner_base64(raw, shift):
    """What does not depend on its neighbours when a value is encoded in the middle of others."""
    coded = base64.b64encode(b"\0" * shift + raw)
    first = (0, 2, 3)[shift]
    last = len(coded) - (0, 3, 2)[(shift + len(raw)) % 3]
    return coded[first : last - 1 if last == len(coded) else last]


TRACES = traces()


def sightings(places, traces=TRACES):
    """Where she was seen, and in which form; ``places`` are bytes by the name of a place."""
    return [
        (where, trace)
        for where, data in places.items()
        for trace, raw in traces.items()
        if raw in data
    ]


def said(error):
    """Everything an error could tell to a log or a page."""
    parts = [str(error), repr(error), repr(vars(error))]
    parts += traceback.format_exception(error)
    return "\n".join(parts).encode()


def files_below(folder):
    """Every file by its name; one that the server throws away meanwhile is gone."""
    found = {}
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.is_file() and not path.is_symlink():
                found[path.name] = path.read_bytes()
    return found
