"""Whether the four package names are still ours: installers overwrite generic names silently."""

from collections.abc import Iterable, Mapping
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

from app.errors import AppError

__all__ = ["PACKAGES", "ForeignPackageError", "check_ownership", "ownership_faults"]

PACKAGES = ("app", "routing", "facilities", "geodata")


class ForeignPackageError(AppError, RuntimeError):
    """Another distribution owns one of the four names, or they do not lie side by side."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults: tuple[str, ...] = ()
        super().__init__(
            f"{'; '.join(faults)}; install greenchannel alone in an environment of its own"
        )


def _folders() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        spec = find_spec(name)
        places = spec.submodule_search_locations if spec else None
        found[name] = str(Path(next(iter(places))).resolve().parent) if places else ""
    return found


def ownership_faults(
    owners: Mapping[str, Iterable[str]] | None = None, folders: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return what is wrong with the four names: a second owner, or not side by side."""
    owners = packages_distributions() if owners is None else owners
    folders = _folders() if folders is None else folders
    faults = []
    for name in PACKAGES:
        of_name = sorted({owner.lower() for owner in owners.get(name, ())})
        if len(of_name) > 1:
            faults.append(f"package {name} belongs to {', '.join(of_name)}")
    if len({folders[name] for name in PACKAGES}) > 1:
        faults.append("the four packages do not lie side by side")
    return tuple(faults)


def check_ownership() -> None:
    """Refuse to run on packages that are not ours."""
    faults = ownership_faults()
    if faults:
        raise ForeignPackageError(faults)
