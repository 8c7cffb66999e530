"""What can go wrong with messages out.

AppError
  ChannelError             a message did not get out; it is tried again
    RefusedMessageError    the receiver will never take it: a dead letter at once
    ForbiddenAddressError  an address that may not be called; nothing was sent
  NoDeadNoticeError        no dead notice under this key in this province
"""

from app.errors import AppError

__all__ = ["ChannelError", "ForbiddenAddressError", "NoDeadNoticeError", "RefusedMessageError"]


class ChannelError(AppError, ConnectionError):
    """A message did not get out, because of ``code``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"a message did not get out: {code}")


class RefusedMessageError(ChannelError):
    """The receiver will never take it, because of ``code``."""


class ForbiddenAddressError(ChannelError):
    """An address that may not be called, because of ``code``; a secret in it is not said."""


class NoDeadNoticeError(AppError, LookupError):
    """No dead notice ``key``; it may have been revived meanwhile."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"no dead notice {key!r}; list them to see which there are")
