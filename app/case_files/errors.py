"""What can go wrong with a case file.

AppError
  FileRefusedError    it cannot be done so; every reason is listed
  NotClosableError    a rule keeps the file open, or asks for more before it ends
  NotYourFileError    it is seen, and another party has to do it
  OpenFileError       she has a file already: that one goes on
  StaleFileError      something became of it since it was read
"""

import uuid
from collections.abc import Iterable

from app.errors import AppError, StaleError

__all__ = [
    "FileRefusedError",
    "NotClosableError",
    "NotYourFileError",
    "OpenFileError",
    "StaleFileError",
]


class FileRefusedError(AppError, ValueError):
    """It cannot be done so; ``faults`` lists every reason, nothing was kept."""

    def __init__(self, faults: Iterable[str], *, rules: Iterable[str] = ()) -> None:
        self.faults = tuple(faults)
        self.told = {"codes": list(self.faults), "rules": list(rules)}
        super().__init__(f"this cannot be done so: {', '.join(self.faults)}; correct it")


class NotClosableError(AppError, ValueError):
    """A rule keeps the file as it is; ``hindrances`` are rule and code of each."""

    def __init__(self, hindrances: Iterable[tuple[str, str]]) -> None:
        self.hindrances = tuple(hindrances)
        self.told = {
            "codes": [code for _, code in self.hindrances],
            "rules": list(dict.fromkeys(rule for rule, _ in self.hindrances)),
        }
        said = ", ".join(f"{code} ({rule})" for rule, code in self.hindrances)
        super().__init__(f"the file cannot end so: {said}")


class NotYourFileError(AppError, PermissionError):
    """It may be seen, and somebody else has to do it; ``allowed`` says as what."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self.told = {"allowed": [str(one) for one in allowed]}
        super().__init__("this is for another party of the file to do; ring them")


class OpenFileError(AppError, ValueError):
    """She has a file, open or lost: it is taken up and no second one made."""

    def __init__(self, number: str, status: str) -> None:
        self.number = number
        self.told = {"number": number, "current": status}
        super().__init__(
            f"file {number} of this woman is {status}; take it up, or have it handed over"
        )


class StaleFileError(StaleError):
    """Something became of the file since it was read."""

    def __init__(self, file_id: uuid.UUID, *, read: int, now: int) -> None:
        super().__init__("case file", file_id, read=read, now=now)
