"""The town while it is built: how records come into it, with canaries planted in them."""

from dataclasses import dataclass, field
from typing import Any

from outcomes.core.transaction import transaction
from outcomes.kit.declaring.record import Record
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from tests.access.attacked.canaries import CANARY, canary, canary_for
from tests.access.attacked.town import Town
from tests.builders import World


@dataclass
class Site:
    """A town while it is built: what has been made, by name, for what is made after it to link to."""

    town: Town
    world: World
    made: dict[str, Any] = field(default_factory=dict)
    samples: dict[type[Record], dict[str, Any]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.made[name]

    def organisation(self, name: str) -> Any:
        return self.made[f"organisation {name}"]

    def plant(self, kind: type[Record], name: str, /, **values: Any) -> Any:
        """A record with a canary in each text that it does not get from `values`, and in its sender's reference."""
        fields = kind.asked_fields()
        full = {
            one: canary_for(name, fields[one]) if value is CANARY else value for one, value in values.items()
        }
        with transaction():
            origin = writer.Origin("main", canary(name, "reference"))
            made = writer.record(check(kind, full, with_owner=True), origin=origin, by=self.world.by)
        return self.keep(name, made)

    def keep(self, name: str, record: Record) -> Any:
        self.town.ids[name], self.made[name] = record.public_id, record
        return record
