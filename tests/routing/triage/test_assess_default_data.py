"""Each row has a capable centre in the default data, or stands in the list of known holes."""

import pytest

from facilities.capability import lacking
from facilities.yunnan import load_known_holes, load_registry
from routing.triage.rows import Patient
from tests.routing.triage.cases import rules

ROWS = tuple(rules().emergencies.values())


def capable(row):
    """Return the centres that take this patient and have all that the row itself requires."""
    newborn = row.patient is Patient.NEONATE
    return [
        centre.facility_id
        for centre in load_registry().facilities
        if centre.is_rescue_centre
        and (centre.takes_newborns if newborn else centre.takes_mothers)
        and not lacking(centre.capabilities, row.required)
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_row_has_a_capable_centre_or_is_a_known_hole(row):
    holes = {hole.row for hole in load_known_holes()}

    assert bool(capable(row)) is not (row.id in holes)


def test_every_known_hole_names_a_row():
    assert {hole.row for hole in load_known_holes()} <= {row.id for row in ROWS}
