"""The plan tables: their columns, what a cell of each may be, and what names a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Container

TEXT, NUMBER, MAYBE, DATE, WHOLE, CLAIM = "text", "number", "number or blank", "date", "whole number", "yes or no"
MAYBE_DATE = "date or blank"

_KINDS = {"text": TEXT, "number": NUMBER, "maybe": MAYBE, "date": DATE, "whole": WHOLE, "claim": CLAIM}
_KINDS["maybe_date"] = MAYBE_DATE


def _columns(**kinds: str) -> dict[str, str]:
    """Return column: kind from kind="column column …"."""
    return {column: _KINDS[kind] for kind, columns in kinds.items() for column in columns.split()}


COLUMNS: dict[str, dict[str, str]] = {
    "purchases": _columns(
        text="offer supplier site country material destination mode period",
        whole="node",
        date="order_from order_until arrives_from arrives_until",
        number="tonnes late_tonnes purchase freight duty",
    ),
    "shipments": _columns(
        text="origin destination material mode period",
        whole="node",
        date="departs_from departs_until arrives_from arrives_until",
        number="tonnes late_tonnes freight duty",
    ),
    "conversions": _columns(text="process site period", whole="node", number="tonnes late_tonnes conversion"),
    "stock": _columns(
        text="site material period",
        whole="node",
        number="start bought shipped_in made open_orders used shipped_out demand short disposed end",
    ),
    "shortage": _columns(text="site material period", whole="node", number="demand short"),
    "decisions": _columns(text="decision key period unit words", whole="node", number="value"),
    "changes": _columns(
        text="offer supplier material destination mode period why", whole="node", number="last now change"
    ),
    "cost": _columns(text="head period", whole="node", number="amount discounted"),
    "weighed": _columns(text="head period", whole="node", number="amount discounted"),
    "shares": _columns(text="counted what stage lens group", whole="year", number="tonnes share", maybe="lots heap"),
    "hhi": _columns(text="counted what stage lens", whole="year groups", number="tonnes hhi"),
    "look_through": _columns(text="kind counted what shipped_from made_in stage origin", whole="year", number="tonnes"),
    "limits": _columns(
        text="limit measure sense by member site window",
        whole="node",
        number="value counted",
        maybe="total actual",
        claim="binds",
    ),
    "lots": _columns(text="site material lot period", whole="node", number="start came used sent disposed end"),
    "customs": _columns(
        text="origin destination material mode made_in period", whole="node", number="tonnes value duty"
    ),
    "use": _columns(
        text="limit member site window sense", whole="node", number="value used", maybe="lots heap arrived"
    ),
    "own_rules": _columns(text="rule block key", whole="node", maybe="at_least at_most", number="coefficient value"),
    "orders": _columns(
        text="supplier offer material destination mode contract",
        date="order_on arrive_on",
        maybe_date="apply_by ship_on last_safe_date",
        number="tonnes price amount",
        maybe="lots slip_to_safety slip_to_empty",
    ),
    "days": _columns(
        text="site material",
        date="on",
        maybe_date="first_empty first_below",
        number="lowest safety end",
        maybe="days_of_use",
        whole="days_empty days_below_safety",
    ),
    "waits": _columns(
        text="kind process site destination material mode",
        whole="days_waiting",
        date="first_wait",
        number="planned not_done",
    ),
    "options": _columns(
        text="kind option supplier material destination words",
        date="decide_by needed_on",
        maybe="tonnes",
        number="cost",
    ),
    "binding": _columns(
        text="rule key subject period unit together words", whole="node", number="value price", maybe="worth"
    ),
}

LATER: dict[str, dict[str, str]] = {"shipments": _columns(number="licence_days")}
"""Columns that plans of earlier versions do not have."""


def columns_of(table: str, there: Container[Any]) -> dict[str, str]:
    """Return what the cells of a plan table may be, by column: those it always has, and of the later ones its own."""
    return COLUMNS[table] | {name: kind for name, kind in LATER.get(table, {}).items() if name in there}


KEYS: dict[str, tuple[str, ...]] = {
    "purchases": ("offer", "destination", "mode", "node"),
    "shipments": ("origin", "destination", "material", "mode", "node"),
    "conversions": ("process", "node"),
    "stock": ("site", "material", "node"),
    "shortage": ("site", "material", "node"),
    "decisions": ("decision", "key", "node"),
    "changes": ("offer", "destination", "mode", "node"),
    "cost": ("head", "node"),
    "weighed": ("head", "node"),
    "shares": ("counted", "what", "stage", "lens", "year", "group"),
    "hhi": ("counted", "what", "stage", "lens", "year"),
    "look_through": ("kind", "counted", "what", "year", "shipped_from", "made_in", "stage", "origin"),
    "limits": ("limit", "member", "site", "window", "node"),
    "lots": ("site", "material", "lot", "node"),
    "customs": ("origin", "destination", "material", "mode", "made_in", "node"),
    "use": ("limit", "member", "site", "window", "node"),
    "own_rules": ("rule", "block", "key", "node"),
    "orders": ("offer", "destination", "mode", "contract", "order_on"),
    "days": ("site", "material"),
    "waits": ("kind", "process", "site", "destination", "material", "mode"),
    "options": ("kind", "option"),
    "binding": ("rule", "key", "node"),
}

NEVER_NEGATIVE: dict[str, tuple[str, ...]] = {
    "purchases": ("tonnes", "late_tonnes"),
    "shipments": ("tonnes", "late_tonnes"),
    "conversions": ("tonnes", "late_tonnes"),
    "stock": ("start", "short", "disposed", "end"),
    "shortage": ("short",),
    "decisions": ("value",),
    "look_through": ("tonnes",),
    "changes": ("last", "now"),
    "orders": ("tonnes",),
    "customs": ("tonnes",),
}

PARTED = tuple(name for name in COLUMNS if "node" in COLUMNS[name] and name not in {"binding", "own_rules"})
"""Tables whose rows of periods after the horizon stand in a table of their own."""

DATED = ("orders", "days", "waits", "options")
"""What follows from the plan day by day: plans of earlier versions have none of it."""
MAY_BE_ABSENT = frozenset(
    {"binding", "decisions", "weighed", "changes", "look_through", "own_rules", "lots", "customs", "use", *DATED}
)
"""Prices need a solved plan; few cases leave more to decide, to weigh or to see through; earlier plans were compared
with none, and had no dates."""
