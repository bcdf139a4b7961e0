"""The terms of a contract: its targets and settings, in force, earlier and to come, agreed or assumed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from outcomes.care.contracts import Contract, ContractSetting, MeasureTarget
from outcomes.core.database import db
from outcomes.frameworks.packs import cards, framework_of, packs, planned
from outcomes.frameworks.terms import Terms
from outcomes.kit.reading.addresses import address
from outcomes.kit.words import say_day
from outcomes.measures.language.card import Card, Setting, SettingValue


@dataclass(frozen=True, slots=True)
class Term:
    """A target or a setting that held, holds or will hold. `agreed` is a word: Agreed, Assumed or "".

    `when` is "in force", "earlier" or "to come". `href` leads to the record; None for what the
    framework itself says.
    """

    what: str
    value: str
    agreed: str
    source: str
    dates: str
    when: str = "in force"
    href: str | None = None


def settings_of(contract: Contract) -> list[ContractSetting]:
    """Every standing setting of a contract, by name, latest first."""
    wanted = select(ContractSetting).where(
        ContractSetting.standing(), ContractSetting.contract_id == contract.id
    )
    return sorted(db.session.scalars(wanted), key=lambda one: (one.setting, -one.effective_from.toordinal()))


def targets_of(contract: Contract) -> list[MeasureTarget]:
    """Every standing target of a contract, by measure, latest first."""
    wanted = select(MeasureTarget).where(MeasureTarget.standing(), MeasureTarget.contract_id == contract.id)
    return sorted(
        db.session.scalars(wanted), key=lambda one: (one.measure_id, -one.effective_from.toordinal())
    )


def when(row: MeasureTarget | ContractSetting, day: date) -> str:
    """Whether a term is in force on the day, was earlier, or is to come."""
    if row.effective_from > day:
        return "to come"
    ended = row.effective_to is not None and row.effective_to <= day
    return "earlier" if ended else "in force"


def target_term(row: MeasureTarget, contract: Contract, day: date) -> Term:
    """A contract's own target as a term."""
    by = f"Set by {row.set_by}." if row.set_by else ""
    review = f"To be reviewed on {say_day(row.review_due_on)}." if row.review_due_on else ""
    return Term(
        what=_title(row.measure_id),
        value=_target_words(row),
        agreed="Agreed" if row.status in ("set", "not_applicable", "none_stated") else "Not yet agreed",
        source=" ".join(words for words in (by, row.reason or "", review) if words),
        dates=_dates(row),
        when=when(row, day),
        href=address(row, contract),
    )


def setting_term(row: ContractSetting, contract: Contract, day: date) -> Term:
    """A contract's own setting as a term."""
    said = {True: "Agreed", False: "Assumed", None: "Not said whether agreed"}
    return Term(
        what=_setting_title(row.setting),
        value=" ".join(one for one in (row.value.replace("_", " "), row.unit) if one),
        agreed=said[row.agreed],
        source=row.source or "",
        dates=_dates(row),
        when=when(row, day),
        href=address(row, contract),
    )


def terms_of_measure(contract: Contract, card: Card, day: date) -> list[Term]:
    """The settings that a measure uses on a day: the contract's, else the framework's own with its reason."""
    rows = [one for one in settings_of(contract) if when(one, day) == "in force"]
    in_force = {one.setting: one for one in rows}
    terms = []
    for name, value in planned(card.measure).settings.items():
        row = in_force.get(f"{card.measure}.{name}") or in_force.get(name)
        if row is not None:
            terms.append(setting_term(row, contract, day))
            continue
        own = _own_settings(card)[name]
        terms.append(
            Term(_words(name), _words(str(value)), "Assumed", own.because, "Where nothing is agreed")
        )
    return terms


def settings_in_words(contract: Contract, card: Card, day: date) -> dict[str, SettingValue]:
    """The values of a measure's settings on a day, by the engine's own rule of which one holds."""
    rows = [
        {name: getattr(row, name) for name in ("setting", "value", "unit", "effective_from", "effective_to")}
        for row in reversed(settings_of(contract))
    ]
    plan = planned(card.measure)
    return {**plan.settings, **Terms({}, {contract.id: rows}).chosen(contract.id, plan, day)}


def measures_without_target(contract: Contract, rows: Iterable[MeasureTarget], day: date) -> list[Term]:
    """What the framework itself says of the measures for which the contract has no target in force."""
    pack = packs().get(contract.framework)
    have = {row.measure_id for row in rows if when(row, day) == "in force"}
    return [
        Term(card.title, str(card.target), "As the framework says", "", "")
        for card in (pack.cards if pack else ())
        if card.measure not in have
    ]


def assumed_settings(contract: Contract, rows: Iterable[ContractSetting], day: date) -> list[Term]:
    """The framework's own settings, with their reasons, that hold because the contract has none in force.

    One term for each value: two cards may mean the same name differently. `what` names the measures.
    """
    agreed = {one.setting for one in rows if when(one, day) == "in force"}
    pack = packs().get(contract.framework)
    using: dict[tuple[str, str, str], list[str]] = {}
    for card in pack.cards if pack else ():
        for name, value in planned(card.measure).settings.items():
            if not {name, f"{card.measure}.{name}"} & agreed:
                because = _own_settings(card)[name].because
                using.setdefault((name, str(value), because), []).append(card.title)
    return [
        Term(
            _words(name),
            _words(value),
            "Assumed",
            because[:1].upper() + because[1:],
            f"Used by: {'; '.join(titles)}",
        )
        for (name, value, because), titles in sorted(using.items())
    ]


def _own_settings(card: Card) -> Mapping[str, Setting]:
    return {**packs()[framework_of(card.measure)].settings, **card.settings}


def _target_words(row: MeasureTarget) -> str:
    if row.status != "set":
        return row.status.replace("_", " ").capitalize()
    sign = (row.comparator or "").replace("_", " ").capitalize()
    card = cards().get(row.measure_id)
    unit = "%" if card is not None and card.shape == "share" else ""
    tolerance = f", tolerance {row.tolerance:f}{unit}" if row.tolerance is not None else ""
    return f"{sign} {row.value:f}{unit}{tolerance}".strip()


def _dates(row: MeasureTarget | ContractSetting) -> str:
    since = f"From {say_day(row.effective_from)}"
    if row.effective_to is None:
        return since
    # On record is the first day on which it no longer holds; people say the last on which it did.
    return f"{since} to {say_day(row.effective_to - timedelta(days=1))}"


def _title(measure: str) -> str:
    card = cards().get(measure)
    return card.title if card else measure


def _setting_title(setting: str) -> str:
    measure, _, name = setting.rpartition(".")
    return f"{_words(name)} ({_title(measure)})" if measure else _words(name)


def _words(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
