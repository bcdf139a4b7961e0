"""Kept facts.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_clock")),
    )
    op.create_table(
        "record_change",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("about", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "about", name=op.f("pk_record_change")),
    )
    with op.batch_alter_table("record_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_change_number"), ["number"], unique=False)

    op.create_table(
        "fact_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=100), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("each_place", sa.Boolean(), nullable=False),
        sa.Column("made_of", sa.String(length=64), nullable=False),
        sa.Column("made_from", sa.Integer(), nullable=False),
        sa.Column("tallies", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_fact_set_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_set")),
        sa.UniqueConstraint(
            "contract_id",
            "measure",
            "period",
            "each_place",
            name=op.f("uq_fact_set_contract_id_measure_period_each_place"),
        ),
    )
    op.create_table(
        "unit_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Integer(), nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.Column("worked", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unit_fact_person_id")),
        sa.ForeignKeyConstraint(["set_id"], ["fact_set.id"], name=op.f("fk_unit_fact_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_fact")),
    )
    with op.batch_alter_table("unit_fact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_unit_fact_set_id_person_id"), ["set_id", "person_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("unit_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_fact_set_id_person_id"))

    op.drop_table("unit_fact")
    op.drop_table("fact_set")
    with op.batch_alter_table("record_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_change_number"))

    op.drop_table("record_change")
    op.drop_table("change_clock")
