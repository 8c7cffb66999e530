"""Which roles may call which route: one table, and nothing is reachable that is not in it.

A status is changed by the role that it belongs to, or for it by telephone (R-STATE-15, R-PROXY-01).
What a role then sees is narrowed by the statements of each feature; a record out of scope is not
found. The name of a route is the name of its function.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from fastapi import APIRouter
from fastapi.routing import APIRoute

from app.accounts.states import ANSWERING, ON_DUTY, Role

__all__ = [
    "ANYBODY",
    "BY_SETTING",
    "POLICIES",
    "SIGNED_IN",
    "WITHOUT_KEY",
    "Roles",
    "require_policies",
    "roles_of",
]

Roles = frozenset[Role]
ANYBODY: Final[Roles] = frozenset()
"""No account is needed: nothing of a person is shown and nothing is stored."""
SIGNED_IN: Final[Roles] = frozenset(Role)
BY_SETTING: Final = "by_setting"
"""Open where nothing is stored or the settings say so, otherwise for whoever is signed in."""

_PAGES = ("ask", "answer")
_PAGES_AT_THE_DOOR = ("show_door", "come_in", "go_out")
_REFERENCE = (
    "show_interface",
    "list_facilities",
    "show_facility",
    "list_capabilities",
    "list_divisions",
    "list_townships",
    "list_facts",
    "list_rules",
    "show_rule_wording",
    "list_roads",
    "check_policy",
    "list_county_gaps",
    "show_status",
    "show_alive",
    "show_ready",
    "show_statusz",
    "show_metrics",
)
# Each of these looks at name, cookie and password itself: they work at a locked screen, with an
# initial password and before a role is chosen, and show nothing but whose session it is.
_AT_THE_DOOR = (
    "sign_in",
    "show_session",
    "sign_out",
    "unlock_session",
    "choose_role",
    "change_password",
)
_OWN_TOKENS = ("list_tokens", "make_token", "revoke_token")
_ACCOUNTS = (
    "list_notice_addresses",
    "add_notice_address",
    "end_notice_address",
    "list_users",
    "list_grants",
    "create_user",
    "give_password",
    "disable_user",
    "enable_user",
    "grant_role",
    "end_grant",
    "add_organisation",
    "list_members",
    "join_community",
    "leave_community",
)
_CALCULATORS = ("preview_assessment", "make_recommendation", "preview_plan", "preview_bookings")

R = Role
_DUTY = ON_DUTY
_SENDS = frozenset({R.TOWNSHIP, R.COUNTY_CLINICIAN, R.COORDINATOR, R.EMS120, *_DUTY})
"""Who asks for a destination, for the own hospital or by telephone for another (R-PROXY-01)."""
_ANSWERS = ANSWERING
_TREATS = frozenset({R.TOWNSHIP, R.COUNTY_CLINICIAN, R.COORDINATOR})
_DRIVES = frozenset({R.TOWNSHIP, R.COUNTY_CLINICIAN, R.COORDINATOR, R.EMS120, *_DUTY})
_SEES = frozenset({*_SENDS, R.MCH_MANAGER})
"""Who sees referrals at all; which ones and how much, the statements say (app/referrals/sight)."""

_REFERRALS: Mapping[str, Roles] = {
    "request_referral": _SENDS,
    "send_request": _SENDS,
    "show_sent": _SEES,
    "match_referral": _SENDS,
    "cancel_referral": _SENDS,
    "stay_referral": _SENDS,
    "close_referral": _SENDS | {R.MCH_MANAGER},
    "ask_centre": _SENDS,
    "enter_spoken_acceptance": _SENDS,
    "accept_outside": _SENDS,
    "accept_inside": _SENDS,
    "confirm_word": _TREATS,
    "take_her_back": _TREATS,
    "list_referrals": _SEES,
    "show_referral": _SEES,
    "print_sheet": _SEES,
    "show_worklist": _SEES,
    "list_offers": _ANSWERS,
    "show_offer": _ANSWERS,
    "list_elsewhere": _ANSWERS,
    "accept_offer": _ANSWERS,
    "decline_offer": _ANSWERS,
    "close_case_review": frozenset({R.MCH_MANAGER, *_DUTY}),
    "break_glass": _SEES,
    "list_broken_glasses": frozenset({R.AUDITOR}),
    "review_broken_glass": frozenset({R.AUDITOR}),
}
_PLANS: Mapping[str, Roles] = dict.fromkeys(
    ("make_plan", "list_plans", "show_plan", "edit_plan", "apply_plan", "reject_plan"),
    frozenset(_DUTY),
)
"""A joint plan speaks for all centres of an area: only those who answer for an area make one."""
_PAPER: Mapping[str, Roles] = dict.fromkeys(
    ("issue_paper_forms", "list_paper_forms", "print_paper_forms"), _TREATS
)
_TRANSFERS: Mapping[str, Roles] = {
    "list_transfers": _SEES,
    **dict.fromkeys(
        (
            "dispatch_transfer",
            "depart_transfer",
            "call_off_transfer",
            "divert_transfer",
            "arrive_transfer",
            "note_death",
            "add_observation",
        ),
        _DRIVES,
    ),
    **dict.fromkeys(
        ("hand_over_transfer", "report_birth", "write_handover_set", "record_consent"), _TREATS
    ),
    "report_outcome": _ANSWERS,
}
_SPEAKS = frozenset({R.TOWNSHIP, R.COUNTY_CLINICIAN, R.COORDINATOR, R.ADMINISTRATOR, *_DUTY})
"""Who says what a centre has: its own staff, a duty officer for it, a commission's administrator;
for which centre, the services say (app/centres/speaking)."""
_CENTRES: Mapping[str, Roles] = {
    "settle_work_item": _TREATS | _DUTY,
    **dict.fromkeys(
        (
            "report_places",
            "divert_facility",
            "lift_facility_diversion",
            "note_facility_capability",
            "write_duty",
            "withdraw_duty",
            "report_blood_stock",
        ),
        _SPEAKS,
    ),
    "designate_facility": frozenset({R.ADMINISTRATOR, *_DUTY}),
    **dict.fromkeys(
        (
            "list_places",
            "list_reports",
            "list_facility_diversions",
            "list_capability_notes",
            "list_duty",
            "list_designations",
            "list_catchments",
            "list_blood",
        ),
        SIGNED_IN,
    ),
    "list_road_closures": SIGNED_IN,
    **dict.fromkeys(("close_road", "end_road_closure"), frozenset({R.ADMINISTRATOR, *_DUTY})),
    **dict.fromkeys(
        ("list_own_vehicles", "enter_vehicle", "say_vehicle_state"), _DRIVES | {R.ADMINISTRATOR}
    ),
}
_PATIENTS: Mapping[str, Roles] = {
    **dict.fromkeys(("enter_patient", "enter_newborns"), _SENDS),
    **dict.fromkeys(
        (
            "search_patients",
            "show_patient",
            "show_identity",
            "complete_identity",
            "list_duplicates",
            "link_to_mother",
            "merge_patient",
            "undo_merge",
        ),
        _SEES,
    ),
}
_FILES = frozenset({*_TREATS, R.MCH_MANAGER})
"""Who writes in case files; which ones, the statements say (app/case_files/sight)."""
_ASSESSES = frozenset({R.COUNTY_CLINICIAN, R.COORDINATOR})
"""A named clinician of a hospital (R-COLOUR-000, R-COLOUR-005)."""
_CASE_FILES: Mapping[str, Roles] = {
    **dict.fromkeys(
        (
            "register_case_file",
            "screen_case_file",
            "send_to_assessment",
            "name_case_clinician",
            "add_case_plan",
            "add_case_visit",
            "send_case_report",
            "add_case_counselling",
            "admit_case_early",
            "end_case_admission",
            "deliver_case",
            "discharge_case",
            "offer_case_file",
            "answer_case_handover",
            "end_case_file",
            "take_up_case_file",
            "close_case_file",
        ),
        _FILES,
    ),
    **dict.fromkeys(("assess_case_file", "lower_case_colour"), _ASSESSES),
    "verify_case_file": frozenset({R.MCH_MANAGER}),
    **dict.fromkeys(
        (
            "list_exchange_items",
            "decide_exchange_item",
            "give_exchange_template",
            "check_exchange_file",
            "mark_exchange_file",
            "take_exchange_file",
            "show_exchange_progress",
            "export_case_files",
        ),
        frozenset({R.MCH_MANAGER}),
    ),
    **dict.fromkeys(("list_case_glasses", "review_case_glass"), frozenset({R.AUDITOR})),
    **dict.fromkeys(
        ("list_case_files", "list_from_35", "list_after_caesarean", "list_medical_aid"), _FILES
    ),
    **dict.fromkeys(
        ("list_due_case_files", "show_case_file", "draft_referral", "look_up_case_file"),
        _FILES | _DUTY,
    ),
    # Counts and no names (R-CONSENT-04).
    "report_case_files": _DUTY | {R.ANALYST, R.MCH_MANAGER},
}

_BOOKINGS: Mapping[str, Roles] = {
    **dict.fromkeys(
        ("list_bookings", "show_booking", "list_booking_elsewhere"), _SEES - {R.EMS120}
    ),
    **dict.fromkeys(
        (
            "accept_booking",
            "accept_bookings",
            "confirm_booking",
            "withdraw_booking",
            "choose_booking",
            "enter_spoken_consent",
            "answer_lodging",
        ),
        _FILES,
    ),
    **dict.fromkeys(("consent_to_booking", "decline_booking"), _ANSWERS),
    **dict.fromkeys(
        ("make_booking_run", "show_booking_run", "list_beside_booking_run"),
        _DUTY | {R.MCH_MANAGER},
    ),
    "show_booking_load": _DUTY | {R.MCH_MANAGER, R.COORDINATOR, R.COUNTY_CLINICIAN},
    **dict.fromkeys(("add_lodging_places", "close_ward", "lift_ward_closure"), _SPEAKS),
    **dict.fromkeys(("list_lodging_places", "list_ward_closures"), SIGNED_IN),
}
"""A run speaks for all centres of an area and asks nobody: managers of case files make one too."""

_SIGNING: Mapping[str, Roles] = dict.fromkeys(
    ("sign_rule", "unsign_rule"), frozenset({R.PROVINCE_DUTY_OFFICER})
)
"""Who vouches for a rule of the whole province: whom its commission names, and no administrator."""

_LOOKING_AFTER: Mapping[str, Roles] = {
    "listen_to_changes": _SEES,
    "list_dead_letters": frozenset({R.ADMINISTRATOR, R.PROVINCE_DUTY_OFFICER}),
    "revive_dead_letter": frozenset({R.ADMINISTRATOR}),
}

POLICIES: Mapping[str, Roles | Literal["by_setting"]] = {
    **dict.fromkeys((*_REFERENCE, *_AT_THE_DOOR, *_PAGES_AT_THE_DOOR), ANYBODY),
    **dict.fromkeys((*_OWN_TOKENS, "list_organisations"), SIGNED_IN),
    **dict.fromkeys(_ACCOUNTS, frozenset({Role.ADMINISTRATOR})),
    **dict.fromkeys((*_PAGES, *_CALCULATORS), BY_SETTING),
    **_REFERRALS,
    **_PLANS,
    **_PAPER,
    "report_drills": frozenset({*_DUTY, R.ANALYST}),
    "report_raises": frozenset({*_TREATS, R.EMS120, *_DUTY, R.ANALYST}),
    "report_declines": frozenset({*_ANSWERS, *_DUTY, R.ANALYST}),
    **_TRANSFERS,
    **_PATIENTS,
    **_CENTRES,
    **_BOOKINGS,
    **_CASE_FILES,
    **_SIGNING,
    **_LOOKING_AFTER,
    "list_audit": frozenset({Role.AUDITOR}),
    # Counts, and codes of facilities and counties.
    "list_data_quality": _DUTY | {R.ADMINISTRATOR, R.ANALYST, R.MCH_MANAGER},
}


WITHOUT_KEY: Mapping[str, str] = {
    **dict.fromkeys(_CALCULATORS, "stores nothing"),
    "check_exchange_file": "stores nothing",
    "mark_exchange_file": "stores nothing",
    "search_patients": "a look; it is a POST so that no number of hers stands in an address",
    "look_up_case_file": "a look, and as such a POST; a glass broken twice is reviewed twice",
    **dict.fromkeys(
        ("sign_in", "sign_out", "unlock_session", "choose_role", "change_password", "revoke_token"),
        "proves itself by a secret or ends a session: sent again it changes nothing more",
    ),
    **dict.fromkeys(
        ("make_token", "give_password"),
        "the answer is a secret, and what is answered under a key is kept for a repetition; who "
        "lost the answer makes another, which a person sees in the list",
    ),
}
"""Unsafe routes that take no ``Idempotency-Key``, each with why; every other one requires it."""


class UnpolicedRouteError(LookupError):
    """A route that no line of the table speaks of; the application does not start with it."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        super().__init__(
            f"no policy for {', '.join(self.names)}; add a line to app/policies.py for each"
        )


def roles_of(route: str, *, calculators_open: bool) -> Roles:
    """Return who may call a route."""
    said = POLICIES[route]
    if said == BY_SETTING:
        return ANYBODY if calculators_open else SIGNED_IN
    return said


def require_policies(*routers: APIRouter) -> None:
    """Refuse to start with a route that nobody decided about.

    Raises
    ------
    UnpolicedRouteError
        Routes are not in the table.
    """
    routes = (route for router in routers for route in router.routes)
    names = {route.name for route in routes if isinstance(route, APIRoute)}
    if missing := sorted(names - POLICIES.keys()):
        raise UnpolicedRouteError(missing)
