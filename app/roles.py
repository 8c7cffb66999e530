"""The role under which the service works on PostgreSQL: it owns nothing and takes nothing back.

Triggers refuse what must never be, but the owner of a table can drop them. The service does not
have to be the owner: a role with no more than these grants cannot change or delete a line of the
record, of the events or of the ledger, cannot empty a table, and cannot alter one. ``migrate`` is
run by the owner, who is nobody's account by day.
"""

import re
from collections.abc import Iterator

from app.tables_all import metadata

__all__ = ["ADDED_ONLY", "DELETED", "RoleNameError", "statements"]

ADDED_ONLY = (
    "audit_entry",
    "audit_seal",
    "blood_stock",
    "capability_note",
    "capacity_report",
    "case_assessment",
    "case_colour",
    "case_counselling",
    "case_delivery",
    "case_newborn",
    "case_plan",
    "case_referral",
    "case_report",
    "case_screening",
    "case_verification",
    "case_visit",
    "change",
    "consent",
    "designation",
    "handover_set",
    "observation",
    "outcome",
    "paper_form",
    "paper_form_use",
    "patient_entry",
    "patient_merge",
    "patient_unmerge",
    "recommendation",
    "rule_signature",
    "sign_in",
    "status_event",
)
"""Lines of these are never changed; the same tables have triggers that say so."""
ENDED = {
    "reservation": ("status", "held_until", "released_at"),
    "audit_chain": ("seq", "hash"),
    "status_move": (),
}
"""Of these only some columns change: a line of the ledger ends, a chain grows."""
DELETED = ("attempt",)
"""What the service throws away itself: wrong passwords, when they are old."""
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class RoleNameError(ValueError):
    """No name for a role."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__("a role is called by small letters, digits and _, at most 63")


def statements(role: str) -> Iterator[str]:
    """Yield the SQL that makes the role, or makes it right again after ``migrate``.

    Raises
    ------
    RoleNameError
        The name would have to be quoted.
    """
    if not NAME.fullmatch(role):
        raise RoleNameError(role)
    every = sorted(metadata.tables)
    changed = [name for name in every if name not in ADDED_ONLY and name not in ENDED]
    yield (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') "
        f"THEN CREATE ROLE {role} LOGIN; END IF; END $$"
    )
    yield f"ALTER ROLE {role} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"
    yield f"GRANT SELECT ON alembic_version TO {role}"
    yield f"GRANT SELECT, INSERT ON {', '.join(sorted({*every} - {'status_move'}))} TO {role}"
    yield f"GRANT SELECT ON status_move TO {role}"
    yield f"GRANT UPDATE ON {', '.join(changed)} TO {role}"
    for table, columns in ENDED.items():
        if columns:
            yield f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO {role}"
    yield f"GRANT DELETE ON {', '.join(DELETED)} TO {role}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"
