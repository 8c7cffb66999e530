"""Who may do what for a woman of these labels, and who has a part in it.

R-COLOUR-000, R-CASE-03, R-MGMT-RED.
"""

from collections.abc import Collection

from facilities.centre import Grade
from routing.care.rows import ANY, CareRules
from routing.care.rows_deciding import Act, ActRow, Rank

__all__ = ["rows_of", "why_not"]


def rows_of(care: CareRules, act: Act, labels: Collection[str] = ()) -> tuple[ActRow, ...]:
    """Return the rows that speak of an act for these labels."""
    wanted = {ANY, *labels}
    return tuple(row for row in care.acts if row.act is act and wanted & set(row.labels))


def why_not(
    care: CareRules,
    act: Act,
    *,
    labels: Collection[str] = (),
    grade: Grade | None = None,
    capabilities: Collection[str] = (),
    rank: Rank | None = None,
    higher_centre: bool = False,
    woman_informed: bool = False,
) -> tuple[str, ...]:
    """Return what an act lacks, in codes; nothing where it may be done.

    Parameters
    ----------
    labels
        Of the woman; a row for other labels asks nothing.
    grade, capabilities
        Of the institution that acts; an unknown grade is below every other.
    rank
        Of the physician who decides; unknown is below every other.
    higher_centre
        Whether the higher rescue centre had its part in it.
    woman_informed
        Whether she has been told, and that is on record.

    Returns
    -------
    tuple of str
        ``grade_too_low``, ``lacks_capability``, ``rank_too_low``, ``without_higher_centre``,
        ``woman_not_informed``.
    """
    found: dict[str, None] = {}
    for row in rows_of(care, act, labels):
        lacks = {
            "grade_too_low": row.min_grade > Grade.G1 and (grade is None or grade < row.min_grade),
            "lacks_capability": not set(row.capabilities) <= set(capabilities),
            "rank_too_low": row.min_rank is not None
            and (rank is None or rank.order < row.min_rank.order),
            "without_higher_centre": row.higher_centre and not higher_centre,
            "woman_not_informed": row.woman_informed and not woman_informed,
        }
        found.update(dict.fromkeys(code for code, lacking in lacks.items() if lacking))
    return tuple(found)
