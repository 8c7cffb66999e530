"""Who patients are, sealed; merges that can be undone; births.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

from app.db_types import Flag, Key, When
from app.keys.sealed import Index16, Sealed
from app.migrations.triggers import Guard, drop_guard, guard, refuse

revision = "0004"
down_revision = "0003"

HAS_OPEN = (
    "EXISTS (SELECT 1 FROM referral WHERE patient_id = NEW.id "
    "AND status NOT IN ('closed', 'cancelled'))"
)
IS_MERGED = (
    "EXISTS (SELECT 1 FROM patient_identity WHERE id = NEW.patient_id AND merged_into IS NOT NULL)"
)
# One open referral a person: the index of the first step holds it for a patient, these two hold it
# for patients who were merged.
IS_ERASED = (
    "EXISTS (SELECT 1 FROM patient_identity WHERE id = NEW.patient_id AND erased_at IS NOT NULL)"
)
ONE_OPEN = "one open referral a person"
GUARDS = (
    Guard(
        name="patient_identity_open",
        table="patient_identity",
        column="merged_into",
        key="id",
        refused=f"NEW.merged_into IS NOT NULL AND {HAS_OPEN}",
        said=ONE_OPEN,
    ),
    Guard("referral_of_merged", "referral", "patient_id", "patient_id", IS_MERGED, ONE_OPEN),
    Guard(
        name="referral_of_erased",
        table="referral",
        column="patient_id",
        key="patient_id",
        refused=IS_ERASED,
        said="who she was is erased",
    ),
)


def upgrade() -> None:
    """Make the tables and what they refuse."""
    op.create_table(
        "patient_entry",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("patient_id", Key(), nullable=False),
        sa.Column("org_id", Key(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("found", Flag(), nullable=False),
        sa.Column("at", When(), nullable=False),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_patient_entry_province")),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_patient_entry_org_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_patient_entry_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_entry")),
        sqlite_strict=True,
    )
    op.create_index("ix_patient_entry_of", "patient_entry", ["patient_id", "org_id"])
    op.create_table(
        "patient_birth",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("birth_id", Key(), nullable=False),
        sa.Column("order_in_birth", sa.Integer(), nullable=False),
        sa.Column("born_at", When(), nullable=True),
        sa.Column("in_transit", Flag(), nullable=False),
        sa.Column("entered_at", When(), nullable=False),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_patient_birth_province")),
        sa.CheckConstraint(
            "order_in_birth BETWEEN 1 AND 9", name=op.f("ck_patient_birth_order_in_birth")
        ),
        sa.ForeignKeyConstraint(["id"], ["patient.id"], name="fk_patient_birth_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_birth")),
        sa.UniqueConstraint(
            "birth_id", "order_in_birth", name=op.f("uq_patient_birth_birth_id_order_in_birth")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "patient_merge",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("keep_id", Key(), nullable=False),
        sa.Column("drop_id", Key(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.Column("at", When(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('same_number', 'documents_compared', 'told_by_her_or_family', 'recognised_by_staff')",
            name=op.f("ck_patient_merge_reason"),
        ),
        sa.CheckConstraint("keep_id <> drop_id", name=op.f("ck_patient_merge_two")),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_patient_merge_province")),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_patient_merge_by_org")
        ),
        sa.ForeignKeyConstraint(["drop_id"], ["patient.id"], name=op.f("fk_patient_merge_drop_id")),
        sa.ForeignKeyConstraint(["keep_id"], ["patient.id"], name=op.f("fk_patient_merge_keep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_merge")),
        sa.UniqueConstraint("id", "drop_id", "keep_id", name="uq_patient_merge_said"),
        sqlite_strict=True,
    )
    op.create_table(
        "patient_identity",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("identity_kind", sa.Text(), nullable=False),
        sa.Column("name", Sealed(), nullable=True),
        sa.Column("id_number", Sealed(), nullable=True),
        sa.Column("birth_date", Sealed(), nullable=True),
        sa.Column("phone", Sealed(), nullable=True),
        sa.Column("address", Sealed(), nullable=True),
        sa.Column("contact_name", Sealed(), nullable=True),
        sa.Column("contact_phone", Sealed(), nullable=True),
        sa.Column("id_index", Index16(), nullable=True),
        sa.Column("claimed_index", Index16(), nullable=True),
        sa.Column("name_index", Index16(), nullable=True),
        sa.Column("phone_index", Index16(), nullable=True),
        sa.Column("contact_phone_index", Index16(), nullable=True),
        sa.Column("unknown_on", sa.Text(), nullable=True),
        sa.Column("unknown_number", sa.Integer(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("interpreter_needed", Flag(), nullable=True),
        sa.Column("aid_group", sa.Text(), nullable=True),
        sa.Column("residence_county", sa.Text(), nullable=True),
        sa.Column("home_county", sa.Text(), nullable=True),
        sa.Column("merged_into", Key(), nullable=True),
        sa.Column("merge_id", Key(), nullable=True),
        sa.Column("entered_at", When(), nullable=False),
        sa.Column("kept_from", When(), nullable=False),
        sa.Column("erased_at", When(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(id_number IS NULL) = (id_index IS NULL) AND (identity_kind <> 'none' OR id_number IS NULL)",
            name=op.f("ck_patient_identity_number"),
        ),
        sa.CheckConstraint(
            "aid_group IS NULL OR aid_group IN ('none', 'tekun', 'dibao', 'monitored', 'other')",
            name=op.f("ck_patient_identity_aid_group"),
        ),
        sa.CheckConstraint(
            "identity_kind IN ('resident_id', 'passport', 'border_pass', 'other', 'none')",
            name=op.f("ck_patient_identity_identity_kind"),
        ),
        sa.CheckConstraint(
            "(contact_phone IS NULL) = (contact_phone_index IS NULL)",
            name=op.f("ck_patient_identity_contact_indexed"),
        ),
        sa.CheckConstraint(
            "(merged_into IS NULL) = (merge_id IS NULL) AND (merged_into IS NULL OR merged_into <> id)",
            name=op.f("ck_patient_identity_merged"),
        ),
        sa.CheckConstraint(
            "(phone IS NULL) = (phone_index IS NULL)",
            name=op.f("ck_patient_identity_phone_indexed"),
        ),
        sa.CheckConstraint(
            "(residence_county IS NULL OR length(residence_county) = 6) AND (home_county IS NULL OR length(home_county) = 6)",
            name=op.f("ck_patient_identity_counties"),
        ),
        sa.CheckConstraint(
            "(unknown_on IS NULL) = (unknown_number IS NULL)",
            name=op.f("ck_patient_identity_unknown"),
        ),
        sa.CheckConstraint(
            "address IS NULL OR length(address) >= 32",
            name=op.f("ck_patient_identity_address_sealed"),
        ),
        sa.CheckConstraint(
            "birth_date IS NULL OR length(birth_date) >= 32",
            name=op.f("ck_patient_identity_birth_date_sealed"),
        ),
        sa.CheckConstraint(
            "claimed_index IS NULL OR length(claimed_index) = 16",
            name=op.f("ck_patient_identity_claimed_index"),
        ),
        sa.CheckConstraint(
            "contact_name IS NULL OR length(contact_name) >= 32",
            name=op.f("ck_patient_identity_contact_name_sealed"),
        ),
        sa.CheckConstraint(
            "contact_phone IS NULL OR length(contact_phone) >= 32",
            name=op.f("ck_patient_identity_contact_phone_sealed"),
        ),
        sa.CheckConstraint(
            "contact_phone_index IS NULL OR length(contact_phone_index) = 16",
            name=op.f("ck_patient_identity_contact_phone_index"),
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR (name IS NULL AND id_number IS NULL AND birth_date IS NULL AND phone IS NULL AND address IS NULL AND contact_name IS NULL AND contact_phone IS NULL AND id_index IS NULL AND claimed_index IS NULL AND name_index IS NULL AND phone_index IS NULL AND contact_phone_index IS NULL)",
            name=op.f("ck_patient_identity_erased"),
        ),
        sa.CheckConstraint(
            "id_index IS NULL OR length(id_index) = 16", name=op.f("ck_patient_identity_id_index")
        ),
        sa.CheckConstraint(
            "id_number IS NULL OR length(id_number) >= 32",
            name=op.f("ck_patient_identity_id_number_sealed"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_patient_identity_province")),
        sa.CheckConstraint(
            "name IS NULL OR length(name) >= 32", name=op.f("ck_patient_identity_name_sealed")
        ),
        sa.CheckConstraint(
            "name_index IS NULL OR length(name_index) = 16",
            name=op.f("ck_patient_identity_name_index"),
        ),
        sa.CheckConstraint(
            "phone IS NULL OR length(phone) >= 32", name=op.f("ck_patient_identity_phone_sealed")
        ),
        sa.CheckConstraint(
            "phone_index IS NULL OR length(phone_index) = 16",
            name=op.f("ck_patient_identity_phone_index"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_patient_identity_version")),
        sa.ForeignKeyConstraint(["id"], ["patient.id"], name="fk_patient_identity_id"),
        sa.ForeignKeyConstraint(
            ["merge_id", "id", "merged_into"],
            ["patient_merge.id", "patient_merge.drop_id", "patient_merge.keep_id"],
            name="fk_patient_identity_merge",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_identity")),
        sa.UniqueConstraint(
            "province",
            "unknown_on",
            "unknown_number",
            name=op.f("uq_patient_identity_province_unknown_on_unknown_number"),
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_patient_identity_contact",
        "patient_identity",
        ["province", "contact_phone_index"],
        unique=False,
    )
    op.create_index("ix_patient_identity_kept", "patient_identity", ["kept_from"], unique=False)
    op.create_index("ix_patient_identity_merged", "patient_identity", ["merged_into"], unique=False)
    op.create_index(
        "ix_patient_identity_name", "patient_identity", ["province", "name_index"], unique=False
    )
    op.create_index(
        "ix_patient_identity_phone", "patient_identity", ["province", "phone_index"], unique=False
    )
    op.create_index(
        "uq_patient_identity_number",
        "patient_identity",
        ["province", "id_index"],
        unique=True,
        postgresql_where=sa.text("id_index IS NOT NULL"),
        sqlite_where=sa.text("id_index IS NOT NULL"),
    )
    op.create_table(
        "patient_unmerge",
        sa.Column("id", Key(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("merge_id", Key(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_user", Key(), nullable=False),
        sa.Column("by_org", Key(), nullable=False),
        sa.Column("at", When(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('different_persons', 'merged_by_mistake')",
            name=op.f("ck_patient_unmerge_reason"),
        ),
        sa.CheckConstraint("length(province) = 2", name=op.f("ck_patient_unmerge_province")),
        sa.ForeignKeyConstraint(
            ["by_org"], ["organisation.id"], name=op.f("fk_patient_unmerge_by_org")
        ),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["patient_merge.id"], name=op.f("fk_patient_unmerge_merge_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_unmerge")),
        sa.UniqueConstraint("merge_id", name=op.f("uq_patient_unmerge_merge_id")),
        sqlite_strict=True,
    )
    refuse(
        append_only=("patient_merge", "patient_unmerge", "patient_entry"),
        never_deleted=("patient_identity", "patient_birth"),
    )
    for one in GUARDS:
        guard(one)


def downgrade() -> None:
    """Drop everything; the triggers on tables that stay go first."""
    for one in GUARDS:
        drop_guard(one)
    for table in (
        "patient_entry",
        "patient_birth",
        "patient_identity",
        "patient_unmerge",
        "patient_merge",
    ):
        op.drop_table(table)
