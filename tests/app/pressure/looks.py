"""What must never be true of a referral, as statements that select those of which it is."""

from app.referrals.states import OPEN
from app.transfers.states import MOVING

_OPEN = ", ".join(f"'{status.value}'" for status in OPEN)
_MOVING = ", ".join(f"'{status.value}'" for status in MOVING)

LOOKS = {
    "unowned": f"SELECT id FROM referral WHERE status IN ({_OPEN}) AND (owner_org IS NULL "
    "OR deadline_at IS NULL OR next_step IS NULL OR next_step = '')",
    # Open, and what it shows as its next deadline is no row that will be done.
    "unwatched": f"SELECT r.id FROM referral r WHERE r.status IN ({_OPEN}) AND NOT EXISTS ("
    "SELECT 1 FROM deadline d WHERE d.subject_id = r.id AND d.done_at IS NULL "
    "AND d.cancelled_at IS NULL AND d.dead_at IS NULL AND d.due_at = r.deadline_at "
    "AND d.kind = r.next_step)",
    "due_and_over": f"SELECT r.id FROM referral r WHERE r.status NOT IN ({_OPEN}) AND EXISTS ("
    "SELECT 1 FROM deadline d WHERE d.subject_id = r.id AND d.done_at IS NULL "
    "AND d.cancelled_at IS NULL)",
    # A centre that nobody has accepted for is no destination.
    "destination_of_nobody": "SELECT id FROM referral WHERE destination_id IS NOT NULL "
    "AND status NOT IN ('accepted', 'handed_over', 'outcome_reported', 'closed', 'cancelled')",
    "transfer_astray": "SELECT t.id FROM transfer t WHERE NOT EXISTS (SELECT 1 FROM status_event e "
    "WHERE e.machine = 'transfer' AND e.subject_id = t.id AND e.seq = t.last_seq "
    "AND e.to_status = t.status)",
    "on_no_road": "SELECT r.id FROM referral r WHERE r.under_way AND NOT EXISTS (SELECT 1 "
    f"FROM transfer t WHERE t.referral_id = r.id AND t.status IN ({_MOVING}))",
}
