"""Counts of case files told from their documents, one by one: slow, plain, and no code of ours."""

from datetime import date, datetime, timedelta, timezone

__all__ = ["recounted", "shown"]

CHINA = timezone(timedelta(hours=8))


def shown(events, of, unknown):
    """R-IND-10: a rate from 30 births and 5 events on."""
    rate = events / of if of >= 30 and events >= 5 else None
    return {"events": events, "of": of, "unknown": unknown, "rate": rate}


def share(answers):
    answers = list(answers)
    yes, no = answers.count(True), answers.count(False)
    return shown(yes, yes + no, answers.count(None))


def week_of(birth, file):
    if file["edd"] is None:
        return None
    day = datetime.fromisoformat(birth["happened_at"]).astimezone(CHINA).date()
    return (day - date.fromisoformat(file["edd"])).days + 280


def colour_of(birth, file):
    """The colour by the assessments that were made before the birth."""
    made = {one["id"]: one["happened_at"] for one in file["assessments"]}
    at = datetime.fromisoformat(birth["happened_at"])
    found = "green" if file["screening"] == "negative" else None
    for step in file["colours"]:
        said = datetime.fromisoformat(made.get(step["assessment_id"], step["at"]))
        found = step["colour"] if said <= at else found
    return found


def recounted(files, registry):
    """Counts over whole documents of files, as the interface answers them."""
    births = [(file, birth) for file in files for birth in file["deliveries"] if birth["counts"]]
    places = [registry.get(b["facility_id"]) if b["facility_id"] else None for _, b in births]
    judged = [
        (week_of(birth, file), colour_of(birth, file), place)
        for (file, birth), place in zip(births, places, strict=True)
    ]

    def early(days, level):
        for week, _, place in judged:
            if week is not None and week < days:
                yield None if place is None else (place.neonatal_level or 0) >= level

    def coloured(colour, with_centres):
        for _, found, place in judged:
            if found != colour:
                continue
            if place is not None and with_centres and (place.maternal_level or 0) >= 1:
                yield True
            else:
                yield None if place is None or place.grade is None else place.grade >= 3

    return {
        "births": len(births),
        "week_unknown": sum(week is None for week, _, _ in judged),
        "colour_unknown": sum(colour is None for _, colour, _ in judged),
        "right_place": {
            "below_32": share(early(224, 2)),
            "below_28": share(early(196, 3)),
            "red": share(coloured("red", False)),
            "orange": share(coloured("orange", True)),
        },
    }
