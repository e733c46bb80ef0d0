"""Limits on concentration: what their columns may say, and the data of governance and risk that they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.parts import DataCheck
from sourcing.tables.limits import CONTRADICTS, OUTSIDE, each_limit
from sourcing.tables.problems import Problem, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sourcing.tables.limits import Limit, Said

MEASURES = ("hhi", "governance_hhi", "supply_risk")
_LENSES = ("country", "owner_country", "shipped_from", "origin", "origin_owner")
"""What sorts by countries, which are governed."""


def index_columns(limit: Limit) -> Said:
    """Return what contradicts in a limit on concentration; of others nothing."""
    if limit["measure"] not in MEASURES:
        return []
    said: Said = []
    if limit["sense"] == "min":
        fact = "a least concentration would ask for fewer sources"
        said.append(("sense", fact, "write max, or leave it blank; for a least share write share", CONTRADICTS))
    if not limit["by"]:
        said.append(("by", "concentration needs to know by what", "fill in by, such as country", CONTRADICTS))
    if limit["member"]:
        fact = "concentration is of all members together"
        said.append(("member", fact, "leave it blank; to limit one of them write share", CONTRADICTS))
    return said + (_value(limit["value"]) if limit["measure"] == "hhi" else _governed(limit))


def _governed(limit: Limit) -> Said:
    said: Said = []
    if limit["by"] and limit["by"] not in _LENSES:
        said.append(("by", f"it is countries that are governed, not each {limit['by']}", "write country", CONTRADICTS))
    if limit["measure"] == "supply_risk" and not (limit["element"] or limit["material"]):
        said.append(("element", "nothing says of what the supply risk is", "fill in element, or material", CONTRADICTS))
    if limit["value"] == 0:
        said.append(("value", "0 would take sources without number", "write a value above 0", OUTSIDE))
    return said


def indices(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse limits by governance or on supply risk whose terms are missing, or that the world alone is above."""
    frame, problems = tables["limits"], []
    for row in tables["supply_risk"].to_dict("records"):
        if bool(row["material"]) == bool(row["element"]):
            fact = "material and element are both filled in" if row["element"] else "a supply risk of nothing"
            repair = "fill in exactly one of them"
            problems.append(Problem("supply_risk", int(row["row"]), "material", fact, repair, "DATA-130"))
    for limit in frame[frame["measure"].isin(MEASURES[1:])].to_dict("records"):
        found = [*_ungoverned(tables), *(_risk(tables, limit) if limit["measure"] == "supply_risk" else [])]
        problems += [Problem("limits", int(limit["row"]), *said) for said in found]
    return problems


def _ungoverned(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, str, str]]:
    """Yield a fault where a country of the case has no governance."""
    sites, origins = tables["sites"], tables["origins"]
    named = {*sites["country"], *sites["owner_country"], *tables["offers"]["made_in"]}
    named |= {*origins["country"], *origins["owner_country"]}
    missing = sorted(named - {""} - set(tables["governance"]["country"]))
    if missing:
        fact = f"governance.csv has no row for {listed(missing)}"
        yield "measure", fact, "add a row for each country of sites, offers and origins", "DATA-147"


def _risk(tables: Mapping[str, pd.DataFrame], limit: Mapping[Any, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield a fault where the data of a supply risk are missing, or already above the limit."""
    known = tables["supply_risk"]
    about = ("", limit["element"]) if limit["element"] else (limit["material"], "")
    rows = known[(known["material"] == about[0]) & (known["element"] == about[1])].to_dict("records")
    what = limit["element"] or limit["material"]
    if not rows:
        if what:
            fact = f"supply_risk.csv has no row for {what}"
            yield "element" if limit["element"] else "material", fact, "add one, with its source", "DATA-147"
        return
    row = rows[0]
    world = (1 - row["eol_rir"]) * row["substitution"] * row["import_reliance"] / 2 * row["global_hhi"]
    if 0 < limit["value"] <= world:
        fact = f"{limit['value']:g} cannot be met: the world's supply of {what} alone makes it {world:.4g}"
        yield "value", fact, f"write more than {world:.4g}, or look at {what} in supply_risk.csv", "DATA-147"


def _value(value: object) -> Said:
    repair = "write an index above 0 and up to 1, such as 0.25 (n equal sources have 1/n, 2,500 points are 0.25)"
    if isinstance(value, float) and value > 1:
        return [("value", f"{value:g} is above 1", repair, OUTSIDE)]
    if value == 0:
        return [("value", "0 would take sources without number", repair, OUTSIDE)]
    return []


_TERMS = ("limits", "sites", "offers", "origins", "governance", "supply_risk")
CHECKS = (DataCheck(("limits",), each_limit(index_columns)), DataCheck(_TERMS, indices))
