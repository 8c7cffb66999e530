"""Chores that take away what has to be kept no longer, a little at a time."""

from collections.abc import Callable
from datetime import timedelta

from app.commands.pruning import forget_commands
from app.live.service import forget_changes
from app.patients.erasing import erase_due
from app.patients.service import Retention
from app.settings import Settings
from app.transfers.needed import still_needed
from app.worker.handling import Task

__all__ = ["erasing", "pruning", "retention_of"]

AT_ONCE = 500
"""Rows in one go; writers wait for it."""


def retention_of(settings: Settings) -> Retention:
    """Return the years of the settings."""
    return Retention(settings.retention_maternal_years, settings.retention_newborn_years)


def erasing(settings: Settings) -> Callable[[Task], None]:
    """Return the chore that erases identities whose years are over."""
    retention = retention_of(settings)

    def act(task: Task) -> None:
        erase_due(task.session, task.now, retention, still_needed=still_needed)

    return act


def pruning(settings: Settings) -> Callable[[Task], None]:
    """Return the chore that forgets old changes and commands that nobody repeats any more."""
    changes = timedelta(hours=settings.keep_changes_hours)
    commands = timedelta(hours=settings.keep_commands_hours)

    def act(task: Task) -> None:
        forget_changes(task.session, task.now - changes, most=AT_ONCE)
        forget_commands(task.session, task.now - commands, most=AT_ONCE, province=task.province)

    return act
