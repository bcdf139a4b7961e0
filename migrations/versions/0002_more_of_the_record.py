"""More of the record: beds, plan reviews, expected levels, health registrations, immunisations, education.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "home_capacity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=True),
        sa.Column("sender_reference", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=500), nullable=True),
        sa.Column("home_id", sa.Integer(), nullable=False),
        sa.Column("registered_beds", sa.Integer(), nullable=False),
        sa.Column("commissioned_beds", sa.Integer(), nullable=True),
        sa.Column("unavailable_beds", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "commissioned_beds <= registered_beds",
            name=op.f("ck_home_capacity_commissioned_beds_within_registered_beds"),
        ),
        sa.CheckConstraint(
            "unavailable_beds <= registered_beds",
            name=op.f("ck_home_capacity_unavailable_beds_within_registered_beds"),
        ),
        sa.CheckConstraint(
            "valid_to >= valid_from", name=op.f("ck_home_capacity_valid_to_not_before_valid_from")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_home_capacity_author_id")),
        sa.ForeignKeyConstraint(
            ["home_id"], ["home.id"], name=op.f("fk_home_capacity_home_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_home_capacity_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_capacity")),
        sa.UniqueConstraint("public_id", name=op.f("uq_home_capacity_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_home_capacity_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("home_capacity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_home_capacity_home_id"), ["home_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_home_capacity_home_id_valid_from"), ["home_id", "valid_from"], unique=False
        )

    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=True),
        sa.Column("sender_reference", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=500), nullable=True),
        sa.Column("week_starting", sa.Date(), nullable=False),
        sa.Column("sessions_possible", sa.Integer(), nullable=False),
        sa.Column("sessions_attended", sa.Integer(), nullable=False),
        sa.Column("authorised_absences", sa.Integer(), nullable=True),
        sa.Column("unauthorised_absences", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "sessions_attended <= sessions_possible",
            name=op.f("ck_attendance_sessions_attended_within_sessions_possible"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_attendance_author_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_attendance_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_attendance_placement_id")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_attendance_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attendance_public_id")),
        sa.UniqueConstraint("sender", "sender_reference", name=op.f("uq_attendance_sender_sender_reference")),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_attendance_person_id_week_starting"), ["person_id", "week_starting"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_attendance_placement_id"), ["placement_id"], unique=False)

    op.create_table(
        "education_spell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=True),
        sa.Column("sender_reference", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=500), nullable=True),
        sa.Column("setting_type", sa.String(length=60), nullable=False),
        sa.Column("is_engaged", sa.Boolean(), nullable=True),
        sa.Column("hours_per_week", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason_not_engaged", sa.String(length=60), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "valid_to >= valid_from", name=op.f("ck_education_spell_valid_to_not_before_valid_from")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_education_spell_author_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_education_spell_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_education_spell_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_education_spell_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_education_spell")),
        sa.UniqueConstraint("public_id", name=op.f("uq_education_spell_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_education_spell_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("education_spell", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_education_spell_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_education_spell_person_id_valid_from"), ["person_id", "valid_from"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_education_spell_placement_id"), ["placement_id"], unique=False)

    op.create_table(
        "expected_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=True),
        sa.Column("sender_reference", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=500), nullable=True),
        sa.Column("instrument_code", sa.String(length=60), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("level", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_expected_level_author_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_expected_level_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_expected_level_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["staff.id"], name=op.f("fk_expected_level_set_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_expected_level_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_level")),
        sa.UniqueConstraint("public_id", name=op.f("uq_expected_level_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_expected_level_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("expected_level", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_expected_level_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_expected_level_person_id_instrument_code_area_valid_from"),
            ["person_id", "instrument_code", "area", "valid_from"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_expected_level_person_id_valid_from"), ["person_id", "valid_from"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_expected_level_placement_id"), ["placement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_expected_level_set_by"), ["set_by"], unique=False)

    op.create_table(
        "health_registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=True),
        sa.Column("sender_reference", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=500), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("provider_name", sa.String(length=200), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "valid_to >= valid_from", name=op.f("ck_health_registration_valid_to_not_before_valid_from")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_health_registration_author_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_health_registration_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_health_registration_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_health_registration_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_registration")),
        sa.UniqueConstraint("public_id", name=op.f("uq_health_registration_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_health_registration_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("health_registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_health_registration_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_health_registration_person_id_valid_from"),
            ["person_id", "valid_from"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_health_registration_placement_id"), ["placement_id"], unique=False
        )

    op.create_table(
        "immunisation_status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=True),
        sa.Column("sender_reference", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=500), nullable=True),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("up_to_date", sa.Boolean(), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.Column("declined", sa.Boolean(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_immunisation_status_author_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_immunisation_status_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_immunisation_status_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_immunisation_status_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_immunisation_status")),
        sa.UniqueConstraint("public_id", name=op.f("uq_immunisation_status_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_immunisation_status_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("immunisation_status", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_immunisation_status_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_immunisation_status_person_id_assessed_on"),
            ["person_id", "assessed_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_immunisation_status_placement_id"), ["placement_id"], unique=False
        )

    op.create_table(
        "plan_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=True),
        sa.Column("sender_reference", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=500), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("chaired_by_role", sa.String(length=60), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "due_on IS NOT NULL OR held_on IS NOT NULL",
            name=op.f("ck_plan_review_some_of_due_on_and_held_on"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_plan_review_author_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_plan_review_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_plan_review_placement_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_review_plan_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_plan_review_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_review")),
        sa.UniqueConstraint("public_id", name=op.f("uq_plan_review_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_plan_review_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("plan_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_review_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_plan_review_person_id_held_on"), ["person_id", "held_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_plan_review_placement_id"), ["placement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_review_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_plan_review_plan_id_held_on"), ["plan_id", "held_on"], unique=False
        )


def downgrade() -> None:
    for table in (
        "plan_review",
        "immunisation_status",
        "health_registration",
        "expected_level",
        "education_spell",
        "attendance",
        "home_capacity",
    ):
        op.drop_table(table)
