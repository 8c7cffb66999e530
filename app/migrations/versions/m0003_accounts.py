"""Accounts: communities, people, roles, who is signed in, and how signing in ended.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

from app.db_types import Flag, Key, When
from app.keys.sealed import Sealed
from app.migrations.sealing import sealed_checks
from app.migrations.triggers import is_sqlite, refuse

revision = "0003"
down_revision = "0002"

LEAD = "a community has one lead hospital at a time"
OVERLAPS = (
    "SELECT 1 FROM community_member AS other WHERE other.community_id = NEW.community_id "
    "AND other.is_lead AND other.id <> NEW.id "
    "AND (NEW.to_at IS NULL OR other.from_at < NEW.to_at) "
    "AND (other.to_at IS NULL OR NEW.from_at < other.to_at)"
)
FIXED = {
    "community_member": ("community_id", "member_id", "is_lead", "from_at"),
    "role_grant": ("user_id", "org_id", "org_kind", "role", "duty", "from_at", "granted_by"),
}
"""What of a period is never changed: it ends, sooner than was said or when it is said, and that is all."""


def upgrade() -> None:
    """Make the tables and the triggers."""
    op.create_index(
        "uq_organisation_commission",
        "organisation",
        ["division", "kind"],
        unique=True,
        postgresql_where=sa.text(
            "kind IN ('county_commission', 'prefecture_commission', 'province_commission')"
        ),
        sqlite_where=sa.text(
            "kind IN ('county_commission', 'prefecture_commission', 'province_commission')"
        ),
    )
    op.create_index("uq_organisation_id_kind", "organisation", ["id", "kind"], unique=True)
    op.create_table(
        "community_member",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("community_id", Key(), nullable=False),
        sa.Column("community_kind", sa.Text(), nullable=False),
        sa.Column("member_id", Key(), nullable=False),
        sa.Column("member_kind", sa.Text(), nullable=False),
        sa.Column("is_lead", Flag(), nullable=False),
        sa.Column("from_at", When(), nullable=False),
        sa.Column("to_at", When(), nullable=True),
        sa.CheckConstraint(
            "community_kind = 'community'", name=op.f("ck_community_member_community")
        ),
        sa.CheckConstraint(
            "member_kind IN ('institution', 'mch')", name=op.f("ck_community_member_member")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_community_member_province")),
        sa.CheckConstraint(
            "to_at IS NULL OR to_at >= from_at", name=op.f("ck_community_member_forward")
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "community_kind"],
            ["organisation.id", "organisation.kind"],
            name="fk_community_member_community",
        ),
        sa.ForeignKeyConstraint(
            ["member_id", "member_kind"],
            ["organisation.id", "organisation.kind"],
            name="fk_community_member_member",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_member")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_community_member_lead",
        "community_member",
        ["community_id"],
        unique=True,
        postgresql_where=sa.text("is_lead AND to_at IS NULL"),
        sqlite_where=sa.text("is_lead AND to_at IS NULL"),
    )
    op.create_index(
        "uq_community_member_open",
        "community_member",
        ["community_id", "member_id"],
        unique=True,
        postgresql_where=sa.text("to_at IS NULL"),
        sqlite_where=sa.text("to_at IS NULL"),
    )
    op.create_table(
        "user_account",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("home_org", Key(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", Sealed(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change", Flag(), nullable=False),
        sa.Column("password_at", When(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=True),
        sa.Column("disabled_from", When(), nullable=True),
        sa.Column("disabled_to", When(), nullable=True),
        sa.Column("created_at", When(), nullable=False),
        sa.CheckConstraint("duty IN ('administers', 'audits')", name=op.f("ck_user_account_duty")),
        sa.CheckConstraint(
            "password_hash LIKE '$argon2id$%'", name=op.f("ck_user_account_password_hash")
        ),
        sa.CheckConstraint(
            "(disabled_from IS NULL AND disabled_to IS NULL) OR (disabled_from IS NOT NULL AND (disabled_to IS NULL OR disabled_to >= disabled_from))",
            name=op.f("ck_user_account_disabled"),
        ),
        sa.CheckConstraint(
            "length(login) BETWEEN 3 AND 64 AND login = lower(login)",
            name=op.f("ck_user_account_login"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_user_account_province")),
        sa.ForeignKeyConstraint(
            ["home_org"], ["organisation.id"], name=op.f("fk_user_account_home_org")
        ),
        *sealed_checks("user_account", "name"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
        sqlite_strict=True,
    )
    op.create_index("uq_user_account_id_duty", "user_account", ["id", "duty"], unique=True)
    op.create_table(
        "role_grant",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("user_id", Key(), nullable=False),
        sa.Column("org_id", Key(), nullable=False),
        sa.Column("org_kind", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=True),
        sa.Column("from_at", When(), nullable=False),
        sa.Column("to_at", When(), nullable=True),
        sa.Column("granted_by", Key(), nullable=True),
        sa.Column("ended_by", Key(), nullable=True),
        sa.CheckConstraint(
            "(role = 'administrator' AND duty IS NOT NULL AND duty = 'administers') OR (role = 'auditor' AND duty IS NOT NULL AND duty = 'audits') OR (role NOT IN ('administrator', 'auditor') AND duty IS NULL)",
            name=op.f("ck_role_grant_duty"),
        ),
        sa.CheckConstraint(
            "(role = 'township' AND org_kind IN ('institution')) OR (role = 'county_clinician' AND org_kind IN ('institution', 'mch')) OR (role = 'mch_manager' AND org_kind IN ('mch')) OR (role = 'coordinator' AND org_kind IN ('institution', 'mch')) OR (role = 'county_duty_officer' AND org_kind IN ('county_commission')) OR (role = 'prefecture_duty_officer' AND org_kind IN ('prefecture_commission')) OR (role = 'province_duty_officer' AND org_kind IN ('province_commission')) OR (role = 'ems120' AND org_kind IN ('ems120')) OR (role = 'analyst' AND org_kind IN ('county_commission', 'prefecture_commission', 'province_commission')) OR (role = 'administrator' AND org_kind IN ('institution', 'mch', 'county_commission', 'prefecture_commission', 'province_commission')) OR (role = 'auditor' AND org_kind IN ('institution', 'mch', 'county_commission', 'prefecture_commission', 'province_commission'))",
            name=op.f("ck_role_grant_fits"),
        ),
        sa.CheckConstraint(
            "granted_by IS NULL OR granted_by <> user_id", name=op.f("ck_role_grant_by_another")
        ),
        sa.CheckConstraint(
            "ended_by IS NULL OR to_at IS NOT NULL", name=op.f("ck_role_grant_ended")
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_role_grant_province")),
        sa.CheckConstraint("to_at IS NULL OR to_at >= from_at", name=op.f("ck_role_grant_forward")),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["user_account.id"], name=op.f("fk_role_grant_ended_by")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["user_account.id"], name=op.f("fk_role_grant_granted_by")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "org_kind"],
            ["organisation.id", "organisation.kind"],
            name="fk_role_grant_org",
        ),
        sa.ForeignKeyConstraint(
            ["user_id", "duty"], ["user_account.id", "user_account.duty"], name="fk_role_grant_duty"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_role_grant_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sqlite_strict=True,
    )
    op.create_index("uq_role_grant_id_user", "role_grant", ["id", "user_id"], unique=True)
    op.create_index(
        "uq_role_grant_open",
        "role_grant",
        ["user_id", "org_id", "role"],
        unique=True,
        postgresql_where=sa.text("to_at IS NULL"),
        sqlite_where=sa.text("to_at IS NULL"),
    )
    op.create_table(
        "user_session",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("csrf_hash", sa.Text(), nullable=False),
        sa.Column("user_id", Key(), nullable=False),
        sa.Column("grant_id", Key(), nullable=True),
        sa.Column("created_at", When(), nullable=False),
        sa.Column("last_seen_at", When(), nullable=False),
        sa.Column("expires_at", When(), nullable=False),
        sa.Column("ended_at", When(), nullable=True),
        sa.Column("ended_how", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "ended_how IN ('signed_out', 'role_switched', 'password_changed', 'password_reset', 'disabled')",
            name=op.f("ck_user_session_ended_how"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_how IS NULL)", name=op.f("ck_user_session_ended")
        ),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_user_session_expires")),
        sa.CheckConstraint("length(csrf_hash) = 64", name=op.f("ck_user_session_csrf_hash")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_user_session_province")),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_user_session_token_hash")),
        sa.ForeignKeyConstraint(
            ["grant_id", "user_id"],
            ["role_grant.id", "role_grant.user_id"],
            name="fk_user_session_grant",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_user_session_user_id", "user_session", ["user_id"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("user_id", Key(), nullable=False),
        sa.Column("grant_id", Key(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", When(), nullable=False),
        sa.Column("expires_at", When(), nullable=False),
        sa.Column("revoked_at", When(), nullable=True),
        sa.Column("last_used_at", When(), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_api_token_name")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_api_token_expires")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_api_token_province")),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_api_token_token_hash")),
        sa.ForeignKeyConstraint(
            ["grant_id", "user_id"],
            ["role_grant.id", "role_grant.user_id"],
            name="fk_api_token_grant",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_api_token_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_api_token_user_id", "api_token", ["user_id"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", When(), nullable=True),
        sa.Column("wait_until", When(), nullable=True),
        sa.CheckConstraint("kind IN ('login', 'client')", name=op.f("ck_attempt_kind")),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_attempt_failures")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_attempt_province")),
        sa.CheckConstraint("length(who) = 64", name=op.f("ck_attempt_who")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("kind", "who", name="uq_attempt_who"),
        sqlite_strict=True,
    )
    op.create_index("ix_attempt_last_at", "attempt", ["last_at"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("user_id", Key(), nullable=True),
        sa.Column("at", When(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'unknown_login') = (user_id IS NULL)", name=op.f("ck_sign_in_who")
        ),
        sa.CheckConstraint(
            "outcome IN ('signed_in', 'wrong_password', 'unknown_login', 'disabled', 'no_role', 'unlocked', 'not_unlocked', 'password_changed', 'password_not_changed', 'signed_out', 'role_switched')",
            name=op.f("ck_sign_in_outcome"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_sign_in_province")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sign_in_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sqlite_strict=True,
    )
    op.create_index("ix_sign_in_user_id", "sign_in", ["user_id", "at"], unique=False)
    for table, columns in FIXED.items():
        _only_ends(table, columns)
    _one_lead()
    refuse(
        append_only=("sign_in",),
        never_deleted=("community_member", "user_account", "role_grant"),
    )


def downgrade() -> None:
    """Drop everything."""
    for table in (
        "sign_in",
        "attempt",
        "api_token",
        "user_session",
        "role_grant",
        "user_account",
        "community_member",
    ):
        op.drop_table(table)
    if not is_sqlite():
        op.execute("DROP FUNCTION greenchannel_one_lead()")
    for index in ("uq_organisation_id_kind", "uq_organisation_commission"):
        op.drop_index(index, "organisation")


def _only_ends(table: str, fixed: tuple[str, ...]) -> None:
    """Let a period be ended or shortened, and nothing else of its row be changed."""
    differs = "IS NOT" if is_sqlite() else "IS DISTINCT FROM"
    changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in fixed)
    longer = "(OLD.to_at IS NOT NULL AND (NEW.to_at IS NULL OR NEW.to_at > OLD.to_at))"
    if table == "role_grant":
        changed += f" OR (OLD.ended_by IS NOT NULL AND NEW.ended_by {differs} OLD.ended_by)"
    name = f"{table}_only_ends"
    if is_sqlite():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {longer} OR {changed} "
            f"BEGIN SELECT RAISE(ABORT, 'UPDATE of {table} is not allowed'); END"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN ({longer} OR {changed}) EXECUTE FUNCTION greenchannel_refuse()"
        )


def _one_lead() -> None:
    """Refuse a lead whose time overlaps that of another; periods only ever become shorter."""
    if is_sqlite():
        op.execute(
            "CREATE TRIGGER community_member_one_lead BEFORE INSERT ON community_member "
            f"WHEN NEW.is_lead AND EXISTS ({OVERLAPS}) "
            f"BEGIN SELECT RAISE(ABORT, '{LEAD}'); END"
        )
        return
    # Two who join at once do not see each other's row: the row of the community lets one pass.
    op.execute(
        "CREATE FUNCTION greenchannel_one_lead() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM 1 FROM organisation WHERE id = NEW.community_id FOR NO KEY UPDATE; "
        f"IF EXISTS ({OVERLAPS}) THEN RAISE EXCEPTION '{LEAD}' "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER community_member_one_lead BEFORE INSERT ON community_member "
        "FOR EACH ROW WHEN (NEW.is_lead) EXECUTE FUNCTION greenchannel_one_lead()"
    )
