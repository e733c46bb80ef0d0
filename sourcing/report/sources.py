"""What is counted of where the tonnes come from: elements or materials, each at the stage its first limit counts at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sourcing.measures import what_counts
from sourcing.report.names import DONE, named
from sourcing.report.rows import each

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from sourcing.plan import Plan

Definitions = dict[str, dict[str, str]]
"""Rows of the table of limits as text, by name; the limits of the question are in it too."""

LENSES = ("country", "origin")
"""By which countries can be told apart: where a thing is made, and where it was mined, refined or melted."""


class Shown(NamedTuple):
    """What a block shows: an element or a material, counted at a stage (blank = as bought), by country or origin."""

    counted: str
    what: str
    stage: str
    lens: str

    @property
    def heading(self) -> str:
        """Return how it is counted, blank where it is as bought."""
        if self.lens == "origin":
            return f"by where it was {DONE.get(self.stage, 'made')}, whoever ships it"
        return f"counted where it becomes {self.stage}, or is bought at a later stage" if self.stage else ""


class Sources(NamedTuple):
    """The rows of shares.csv that one block shows, what it is called, and where a largest share is used up."""

    shown: Shown
    name: str
    rows: pd.DataFrame
    marks: set[tuple[str, str]]

    def marked(self, group: str, year: int) -> bool:
        """Return whether a group is at its limit in a year."""
        return (group, str(year)) in self.marks or (group, "horizon") in self.marks


def sources(plan: Plan) -> list[Sources]:
    """Return what is shown, the elements (or bought materials) that a limit is about first, then by tonnes."""
    shares = arriving(plan)
    shares = shares[shares["lens"].isin(LENSES)]
    counted = "element" if (shares["counted"] == "element").any() else "material"
    shares = shares[shares["counted"] == counted]
    if shares.empty:
        return []
    defined = definitions(plan)
    limited = {name for row in defined.values() for name in (row["element"], row["material"])}
    names = named(plan.case["materials"], "material") if counted == "material" else {}
    found = []
    for what in _ranked(shares[shares["stage"] == ""], limited):
        shown = _shown(defined, counted, what)
        rows = shares[(shares["what"] == what) & (shares["stage"] == shown.stage) & (shares["lens"] == shown.lens)]
        found.append(Sources(shown, names.get(what, what), rows, _marks(plan, defined, shown)))
    return found


def arriving(plan: Plan) -> pd.DataFrame:
    """Return the rows of shares.csv of whom something arrives; others are there for what is used of theirs."""
    shares = plan.tables["shares"]
    return shares[shares["tonnes"] > 0]


def definitions(plan: Plan) -> Definitions:
    """Return the rows of the table of limits by name."""
    table = plan.case["limits"]
    return {str(row["limit"]): {str(key): str(value) for key, value in row.items()} for row in table.to_dict("records")}


def largest_shares(plan: Plan, defined: Definitions, shown: Shown) -> Iterator[tuple[Any, dict[str, str]]]:
    """Return the rows of largest shares of one country on what is shown, by its lens, each with its definition."""
    limits = plan.tables["limits"]
    held = limits[(limits["measure"] == "share") & (limits["sense"] == "max") & (limits["by"] == shown.lens)]
    for row in each(held):
        about = defined.get(str(row.limit), {})
        if about.get(shown.counted) == shown.what:
            yield row, about


def counts_use(about: dict[str, str]) -> bool:
    """Return whether a limit, by its definition, counts what is used, and not what arrives."""
    return what_counts(about["measure"], about.get("counts", "")) == "use"


def counts_stock(about: dict[str, str]) -> bool:
    """Return whether a limit, by its definition, counts what lies at the start as well."""
    return what_counts(about["measure"], about.get("counts", "")) == "stock"


def as_shown(row: Any, about: dict[str, str], shown: Shown) -> bool:
    """Return whether a limit counts what the block shows: what arrives, at its stage, everywhere."""
    same = about.get("stage", "") == shown.stage and not counts_use(about) and not counts_stock(about)
    return same and not row.site and (shown.counted == "element" or not about.get("element"))


def _ranked(shares: pd.DataFrame, limited: set[str]) -> list[str]:
    total = shares.groupby("what")["tonnes"].sum()
    return sorted(map(str, total.index), key=lambda what: (what not in limited, -total[what], what))


def _shown(defined: Definitions, counted: str, what: str) -> Shown:
    """Return how a block is counted: as the first limit on it by country or origin is, else as bought (blank)."""
    held = [row for row in defined.values() if row[counted] == what and row["measure"] == "share"]
    if not held:
        return Shown(counted, what, "", "country")
    seen = [row for row in held if row.get("by") == "origin"]
    first = seen[0] if seen and held[0].get("by") != "country" else held[0]
    return Shown(counted, what, first["stage"], "origin" if first in seen else "country")


def _marks(plan: Plan, defined: Definitions, shown: Shown) -> set[tuple[str, str]]:
    """Return (country or group, year) where a largest share is used up, of limits that count what the block shows."""
    return {
        (str(row.member), _year(str(row.window)))
        for row, about in largest_shares(plan, defined, shown)
        if row.binds and as_shown(row, about, shown)
    }


def _year(window: str) -> str:
    return window if window == "horizon" else window[:4]
