"""Draft the migration that the models need: `.venv/bin/python tools/draft_migration.py NAME`.

Migrates an empty SQLite database, asks Alembic what the models have that it has not, and writes the next
numbered file. Read the draft before you keep it: Alembic sees tables, columns and indexes, and neither
triggers nor changed checks.
"""

import os
import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext

from outcomes.app import create_app
from outcomes.core import migrating
from outcomes.core.database import db
from outcomes.core.settings import from_environment

VERSIONS = Path("migrations/versions")

HEAD = '''"""{title}.

Revision {number:04d}, after {before:04d}.
"""

import sqlalchemy as sa
from alembic import op

revision = "{number:04d}"
down_revision = "{before:04d}"
branch_labels = None
depends_on = None


def upgrade() -> None:
{upgrade}


def downgrade() -> None:
{downgrade}
'''

PLAIN = {"outcomes.core.database.Moment(": "sa.DateTime(", "outcomes.core.database.Decimals(": "sa.Numeric("}
"""A migration never imports what may change: our own column types as the plain ones that they are."""


def main(name: str) -> None:
    before = max(int(path.name[:4]) for path in VERSIONS.glob("[0-9]*.py"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"OUTCOMES_ENV": "test", "OUTCOMES_INSTANCE": folder}
        os.environ.pop("DATABASE_URL", None)
        app = create_app(from_environment())
        with app.app_context():
            migrating.upgrade()
            with db.engine.connect() as connection:
                context = MigrationContext.configure(connection, opts={"render_as_batch": True})
                found = produce_migrations(context, db.metadata)
    draft = HEAD.format(
        title=name.replace("_", " ").capitalize(),
        number=before + 1,
        before=before,
        upgrade=_plain(render_python_code(found.upgrade_ops, render_as_batch=True)),
        downgrade=_plain(render_python_code(found.downgrade_ops, render_as_batch=True)),
    )
    path = VERSIONS / f"{before + 1:04d}_{name}.py"
    path.write_text(draft)
    print(f"Wrote {path}. Read it, then format it (ruff format) and run the tests of migrations.")


def _plain(code: str) -> str:
    lines = [line for line in code.splitlines() if not line.strip().startswith("# ###")]
    plain = "    " + "\n".join(lines).strip()
    for ours, plainly in PLAIN.items():
        plain = plain.replace(ours, plainly)
    return plain


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isidentifier():
        sys.exit("Name the migration in small letters and underscores: tools/draft_migration.py activities")
    main(sys.argv[1])
