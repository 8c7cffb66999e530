"""One call of a route about one thing, undone again, and what was answered in one word."""

import asyncio
import contextlib
import json
import uuid
from urllib.parse import urlencode

from tests.flows.house import sbar
from tests.flows.matrix.rules import Said, Who
from tests.flows.test_bad_night import BLEEDING, SUIJIANG

__all__ = ["Asking", "people", "undone", "word_of"]

NIGHT = "2026-01-14T03:00:00+08:00"
LATER = "2027-01-14T03:00:00+08:00"
REQUEST = {"facts": BLEEDING, "origin": {"facility_id": SUIJIANG}}
CENTRE = "YN530600-001"
COMPARED = {"identifiers": ["name", "wristband"], "said_by": "测试庚"}
BODIES = {
    "match_referral": {"request": REQUEST},
    "ask_centre": {"facility_id": CENTRE},
    "enter_spoken_acceptance": {"facility_id": CENTRE, "said_by": "测试丁"},
    "accept_outside": {"institution": "宜宾某医院", "said_by": "测试戊"},
    "confirm_word": {"what": "request"},
    "cancel_referral": {"reason": "recovered"},
    "stay_referral": {"reason": "R-HOLD-03"},
    "close_referral": {"reason": "moved_by_other_path"},
    "write_handover_set": sbar(),
    "record_consent": {"given_by": "family", "agreed": True, "given_at": NIGHT},
    "report_outcome": {
        "result": "discharged",
        "diagnosis": "产后出血",
        "treatment": "球囊压迫",
        "happened_at": NIGHT,
    },
    "dispatch_transfer": {"drives": "sender"},
    "depart_transfer": {},
    "divert_transfer": {"facility_id": CENTRE, "reason": "road_closed"},
    "arrive_transfer": {"said_by": "测试庚"},
    "hand_over_transfer": {"giver": "测试乙", "receiver": "测试丙"} | COMPARED,
    "add_observation": {"facts": {"hr": 110}, "happened_at": NIGHT},
    "report_birth": {"births": 1, "happened_at": NIGHT},
    "decline_offer": {"code": "recommend_nearer"},
    "request_referral": {"request": REQUEST, "said_by": "测试己"},
    "enter_newborns": {"newborns": [{}]},
    "complete_identity": {"language": "ii"},
    "merge_patient": {"reason": "same_number"},
    "link_to_mother": {},
    "undo_merge": {"reason": "merged_by_mistake"},
    "search_patients": {"identity_kind": "resident_id"},
    "enter_patient": {"kind": "maternal"},
    "break_glass": {"reason": "家属来电询问病情进展"},
    "review_broken_glass": {"justified": True},
    "close_case_review": {"learned": "夜间改派用时二十分钟"},
    "accept_inside": {"facility_id": CENTRE},
    "make_plan": {},
    "edit_plan": {"because": "road"},
    "reject_plan": {"reason": "两家医院今晚都没有产科医生"},
    "issue_paper_forms": {"count": 1},
    "add_notice_address": {"channel": "sms", "address": "0870-7654321"},
    "disable_user": {},
    "grant_role": {"role": "coordinator"},
    "create_user": {"login": "new-one", "name": "测试新", "role": "county_clinician"},
    "join_community": {"is_lead": False},
    "add_organisation": {"kind": "institution", "name_zh": "测试卫生院"},
    "preview_assessment": {"facts": BLEEDING, "now": NIGHT},
    "make_recommendation": REQUEST | {"now": NIGHT},
    "preview_plan": {"requests": []},
    "preview_bookings": {"pregnancies": []},
    "report_places": {"no_change": True},
    "settle_work_item": {"because": "counted_again"},
    "divert_facility": {"reason": "full", "until": LATER},
    "note_facility_capability": {
        "capability": "CS_24H",
        "available": False,
        "until": LATER,
        "said_by": "测试",
    },
    "write_duty": {
        "role": "coordinator",
        "person_name": "测试值班",
        "phone": "0870-7654321",
        "from_at": NIGHT,
        "until": LATER,
    },
    "report_blood_stock": {
        "lines": [{"component": "rbc", "blood_group": "O+", "units": 4, "as_of": NIGHT}],
        "source": "血库",
    },
    "designate_facility": {
        "kind": "maternal",
        "level": "M2",
        "valid_from": "2026-01-01",
        "document": "测试",
    },
    "register_case_file": {"residence_county": "530626"},
    "screen_case_file": {"facts": {"prior_cs_count": 1}},
    "send_to_assessment": {"facility_id": CENTRE},
    "assess_case_file": {"facts": {"prior_cs_count": 1}},
    "lower_case_colour": {"because": "复查后平稳"},
    "name_case_clinician": {"nobody": True},
    "end_case_admission": {},
    "add_case_plan": {"kind": "emergency", "text": "出血时先电话"},
    "add_case_visit": {"kind": "antenatal", "status": "held", "findings": {"bp": "110/70"}},
    "send_case_report": {"kind": "risk", "content": "报告"},
    "add_case_counselling": {"subject": "counselling", "answer": "refused", "said": "已说明"},
    "deliver_case": {"mode": "vaginal", "newborns": [{}]},
    "offer_case_file": {"to_county": "530102"},
    "answer_case_handover": {"answer": "accepted"},
    "end_case_file": {"how": "pregnancy_lost", "because": "自然流产"},
    "look_up_case_file": {},
    "review_case_glass": {"justified": True},
    "close_road": {
        "other": "OUT-NONE",
        "state": "closed",
        "reason": "flood",
        "source": "测试",
        "until_at": LATER,
    },
    "sign_rule": {"content_hash": "0", "title": "主任医师"},
    "unsign_rule": {"content_hash": "0"},
    "decide_exchange_item": {"decision": "ours"},
    "accept_bookings": {"bookings": [{"id": str(uuid.uuid4()), "version": 1}]},
    "choose_booking": {"facility_id": CENTRE, "because": "她的家人住在附近"},
    "enter_spoken_consent": {"said_by": "测试丙"},
    "decline_booking": {"reason": "no_room"},
    "withdraw_booking": {"reason": "she_declines"},
    "answer_lodging": {"answer": "refused"},
    "make_booking_run": {},
    "add_lodging_places": {"places": 4, "from_day": "2026-01-01", "source": "hospital"},
    "close_ward": {
        "kind": "OB_RESCUE_BED",
        "from_day": "2026-01-01",
        "to_day": "2099-01-01",
        "reason": "renovation",
    },
    "enter_vehicle": {"kind": "ambulance", "label": "云A 测1"},
    "say_vehicle_state": {"state": "available"},
}
IN_THE_BODY = {
    "dispatch_transfer": {"referral_id": "referral_id"},
    "request_referral": {"patient_id": "patient_id"},
    "link_to_mother": {"mother": "patient_id"},
    "merge_patient": {"drop": "patient_id"},
    "search_patients": {"id_number": "id_number"},
    "break_glass": {"number": "number"},
    "register_case_file": {"patient_id": "patient_id"},
    "look_up_case_file": {"number": "file_number"},
    "grant_role": {"organisation_id": "organisation_id"},
    "create_user": {"organisation_id": "organisation_id"},
    "join_community": {"organisation_id": "organisation_id"},
    "add_organisation": {"division": "division"},
    "make_plan": {"division": "division"},
    "add_notice_address": {"org_id": "org_id"},
    "report_places": {"facility_id": "facility_id"},
    "add_lodging_places": {"facility_id": "facility_id"},
    "close_ward": {"facility_id": "facility_id"},
    "make_booking_run": {"division": "division"},
    "write_duty": {"facility_id_or_adcode": "facility_id"},
    "close_road": {"one": "division"},
    "report_blood_stock": {"county": "division"},
}
QUERIES = {
    "list_duty": {"of": SUIJIANG},
    "show_rule_wording": {"table": "numbers"},
    "list_places": {"facility_id": SUIJIANG},
    "list_lodging_places": {"facility_id": SUIJIANG},
    "list_ward_closures": {"facility_id": SUIJIANG},
    "list_reports": {"facility_id": SUIJIANG},
    "list_catchments": {"county": "530626"},
    "list_blood": {"county": "530626"},
    "list_due_case_files": {"due": "overdue"},
    "list_beside_booking_run": {"reason": "with_county"},
    "export_case_files": {"from": "2026-01-01", "to": "2026-01-31"},
}


CUT = (
    "doctor",
    "township worker",
    "doctor elsewhere",
    "looker",
    "mch manager of her home",
    "120 here",
    "county duty",
    "other prefecture duty",
    "province duty",
    "analyst",
    "administrator",
    "auditor",
    "foreign duty",
    "foreign administrator",
    "foreign auditor",
)
"""One of each, for the cut that is asked on the second database."""


def people(stage):
    """Everybody of a stage, and somebody whom nobody knows."""
    found = {}
    for name, org in stage.at.items():
        if not (stage.whole or name in CUT or "coordinator" in name):
            continue
        actor = stage.house.people[name]
        found[name] = Who(
            name,
            actor.role.value,
            org,
            actor.org_kind.value,
            actor.division,
            actor.province,
            actor.facility_id,
        )
    return {**found, "nobody": None}


@contextlib.contextmanager
def undone(database):
    """Let everything be done that is asked, and undo it before the next."""
    whole = database.writing

    @contextlib.contextmanager
    def writing(**more):
        with whole(**more) as session:
            yield session
            session.flush()
            session.rollback()

    database.writing = writing
    try:
        yield
    finally:
        del database.writing


ASKED_FOR = {"list_notice_addresses": "org_id", "print_paper_forms": "number"}
"""Routes that name what they are about in the query."""


class Asking:
    """Calls routes by the name that they have in the interface."""

    def __init__(self, house):
        self.house, self._loop, self.calls = house, asyncio.Runner(), 0
        paths = house.app.openapi()["paths"]
        self.routes = {
            operation["operationId"]: (method.upper(), path)
            for path, methods in paths.items()
            for method, operation in methods.items()
        }
        self.versioned = {
            operation["operationId"]
            for methods in paths.values()
            for operation in methods.values()
            if any(
                one["name"] == "If-Match" and one.get("required")
                for one in operation.get("parameters", [])
            )
        }

    def __call__(self, route, name, ids, **more):
        """Ask as somebody about a thing with these identifiers; all others are of nothing."""
        self.calls += 1
        method, path = self.routes[route]
        known = {"facility_id": SUIJIANG, "sort": "deadline", "sheet": "referral"}
        known |= {"table": "pregnancies"} | dict(ids)
        for part in [p[1:-1] for p in path.split("/") if p.startswith("{")]:
            path = path.replace(f"{{{part}}}", str(known.get(part, uuid.uuid4())))
        body = BODIES.get(route)
        if body is not None:
            asked = IN_THE_BODY.get(route, {})
            body = body | {field: str(known.get(of, uuid.uuid4())) for field, of in asked.items()}
            body |= more
        query = QUERIES.get(route, {})
        if part := ASKED_FOR.get(route):
            query = {part: known.get(part, uuid.uuid4())}
        version = known.get("identity_version" if route == "complete_identity" else "version", 1)
        return self._loop.run(
            called(
                self.house.app,
                method,
                path,
                urlencode(query),
                name,
                version if route in self.versioned else None,
                b"" if body is None else json.dumps(body).encode(),
            )
        )

    def close(self):
        self._loop.close()


class Answer:
    """Status and body."""

    def __init__(self):
        self.status_code, self.content = 0, b""

    @property
    def text(self):
        return self.content.decode()

    def json(self):
        return json.loads(self.content)


async def called(app, method, path, query, name, version, body):
    """Call an application as its server does, without a network: ten thousand times a minute."""
    headers = {
        "host": "greenchannel.test",
        "authorization": f"Bearer {name}",
        "idempotency-key": str(uuid.uuid4()),
    }
    if version is not None:
        headers["if-match"] = f'"{version}"'
    answer = Answer()
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(key.encode(), value.encode()) for key, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("greenchannel.test", 80),
    }

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            answer.status_code = message["status"]
        else:
            answer.content += message.get("body", b"")

    await app(scope, receive, send)
    return answer


KINDS = {
    (401, "not-signed-in"): Said.NOT_SIGNED_IN,
    (403, "role-refused"): Said.NOT_THE_ROLE,
    (403, "not-yours"): Said.NOT_THEIRS,
    (403, "not-your-centre"): Said.NOT_THEIRS,
    (404, "not-found"): Said.NOT_THERE,
}
FINE = (200, 201, 204, 409, 412, 422)


def word_of(answer):
    """What was answered, in one word; anything that has none is told as it is."""
    if answer.status_code < 300:
        return Said.ANSWERED
    slug = answer.json().get("type", "").rpartition(":")[2]
    if found := KINDS.get((answer.status_code, slug)):
        return found
    return Said.ANSWERED if answer.status_code in FINE else f"{answer.status_code} {slug}"
