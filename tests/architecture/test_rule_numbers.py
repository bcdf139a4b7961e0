"""A number such as R05 or D14, wherever it stands, is a rule that can be looked up."""

import re
from pathlib import Path

from outcomes.frameworks.rules import rules

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"\b[RD]\d\d\b")
WHERE = (
    "outcomes/**/*.py",
    "seeds/frameworks/*/**/*.yaml",
    "tests/spec/**/*.yaml",
    "tests/measures/**/*.py",
    "docs/**/*.md",
)


def test_every_rule_that_is_named_is_written_down() -> None:
    named = {
        (number, str(path.relative_to(ROOT)))
        for pattern in WHERE
        for path in ROOT.glob(pattern)
        for number in NAMED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(named) > 100
    strangers = sorted(one for one in named if one[0] not in rules())
    assert not strangers, f"Write these in seeds/frameworks/rules.yaml, or mend the number: {strangers[:5]}"
