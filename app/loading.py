"""From files to an engine: built-in data, the data folder over it, files given to one command."""

from pathlib import Path
from types import MappingProxyType

from app.datafolder import FILES, DataFolder
from app.engine import Engine, Replaced
from app.settings import Settings
from app.tables import Data, with_table
from facilities.yunnan import load_registry
from geodata.check import Fault
from geodata.io import read_table
from geodata.table import Table
from geodata.travel_time import TravelTimes
from geodata.yunnan import load_road_estimate
from routing.care.tables import load_rule_set, profile_of
from routing.errors import RuleTableError
from routing.triage.rows import Signature
from routing.triage.signing import signatures_from_json

__all__ = ["load", "load_data", "read_signatures"]

# What says something about single facilities and therefore goes with the registry it was made for.
OF_REGISTRY = ("facilities", "capacity", "phones", "catchment")


def read_signatures(path: Path) -> tuple[Signature, ...]:
    """Return the signatures of the installation; without a file there are none."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, UnicodeDecodeError) as error:
        fault = Fault(path.name, None, "", type(error).__name__, "unreadable", "a readable file")
        raise RuleTableError([fault]) from error
    return signatures_from_json(text)


def load_data(
    folder: DataFolder, replaced: Replaced, *, instead: Table | None = None, name: str = ""
) -> Data:
    """Return the built-in data with every imported table over them.

    ``instead`` stands for the table ``name`` of the folder: to try an import before it is kept.
    """
    data = Data(load_registry())
    given = {"facilities": replaced.registry, "capacity": replaced.capacity}
    given["times"] = replaced.times
    for table in FILES:
        path = given.get(table)
        if path is not None:
            data = with_table(data, table, read_table(path), alone=table == "facilities")
        elif table == name and instead is not None:
            data = with_table(data, table, instead)
        elif folder.has(table) and not (replaced.registry and table in OF_REGISTRY):
            data = with_table(data, table, read_table(folder.path(table)))
    return data


def load(settings: Settings, replaced: Replaced) -> Engine:
    """Return the engine; RefusedInputError with every fault of the first file that has any."""
    given = read_signatures(settings.signature_file)
    rules = load_rule_set(given, profile=profile_of(settings.province))
    folder = DataFolder(settings.data_folder)
    data = load_data(folder, replaced)
    times = None
    if data.times is not None:
        ids = [facility.facility_id for facility in data.registry.facilities]
        times = TravelTimes.from_table(data.times, destinations=ids)
    return Engine(
        rules,
        data.registry,
        load_road_estimate(),
        places=MappingProxyType({place.place_id: place for place in data.places}),
        times=times,
        imported=folder.imported,
    )
