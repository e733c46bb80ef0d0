"""Repairs in a planner's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.measures import measures
from sourcing.outcome.names import dollars, lane_words, names_of
from sourcing.reasons.sentences import amount
from sourcing.tables.dictionary import column_dictionary, countries
from sourcing.tables.screens.ends import ENDS

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from sourcing.tables import Case
    from sourcing.tables.dictionary import Column

_DUST = 1e-3


def repair_words(repairs: pd.DataFrame, case: Case, aim: str, asked: Mapping[str, int]) -> list[str]:
    """Say which single cells could be written otherwise for ``aim``, and what the best plan then costs."""
    if repairs.empty:
        return [f"No change of a single cell {'that was tried ' if asked.get('left', 0) else ''}is enough {aim}."]
    first = "This change of a single cell" if len(repairs) == 1 else "Any one of these changes of a single cell"
    standing = repairs["others_from"].notna().any()
    order = "what stands out among its like first, then the smallest" if standing else "the smallest first"
    words = [f"{first} would be enough {aim}{'' if len(repairs) == 1 else f', {order}'}:"]
    cheapest, before, named = float(repairs["cost"].min()), 0, ("", 0)
    several = (
        len(repairs) > 1 and repairs["short"].max() <= _DUST
    )  # costs of plans that leave less short do not compare
    for row in repairs.to_dict("records"):
        least = " (the least of these)" if several and row["cost"] == cheapest else ""
        same = (row["table"], row["row"]) == named
        also = "" if row["repair"] != before else "Or in the same row: " if same else "Or to the same effect: "
        words.append(f"{also}{_change(row, case, named=not (also and same))}; {_then(row)}{least}.")
        before, named = row["repair"], (row["table"], row["row"])
    return words


def undecided_words(asked: Mapping[str, int]) -> list[str]:
    """Say of how many changes that were tried nobody knows whether they are enough, and whether some were not tried."""
    words = [f"The search ended after {asked['tried']:,} sets of changes: there may be smaller ones, and others."]
    words = words if asked.get("left", 0) else []
    if not (count := asked.get("undecided", 0)):
        return words
    which = "1 could not be decided" if count == 1 else f"{count:,} could not be decided"
    of = f"Of {asked['tried']:,} sets of changes that were tried"
    return [*words, f"{of}, {which} by the solver: a repair may be missing."]


def together_words(repairs: pd.DataFrame, case: Case, aim: str) -> list[str]:
    """Say which cells together could be written otherwise for ``aim``, and what the best plan then costs."""
    if repairs.empty:
        return [f"Nor would it be enough {aim} if every cell that may give way did."]
    words = [f"These {len(repairs)} together would be enough, none of them larger than it has to be beside the others:"]
    words += [f"{_change(row, case, named=True)}." for row in repairs.to_dict("records")]
    then = _then(repairs.to_dict("records")[0])
    return [*words, f"{then[:1].upper()}{then[1:]}."]


def _then(row: Mapping[Hashable, Any]) -> str:
    short = f"leaves {amount(row['short'])} t short and " if row["short"] > _DUST else ""
    return f"the best plan then {short}costs {dollars(float(row['cost']))}"


def _change(row: Mapping[Hashable, Any], case: Case, *, named: bool) -> str:
    """Return "Lynas NdPr oxide (LYN-NDPR): lead days 7 days instead of 120 days (offers.csv row 9)"."""
    column = column_dictionary().columns(str(row["table"]))[str(row["column"])]
    whose = f"{subject(case, str(row['table']), int(row['row']))}: " if named else ""
    place = f" ({row['place']})" if named else ""
    if row["becomes"] is None:
        return f"{whose}without it{place}"
    becomes, now = (value_words(row[name], column, _limit(case, row)) for name in ("becomes", "now"))
    other = f"{_others(row, column)}{_day_after(row, column)}"
    return f"{whose}{column.name.replace('_', ' ')} {becomes} instead of {now}{other}{place}"


def _day_after(row: Mapping[Hashable, Any], column: Column) -> str:
    """Return a hint where a day is the last of its month, and the table asks for the first day after."""
    now = row["now"]
    if column.name not in ENDS or not isinstance(now, pd.Timestamp) or not now.is_month_end:
        return ""
    return f"; {column.name} is the first day after, so that {now.date()} is no longer in it"


def _others(row: Mapping[Hashable, Any], column: Column) -> str:
    """Return ", where others say 10 to 45 days" of a cell that stands out, "" of any other."""
    if pd.isna(row["others_from"]):
        return ""
    least, most = (value_words(row[name], column) for name in ("others_from", "others_to"))
    span = most if least == most else f"{least.rsplit(' ', 1)[0]} to {most}"
    return f", where others say {span}"


def _limit(case: Case, row: Mapping[Hashable, Any]) -> str:
    """Return the measure of a limit, "" for every other row."""
    frame = case[str(row["table"])]
    return str(frame.loc[frame["row"] == row["row"], "measure"].iloc[0]) if row["table"] == "limits" else ""


def value_words(value: object, column: Column, measure: str = "") -> str:
    """Return a cell as a planner reads it: 77.7 t/year, 35 %, 2027-06-01, blank."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return "blank"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    number = float(str(value))
    unit = measures()[measure].unit if column.unit == "by measure" else column.unit
    if unit == "share":
        return f"{100 * number:.3g} %"
    text = f"{number:.3g}" if abs(number) < 100 else amount(number)
    return f"{text} {unit}".strip()


def subject(case: Case, table: str, row: int) -> str:
    """Return whose row it is: an offer, a process or a lane by name, or what its codes say."""
    frame = case[table]
    record = {str(name): value for name, value in frame[frame["row"] == row].iloc[0].items()}
    if table == "lanes":
        return lane_words(case, *(str(record[name]) for name in ("origin", "destination", "material", "mode")))
    called = names_of(case)
    for name in ("limit", "condition", "contract", "order"):
        if record.get(name) and name in column_dictionary().key(table):
            return f"{name} {record[name]}"
    parts = []
    for name in column_dictionary().key(table):
        value = record.get(name)
        if isinstance(value, str) and value:
            label = case.label("materials", value) if name == "material" else countries().get(value, value)
            parts.append(called.get(name, {}).get(value, label))
    return f"{' at '.join(reversed(parts)) if table == 'stocks' else ', '.join(parts)}"
