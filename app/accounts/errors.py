"""What can go wrong with signing in and with accounts.

AppError
  SessionLockedError        nobody was at the screen for a while; the password opens it again
  CsrfError                 an unsafe request that no page of ours sent
  PasswordChangeNeededError only the password may be changed until it is
  RoleNotChosenError        several roles, and none chosen yet
  SignInRefusedError        name and password do not fit together
  TooManyAttemptsError      wrong too often; wait
  DoorBusyError             too many passwords to look at; ask again
  NoRoleError               the account holds no role at present
  PasswordRefusedError      a new password against the rules
  LoginRefusedError         a login name that cannot be one
  LoginTakenError           a login name that somebody has
  GrantRefusedError         a role that cannot be held there or by this person
  SeparateDutiesError       one account would both administer and audit
  CommunityRefusedError     a membership that cannot be
  OrganisationRefusedError  an organisation that cannot be
  TokenRefusedError         a token that would last too long, or not at all
  AlreadyInitialisedError   the installation has an administrator
"""

from collections.abc import Sequence

from app.errors import AppError

__all__ = [
    "AlreadyInitialisedError",
    "CommunityRefusedError",
    "CsrfError",
    "DoorBusyError",
    "GrantRefusedError",
    "LoginRefusedError",
    "LoginTakenError",
    "NoRoleError",
    "OrganisationRefusedError",
    "PasswordChangeNeededError",
    "PasswordRefusedError",
    "RoleNotChosenError",
    "SeparateDutiesError",
    "SessionLockedError",
    "SignInRefusedError",
    "TokenRefusedError",
    "TooManyAttemptsError",
]


class SessionLockedError(AppError, PermissionError):
    """Nobody was at the screen for a while."""

    def __init__(self) -> None:
        super().__init__("the session is locked; give the password to go on")


class CsrfError(AppError, PermissionError):
    """An unsafe request without the token of the session's page."""

    def __init__(self) -> None:
        super().__init__("the token of the page is missing or wrong; load the page again")


class PasswordChangeNeededError(AppError, PermissionError):
    """The password is an initial one."""

    def __init__(self) -> None:
        super().__init__("this password was given for the first time only; change it first")


class RoleNotChosenError(AppError, PermissionError):
    """Several roles are held and the session has chosen none."""

    def __init__(self) -> None:
        super().__init__("several roles are held; choose the one to act in")


class SignInRefusedError(AppError, PermissionError):
    """Name and password do not fit together; which of the two is not said."""

    def __init__(self) -> None:
        super().__init__("name and password do not fit together; try again or ask for a new one")


class TooManyAttemptsError(AppError, PermissionError):
    """Wrong too often under this name or from this address."""

    def __init__(self, retry_s: int) -> None:
        self.retry_s = retry_s
        super().__init__(f"too many wrong passwords; wait {retry_s} s, then try again")


class DoorBusyError(AppError, RuntimeError):
    """Too many passwords to look at in this process."""

    def __init__(self, retry_s: int) -> None:
        self.retry_s = retry_s
        super().__init__(f"too many are signing in at once; try again in {retry_s} s")


class NoRoleError(AppError, PermissionError):
    """The account holds no role at present."""

    def __init__(self) -> None:
        super().__init__("this account holds no role at present; ask the administrator for one")


class _FaultsError(AppError, ValueError):
    """Something that cannot be; ``faults`` lists every reason as a code."""

    what = "it"

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        self.told = {"codes": list(faults)}
        super().__init__(f"{self.what} cannot be: {', '.join(faults)}; correct it and try again")


class PasswordRefusedError(_FaultsError):
    """A new password against the rules."""

    what = "the password"


class LoginRefusedError(_FaultsError):
    """A login name that cannot be one."""

    what = "the login name"


class GrantRefusedError(_FaultsError):
    """A role that cannot be held there or by this person."""

    what = "the role"


class CommunityRefusedError(_FaultsError):
    """A membership that cannot be."""

    what = "the membership"


class OrganisationRefusedError(_FaultsError):
    """An organisation that cannot be."""

    what = "the organisation"


class TokenRefusedError(_FaultsError):
    """A token that would last too long, or not at all."""

    what = "the token"


class LoginTakenError(AppError, ValueError):
    """A login name that somebody has."""

    def __init__(self, login: str) -> None:
        self.login = login
        self.told = {"login": login}
        super().__init__(f"the login name {login!r} is taken; choose another")


class SeparateDutiesError(AppError, ValueError):
    """One account would both administer and audit; not even one after the other (等保)."""

    def __init__(self, login: str) -> None:
        self.login = login
        super().__init__(
            f"{login!r} administers or audits already and never does both; make another account"
        )


class AlreadyInitialisedError(AppError, RuntimeError):
    """The installation has an administrator."""

    def __init__(self) -> None:
        super().__init__(
            "this installation has an administrator already and nothing was changed; "
            "greenchannel user reset-password gives a new password to one who lost it"
        )
