"""Chores that take away what has to be kept no longer, a little at a time."""

from collections.abc import Callable

from app.patients.erasing import erase_due
from app.patients.service import Retention
from app.settings import Settings
from app.transfers.needed import still_needed
from app.worker.handling import Task

__all__ = ["erasing", "retention_of"]


def retention_of(settings: Settings) -> Retention:
    """Return the years of the settings."""
    return Retention(settings.retention_maternal_years, settings.retention_newborn_years)


def erasing(settings: Settings) -> Callable[[Task], None]:
    """Return the chore that erases identities whose years are over."""
    retention = retention_of(settings)

    def act(task: Task) -> None:
        erase_due(task.session, task.now, retention, still_needed=still_needed)

    return act
