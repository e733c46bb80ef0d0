"""How much of what ships from one country was mined, refined or melted in another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sourcing.parts import Block
from sourcing.report.figures import share, tonnes
from sourcing.report.lines import heading, wrapped
from sourcing.report.names import DONE, country, named
from sourcing.report.rows import each

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from rich.text import Text

    from sourcing.plan import Plan

SHOWN = 9
"""Sentences on countries of shipment; the rest is counted."""

UNKNOWN = "unknown"
_TRACE = 1e-9


class Told(NamedTuple):
    """Tonnes of one thing at one stage, by country: what ships from a country, or (blank) all there is of a kind."""

    what: str
    stage: str
    ships: str
    parts: dict[str, float]

    @property
    def total(self) -> float:
        """Return all of it."""
        return sum(self.parts.values())

    @property
    def elsewhere(self) -> list[tuple[str, float]]:
        """Other countries than the one that ships, most tonnes first."""
        found = [(name, t) for name, t in self.parts.items() if name not in (self.ships, UNKNOWN) and t > _TRACE]
        return sorted(found, key=lambda part: (-part[1], part[0]))

    @property
    def unsaid(self) -> float:
        """Return what nobody states an origin for."""
        return self.parts.get(UNKNOWN, 0.0)


def look_through(plan: Plan, width: int) -> list[Text]:
    """Return a sentence for each country of shipment with something foreign inside, and one on what nobody says."""
    table = plan.tables.get("look_through")
    if table is None or table.empty:
        return []
    counted = "element" if (table["counted"] == "element").any() else "material"
    names = named(plan.case["materials"], "material") if counted == "material" else {}
    table = table[table["counted"] == counted]
    table = table.assign(what=table["what"].map(lambda what: names.get(what, what)))
    stock = table["kind"] == "opening stock"
    foreign = _ranked([told for told in _told(table[~stock], by_country=True) if told.elsewhere])
    said = [_sentence(told, f"that ships from {country(told.ships)}") for told in foreign[:SHOWN]]
    if len(foreign) > SHOWN:
        said.append(f"… {len(foreign) - SHOWN} more in look_through.csv")
    said += [_silence(told) for told in _told(table[~stock], by_country=False) if told.unsaid > _TRACE]
    in_stock = _told(table[stock], by_country=False)
    said += [_sentence(told, "in stock on the first day") for told in in_stock if told.elsewhere]
    lines = [line for sentence in said for line in wrapped(sentence, width, "  ", "  ")]
    return [heading("SEEN THROUGH", "what is inside, whoever ships it; open orders included"), *lines] if lines else []


def _told(table: pd.DataFrame, *, by_country: bool) -> Iterator[Told]:
    """Yield what the table tells of each thing at each stage, by what ships from each country or all together."""
    found: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in each(table):
        parts = found.setdefault((str(row.what), str(row.stage), str(row.shipped_from) if by_country else ""), {})
        parts[str(row.origin)] = parts.get(str(row.origin), 0.0) + float(row.tonnes)
    for key, parts in found.items():
        yield Told(*key, parts)


def _ranked(told: list[Told]) -> list[Told]:
    """Return what ships from the country with the most foreign tonnes first, of each the latest stage first."""
    most: dict[str, float] = {}
    for one in told:
        most[one.ships] = max(most.get(one.ships, 0.0), sum(t for _, t in one.elsewhere))
    order = list(DONE)
    stage = {name: order.index(name) if name in order else len(order) for name in (one.stage for one in told)}
    known = [one for one in told if one.ships != UNKNOWN]
    return sorted(known, key=lambda one: (-most[one.ships], one.ships, one.what, -stage[one.stage]))


def _sentence(told: Told, where: str) -> str:
    """Return "Of 1,240 t of Sb that ships from Thailand, 870 t (70 %) was mined in China, 12 t nobody says"."""
    (most, first), *others = told.elsewhere
    done = DONE.get(told.stage, "made")
    said = [f"{tonnes(first)} ({share(first / told.total)}) was {done} in {country(most)}"]
    said += [f"{tonnes(amount)} in {country(name)}" for name, amount in others[:2]]
    if told.unsaid > _TRACE:
        said.append(f"{tonnes(told.unsaid)} nobody says")
    return f"Of {tonnes(told.total)} of {told.what} {where}, {', '.join(said)}"


def _silence(told: Told) -> str:
    part = f"{tonnes(told.unsaid)} ({share(told.unsaid / told.total)})"
    return f"Of {tonnes(told.total)} of {told.what} in all, nobody says where {part} was {DONE.get(told.stage, 'made')}"


BLOCK = Block(look_through, 60)
