"""`outcomes measures`: list and check cards, explain one, and run figures."""

import click


@click.group("measures")
def measures_group() -> None:
    """Measures: their cards, what they mean, and their figures."""
