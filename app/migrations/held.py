"""Identities that are not erased yet, as the seventh step has the database refuse it."""

from app.migrations.triggers import Guard

__all__ = ["HELD"]

# Who she was is kept while anybody may still have to know it: while she is being referred or is on
# the way, while a word spoken for her is not confirmed or a look at her not reviewed.
HELD = Guard(
    name="patient_identity_held",
    table="patient_identity",
    column="erased_at",
    key="id",
    refused=(
        "NEW.erased_at IS NOT NULL AND EXISTS (SELECT 1 FROM referral AS r "
        "WHERE r.patient_id = NEW.id AND (r.status NOT IN ('closed', 'cancelled') "
        "OR EXISTS (SELECT 1 FROM transfer AS t WHERE t.referral_id = r.id "
        "AND t.status NOT IN ('called_off', 'handed_over', 'died')) "
        "OR EXISTS (SELECT 1 FROM spoken_word AS w WHERE w.referral_id = r.id "
        "AND w.confirmed_at IS NULL) "
        "OR EXISTS (SELECT 1 FROM broken_glass AS g WHERE g.referral_id = r.id "
        "AND g.reviewed_at IS NULL)))"
    ),
    said="who she is may still be needed",
)
