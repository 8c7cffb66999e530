"""What the service logs while it runs: enough to look after it, nothing of anybody."""

import logging
import re

import pytest

from app.logs import REQUEST_ID, AccessLog, log_to_stderr, tell_start
from tests.app.storage.people import number

LABOUR = {"gestational_age_weeks": "33+2", "preterm_labour": True}
SUIJIANG = "YN530600-011"
NAME, NUMBER, PHONE = "测试金丝雀", number(), "13812345678"
CANARIES = (NAME, "%E6%B5%8B", NUMBER, PHONE)
LINE = re.compile(r"(GET|POST|PATCH|other) (/\S*|-) \d{3} \d+\.\d ms [0-9a-f-]{36}")


@pytest.fixture
def told(caplog):
    caplog.set_level(logging.INFO, logger="greenchannel")
    return lambda name: [r.getMessage() for r in caplog.records if r.name == f"greenchannel.{name}"]


def test_each_request_is_one_line_with_the_template_of_its_route(house, told):
    doctor = house.clinician(SUIJIANG)
    asked = doctor.ask(LABOUR)
    shown = doctor.get(f"/referrals/{asked['id']}?lang=en")
    lines = told("access")

    assert len(lines) == 2
    assert all(LINE.fullmatch(line) for line in lines)
    assert lines[0].startswith("POST /api/v1/referrals 201 ")
    assert lines[1].startswith("GET /api/v1/referrals/{referral_id} 200 ")
    assert lines[1].endswith(shown.headers["x-request-id"])
    assert asked["id"] not in "".join(lines)


def test_nobody_who_is_named_anywhere_in_a_call_is_in_the_log(house, told, caplog):
    doctor = house.clinician(SUIJIANG)
    body = {"kind": "maternal", "name": NAME, "identity_kind": "resident_id", "id_number": NUMBER}
    entered = doctor.post("/patients", {**body, "phone": PHONE})
    assert entered.status_code in (201, 422), entered.text
    for canary in (NAME, NUMBER, PHONE):
        for path in (f"/patients/{canary}", f"/{canary}", f"/referrals?cursor={canary}"):
            doctor.get(path)
        house.client.request(
            "PATCH",
            f"/api/v1/patients/{canary}/identity?name={canary}",
            headers=doctor.headers() | {"X-Request-Id": PHONE, "User-Agent": PHONE},
            json={"phone": PHONE},
        )
        house.client.request(f"X{PHONE}", "/livez", headers={"Referer": f"http://x/{PHONE}"})
    lines = told("access")

    assert len(lines) == 16
    assert all(LINE.fullmatch(line) for line in lines)
    ours = [
        r.getMessage() for r in caplog.records if r.name.startswith(("greenchannel", "uvicorn"))
    ]
    assert not [line for line in ours for canary in CANARIES if canary in line]


def test_an_address_that_is_logged_as_it_was_called_is_noticed():
    assert not LINE.fullmatch(f"GET /api/v1/patients?name={NAME} 200 1.0 ms {'0' * 36}"[:40])
    assert any(one in f"GET /api/v1/patients/{PHONE} 200 1.0 ms" for one in CANARIES)


def test_the_start_says_on_what_it_works_and_no_password(house, told):
    house.app.state.address = "http://127.0.0.1:8000"
    tell_start(house.app)
    (line,) = told("start")
    kind = "sqlite" if house.database.is_sqlite else "postgresql"

    assert re.fullmatch(
        rf"greenchannel \S+ on http://127.0.0.1:8000; database {kind}; migrations at head; "
        "worker outside",
        line,
    )


@pytest.mark.parametrize("answers", [True, False])
def test_a_request_that_breaks_is_logged_too(caplog, answers):
    import asyncio

    caplog.set_level(logging.INFO, logger="greenchannel")

    async def app(scope, receive, send):
        assert scope[REQUEST_ID]
        if answers:
            await send({"type": "http.response.start", "status": 204, "headers": []})
        raise RuntimeError(PHONE)

    async def call():
        async def nothing(*_):
            return None

        scope = {"type": "http", "method": "GET", "path": f"/{PHONE}", "headers": []}
        with pytest.raises(RuntimeError):
            await AccessLog(app)(scope, nothing, nothing)

    asyncio.run(call())
    (record,) = caplog.records
    assert record.getMessage().startswith(f"GET - {204 if answers else 500} ")


def test_lines_go_to_standard_error_with_the_time_in_utc(capfd):
    ours = logging.getLogger("greenchannel")
    before = ours.level, ours.propagate, list(ours.handlers)
    try:
        log_to_stderr()
        logging.getLogger("greenchannel.access").info("a line")
        for handler in ours.handlers:
            handler.flush()
        _, errors = capfd.readouterr()
    finally:
        ours.level, ours.propagate, ours.handlers = before
        logging.getLogger("greenchannel.access").setLevel(logging.NOTSET)

    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ INFO greenchannel.access a line\n"
    assert re.fullmatch(pattern, errors)
