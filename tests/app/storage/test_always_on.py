"""Everything is checked every hour by itself, and what is found is an alarm and stops nothing."""

import json

import pytest
from sqlalchemy import text

from app.accounts.organisations import open_commissions
from app.audit.sealing import seal_now
from app.keyfile import make_key, read_key
from app.settings import Settings
from app.verifying.running import run_verify
from app.worker.running import Worker
from app.worker.wiring import chores_of
from tests.app.storage import rows
from tests.app.storage.test_health import house, measures, reasons, visit  # noqa: F401  fixtures
from tests.app.storage.test_refusals import refused


@pytest.fixture
def looked_after(database, house, engine):  # noqa: F811
    """An installation with a commission, a key of the seals, and one seal."""
    if not house.seal_key_file.is_file():
        make_key(house.seal_key_file)
    with database.writing() as session:
        open_commissions(session, engine.registry)
    seal_now(database, read_key(house.seal_key_file), house.seals_outside)
    return house


def changed_behind_the_back(database):
    with database.writing() as session:
        session.connection().execute(
            text("UPDATE organisation SET name_zh = '别的' WHERE kind = 'province_commission'")
        )


def runs(database):
    with database.reading() as session:
        asked = text("SELECT found, by_code FROM verify_run ORDER BY id")
        return [
            (found, None if codes is None else json.loads(codes))
            for found, codes in session.connection().execute(asked)
        ]


def notices(database):
    with database.reading() as session:
        asked = text("SELECT params FROM notice WHERE template = 'verify_found'")
        return [json.loads(one) for one in session.connection().execute(asked).scalars()]


def test_an_intact_database_is_checked_and_nothing_is_told(database, looked_after, visit):  # noqa: F811
    worker = Worker(database, {}, province="53", chores=chores_of(looked_after))
    worker.step()
    shown = visit("/statusz")

    assert runs(database) == [(0, {})]
    assert notices(database) == []
    assert shown.json()["figures"]["verify_codes"] == {}
    assert shown.json()["figures"]["verify_s"] < 60
    assert measures(visit("/metrics"))["greenchannel_verify_findings", ""] == 0


def test_a_row_changed_behind_the_back_is_an_alarm_and_the_commission_is_told_once(
    database,
    looked_after,
    visit,  # noqa: F811
):
    changed_behind_the_back(database)
    run_verify(database, looked_after)
    run_verify(database, looked_after)
    shown, told = visit("/statusz"), measures(visit("/metrics"))
    (first, codes), again = runs(database)

    assert first == sum(codes.values()) == again[0] >= 1
    assert notices(database) == [{"found": first}]
    assert reasons(shown)["verify_found"] == "alarm"
    assert shown.json()["figures"]["verify_codes"] == codes
    assert told["greenchannel_verify_findings", ""] == first
    assert all(
        told["greenchannel_verify_findings_by_code", f'code="{code}"'] == count
        for code, count in codes.items()
    )


def test_when_it_is_put_right_the_next_check_ends_the_alarm(database, looked_after, visit):  # noqa: F811
    with database.reading() as session:
        asked = text("SELECT name_zh FROM organisation WHERE kind = 'province_commission'")
        before = session.connection().execute(asked).scalar_one()
    changed_behind_the_back(database)
    run_verify(database, looked_after)
    with database.writing() as session:
        rows.update(session, "organisation", {"name_zh": before}, "kind = 'province_commission'")
    run_verify(database, looked_after)

    assert [found > 0 for found, _ in runs(database)] == [True, False]
    assert "verify_found" not in reasons(visit("/statusz"))


def test_two_workers_do_not_check_at_once_and_a_dead_one_blocks_nobody_for_good(
    database, looked_after
):
    with database.writing() as session:
        rows.insert(
            session,
            "verify_run",
            id=rows.new_key(),
            province="53",
            began_at=database.now(session),
            entries=0,
            rows=0,
        )
    assert run_verify(database, looked_after) is None
    with database.writing() as session:
        rows.update(session, "verify_run", {"began_at": rows.NOW}, "1 = 1")

    assert run_verify(database, looked_after) is not None


def test_a_check_is_never_deleted_by_plain_sql(database, looked_after):
    run_verify(database, looked_after)
    with refused(database, by=["not allowed"]) as session:
        session.execute(text("DELETE FROM verify_run"))


def test_it_is_done_as_often_as_the_setting_says(looked_after):
    hourly = {one.code: one for one in chores_of(looked_after)}["verify"]
    often = Settings(data_dir=looked_after.data_dir, verify_every_minutes=5)

    assert (hourly.every_s, hourly.slow) == (3600, True)
    assert {one.code: one.every_s for one in chores_of(often)}["verify"] == 300
    with pytest.raises(ValueError, match="verify_every_minutes"):
        Settings(verify_every_minutes=4)
