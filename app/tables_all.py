"""Every table of the database, for those who need all of them: migrations and checks."""

from app.accounts.tables import Organisation
from app.audit.tables import AuditChain, AuditEntry, AuditSeal
from app.centres.tables import CapacityReport, Place, Reservation, WorkItem
from app.commands.tables import Command
from app.db_types import metadata
from app.patients.tables import Patient
from app.referrals.tables import Offer, Recommendation, Referral, StatusEvent, StatusMove

__all__ = ["TABLES", "metadata"]

TABLES = (
    Organisation,
    Patient,
    StatusMove,
    StatusEvent,
    Referral,
    Recommendation,
    Offer,
    Place,
    Reservation,
    CapacityReport,
    WorkItem,
    Command,
    AuditEntry,
    AuditChain,
    AuditSeal,
)
