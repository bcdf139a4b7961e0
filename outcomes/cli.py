"""The `outcomes` command: every package's commands under one roof, run as the system, audited.

Exit codes: 0 done, 1 the input was refused, 2 wrong usage. What is printed for people goes to
standard output, progress and refusals to standard error; `--json` prints one document.
"""

import copy
import functools
import gc
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

import click
from flask import Flask

from outcomes.access.bind import system_scope
from outcomes.access.seen import seen_command
from outcomes.accounts.commands import accounts_group, init_command
from outcomes.accounts.token_commands import tokens_group
from outcomes.app import create_app
from outcomes.audit.commands import audit_group
from outcomes.backup.commands import backup_command, restore_command
from outcomes.core import migrating
from outcomes.core.errors import Invalid, Misconfigured, OutcomesError
from outcomes.core.settings import from_environment
from outcomes.demo.commands import demo_group
from outcomes.frameworks.commands import measures_group
from outcomes.kit.bundle.commands import export_command, import_command
from outcomes.records.commands import instruments_group
from outcomes.web.limits import unreadable
from outcomes.web.routes import declarations
from outcomes.web.server import server_for

WITHOUT_APP = frozenset({"measures check", "measures explain", "measures list"})
"""Commands that need neither application nor database."""

WITHOUT_SCOPE = frozenset({"db upgrade", "db downgrade", "db check", "restore"})
"""Commands that run before there is an audit to write to."""


@functools.cache
def the_app() -> Flask:
    """The application of this command, made when the first command needs it."""
    return create_app(from_environment())


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="outcomes")
def main() -> None:
    """Case record and outcomes service for children's homes, fostering agencies and councils."""
    # What commands write holds children: databases, exports and reports are for their owner alone.
    before = os.umask(0o077)
    click.get_current_context().call_on_close(lambda: os.umask(before))


@click.group("db")
def db_group() -> None:
    """Migrations of the database."""


@db_group.command("upgrade")
@click.argument("revision", default="head")
def upgrade_command(revision: str) -> None:
    """Bring the database to REVISION (default: the newest)."""
    migrating.upgrade(revision)
    click.echo(f"The database is at {migrating.current()}.")


@db_group.command("downgrade")
@click.argument("revision")
def downgrade_command(revision: str) -> None:
    """Take the database back to REVISION ("base" for none, "-1" for one step)."""
    migrating.downgrade(revision)
    click.echo(f"The database is at {migrating.current() or 'base'}.")


@db_group.command("check")
def check_command() -> None:
    """Fail when the models and the migrated database disagree."""
    found = migrating.differences()
    if migrating.current() != migrating.head():
        found.insert(
            0, f"the database is at {migrating.current()}, the newest migration is {migrating.head()}"
        )
    for difference in found:
        click.echo(difference, err=True)
    if found:
        raise SystemExit(1)
    click.echo("The models and the database agree.")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), help="Default: the PORT setting.")
def serve_command(host: str, port: int | None) -> None:
    """Serve the pages and the programs' door."""
    settings = from_environment()
    where = f"http://{host}:{port or settings.port}"
    click.echo(f"Outcomes is at {where} (Ctrl+C stops it)", err=True)
    server = server_for(the_app(), settings, host, port or settings.port)
    # What is loaded by now stays as long as the process. A full collection would walk through all of it again
    # and again, while every request waits for an eighth of a second.
    gc.collect()
    gc.freeze()
    server.run()


@click.command("routes")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def routes_command(as_json: bool) -> None:
    """Every address, with the permission it needs and its word in the audit."""
    rows = declarations(the_app())
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo(f"{','.join(row['methods']):<10} {row['rule']:<70} {row['permission']:<20} {row['audit']}")


def _as_the_system(command: click.Command, words: str) -> click.Command:
    """A copy of a command, or of a group, that runs in the application and in the system's scope."""
    made = copy.copy(command)
    if isinstance(command, click.Group) and isinstance(made, click.Group):
        made.commands = {
            name: _as_the_system(below, f"{words} {name}") for name, below in command.commands.items()
        }
    elif command.callback is not None:
        made.callback = _wrapped(command.callback, words)
    return made


def _wrapped(callback: Callable[..., Any], words: str) -> Callable[..., Any]:
    @functools.wraps(callback)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            _refuse_unreadable(kwargs)
            with _surroundings(words):
                return callback(*args, **kwargs)
        except (OutcomesError, Misconfigured) as refusal:
            _refuse(refusal)
        except OSError as fault:
            if fault.errno is None or fault.filename is None:
                raise
            # A file or folder that was named: missing, busy, full, or not to be written to.
            _refuse(
                Invalid.of("", f"{fault.strerror}: {str(fault.filename)[:200]!a}. Nothing more was done.")
            )

    return run


def _refuse_unreadable(given: Mapping[str, Any]) -> None:
    """Refuse words that no record, file or terminal can hold: control characters, bytes that are not UTF-8."""
    for name, value in given.items():
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str | PurePath) and unreadable(str(one)):
                raise Invalid.of(
                    "", f"{name}: {str(one)[:60]!a} has a character that cannot be read. Type it again."
                )


@contextmanager
def _surroundings(words: str) -> Iterator[None]:
    if words in WITHOUT_APP:
        yield
        return
    with the_app().app_context():
        if words in WITHOUT_SCOPE:
            yield
            return
        if migrating.current() != migrating.head():
            raise Misconfigured(
                "The database is not at the newest migration. Run `outcomes db upgrade` first."
            )
        with system_scope(f"outcomes {words}"):
            yield


def _refuse(refusal: Exception) -> None:
    """Print a refusal in words and exit 1."""
    if isinstance(refusal, Invalid):
        for name, messages in refusal.fields.items():
            for message in messages:
                click.echo(f"{name}: {message}" if name and not message else message, err=True)
    else:
        click.echo(str(refusal), err=True)
    sys.exit(1)


audit_group.add_command(seen_command)
for _command in (
    db_group,
    init_command,
    accounts_group,
    tokens_group,
    instruments_group,
    demo_group,
    import_command,
    export_command,
    measures_group,
    audit_group,
    backup_command,
    restore_command,
):
    main.add_command(_as_the_system(_command, str(_command.name)))
main.add_command(serve_command)
main.add_command(routes_command)
