"""Which rows of each table a scope reaches, as plain SQL conditions. One rule per table, or no start.

`row` is what holds the columns: the mapped class in a statement, or a bare table's columns inside
another rule. The sets that the rules are made of: `sets.py`.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import and_, bindparam, false, literal, or_, select, true
from sqlalchemy.sql.elements import False_

from outcomes.access.scope import Shape
from outcomes.access.sets import (
    ALLOCATIONS,
    ASSIGNMENTS,
    CASEWORKERS,
    HOMES,
    MANAGERS,
    PLACEMENTS,
    PROVIDERS,
    Condition,
    bind,
    ever_placed,
    just_registered,
    kept_by_somebody,
    may_register,
    of_own_provider,
    one_of,
    own_allocations,
    own_placements,
    whole_child,
)
from outcomes.accounts.roles import Role
from outcomes.care.contracts import Contract
from outcomes.care.people import Person
from outcomes.kit.declaring.record import KINDS, ChildRecord, Part, PersonRecord, Record

Rule = Callable[[Any, Shape], Condition]

MARK = "scope_of_"
"""How the name of the value begins that marks a rule's condition in a finished statement."""

CHANGING = "changing_"
"""How a mark goes on that stands for the rule about changes, which names no table of its own."""

_PERSON, _CONTRACT = Person.__table__.c, Contract.__table__.c


def everybody(_row: Any, _scope: Shape) -> Condition:
    return true()


def nobody(_row: Any, _scope: Shape) -> Condition:
    return false()


def person(row: Any, scope: Shape) -> Condition:
    """Children living here or on the caseload; for managers also those who ever did; and just registered."""
    reached = [whole_child(row.id, scope)]
    if scope.role in MANAGERS:
        reached.append(row.id.in_(ever_placed(scope)))
    if may_register(scope):
        reached.append(just_registered(row, scope))
    return or_(*reached)


def person_record(row: Any, scope: Shape) -> Condition:
    """Records that belong to the child alone, such as contacts and care episodes."""
    reached = [whole_child(row.person_id, scope)]
    if may_register(scope):
        reached.append(row.person_id.in_(select(_PERSON.id).where(just_registered(_PERSON, scope))))
    return or_(*reached)


def child_record(row: Any, scope: Shape) -> Condition:
    """As above, and for managers what was recorded under a placement of theirs."""
    return _made_here(row, row.placement_id, scope)


def placement(row: Any, scope: Shape) -> Condition:
    return _made_here(row, row.id, scope)


def _made_here(row: Any, placement_id: Any, scope: Shape) -> Condition:
    reached = person_record(row, scope)
    return or_(reached, placement_id.in_(own_placements(scope))) if scope.role in MANAGERS else reached


def place(link: Any, row: Any, scope: Shape) -> Condition:
    """Homes and households: the provider's own; for caseworkers those where their children have lived.

    `link` is the placement's column that names the place.
    """
    if scope.role is Role.SYSTEM_ADMINISTRATOR:
        return true()
    if scope.role in PROVIDERS:
        return of_own_provider(row.provider_id, scope)
    if scope.role in CASEWORKERS:
        lived = whole_child(PLACEMENTS.person_id, scope)
        return row.id.in_(select(link).where(lived, link.is_not(None)))
    return false()


def of_home(row: Any, scope: Shape) -> Condition:
    """What is recorded of a home, with the home."""
    return row.home_id.in_(select(HOMES.id).where(place(PLACEMENTS.home_id, HOMES, scope)))


def staff(row: Any, scope: Shape) -> Condition:
    """The provider's own, and whoever works with the children one sees: who's who names them."""
    if scope.role is Role.SYSTEM_ADMINISTRATOR:
        return true()
    if scope.role is Role.COMMISSIONER:
        return false()
    reached = [
        row.id.in_(select(ALLOCATIONS.staff_id).where(whole_child(ALLOCATIONS.person_id, scope))),
        row.id.in_(select(ASSIGNMENTS.staff_id).where(whole_child(ASSIGNMENTS.person_id, scope))),
        row.id == bind("staff"),
    ]
    if scope.role in PROVIDERS:
        reached.append(of_own_provider(row.provider_id, scope))
    else:
        carers = select(PLACEMENTS.provider_id).where(whole_child(PLACEMENTS.person_id, scope))
        reached.append(row.provider_id.in_(carers))
    return or_(*reached)


def allocation(row: Any, scope: Shape) -> Condition:
    """With the child; and one's own, whatever its dates: else nobody could end or withdraw their own."""
    reached = child_record(row, scope)
    return or_(reached, row.id.in_(own_allocations(scope))) if scope.role in CASEWORKERS else reached


def contract(row: Any, scope: Shape) -> Condition:
    """A commissioner's granted contracts; for managers those of their provider."""
    return _contract_of(row.id, row.provider_id, scope)


def _contract_of(key: Any, provider: Any, scope: Shape) -> Condition:
    if scope.role is Role.COMMISSIONER:
        return one_of(key, "contracts", scope.contracts)
    return of_own_provider(provider, scope) if scope.role in MANAGERS else false()


def of_contract(row: Any, scope: Shape) -> Condition:
    """Targets and settings, with their contract."""
    return row.contract_id.in_(select(_CONTRACT.id).where(contract(_CONTRACT, scope)))


def part(owner: type[Record], link: str, row: Any, scope: Shape) -> Condition:
    """A part is seen with the record that it belongs to."""
    return getattr(row, link).in_(_keys_of(owner, scope))


def version(row: Any, scope: Shape) -> Condition:
    """A version is seen with its record, by the placement that the record had then."""
    made_here, of_person, open_to_all, reached = ["placement"], [], [], []
    for kind in KINDS:
        name = kind.kind_name()
        if issubclass(kind, ChildRecord):
            made_here.append(name)
        elif issubclass(kind, PersonRecord) and name != "placement":
            of_person.append(name)
        elif rule_of(kind) is everybody:
            open_to_all.append(name)
        elif name != "placement" and not isinstance(rule_of(kind)(kind.__table__.c, scope), False_):
            reached.append(and_(row.kind == name, row.record_id.in_(_keys_of(kind, scope))))
    if scope.role in CASEWORKERS:
        reached.append(and_(row.kind == "allocation", row.record_id.in_(own_allocations(scope))))
    return or_(
        *reached,
        row.kind.in_(open_to_all),
        and_(row.kind.in_(made_here), _made_here(row, row.placement_id, scope)),
        and_(row.kind.in_(of_person), person_record(row, scope)),
    )


def _keys_of(kind: type[Record], scope: Shape) -> Any:
    columns = kind.__table__.c
    return select(columns.id).where(rule_of(kind)(columns, scope))


NAMED: dict[str, Rule] = {
    "allocation": allocation,
    "person": person,
    "placement": placement,
    "organisation": everybody,
    "instrument": everybody,
    "home": partial(place, PLACEMENTS.home_id),
    "home_capacity": of_home,
    "carer_household": partial(place, PLACEMENTS.carer_household_id),
    "staff": staff,
    "contract": contract,
    "measure_target": of_contract,
    "contract_setting": of_contract,
    "record_version": version,
    "fact_set": nobody,
    "unit_fact": nobody,
}
"""Rules of single tables. A child's other records follow from what class they are."""


def person_to_change(row: Any, scope: Shape) -> Condition:
    """Whoever has the whole child; and a former home's manager where nobody else keeps the record."""
    reached = [whole_child(row.id, scope)]
    if scope.role in MANAGERS:
        reached.append(row.id.not_in(kept_by_somebody(scope)))
    if may_register(scope):
        reached.append(just_registered(row, scope))
    return or_(*reached)


def organisation_to_change(row: Any, scope: Shape) -> Condition:
    """Everybody reads every organisation; each changes their own, or the one that they put down."""
    if scope.role is Role.SYSTEM_ADMINISTRATOR:
        return true()
    return or_(of_own_provider(row.id, scope), row.author_id == bind("account"))


def staff_to_change(row: Any, scope: Shape) -> Condition:
    """One's own provider's people, and whom one put down oneself: a council's social worker is the council's."""
    if scope.role is Role.SYSTEM_ADMINISTRATOR:
        return true()
    return or_(of_own_provider(row.provider_id, scope), row.author_id == bind("account"))


def home_to_change(row: Any, scope: Shape) -> Condition:
    """The homes that are granted, not the provider's others."""
    if scope.role is Role.SYSTEM_ADMINISTRATOR:
        return true()
    return or_(one_of(row.id, "homes", scope.homes), one_of(row.provider_id, "providers", scope.providers))


def of_home_to_change(row: Any, scope: Shape) -> Condition:
    """What is recorded of a home is changed by those who may change the home."""
    return row.home_id.in_(select(HOMES.id).where(home_to_change(HOMES, scope)))


CHANGED: dict[str, Rule] = {
    "person": person_to_change,
    "organisation": organisation_to_change,
    "home": home_to_change,
    "home_capacity": of_home_to_change,
    "staff": staff_to_change,
}
"""Tables of which more is read than may be changed; the rows must be reached by their own rule as well."""

ADDED_LIKE_CHANGED = frozenset({"home_capacity"})
"""Of these, a new row is held to the rule about changes too: it changes what stands of its home."""


def rule_of(kind: type[Any]) -> Rule:
    """The rule of a mapped class. Raises KeyError where it has none."""
    named = NAMED.get(kind.__tablename__)
    if named is not None:
        return named
    if issubclass(kind, ChildRecord):
        return child_record
    if issubclass(kind, PersonRecord):
        return person_record
    if issubclass(kind, Part):
        owners = {each.declaration.part: each for each in KINDS if each.declaration.part is not None}
        return partial(part, owners[kind], kind.part_of)
    raise KeyError(kind.__tablename__)


def condition(kind: type[Any], scope: Shape) -> Condition:
    """The rows of a class that a scope reaches, with the mark by which the tripwire knows it."""
    return _marked(kind.__tablename__, rule_of(kind)(kind, scope))


def condition_to_change(kind: type[Any], scope: Shape) -> Condition:
    """Of the rows that a scope reaches, those that may be changed: marked too, beside the first."""
    table = kind.__table__
    return _marked(f"{CHANGING}{table.name}", CHANGED[table.name](table.c, scope))


def _marked(name: str, rule: Condition) -> Condition:
    mark: Any = bindparam(f"{MARK}{name}", 1, unique=True)
    if isinstance(rule, False_):
        # A plain FALSE would swallow the mark.
        rule = literal(0) == 1
    return and_(mark == 1, rule)
