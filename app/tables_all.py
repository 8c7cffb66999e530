"""Every table of the database, for those who need all of them: migrations and checks."""

from app.accounts.tables import Organisation
from app.centres.tables import CapacityReport, Place, Reservation, WorkItem
from app.commands.tables import Command
from app.db_types import metadata
from app.deadlines.tables import Deadline
from app.live.tables import Change
from app.notices.tables import Notice, NoticeAddress
from app.patients.tables import Patient
from app.referrals.tables import Offer, Recommendation, Referral, StatusEvent, StatusMove
from app.worker.tables import WorkerBeat

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
    Deadline,
    NoticeAddress,
    Notice,
    Change,
    WorkerBeat,
)
