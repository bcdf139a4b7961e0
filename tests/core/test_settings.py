"""Settings: what production refuses, and what is made where nothing is given."""

from pathlib import Path

import pytest

from outcomes.core.errors import Misconfigured
from outcomes.core.settings import from_environment

STRONG = "J7x-Pq2_Zk9vWm4sRt8yLb3nHd6fGc1aQe5uXo0i"


def production(**more: str) -> dict[str, str]:
    return {
        "OUTCOMES_ENV": "production",
        "DATABASE_URL": "sqlite:////tmp/x.sqlite",
        "SECRET_KEY": STRONG,
        **more,
    }


@pytest.mark.parametrize("key", ["", "short", "secret", "a" * 64, "changeme"])
def test_production_refuses_a_missing_short_or_guessable_key(key: str) -> None:
    with pytest.raises(Misconfigured, match="SECRET_KEY"):
        from_environment(production(SECRET_KEY=key))


def test_production_starts_with_a_strong_key() -> None:
    assert from_environment(production()).secure_cookies


@pytest.mark.parametrize(
    ("name", "value"),
    [("OUTCOMES_ENV", "prod"), ("PORT", "99999999"), ("PORT", "x"), ("PORT", "٣"), ("PROXY_HOPS", "-1"),
     ("DATABASE_URL", "mysql://x"), ("SESSION_IDLE_MINUTES", "0")],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=name):
        from_environment(production(**{name: value}))


def test_elsewhere_a_key_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    env = {"OUTCOMES_ENV": "demo", "OUTCOMES_INSTANCE": str(tmp_path)}
    first, second = from_environment(env), from_environment(env)
    assert first.secret_key == second.secret_key and len(first.secret_key) >= 32
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0
    assert first.database_url == f"sqlite:///{tmp_path / 'outcomes.sqlite'}"


@pytest.mark.parametrize("given", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_postgresql_is_reached_through_psycopg(given: str) -> None:
    assert from_environment(production(DATABASE_URL=given)).database_url == "postgresql+psycopg://u@h/d"


def test_secrets_stay_out_of_the_settings_words() -> None:
    assert STRONG not in repr(from_environment(production()))
