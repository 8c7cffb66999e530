"""The night of a county, or with ``SOAK=1`` of a province, by a worker that dies in the middle.

Meanwhile somebody bleeds: a request for her is asked, again and again, and never refused. ``-s``
prints how long the slowest one took.
"""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from sqlmodel import select

from app.accounts.tables import Organisation
from app.db_types import new_key
from tests.app.storage import rows
from tests.app.storage.case_rows import PATH
from tests.flows.cases import SUIJIANG

NIGHT = Path(__file__).with_name("night_worker.py")
WOMEN = int(os.environ.get("WOMEN", "0")) or (20_000 if os.environ.get("SOAK") else 60)
AT_ONCE = 500
POINTS = ("deadline_claimed", "deadline_marked:4", "deadline_handled:5", "")
"""It has the night in hand; the run is kept and some are proposed; some more; nobody dies."""
BLEEDS = {"pph_ml": 1600, "pph_ongoing": True, "delivered": True}
COLOURS = {
    "yellow": {"prior_cs_count": 1, "uterine_scar": True},
    "orange": {"hb_g_l": 54},
    "red": {"nyha_class": 3, "heart_disease": "chd_complex"},
}


def test_a_night_is_made_once_proposes_once_and_keeps_no_emergency_waiting(house):
    """Each death is in another gap; the next worker goes on where the last one was."""
    women = filled(house, WOMEN, seed=1)
    doctor = house.clinician(SUIJIANG)
    waits, calm = [], [waited(doctor) for _ in range(3)]
    for life, point in enumerate(POINTS):
        ended = at_work(house, life, point)
        while ended.poll() is None:
            waits.append(waited(doctor))
        _, err = ended.communicate()
        assert ended.returncode == (-signal.SIGKILL if point else 0), err
    waits.sort()
    print(  # noqa: T201
        f"{WOMEN} women, {len(waits)} requests: slowest {waits[-1]:.2f} s, "
        f"usually {waits[len(waits) // 2]:.2f} s, before {max(calm):.2f} s"
    )
    with house.database.reading() as session:
        ask = session.execute
        nights = ask(text("SELECT count(*) FROM booking_run WHERE made_by IS NULL")).scalar()
        by_status = dict(ask(text("SELECT status, count(*) FROM booking GROUP BY status")).all())
        of_files = ask(text("SELECT count(DISTINCT file_id) FROM booking")).scalar()
        told = ask(text("SELECT count(*) FROM notice WHERE template = 'booking_proposed'")).scalar()
        unbooked, aside = ask(text("SELECT unbooked, set_aside FROM booking_run")).one()
        left = ask(
            text(
                "SELECT count(*) FROM deadline WHERE kind = 'booking_run' "
                "AND done_at IS NULL AND cancelled_at IS NULL"
            )
        ).scalar()
    assert (nights, left) == (1, 0)
    assert by_status == {"proposed": women - unbooked - aside}
    assert of_files == told == by_status["proposed"]
    assert by_status["proposed"] > women / 2


def waited(doctor):
    """How long an emergency request took; one that is refused fails here."""
    began = time.monotonic()
    doctor.ask(BLEEDS)
    return time.monotonic() - began


def at_work(house, life, point):
    command = [sys.executable, str(NIGHT), house.database.engine.url.render_as_string(False)]
    return subprocess.Popen(  # noqa: S603  our own script
        [*command, str(house.settings.data_dir), str(life)],
        env={**os.environ, "GREENCHANNEL_FAILPOINT": point},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def filled(house, count, *, seed):
    """So many managed pregnancies over the counties, by plain SQL; how many those are."""
    rng = random.Random(seed)  # noqa: S311
    counties = sorted(house.engine.county_codes)
    with house.database.reading() as session:
        today = house.database.now(session).date()
        mch = select(Organisation.id, Organisation.division).where(Organisation.kind == "mch")
        offices = {division: key for key, division in session.exec(mch)}
    for first in range(0, count, AT_ONCE):
        with house.database.writing() as session:
            for number in range(first, min(count, first + AT_ONCE)):
                county = rng.choice(counties)
                due = today + timedelta(days=rng.randint(20, 150))
                colour = rng.choice((*["yellow"] * 7, *["orange"] * 2, "red"))
                pregnant(session, number, county, offices[county], due, colour)
    return count


def pregnant(session, number, county, org, due, colour):
    key, step = new_key(), new_key()
    by = {"province": "53", "file_id": key, "by_org": org}
    rows.insert(
        session,
        "case_file",
        id=key,
        province="53",
        machine="case_file",
        patient_id=rows.patient(session),
        number=f"N{number:08d}",
        status=PATH[-1],
        last_seq=len(PATH),
        version=1,
        owner_org=org,
        next_due_at=rows.NOW + timedelta(days=90),
        next_step="visit",
        registered_org=org,
        registered_at=rows.NOW,
        residence_county=county,
        home_county=county,
        edd=due.isoformat(),
        facts="{}",
        colour=colour,
        colour_seq=1,
        purple=False,
        opened_at=rows.NOW,
        reasons="R-CASE-01",
        profile="yunnan",
        no_clinician_since=rows.NOW,
    )
    for seq, (before, after) in enumerate(zip(("", *PATH), PATH, strict=False), start=1):
        rows.event(session, key, seq, before, after, by=org, minute=seq - 1, machine="case_file")
    facts = str(COLOURS[colour]).replace("'", '"').replace("True", "true")
    assessed = {"facts": facts, "answer": "{}", "assessor": "测试甲", "rule_set": "r@1"}
    at = {"happened_at": rows.NOW, "entered_at": rows.NOW, "by_user": new_key()}
    found = {"colour": colour, "purple": False, "conditions": 1, "undetermined": 0}
    rows.insert(session, "case_assessment", id=step, **by, **assessed, **at, **found, is_full=True)
    rows.insert(
        session,
        "case_colour",
        id=new_key(),
        **by,
        seq=1,
        from_colour="",
        from_purple=False,
        colour=colour,
        purple=False,
        at=rows.NOW,
        assessment_id=step,
    )
