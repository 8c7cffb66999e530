"""Every table of the database, for those who need all of them: migrations and checks."""

from app.accounts.session_tables import ApiToken, Attempt, SignInEvent, UserSession
from app.accounts.tables import CommunityMember, Organisation, RoleGrant, UserAccount
from app.audit.tables import AuditChain, AuditEntry, AuditSeal
from app.bookings.run_tables import BookingRun, LodgingAnswer, LodgingPlace, WardClosure
from app.bookings.tables import Booking
from app.case_exchange.tables import ExchangeItem, ExchangeLine
from app.case_files.acts.tables import (
    CaseAssessment,
    CaseCounselling,
    CasePlan,
    CaseReport,
    CaseScreening,
    CaseVisit,
)
from app.case_files.belonging.tables import (
    CaseDelivery,
    CaseDue,
    CaseGlass,
    CaseHandover,
    CaseNewborn,
    CaseReferral,
    CaseVerification,
)
from app.case_files.tables import CaseColour, CaseFile, CaseParty, CaseTurn
from app.centres.tables import CapacityReport, Place, Reservation, WorkItem
from app.centres.tables_registry import (
    BloodStock,
    CatchmentLine,
    Designation,
    FacilityPhone,
    RegistryLine,
    RegistryVersion,
    StaffCount,
)
from app.centres.tables_said import CapabilityNote, Diversion, DutyTurn
from app.commands.tables import Command
from app.db_types import metadata
from app.deadlines.tables import Deadline
from app.events.tables import EventWord, StatusEvent, StatusMove
from app.live.tables import Change
from app.notices.tables import Notice, NoticeAddress
from app.patients.tables import Birth, Entry, Merge, Patient, PatientIdentity, Unmerge
from app.referrals.paper.tables import PaperForm, PaperFormUse
from app.referrals.party_tables import BrokenGlass, Party, SpokenWord
from app.referrals.plans.tables import JointPlan
from app.referrals.returns.tables import ReturnReferral
from app.referrals.reviews.tables import CaseReview
from app.referrals.tables import (
    Offer,
    Recommendation,
    Referral,
)
from app.roads.tables import RoadClosure
from app.signing.tables import RuleSignature
from app.transfers.tables import Consent, HandoverSet, Observation, Outcome, Transfer
from app.vehicles.tables import Vehicle, VehicleTrip
from app.verifying.tables import VerifyRun
from app.worker.tables import WorkerBeat

__all__ = ["TABLES", "metadata"]

TABLES = (
    Organisation,
    Patient,
    StatusMove,
    StatusEvent,
    EventWord,
    Referral,
    Recommendation,
    Offer,
    Party,
    SpokenWord,
    BrokenGlass,
    JointPlan,
    CaseReview,
    ReturnReferral,
    PaperForm,
    PaperFormUse,
    RuleSignature,
    RoadClosure,
    Transfer,
    Observation,
    HandoverSet,
    Consent,
    Outcome,
    Place,
    Reservation,
    CapacityReport,
    WorkItem,
    Command,
    CommunityMember,
    UserAccount,
    RoleGrant,
    UserSession,
    ApiToken,
    Attempt,
    SignInEvent,
    Diversion,
    CapabilityNote,
    DutyTurn,
    RegistryLine,
    Designation,
    CatchmentLine,
    FacilityPhone,
    StaffCount,
    BloodStock,
    RegistryVersion,
    Vehicle,
    VehicleTrip,
    Deadline,
    NoticeAddress,
    Notice,
    Change,
    WorkerBeat,
    Merge,
    Unmerge,
    Entry,
    PatientIdentity,
    Birth,
    AuditEntry,
    AuditChain,
    AuditSeal,
    VerifyRun,
    CaseFile,
    CaseColour,
    CaseTurn,
    CaseParty,
    CaseScreening,
    CaseAssessment,
    CasePlan,
    CaseVisit,
    CaseCounselling,
    CaseDue,
    CaseReport,
    CaseHandover,
    CaseVerification,
    CaseReferral,
    CaseDelivery,
    CaseNewborn,
    CaseGlass,
    BookingRun,
    Booking,
    LodgingAnswer,
    LodgingPlace,
    WardClosure,
    ExchangeItem,
    ExchangeLine,
)
