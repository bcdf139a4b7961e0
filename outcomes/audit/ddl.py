"""What the database itself refuses: changing or deleting the audit, or setting its head back.

One place for both doors: `metadata.create_all` runs these after the tables, and the migration
executes `statements(dialect)`.
"""

from sqlalchemy import DDL, event

from outcomes.audit.entry import START, AuditEntry, AuditHead

FIRST_HEAD = f"INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '{START}')"  # noqa: S608 - our own constant

SQLITE = (
    "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END",
    "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END",
    "CREATE TRIGGER audit_head_only_grows BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq "
    "BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END",
    "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head "
    "BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END",
    FIRST_HEAD,
)

POSTGRESQL = (
    "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'audit entries are never changed or deleted'; END $$",
    "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_head_only_grows BEFORE UPDATE ON audit_head "
    "FOR EACH ROW WHEN (NEW.seq <= OLD.seq) EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    FIRST_HEAD,
)

SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS audit_entry_no_update",
    "DROP TRIGGER IF EXISTS audit_entry_no_delete",
    "DROP TRIGGER IF EXISTS audit_head_only_grows",
    "DROP TRIGGER IF EXISTS audit_head_no_delete",
)
POSTGRESQL_DROP = ("DROP FUNCTION IF EXISTS audit_refuse() CASCADE",)

_STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
_DROPS = {"sqlite": SQLITE_DROP, "postgresql": POSTGRESQL_DROP}


def statements(dialect: str) -> tuple[str, ...]:
    """What to execute after both tables are made, in order. For the migration's upgrade."""
    return _STATEMENTS[dialect]


def drops(dialect: str) -> tuple[str, ...]:
    """What to execute before the tables are dropped. For the migration's downgrade."""
    return _DROPS[dialect]


def _attach() -> None:
    entries, head = AuditEntry.__table__, AuditHead.__table__
    # The triggers stand on both tables, so they come with the second one.
    head.add_is_dependent_on(entries)  # type: ignore[attr-defined]
    for dialect, wanted in _STATEMENTS.items():
        for statement in wanted:
            event.listen(head, "after_create", DDL(statement).execute_if(dialect=dialect))
    for statement in POSTGRESQL_DROP:
        event.listen(head, "before_drop", DDL(statement).execute_if(dialect="postgresql"))


_attach()
