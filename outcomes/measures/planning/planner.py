"""Makes a plan of a card: resolves every name, checks every phrase against its field's type."""

from collections.abc import Mapping

from outcomes.measures.language import phrases
from outcomes.measures.language.card import Card, CardFaults, Setting
from outcomes.measures.planning.also_shown import AlsoShown
from outcomes.measures.planning.checking import Checks, on_record
from outcomes.measures.planning.faults import Faults, Refusal
from outcomes.measures.planning.naming import Names
from outcomes.measures.planning.plan import Plan, WorkingPlan
from outcomes.measures.planning.terms import Every
from outcomes.measures.planning.units import source_of
from outcomes.measures.planning.working_plans import WorkingPlans, needs
from outcomes.measures.registry import Registry


def plan(card: Card, registry: Registry, shared: Mapping[str, Setting] | None = None) -> Plan:
    """The plan of a card. `shared` are the settings of its pack. Raises CardFaults with every fault."""
    try:
        names = Names(card, registry, {**(shared or {}), **card.settings}, source_of(card, registry))
    except Refusal as refusal:
        faults = Faults(card)
        faults.add(refusal.key or "each", refusal)
        raise CardFaults(tuple(faults.found)) from refusal
    return _Planner(card, registry, names).plan()


class _Planner:
    """Plans one card part by part; a part that is refused is noted, and the rest is planned."""

    def __init__(self, card: Card, registry: Registry, names: Names) -> None:
        self.card = card
        self.names = names
        self.faults = Faults(card)
        self.checks = Checks(names, self.faults)
        self.workings = WorkingPlans(card, registry, names, self.checks)
        self.also = AlsoShown(card, registry, names, self.checks)

    def plan(self) -> Plan:
        card = self.card
        where = [(one, self.checks.of(one, "where")) for one in card.where]
        found = tuple(check for one, check in where if on_record(check))
        scope = tuple(check for one, check in where if not on_record(check))
        workings = {
            name: self.faults.tried(f"work_out.{name}", self.workings.of, one, name)
            for name, one in card.work_out.items()
        }
        per = {
            record: {
                name: self.faults.tried(
                    f"per.{record}.{name}", self.workings.latest_of_each, one, name, record
                )
                for name, one in named.items()
            }
            for record, named in card.per.items()
        }
        leave_out = tuple(
            self.checks.of(one.when, f"leave_out.{n}") for n, one in enumerate(card.leave_out, 1)
        )
        for n, one in enumerate(card.leave_out, 1):
            for setting in phrases.settings_in(one.because):
                self.faults.tried(f"leave_out.{n}.because", self.names.setting, setting)
        met = self.checks.of(card.met_when, "met_when") if card.met_when else None
        evidence = card.no_evidence
        no_evidence = self.checks.of(evidence.when, "no_evidence.when") if evidence else None
        unless = (
            self.checks.of(evidence.unless, "no_evidence.unless") if evidence and evidence.unless else None
        )
        also = tuple(
            made
            for one in card.also_show
            if (made := self.faults.tried("also_show", self.also.of, one)) is not None
        )
        levels = self._levels({name: made for name, made in workings.items() if made is not None})
        if self.faults.found:
            raise CardFaults(tuple(self.faults.found))
        return Plan(
            card=card,
            source=self.names.source,
            found=Every(found),
            scope=Every(scope),
            leave_out=leave_out,
            per=per,
            levels=levels,
            met=met,
            no_evidence=no_evidence,
            unless=unless,
            also=also,
            settings={name: self.names.settings[name].value for name in sorted(self.names.used_settings)},
            unit_columns=tuple(sorted(self.names.unit_columns, key=lambda one: (one.path, one.name))),
            period_dates=tuple(sorted(self.names.period_dates, key=str)),
            built_ins=frozenset(self.names.used_built_ins),
        )

    def _levels(self, workings: Mapping[str, WorkingPlan]) -> tuple[tuple[tuple[str, WorkingPlan], ...], ...]:
        """Workings in the order in which they depend on each other."""
        levels: list[tuple[tuple[str, WorkingPlan], ...]] = []
        done: set[str] = set()
        while len(done) < len(workings):
            ready = tuple(
                (name, one) for name, one in workings.items() if name not in done and needs(one) <= done
            )
            if not ready:
                left = ", ".join(sorted(set(workings) - done))
                self.faults.add(
                    "work_out", Refusal("workings that do not wait for each other or for unknown ones", left)
                )
                break
            levels.append(ready)
            done |= {name for name, _one in ready}
        return tuple(levels)
