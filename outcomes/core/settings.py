"""Settings: read once from the environment, checked, then frozen. `.env.example` lists them all.

Production refuses to start with a missing, short or known key, or on demo's database.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from outcomes.core.errors import Misconfigured

Environment = Literal["demo", "test", "production"]

KNOWN_KEYS = frozenset({"dev", "development", "secret", "changeme", "change-me", "demo", "test", "password"})
SHORTEST_KEY = 32


def root() -> Path:
    """Where templates/, migrations/ and seeds/ are: the checkout, or what the wheel carries."""
    package = Path(__file__).resolve().parents[1]
    bundled = package / "_bundled"
    return bundled if bundled.is_dir() else package.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """One process's settings. Durations are in minutes, sizes in bytes."""

    environment: Environment
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    audit_key_file: Path
    port: int = 8000
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    session_idle_minutes: int = 15
    session_absolute_minutes: int = 12 * 60
    sign_in_attempts: int = 5
    sign_in_window_minutes: int = 5
    largest_body: int = 2 * 1024 * 1024

    @property
    def secure_cookies(self) -> bool:
        """Cookies marked Secure with the __Host- prefix: wherever a browser speaks https to us."""
        return self.environment == "production"


def from_environment(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from environment variables. Raises Misconfigured with the mend."""
    env = os.environ if env is None else env
    environment = env.get("OUTCOMES_ENV", "demo")
    if environment not in ("demo", "test", "production"):
        raise Misconfigured(f"OUTCOMES_ENV must be demo, test or production, not {environment!r}.")
    instance = Path(env.get("OUTCOMES_INSTANCE", root() / "instance"))
    key = env.get("SECRET_KEY", "")
    if environment == "production":
        _check_production_key(key)
    elif not key:
        key = _kept_key(instance / "secret.key")
    return Settings(
        environment=cast(Environment, environment),
        secret_key=key,
        database_url=_database_url(env.get("DATABASE_URL", ""), instance),
        audit_key_file=Path(env.get("AUDIT_KEY_FILE", instance / "audit.key")),
        port=_whole(env, "PORT", 8000, 1, 65535),
        trusted_hosts=tuple(h for h in env.get("TRUSTED_HOSTS", "").replace(",", " ").split() if h),
        proxy_hops=_whole(env, "PROXY_HOPS", 0, 0, 5),
        session_idle_minutes=_whole(env, "SESSION_IDLE_MINUTES", 15, 1, 240),
        session_absolute_minutes=_whole(env, "SESSION_ABSOLUTE_MINUTES", 720, 5, 1440),
        sign_in_attempts=_whole(env, "SIGN_IN_ATTEMPTS", 5, 1, 10),
        sign_in_window_minutes=_whole(env, "SIGN_IN_WINDOW_MINUTES", 5, 1, 60),
    )


def _check_production_key(key: str) -> None:
    if not key:
        raise Misconfigured("SECRET_KEY is missing. Set it to 32 or more random characters.")
    if len(key) < SHORTEST_KEY or key.lower() in KNOWN_KEYS or len(set(key)) < 10:
        raise Misconfigured(
            "SECRET_KEY is too short or too easily guessed. Set it to 32 or more random characters, "
            "for example what `python -c 'import secrets; print(secrets.token_urlsafe(48))'` prints."
        )


def _kept_key(path: Path) -> str:
    """A random key kept beside the database, so that a restart does not sign everybody out."""
    if not path.exists():
        _make_private(path.parent)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _make_private(folder: Path) -> None:
    """A folder that only its owner opens. One that is there already stays as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _database_url(url: str, instance: Path) -> str:
    if not url:
        _make_private(instance)
        database = instance / "outcomes.sqlite"
        # Made here, for its owner alone: SQLite would leave it open to everybody on the machine.
        database.touch(mode=0o600)
        return f"sqlite:///{database}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if url.startswith(("postgresql+psycopg://", "sqlite:///")):
        return url
    raise Misconfigured("DATABASE_URL must start with sqlite:/// or postgresql://.")


def _whole(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not least <= int(text[:9]) <= most:
        raise Misconfigured(f"{name} must be a whole number from {least} to {most}, not {text!r}.")
    return int(text)
