"""The decisions of a plan, indexed, read from its tables or laid out in full."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import ref

from sourcing.replay.reading import OF_TAIL, plain, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pandas import DataFrame

    from sourcing.replay.facts import Facts

_T = TypeVar("_T")
Tonnes = dict[tuple[str, str, int], float]


@dataclass(frozen=True)
class Replay:
    """Tonnes decided.

    ``buy`` by (offer, destination, mode, node), ``ship`` by (origin, destination, material, mode, node), ``make`` by
    (process, node); ``hold``, ``short`` and ``disposed`` by (site, material, node). ``decided`` holds what else a
    family decides, by the name of its columns and their key. What is absent is 0.
    """

    buy: dict[tuple[str, str, str, int], float] = field(default_factory=dict)
    ship: dict[tuple[str, str, str, str, int], float] = field(default_factory=dict)
    make: dict[tuple[str, int], float] = field(default_factory=dict)
    hold: Tonnes = field(default_factory=dict)
    short: Tonnes = field(default_factory=dict)
    disposed: Tonnes = field(default_factory=dict)
    decided: Mapping[str, dict[tuple[Any, ...], float]] = field(default_factory=dict)

    def once(self, facts: Facts, work_out: Callable[[Facts, Replay], _T]) -> _T:
        """Return what follows from these decisions and some facts, worked out when it is first asked for."""
        known = self._worked_out.get(work_out)
        if known is None or known[0]() is not facts:
            known = self._worked_out[work_out] = ref(facts), work_out(facts, self)
        found: _T = known[1]
        return found

    @cached_property
    def _worked_out(self) -> dict[object, tuple[ref[Facts], Any]]:
        """What follows, with the facts that it follows from, by what works it out: many rules ask for the same.

        Facts may keep a plan of their own, so that a plan that kept its facts would be a ring.
        """
        return {}

    def decision(self, name: str, *key: object) -> float:
        """Return the value of one of a family's own columns."""
        return self.decided.get(name, {}).get(key, 0.0)

    @classmethod
    def of(cls, tables: Mapping[str, DataFrame]) -> Replay:
        """Read the plan tables purchases, shipments, conversions, stock and decisions, with those of the tail."""
        read = {name: list(rows_of(frame)) for name, frame in tables.items()}
        return cls.from_rows({name: [*rows, *read.get(name + OF_TAIL, ())] for name, rows in read.items()})

    @classmethod
    def from_rows(cls, rows: Mapping[str, Iterable[Mapping[Any, Any]]]) -> Replay:
        """Read the same from plain rows; rows with one key add up."""
        stock = list(rows.get("stock", ()))
        point = ("site", "material")
        return cls(
            buy=_index(rows.get("purchases", ()), ("offer", "destination", "mode"), "tonnes"),
            ship=_index(rows.get("shipments", ()), ("origin", "destination", "material", "mode"), "tonnes"),
            make=_index(rows.get("conversions", ()), ("process",), "tonnes"),
            hold=_index(stock, point, "end"),
            short=_index(stock, point, "short"),
            disposed=_index(stock, point, "disposed"),
            decided=_decided(rows.get("decisions", ())),
        )

    @classmethod
    def everything(cls, facts: Facts) -> Replay:
        """Return one tonne of every order, shipment and process run that is possible at all."""
        return facts.once(cls._everything)

    @classmethod
    def _everything(cls, facts: Facts) -> Replay:
        nodes = facts.calendar.nodes
        return cls(
            buy={(*key, n): 1.0 for key, possible in facts.buying.items() for n in possible},
            ship={(*key, n): 1.0 for key in facts.ships for n in nodes if facts.shipping(key, n)},
            make={(code, n): 1.0 for code in facts.records.processes for n in nodes if facts.may_run(code, n)},
        )


def _decided(rows: Iterable[Mapping[Any, Any]]) -> dict[str, dict[tuple[Any, ...], float]]:
    """Return the table decisions by name and key; the labels of a key stand in one text, joined by "|"."""
    found: dict[str, dict[tuple[Any, ...], float]] = defaultdict(dict)
    for row in rows:
        key = (*str(row["key"]).split("|"), int(row["node"]))
        found[str(row["decision"])][key] = float(row["value"])
    return dict(found)


def _index(rows: Iterable[Mapping[Any, Any]], texts: tuple[str, ...], column: str) -> dict[Any, float]:
    """Return a column by its text keys and node; a blank text is ""."""
    found: dict[Any, float] = defaultdict(float)
    for row in rows:
        key = tuple("" if (value := plain(row[name])) is None else str(value) for name in texts)
        found[(*key, int(row["node"]))] += float(row[column])
    return dict(found)
