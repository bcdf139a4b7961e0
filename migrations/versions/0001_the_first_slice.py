"""The first slice: accounts, audit, the kinds of the first cards and their versions.

Revision 0001, after nothing. The statements that only one database knows (triggers, an exclusion
constraint) stand at the end, as they were on the day: a migration never imports what may change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


OWN_TO = {
    "sqlite": (
        """CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END""",
        """CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END""",
        """CREATE TRIGGER audit_head_only_grows BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END""",
        """CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END""",
        """INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000')""",
        """CREATE TRIGGER placement_no_overlap_insert AFTER INSERT ON placement BEGIN 
SELECT RAISE(ABORT, 'the placement overlaps another placement of this child')
WHERE NEW.withdrawn_at IS NULL AND EXISTS (
  SELECT 1 FROM placement AS other
  WHERE other.person_id = NEW.person_id AND other.id IS NOT NEW.id AND other.withdrawn_at IS NULL
    AND (NEW.ended_on IS NULL OR NEW.ended_on > NEW.started_on)
    AND (other.ended_on IS NULL OR other.ended_on > other.started_on)
    AND (other.ended_on IS NULL OR other.ended_on > NEW.started_on)
    AND (NEW.ended_on IS NULL OR NEW.ended_on > other.started_on));
 END""",
        """CREATE TRIGGER placement_no_overlap_update AFTER UPDATE ON placement BEGIN 
SELECT RAISE(ABORT, 'the placement overlaps another placement of this child')
WHERE NEW.withdrawn_at IS NULL AND EXISTS (
  SELECT 1 FROM placement AS other
  WHERE other.person_id = NEW.person_id AND other.id IS NOT NEW.id AND other.withdrawn_at IS NULL
    AND (NEW.ended_on IS NULL OR NEW.ended_on > NEW.started_on)
    AND (other.ended_on IS NULL OR other.ended_on > other.started_on)
    AND (other.ended_on IS NULL OR other.ended_on > NEW.started_on)
    AND (NEW.ended_on IS NULL OR NEW.ended_on > other.started_on));
 END""",
        """CREATE TRIGGER record_version_no_update BEFORE UPDATE ON record_version BEGIN SELECT RAISE(ABORT, 'versions of a record are never changed'); END""",
        """CREATE TRIGGER record_version_no_delete BEFORE DELETE ON record_version BEGIN SELECT RAISE(ABORT, 'versions of a record are never changed'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit entries are never changed or deleted'; END $$""",
        """CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_head_only_grows BEFORE UPDATE ON audit_head FOR EACH ROW WHEN (NEW.seq <= OLD.seq) EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
        """INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000')""",
        """ALTER TABLE placement ADD CONSTRAINT placement_no_overlap EXCLUDE USING gist (int4range(person_id, person_id, '[]') WITH &&, daterange(started_on, ended_on, '[)') WITH &&) WHERE (withdrawn_at IS NULL)""",
        """CREATE OR REPLACE FUNCTION record_version_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''versions of a record are never changed''; END'""",
        """CREATE TRIGGER record_version_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON record_version FOR EACH STATEMENT EXECUTE FUNCTION record_version_refuse()""",
    ),
}
"""What one database is told in its own words, after the tables are there."""


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_secret", sa.String(length=64), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_account_staff_id", use_alter=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email_key", name=op.f("uq_account_email_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_public_id")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("session", sa.String(length=22), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record", sa.String(length=22), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("person", sa.String(length=22), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("outcome IN ('ok', 'refused', 'throttled')", name=op.f("ck_audit_entry_outcome")),
        sa.CheckConstraint("count >= 0", name=op.f("ck_audit_entry_count")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_account_id_at", ["account_id", "at"], unique=False)
        batch_op.create_index("ix_audit_entry_person_at", ["person", "at"], unique=False)

    op.create_table(
        "idempotency_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_key")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_idempotency_key_account_id_key")),
    )
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_idempotency_key_account_id_created_at"), ["account_id", "created_at"], unique=False
        )

    op.create_table(
        "sign_in_attempt",
        sa.Column("bucket", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_began_at"), ["began_at"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "instrument",
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
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("informants", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("higher_is_better", sa.Boolean(), nullable=False),
        sa.Column("scale_min", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("scale_max", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("smallest_step", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("areas", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("area_tags", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("expected_level_by_age", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("anchors", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("licence_note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "scale_min <= scale_max", name=op.f("ck_instrument_scale_min_not_more_than_scale_max")
        ),
        sa.CheckConstraint("smallest_step > 0", name=op.f("ck_instrument_step_is_positive")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_instrument_author_id")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_instrument_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("instrument_code", "version", name=op.f("uq_instrument_instrument_code_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_instrument_public_id")),
        sa.UniqueConstraint("sender", "sender_reference", name=op.f("uq_instrument_sender_sender_reference")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_one_time_link_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_account_id"), ["account_id"], unique=False)

    op.create_table(
        "organisation",
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
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_organisation_author_id")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_organisation_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisation_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_organisation_sender_sender_reference")
        ),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_in_session_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_session_account_id", ["account_id", "ended_at"], unique=False)

    op.create_table(
        "carer_household",
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
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("leave_reason", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "left_on >= joined_on", name=op.f("ck_carer_household_left_on_not_before_joined_on")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_carer_household_author_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["organisation.id"],
            name=op.f("fk_carer_household_provider_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_carer_household_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carer_household")),
        sa.UniqueConstraint("public_id", name=op.f("uq_carer_household_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_carer_household_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("carer_household", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carer_household_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "contract",
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
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("framework", sa.String(length=60), nullable=False),
        sa.Column("commissioner_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=200), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("progress_report_every", sa.String(length=60), nullable=True),
        sa.Column("measure_set_version", sa.String(length=60), nullable=True),
        sa.CheckConstraint("ended_on >= started_on", name=op.f("ck_contract_ended_on_not_before_started_on")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_contract_author_id")),
        sa.ForeignKeyConstraint(
            ["commissioner_id"],
            ["organisation.id"],
            name=op.f("fk_contract_commissioner_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_contract_provider_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_contract_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contract_public_id")),
        sa.UniqueConstraint("sender", "sender_reference", name=op.f("uq_contract_sender_sender_reference")),
    )
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_commissioner_id"), ["commissioner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "home",
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
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("ofsted_urn", sa.String(length=20), nullable=True),
        sa.Column("service_type", sa.String(length=60), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("closed_on >= opened_on", name=op.f("ck_home_closed_on_not_before_opened_on")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_home_author_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_home_provider_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["account.id"], name=op.f("fk_home_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home")),
        sa.UniqueConstraint("public_id", name=op.f("uq_home_public_id")),
        sa.UniqueConstraint("sender", "sender_reference", name=op.f("uq_home_sender_sender_reference")),
    )
    with op.batch_alter_table("home", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_home_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "person",
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
        sa.Column("person_kind", sa.String(length=60), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=True),
        sa.Column("family_name", sa.String(length=100), nullable=True),
        sa.Column("known_as", sa.String(length=100), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        sa.Column("gender", sa.String(length=60), nullable=True),
        sa.Column("ethnicity", sa.String(length=60), nullable=True),
        sa.Column("religion", sa.String(length=60), nullable=True),
        sa.Column("first_language", sa.String(length=60), nullable=True),
        sa.Column("disability", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("responsible_authority_id", sa.Integer(), nullable=True),
        sa.Column("service_group", sa.String(length=60), nullable=True),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "died_on >= date_of_birth", name=op.f("ck_person_died_on_not_before_date_of_birth")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_person_author_id")),
        sa.ForeignKeyConstraint(
            ["responsible_authority_id"],
            ["organisation.id"],
            name=op.f("fk_person_responsible_authority_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["account.id"], name=op.f("fk_person_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
        sa.UniqueConstraint("sender", "sender_reference", name=op.f("uq_person_sender_sender_reference")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_responsible_authority_id"), ["responsible_authority_id"], unique=False
        )

    op.create_table(
        "staff",
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
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("job_title", sa.String(length=200), nullable=True),
        sa.Column("role_group", sa.String(length=60), nullable=True),
        sa.Column("front_line", sa.Boolean(), nullable=True),
        sa.Column("supports_commissioner_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_staff_author_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_staff_provider_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["account.id"], name=op.f("fk_staff_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("public_id", name=op.f("uq_staff_public_id")),
        sa.UniqueConstraint("sender", "sender_reference", name=op.f("uq_staff_sender_sender_reference")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "account_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=True),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("authority_id", sa.Integer(), nullable=True),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(role = 'residential_worker' AND ((home_id IS NOT NULL AND provider_id IS NULL AND authority_id IS NULL AND contract_id IS NULL) OR (home_id IS NULL AND provider_id IS NOT NULL AND authority_id IS NULL AND contract_id IS NULL))) OR (role = 'keyworker' AND ((home_id IS NOT NULL AND provider_id IS NULL AND authority_id IS NULL AND contract_id IS NULL) OR (home_id IS NULL AND provider_id IS NOT NULL AND authority_id IS NULL AND contract_id IS NULL))) OR (role = 'registered_manager' AND ((home_id IS NOT NULL AND provider_id IS NULL AND authority_id IS NULL AND contract_id IS NULL) OR (home_id IS NULL AND provider_id IS NOT NULL AND authority_id IS NULL AND contract_id IS NULL))) OR (role = 'responsible_individual' AND ((home_id IS NOT NULL AND provider_id IS NULL AND authority_id IS NULL AND contract_id IS NULL) OR (home_id IS NULL AND provider_id IS NOT NULL AND authority_id IS NULL AND contract_id IS NULL))) OR (role = 'social_worker' AND ((home_id IS NULL AND provider_id IS NULL AND authority_id IS NOT NULL AND contract_id IS NULL) OR (home_id IS NULL AND provider_id IS NULL AND authority_id IS NULL AND contract_id IS NULL))) OR (role = 'iro' AND ((home_id IS NULL AND provider_id IS NULL AND authority_id IS NOT NULL AND contract_id IS NULL) OR (home_id IS NULL AND provider_id IS NULL AND authority_id IS NULL AND contract_id IS NULL))) OR (role = 'commissioner' AND ((home_id IS NULL AND provider_id IS NULL AND authority_id IS NULL AND contract_id IS NOT NULL))) OR (role = 'system_administrator' AND ((home_id IS NULL AND provider_id IS NULL AND authority_id IS NULL AND contract_id IS NULL)))",
            name=op.f("ck_account_grant_role_and_target"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_account_grant_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_grant_account_id")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["organisation.id"], name=op.f("fk_account_grant_authority_id")
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_account_grant_contract_id")),
        sa.ForeignKeyConstraint(["home_id"], ["home.id"], name=op.f("fk_account_grant_home_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_account_grant_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_grant")),
    )
    with op.batch_alter_table("account_grant", schema=None) as batch_op:
        batch_op.create_index("ix_account_grant_account_id", ["account_id"], unique=False)

    op.create_table(
        "care_episode",
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
        sa.Column("authority_id", sa.Integer(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("legal_status", sa.String(length=60), nullable=True),
        sa.Column("end_reason", sa.String(length=60), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ended_on >= started_on", name=op.f("ck_care_episode_ended_on_not_before_started_on")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_care_episode_author_id")),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["organisation.id"],
            name=op.f("fk_care_episode_authority_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_care_episode_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_care_episode_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_episode")),
        sa.UniqueConstraint("public_id", name=op.f("uq_care_episode_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_care_episode_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("care_episode", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_care_episode_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_care_episode_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_care_episode_person_id_started_on"), ["person_id", "started_on"], unique=False
        )

    op.create_table(
        "contact",
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
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("relationship", sa.String(length=100), nullable=True),
        sa.Column("role", sa.String(length=100), nullable=True),
        sa.Column("telephone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_contact_author_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["account.id"], name=op.f("fk_contact_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_public_id")),
        sa.UniqueConstraint("sender", "sender_reference", name=op.f("uq_contact_sender_sender_reference")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_person_id"), ["person_id"], unique=False)

    op.create_table(
        "contract_setting",
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
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("setting", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "effective_to >= effective_from",
            name=op.f("ck_contract_setting_effective_to_not_before_effective_from"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_contract_setting_author_id")),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_contract_setting_contract_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_contract_setting_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_setting")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contract_setting_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_contract_setting_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("contract_setting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_setting_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_contract_setting_contract_id_effective_from"),
            ["contract_id", "effective_from"],
            unique=False,
        )

    op.create_table(
        "measure_target",
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
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("comparator", sa.String(length=60), nullable=True),
        sa.Column("value", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("tolerance", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("set_by", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "effective_to >= effective_from",
            name=op.f("ck_measure_target_effective_to_not_before_effective_from"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_measure_target_author_id")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_measure_target_contract_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_measure_target_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_target")),
        sa.UniqueConstraint("public_id", name=op.f("uq_measure_target_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_measure_target_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("measure_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_target_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_measure_target_contract_id_effective_from"),
            ["contract_id", "effective_from"],
            unique=False,
        )

    op.create_table(
        "placement",
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
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=True),
        sa.Column("carer_household_id", sa.Integer(), nullable=True),
        sa.Column("commissioner_id", sa.Integer(), nullable=True),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("placement_type", sa.String(length=60), nullable=False),
        sa.Column("temporary", sa.Boolean(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ending_planned", sa.Boolean(), nullable=True),
        sa.Column("ending_in_care_plan", sa.Boolean(), nullable=True),
        sa.Column("ending_was_breakdown", sa.Boolean(), nullable=True),
        sa.Column("end_reason", sa.String(length=60), nullable=True),
        sa.Column("destination", sa.String(length=60), nullable=True),
        sa.Column("move_went_well", sa.Boolean(), nullable=True),
        sa.Column("end_recorded_on", sa.Date(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(home_id IS NULL) <> (carer_household_id IS NULL)",
            name=op.f("ck_placement_one_of_home_id_and_carer_household_id"),
        ),
        sa.CheckConstraint(
            "ended_on >= started_on", name=op.f("ck_placement_ended_on_not_before_started_on")
        ),
        sa.CheckConstraint(
            "ended_on IS NOT NULL OR (end_reason IS NULL AND ending_planned IS NULL AND destination IS NULL)",
            name=op.f("ck_placement_ending_needs_ended_on"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_placement_author_id")),
        sa.ForeignKeyConstraint(
            ["carer_household_id"],
            ["carer_household.id"],
            name=op.f("fk_placement_carer_household_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["commissioner_id"],
            ["organisation.id"],
            name=op.f("fk_placement_commissioner_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_placement_contract_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["home_id"], ["home.id"], name=op.f("fk_placement_home_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_placement_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_placement_provider_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_placement_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_placement_public_id")),
        sa.UniqueConstraint("sender", "sender_reference", name=op.f("uq_placement_sender_sender_reference")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_placement_carer_household_id"), ["carer_household_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_placement_commissioner_id"), ["commissioner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_home_id"), ["home_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_placement_person_id_started_on"), ["person_id", "started_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_placement_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "allocation",
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
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "valid_to >= valid_from", name=op.f("ck_allocation_valid_to_not_before_valid_from")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_allocation_author_id")),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["organisation.id"],
            name=op.f("fk_allocation_authority_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_allocation_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_allocation_placement_id")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_allocation_staff_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_allocation_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_allocation_public_id")),
        sa.UniqueConstraint("sender", "sender_reference", name=op.f("uq_allocation_sender_sender_reference")),
    )
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocation_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocation_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_allocation_person_id_valid_from"), ["person_id", "valid_from"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_allocation_placement_id"), ["placement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocation_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "health_check",
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
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("offered_on", sa.Date(), nullable=True),
        sa.Column("attended_on", sa.Date(), nullable=True),
        sa.Column("missed_reason", sa.String(length=60), nullable=True),
        sa.Column("recall_months", sa.Integer(), nullable=True),
        sa.Column("follow_up", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "attended_on >= offered_on", name=op.f("ck_health_check_attended_on_not_before_offered_on")
        ),
        sa.CheckConstraint(
            "attended_on IS NULL OR missed_reason IS NULL",
            name=op.f("ck_health_check_not_both_attended_on_and_missed_reason"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_health_check_author_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_health_check_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_health_check_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_health_check_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_check")),
        sa.UniqueConstraint("public_id", name=op.f("uq_health_check_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_health_check_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("health_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_health_check_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_health_check_person_id_due_on"), ["person_id", "due_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_health_check_placement_id"), ["placement_id"], unique=False)

    op.create_table(
        "keyworker_assignment",
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
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("is_cover", sa.Boolean(), nullable=True),
        sa.Column("change_reason", sa.String(length=60), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "valid_to >= valid_from", name=op.f("ck_keyworker_assignment_valid_to_not_before_valid_from")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_keyworker_assignment_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_keyworker_assignment_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_keyworker_assignment_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_keyworker_assignment_staff_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_keyworker_assignment_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyworker_assignment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_keyworker_assignment_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_keyworker_assignment_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("keyworker_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keyworker_assignment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_keyworker_assignment_person_id_valid_from"),
            ["person_id", "valid_from"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_keyworker_assignment_placement_id"), ["placement_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_keyworker_assignment_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "keyworker_session",
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
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("missed_reason", sa.String(length=60), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("topics", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("child_words", sa.Text(), nullable=True),
        sa.Column("next_action", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "planned_on IS NOT NULL OR held_on IS NOT NULL",
            name=op.f("ck_keyworker_session_some_of_planned_on_and_held_on"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_keyworker_session_author_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_keyworker_session_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_keyworker_session_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_keyworker_session_staff_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_keyworker_session_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyworker_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_keyworker_session_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_keyworker_session_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("keyworker_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keyworker_session_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_keyworker_session_person_id_held_on"), ["person_id", "held_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_keyworker_session_person_id_planned_on"), ["person_id", "planned_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_keyworker_session_placement_id"), ["placement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_keyworker_session_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "missing_episode",
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
        sa.Column("home_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("police_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("social_worker_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("out_of_hours_team_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("procedure_followed", sa.Boolean(), nullable=True),
        sa.Column("missing_report_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missing_report_completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_interview_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_interview_offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_interview_held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_interview_by", sa.String(length=60), nullable=True),
        sa.Column("return_interview_declined", sa.Boolean(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "ended_at >= started_at", name=op.f("ck_missing_episode_ended_at_not_before_started_at")
        ),
        sa.CheckConstraint(
            "noticed_at >= started_at", name=op.f("ck_missing_episode_noticed_at_not_before_started_at")
        ),
        sa.CheckConstraint(
            "return_interview_held_at >= ended_at",
            name=op.f("ck_missing_episode_return_interview_held_at_not_before_ended_at"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_missing_episode_author_id")),
        sa.ForeignKeyConstraint(
            ["home_id"], ["home.id"], name=op.f("fk_missing_episode_home_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_missing_episode_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_missing_episode_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_missing_episode_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missing_episode")),
        sa.UniqueConstraint("public_id", name=op.f("uq_missing_episode_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_missing_episode_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("missing_episode", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_missing_episode_home_id"), ["home_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_missing_episode_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_missing_episode_person_id_started_at"), ["person_id", "started_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_missing_episode_placement_id"), ["placement_id"], unique=False)

    op.create_table(
        "plan",
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
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("judged_appropriate_on", sa.Date(), nullable=True),
        sa.Column("judged_appropriate", sa.Boolean(), nullable=True),
        sa.Column("next_review_due_on", sa.Date(), nullable=True),
        sa.Column("review_frequency", sa.String(length=60), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("ended_on >= started_on", name=op.f("ck_plan_ended_on_not_before_started_on")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_plan_author_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_plan_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_plan_placement_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["account.id"], name=op.f("fk_plan_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("public_id", name=op.f("uq_plan_public_id")),
        sa.UniqueConstraint("sender", "sender_reference", name=op.f("uq_plan_sender_sender_reference")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_plan_person_id_started_on"), ["person_id", "started_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_plan_placement_id"), ["placement_id"], unique=False)

    op.create_table(
        "reading",
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
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("informant", sa.String(length=60), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("is_baseline", sa.Boolean(), nullable=True),
        sa.Column("completed_with_child", sa.Boolean(), nullable=True),
        sa.Column("total", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("family_id", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_reading_author_id")),
        sa.ForeignKeyConstraint(
            ["instrument_code", "version"],
            ["instrument.instrument_code", "instrument.version"],
            name=op.f("fk_reading_instrument_code_version"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reading_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_reading_placement_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["account.id"], name=op.f("fk_reading_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reading_public_id")),
        sa.UniqueConstraint("sender", "sender_reference", name=op.f("uq_reading_sender_sender_reference")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reading_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_reading_person_id_instrument_code_taken_on"),
            ["person_id", "instrument_code", "taken_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_reading_person_id_taken_on"), ["person_id", "taken_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_reading_placement_id"), ["placement_id"], unique=False)

    op.create_table(
        "record_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("declaration", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_record_version_author_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_record_version_person_id")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_record_version_placement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_version")),
        sa.UniqueConstraint(
            "kind", "record_id", "revision", name=op.f("uq_record_version_kind_record_id_revision")
        ),
    )
    with op.batch_alter_table("record_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_version_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_record_version_person_id_recorded_at"), ["person_id", "recorded_at"], unique=False
        )

    op.create_table(
        "goal",
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
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column("child_words", sa.Text(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("owner_staff_id", sa.Integer(), nullable=True),
        sa.Column("is_clear", sa.Boolean(), nullable=True),
        sa.Column("is_individualised", sa.Boolean(), nullable=True),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("baseline_level", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("target_level", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("close_reason", sa.String(length=60), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("closed_on >= set_on", name=op.f("ck_goal_closed_on_not_before_set_on")),
        sa.CheckConstraint("target_on >= set_on", name=op.f("ck_goal_target_on_not_before_set_on")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_goal_author_id")),
        sa.ForeignKeyConstraint(
            ["owner_staff_id"], ["staff.id"], name=op.f("fk_goal_owner_staff_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_goal_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_goal_placement_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_goal_plan_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["account.id"], name=op.f("fk_goal_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_goal_public_id")),
        sa.UniqueConstraint("sender", "sender_reference", name=op.f("uq_goal_sender_sender_reference")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_owner_staff_id"), ["owner_staff_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_person_id_set_on"), ["person_id", "set_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_placement_id"), ["placement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "reading_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("score", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("not_age_appropriate", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["reading.id"], name=op.f("fk_reading_score_reading_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_score")),
        sa.UniqueConstraint("reading_id", "area", name=op.f("uq_reading_score_reading_id_area")),
    )
    with op.batch_alter_table("reading_score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reading_score_reading_id"), ["reading_id"], unique=False)

    op.create_table(
        "goal_review",
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
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("level", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("judgement", sa.String(length=60), nullable=True),
        sa.Column("reviewer_role", sa.String(length=60), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "due_on IS NOT NULL OR reviewed_on IS NOT NULL",
            name=op.f("ck_goal_review_some_of_due_on_and_reviewed_on"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_goal_review_author_id")),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name=op.f("fk_goal_review_goal_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_goal_review_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_goal_review_placement_id")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["keyworker_session.id"],
            name=op.f("fk_goal_review_session_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_goal_review_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_review")),
        sa.UniqueConstraint("public_id", name=op.f("uq_goal_review_public_id")),
        sa.UniqueConstraint(
            "sender", "sender_reference", name=op.f("uq_goal_review_sender_sender_reference")
        ),
    )
    with op.batch_alter_table("goal_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_review_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_goal_review_goal_id_reviewed_on"), ["goal_id", "reviewed_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_goal_review_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_goal_review_person_id_reviewed_on"), ["person_id", "reviewed_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_goal_review_placement_id"), ["placement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_review_session_id"), ["session_id"], unique=False)

    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        # Accounts and staff name each other; SQLite has it in the table already.
        op.create_foreign_key("fk_account_staff_id", "account", "staff", ["staff_id"], ["id"])
    for statement in OWN_TO[dialect]:
        op.execute(sa.DDL(statement.replace("%", "%%")))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_account_staff_id", "account", type_="foreignkey")
        op.execute("DROP FUNCTION audit_refuse() CASCADE")
        op.execute("DROP FUNCTION record_version_refuse() CASCADE")
    else:
        # Dropping a table on SQLite deletes its rows first, and these triggers refuse that.
        for trigger in ("audit_entry_no_delete", "audit_head_no_delete", "record_version_no_delete"):
            op.execute(f"DROP TRIGGER {trigger}")
    for table in (
        "goal_review",
        "reading_score",
        "goal",
        "record_version",
        "reading",
        "plan",
        "missing_episode",
        "keyworker_session",
        "keyworker_assignment",
        "health_check",
        "allocation",
        "placement",
        "measure_target",
        "contract_setting",
        "contact",
        "care_episode",
        "account_grant",
        "staff",
        "person",
        "home",
        "contract",
        "carer_household",
        "sign_in_session",
        "organisation",
        "one_time_link",
        "instrument",
        "audit_head",
        "sign_in_attempt",
        "idempotency_key",
        "audit_entry",
        "account",
    ):
        op.drop_table(table)
