"""Instruments that are scored from items: what makes a scale, the total, and the bands.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEW = (
    ("instrument", "scales", sa.JSON(none_as_null=True)),
    ("instrument", "item_most", sa.Integer()),
    ("instrument", "fewest_items", sa.Integer()),
    ("instrument", "total_of", sa.JSON(none_as_null=True)),
    ("instrument", "bands", sa.JSON(none_as_null=True)),
    ("reading", "band_set", sa.String(length=60)),
)


def upgrade() -> None:
    # Plain ADD COLUMN on both databases: no table is copied, so every trigger and check stays.
    for table, name, kind in NEW:
        op.add_column(table, sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for table, name, _ in reversed(NEW):
        op.drop_column(table, name)
