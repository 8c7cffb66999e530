"""What can go wrong with backups.

AppError
  BackupDamagedError     the file is no backup, was changed or cut, or the key is another
  BackupExistsError      there is a file of that name already
  DatabaseNotEmptyError  a backup is restored into an empty database only
  OtherDatabaseError     a backup of the other kind of database
  ToolFailedError        a program of PostgreSQL ended with an error
  ToolMissingError       a program of PostgreSQL is not there
"""

from app.errors import AppError

__all__ = [
    "BackupDamagedError",
    "BackupExistsError",
    "DatabaseNotEmptyError",
    "OtherDatabaseError",
    "ToolFailedError",
    "ToolMissingError",
]


class BackupDamagedError(AppError, ValueError):
    """The file is no backup of this key, whole and unchanged; nothing was restored."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"this backup cannot be used: {reason}; nothing was changed; take another one, and "
            "look whether backup.key is that of the installation that made it"
        )


class BackupExistsError(AppError, FileExistsError):
    """There is a file of that name; a backup never replaces another."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} is there already; give another name, or a folder")


class DatabaseNotEmptyError(AppError, ValueError):
    """There are tables in the database; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            "there are tables in the database already; restore into an empty one and let "
            "DATABASE_URL name it"
        )


class OtherDatabaseError(AppError, ValueError):
    """A backup of ``made_by`` cannot be restored into ``wanted``."""

    def __init__(self, made_by: str, wanted: str) -> None:
        self.made_by = made_by
        self.wanted = wanted
        super().__init__(
            f"this is a backup of {made_by} and DATABASE_URL names {wanted}; name a {made_by} one"
        )


class ToolMissingError(AppError, LookupError):
    """A program of PostgreSQL is not on the path and not in the folder of the settings."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"{name} is not on the path; install the client programs of PostgreSQL, or let "
            "GREENCHANNEL_POSTGRES_TOOLS name their folder"
        )


class ToolFailedError(AppError, RuntimeError):
    """A program of PostgreSQL ended with an error; ``said`` is its own word, without any row."""

    def __init__(self, name: str, said: str) -> None:
        self.name = name
        self.said = said
        super().__init__(f"{name} ended with an error: {said or 'it did not say which'}")
