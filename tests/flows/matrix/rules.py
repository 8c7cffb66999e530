"""Who may see and do what, said once more in plain words and read from no code of ours.

The matrix compares what the application answers with this. Roles see what their organisation has
to do with; managers of the mother-and-child institutions see the women of their county, wherever
they lie; duty officers see open emergencies of their area; a 120 sees vehicles and times of what it
brings and nothing of her; who broke the glass looks for a while.
Everybody else is answered as if there were no such thing.
"""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["ROUTES", "Route", "Who", "acts", "expected", "keeps", "sees", "sees_patient", "speaks"]

SEEING_NOBODY = frozenset({"analyst", "administrator", "auditor"})
DUTY = {"county_duty_officer": 6, "prefecture_duty_officer": 4, "province_duty_officer": 2}
"""So many digits of a division are the area of each."""
OWN = frozenset({"township", "county_clinician", "coordinator", "ems120"})
SENDS = OWN | DUTY.keys()
SEES = SENDS | {"mch_manager"}
ALL = SEES | SEEING_NOBODY
TREATS = frozenset({"township", "county_clinician", "coordinator"})
ANSWERS = frozenset({"county_clinician", "coordinator"})
SPEAKS = TREATS | DUTY.keys() | {"administrator"}
FILES = TREATS | {"mch_manager"}
COMMISSION = {"county_commission": 6, "prefecture_commission": 4, "province_commission": 2}


@dataclass(frozen=True)
class Who:
    """Somebody: a role at an organisation of the stage."""

    name: str
    role: str
    org: str
    kind: str
    division: str
    province: str
    facility: str | None


class Sees(StrEnum):
    """How much of her somebody sees."""

    NOTHING = "nothing"
    LEAST = "least"
    ALL = "all"


ORDER = tuple(Sees)


def parts(who, one):
    """As what somebody's organisation or area has to do with a referral."""
    said = {
        "sender": one.sender == who.org,
        "entered": one.entered_by == who.org,
        "asked": who.org in one.asked,
        "takes": one.takes == who.org,
        "brings": one.brings == who.org,
        "coordinates": one.coordinates == who.org,
        "door": who.org in one.asked and one.heading == who.org,
    }
    found = {name for name, true in said.items() if true}
    digits = DUTY.get(who.role, 6 if who.role == "mch_manager" else 0)
    area = who.division[:digits] if digits else None
    if area and one.county.startswith(area):
        found.add("responsible")
    if area and one.home and one.home.startswith(area):
        found.add("home")
    return found


def sees_by_role(who, one):
    """How much somebody sees because of who she is, without breaking anything."""
    mine = parts(who, one)
    at_work = mine - {"responsible", "home", "door"}
    if who.role in OWN and at_work:
        least = who.role == "ems120" or at_work == {"asked"}
        return Sees.LEAST if least else Sees.ALL
    if who.role == "mch_manager" and mine & {"responsible", "home"}:
        return Sees.ALL
    if who.role in DUTY and one.open and (at_work or (one.emergency and mine)):
        return Sees.ALL
    return Sees.NOTHING


def sees(who, one):
    """How much somebody sees of a referral."""
    return Sees.ALL if who.name in one.glass else sees_by_role(who, one)


def sees_patient(who, one):
    """How much somebody sees of the woman: by her referral, or because her own house entered her.

    A commission or 120 that entered her by telephone for others knows no name from that alone.
    """
    found = sees(who, one)
    entered = one.entered_by or one.sender
    if who.role in SEES and who.org == entered:
        own = Sees.LEAST if who.role in DUTY or who.role == "ems120" else Sees.ALL
        found = max(found, own, key=ORDER.index)
    return found


def acts(who, one, *capacities):
    """Whether what is to be done is hers to do. Duty officers act on what they see by duty."""
    if parts(who, one) & set(capacities):
        return True
    return who.role in DUTY and sees_by_role(who, one) is not Sees.NOTHING


def speaks(who, facility, division):
    """Whether somebody may say what a centre has: its staff, and those above it."""
    if who.facility == facility and who.role not in ("analyst", "auditor"):
        return True
    digits = DUTY.get(who.role, 6 if who.role == "mch_manager" else 0)
    if who.role == "administrator":
        digits = COMMISSION.get(who.kind, 0)
    return bool(digits) and division.startswith(who.division[:digits])


def keeps(who, org, division):
    """Whether an administrator keeps the accounts of an organisation."""
    if who.role != "administrator":
        return False
    digits = COMMISSION.get(who.kind)
    if digits is None:
        return who.org == org
    return division.startswith(who.division[:digits])


@dataclass(frozen=True)
class Route:
    """A route: who may call it at all, what it is about, and as what one may do it.

    ``least`` is how much of her has to be seen for it.
    """

    roles: frozenset
    about: str
    acts: tuple = ()
    least: Sees = Sees.LEAST


def _all(names, *said, **more):
    return {name: Route(*said, **more) for name in names.split()}


SENDER = ("sender", "entered")
ASKS = (*SENDER, "coordinates")
BRINGS = (*SENDER, "takes", "brings", "coordinates")
RECEIVES = (*BRINGS, "door")
"""Of those who are only asked, nobody but where she is brought."""
WRITES = (*SENDER, "takes", "brings")
NOBODY = frozenset()
ADMIN = frozenset({"administrator"})

ROUTES = {
    # Nothing of a person and nothing stored.
    **_all(
        "list_facilities show_facility list_capabilities list_divisions list_facts list_rules "
        "list_townships show_rule_wording list_roads "
        "check_policy list_county_gaps show_status show_alive show_ready show_statusz show_metrics",
        NOBODY,
        "open",
    ),
    # At the door: tried with real sessions, in a test of their own.
    **_all(
        "sign_in show_session sign_out unlock_session choose_role change_password", NOBODY, "door"
    ),
    **_all("list_tokens make_token revoke_token", ALL, "door"),
    **_all(
        "preview_assessment make_recommendation preview_plan preview_bookings",
        ALL,
        "anybody signed in",
    ),
    # Referrals.
    "show_referral": Route(SEES, "referral"),
    "print_sheet": Route(SEES, "referral"),
    "match_referral": Route(SENDS, "referral", ASKS),
    "ask_centre": Route(SENDS, "referral", ASKS),
    "enter_spoken_acceptance": Route(SENDS, "referral", ASKS),
    "accept_outside": Route(SENDS, "referral", ASKS),
    "accept_inside": Route(SENDS, "referral", (*ASKS, "asked")),
    "confirm_word": Route(TREATS, "referral"),
    "cancel_referral": Route(SENDS, "referral", (*SENDER, "responsible")),
    "stay_referral": Route(SENDS, "referral", ASKS),
    "close_referral": Route(SENDS | {"mch_manager"}, "referral", (*ASKS, "takes", "responsible")),
    "write_handover_set": Route(TREATS, "referral", WRITES),
    "record_consent": Route(TREATS, "referral", WRITES),
    "report_outcome": Route(ANSWERS, "referral", ("takes",)),
    "dispatch_transfer": Route(SENDS, "referral", BRINGS),
    # Journeys.
    **_all("depart_transfer call_off_transfer divert_transfer", SENDS, "transfer", BRINGS),
    **_all("arrive_transfer note_death", SENDS, "transfer", RECEIVES),
    "hand_over_transfer": Route(TREATS, "transfer", RECEIVES),
    "add_observation": Route(SENDS, "transfer", WRITES),
    "report_birth": Route(TREATS, "transfer", WRITES),
    # What a centre is asked is its own for good; others who see her may not answer for it.
    **_all("show_offer list_elsewhere accept_offer decline_offer", ANSWERS, "offer"),
    # Patients.
    "request_referral": Route(SENDS, "patient"),
    "enter_newborns": Route(SENDS, "patient"),
    "show_patient": Route(SEES, "patient"),
    **_all(
        "show_identity complete_identity list_duplicates merge_patient undo_merge link_to_mother",
        SEES,
        "patient",
        least=Sees.ALL,
    ),
    "search_patients": Route(SEES, "number of a document"),
    "enter_patient": Route(SENDS, "anybody signed in"),
    # Case files: what somebody sees of them is in test_matrix_case_files.
    "register_case_file": Route(FILES, "patient"),
    **_all(
        "screen_case_file send_to_assessment name_case_clinician add_case_plan add_case_visit "
        "send_case_report add_case_counselling admit_case_early end_case_admission deliver_case "
        "discharge_case offer_case_file answer_case_handover end_case_file take_up_case_file "
        "close_case_file",
        FILES,
        "case file",
        ("party",),
    ),
    **_all("assess_case_file lower_case_colour", ANSWERS, "case file", ("party",)),
    "verify_case_file": Route(frozenset({"mch_manager"}), "case file", ("party",)),
    **_all("show_case_file draft_referral", FILES | DUTY.keys(), "case file"),
    "look_up_case_file": Route(FILES | DUTY.keys(), "number of a case file"),
    **_all("list_case_files list_from_35 list_after_caesarean list_medical_aid", FILES, "list"),
    "list_due_case_files": Route(FILES | DUTY.keys(), "list"),
    "report_case_files": Route(DUTY.keys() | {"analyst", "mch_manager"}, "anybody signed in"),
    "list_case_glasses": Route(frozenset({"auditor"}), "list"),
    "list_exchange_items": Route(frozenset({"mch_manager"}), "list"),
    "decide_exchange_item": Route(frozenset({"mch_manager"}), "nothing of hers"),
    # What of a file is in whose county is told in test_exchange_files.
    **_all(
        "give_exchange_template check_exchange_file mark_exchange_file take_exchange_file "
        "show_exchange_progress export_case_files",
        frozenset({"mch_manager"}),
        "anybody signed in",
    ),
    "review_case_glass": Route(frozenset({"auditor"}), "nothing of hers"),
    # Bookings: whose they are is told in test_bookings and test_booking_runs.
    "answer_lodging": Route(FILES, "case file", ("party",)),
    **_all(
        "accept_booking confirm_booking withdraw_booking choose_booking enter_spoken_consent",
        FILES,
        "nothing of hers",
    ),
    **_all("consent_to_booking decline_booking", ANSWERS, "nothing of hers"),
    **_all("show_booking list_booking_elsewhere", SEES - {"ems120"}, "nothing of hers"),
    "list_bookings": Route(SEES - {"ems120"}, "list"),
    "accept_bookings": Route(FILES, "anybody signed in"),
    "make_booking_run": Route(DUTY.keys() | {"mch_manager"}, "division"),
    **_all(
        "show_booking_run list_beside_booking_run",
        DUTY.keys() | {"mch_manager"},
        "nothing of hers",
    ),
    "show_booking_load": Route(DUTY.keys() | ANSWERS | {"mch_manager"}, "anybody signed in"),
    **_all("add_lodging_places close_ward", SPEAKS, "facility"),
    "lift_ward_closure": Route(SPEAKS, "nothing of hers"),
    **_all("list_lodging_places list_ward_closures", ALL, "anybody signed in"),
    # Broken glasses.
    "break_glass": Route(SEES, "number of a referral"),
    "review_broken_glass": Route(frozenset({"auditor"}), "glass"),
    # Lists: what is in them is compared line by line.
    **_all("list_referrals list_transfers show_worklist", SEES, "list"),
    "listen_to_changes": Route(SEES, "stream"),
    "list_offers": Route(ANSWERS, "list"),
    "list_broken_glasses": Route(frozenset({"auditor"}), "list"),
    "list_users": Route(ADMIN, "list"),
    "list_organisations": Route(ALL, "anybody signed in"),
    "list_own_vehicles": Route(SENDS | ADMIN, "list"),
    "list_dead_letters": Route(ADMIN | {"province_duty_officer"}, "anybody signed in"),
    "revive_dead_letter": Route(ADMIN, "nothing of hers"),
    "take_her_back": Route(TREATS, "nothing of hers"),
    "close_case_review": Route(frozenset(DUTY) | {"mch_manager"}, "nothing of hers"),
    # Plans and exercises of an area: numbers, no names.
    "list_plans": Route(frozenset(DUTY), "list"),
    **_all("show_plan edit_plan apply_plan reject_plan", frozenset(DUTY), "plan"),
    "make_plan": Route(frozenset(DUTY), "division"),
    "report_drills": Route(frozenset(DUTY) | {"analyst"}, "anybody signed in"),
    "report_raises": Route(SENDS | {"analyst"}, "anybody signed in"),
    "report_declines": Route(ANSWERS | DUTY.keys() | {"analyst"}, "anybody signed in"),
    # Blank forms of the own organisation.
    "list_paper_forms": Route(TREATS, "list"),
    "print_paper_forms": Route(TREATS, "form"),
    "issue_paper_forms": Route(TREATS, "anybody signed in"),
    "list_data_quality": Route(
        ADMIN | DUTY.keys() | {"analyst", "mch_manager"}, "anybody signed in"
    ),
    # Clinical sign-off.
    **_all("sign_rule unsign_rule", frozenset({"province_duty_officer"}), "nothing of hers"),
    # The record.
    "list_audit": Route(frozenset({"auditor"}), "record"),
    # Accounts.
    **_all("list_notice_addresses add_notice_address end_notice_address", ADMIN, "user"),
    **_all("give_password disable_user enable_user grant_role list_grants", ADMIN, "user"),
    "end_grant": Route(ADMIN, "user"),
    **_all("join_community leave_community list_members", ADMIN, "community"),
    "create_user": Route(ADMIN, "user"),
    "add_organisation": Route(ADMIN, "division"),
    # What centres say; where a centre stands and what it has is no secret.
    **_all(
        "list_places list_reports list_facility_diversions list_capability_notes list_duty "
        "list_designations list_catchments list_blood",
        ALL,
        "anybody signed in",
    ),
    **_all("report_places divert_facility note_facility_capability write_duty", SPEAKS, "facility"),
    **_all("lift_facility_diversion withdraw_duty", SPEAKS, "nothing of hers"),
    "settle_work_item": Route(TREATS | DUTY.keys(), "nothing of hers"),
    "report_blood_stock": Route(SPEAKS, "division"),
    "designate_facility": Route(ADMIN | DUTY.keys(), "facility above"),
    # For which ends of a road somebody speaks is told in test_road_closures.
    "list_road_closures": Route(ALL, "anybody signed in"),
    "end_road_closure": Route(ADMIN | DUTY.keys(), "nothing of hers"),
    "close_road": Route(ADMIN | DUTY.keys(), "division"),
    "enter_vehicle": Route(SENDS | ADMIN, "anybody signed in"),
    "say_vehicle_state": Route(SENDS | ADMIN, "vehicle"),
}
"""Every route there is. A new one has to be thought about and written down here."""


class Said(StrEnum):
    """What is answered."""

    NOT_SIGNED_IN = "not signed in"
    NOT_THE_ROLE = "not the role"
    NOT_THERE = "not there"
    NOT_THEIRS = "not theirs"
    ANSWERED = "answered"


def expected(route, who, one):
    """What somebody is to be answered about a referral, its offer, its journey, or the woman."""
    rule = ROUTES[route]
    if who is None:
        return Said.NOT_SIGNED_IN
    if who.role not in rule.roles:
        return Said.NOT_THE_ROLE
    if one is None:
        return Said.NOT_THERE
    if rule.about == "patient":
        seen = sees_patient(who, one)
        enough = ORDER.index(seen) >= ORDER.index(rule.least)
        return Said.ANSWERED if enough else Said.NOT_THERE
    if rule.about == "offer" and one.offered_to == who.org:
        return Said.ANSWERED
    if sees(who, one) is Sees.NOTHING:
        return Said.NOT_THERE
    if rule.about == "offer":
        return Said.NOT_THEIRS
    if rule.acts and not acts(who, one, *rule.acts):
        return Said.NOT_THEIRS
    return Said.ANSWERED
