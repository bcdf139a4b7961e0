"""Scores of an instrument that are added up from answers of their own.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NEW = ("sums", "sum_points", "nought_by")


def upgrade() -> None:
    # Plain ADD COLUMN on both databases: no table is copied, so every trigger and check stays.
    for name in NEW:
        op.add_column("instrument", sa.Column(name, sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    for name in reversed(NEW):
        op.drop_column("instrument", name)
