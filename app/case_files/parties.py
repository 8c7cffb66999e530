"""Who has to do with a file: rows that begin and end, and nothing else decides who sees it."""

import uuid

from app.case_files import store
from app.case_files.states import Capacity
from app.case_files.tables import CaseFile, CaseParty
from app.events.scene import Scene

__all__ = ["join_area", "join_org", "leave"]


def join_org(scene: Scene, file: CaseFile, capacity: Capacity, org_id: uuid.UUID) -> None:
    """Let an organisation have to do with a file from now on; again is once."""
    if not store.party(scene.session, file.id, capacity, org_id=org_id):
        store.add(scene.session, _line(scene, file, capacity, org_id=org_id))


def join_area(scene: Scene, file: CaseFile, capacity: Capacity, division: str) -> None:
    """Let those who look after a county have to do with a file from now on."""
    if not store.party(scene.session, file.id, capacity, division=division):
        store.add(scene.session, _line(scene, file, capacity, division=division))


def leave(
    scene: Scene, file: CaseFile, capacity: Capacity, *, but: uuid.UUID | str | None = None
) -> None:
    """Let those in a capacity have no more to do with it, ``but`` one."""
    for found in store.party(scene.session, file.id, capacity):
        if but is None or but not in (found.org_id, found.division):
            found.to_at = max(scene.now, found.from_at)
            store.add(scene.session, found)


def _line(
    scene: Scene,
    file: CaseFile,
    capacity: Capacity,
    *,
    org_id: uuid.UUID | None = None,
    division: str | None = None,
) -> CaseParty:
    return CaseParty(
        province=file.province,
        file_id=file.id,
        capacity=capacity.value,
        org_id=org_id,
        division=division,
        from_at=scene.now,
    )
