"""How long a mother or a newborn lies in a place of each kind (R-CAP-01)."""

from collections.abc import Mapping, Sequence

from facilities.capacity import PlaceKind

__all__ = ["stays_of"]

STAY = {
    PlaceKind.LABOUR: "stay_labour_days",
    PlaceKind.OB_RESCUE_BED: "stay_ob_rescue_bed_days",
    PlaceKind.AICU: "stay_aicu_days",
    PlaceKind.NEO_L2A: "stay_newborn_days",
    PlaceKind.NEO_L2B: "stay_newborn_days",
}
OTHERS = "stay_nicu_days"


def stays_of(
    numbers: Mapping[str, float], kinds: Sequence[PlaceKind], caesarean: bool
) -> tuple[float, ...]:
    """Return the days in a place of each kind; a planned caesarean stays longer in labour."""
    return tuple(
        numbers[STAY.get(kind, OTHERS)]
        + (numbers["stay_caesarean_days"] if caesarean and kind is PlaceKind.LABOUR else 0.0)
        for kind in kinds
    )
