"""What the inputs of a question say otherwise than those of the last plan, row by row, each in a sentence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from sourcing.question.horizon import NOTHING
from sourcing.tables.dictionary import column_dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.plan import Plan
    from sourcing.question import Horizon, Question
    from sourcing.tables import Case

_OWN = {"last_orders", "change_terms", "input_changes"}
_SILENT = {"source", "as_of", "confidence", "note", "name", "row"}
"""Columns that no rule reads."""
_SAME = 1e-12
_AMOUNT = {"demand": "quantity", "open_orders": "quantity", "offers": "capacity"}
"""What a row that is new or gone is in tonnes, or tonnes a year."""


class Difference(NamedTuple):
    """A row of `input_changes`."""

    table: str
    record: str
    column: str
    before: str
    after: str
    offer: str
    site: str
    material: str
    size: float
    words: str
    amount: float = math.nan


def differences(last: Plan, question: Question, case: Case) -> pd.DataFrame:
    """Return the rows of `input_changes`: tables by their keys, then horizon and objective of the question."""
    found = [each for name in case.tables if name not in _OWN for each in _of_table(name, last.case, case)]
    found += _of_question(last.question, question)
    return pd.DataFrame(found, columns=list(Difference._fields))


def _of_table(name: str, before: Case, after: Case) -> Iterator[Difference]:
    old, new = _by_key(name, before), _by_key(name, after)
    columns = [column for column in column_dictionary().columns(name) if column not in _SILENT]
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        if was is None or now is None:
            row, case = (now, after) if now is not None else (was, before)
            assert row is not None  # one of the two holds the key
            words = f"{_called(name, row, case)} is {'new' if was is None else 'gone'}"
            texts = ("", key) if was is None else (key, "")
            yield Difference(name, key, "", *texts, *_about(row), 1.0, words, _amount(name, row, case))
            continue
        for column in columns:
            if not _same(was[column], now[column]):
                unit = column_dictionary().columns(name)[column].unit
                called = _called(name, now, after)
                what = called if called.startswith(f"{name} for ") and column == "quantity" else f"{column} of {called}"
                said = _moved(what, was[column], now[column], unit)
                yield Difference(name, key, column, _text(was[column]), _text(now[column]), *_about(now), *said)


def _amount(name: str, row: dict[str, Any], case: Case) -> float:
    """Return what a row is in tonnes, or tonnes a year; NaN if it has no such amount, or one for a while only."""
    steps = name == "offers" and bool((case["ramps"]["offer"] == row["offer"]).any())
    return math.nan if steps or name not in _AMOUNT else float(row[_AMOUNT[name]])


def _by_key(name: str, case: Case) -> dict[str, dict[str, Any]]:
    """Return the rows of a table by their codes, joined by "|"."""
    key = column_dictionary().key(name)
    rows = ({str(column): cell for column, cell in row.items()} for row in case[name].to_dict("records"))
    return {"|".join(_text(row[column]) for column in key): row for row in rows}


def _of_question(before: Question, after: Question) -> Iterator[Difference]:
    pairs = {
        **_of_horizon(before.horizon, after.horizon),
        "objective.shortage": (before.objective.shortage, after.objective.shortage),
        "objective.discount_rate": (before.objective.discount_rate, after.objective.discount_rate),
        "without": (", ".join(before.without), ", ".join(after.without)),
    }
    for name, (was, now) in pairs.items():
        if was != now:
            said = _moved(f"{name} of the question", was, now, "")
            yield Difference("question", name, "", _text(was), _text(now), "", "", "", *said)


def _of_horizon(before: Horizon, after: Horizon) -> dict[str, tuple[Any, Any]]:
    """Return what may differ in two horizons; where one has periods of several lengths, these as they follow."""
    start: dict[str, tuple[Any, Any]] = {"horizon.start": (before.start, after.start)}
    start["horizon.tail"] = (float(before.tail or 0), float(after.tail or 0))
    start["horizon.within"] = (before.within or NOTHING, after.within or NOTHING)
    if before.steps or after.steps:
        return start | {"horizon.steps": (before.words, after.words)}
    counts = (float(before.count), float(after.count))
    return start | {"horizon.periods": counts, "horizon.length": (before.length, after.length)}


def _moved(what: str, was: Any, now: Any, unit: str) -> tuple[float, str]:
    """Return how large a change is, and the sentence."""
    shown = "" if not unit or unit.startswith("by ") else f" {unit}"
    if isinstance(was, float) and isinstance(now, float) and not math.isnan(was) and not math.isnan(now):
        way = "rose" if now > was else "fell"
        return abs(now - was) / max(abs(now), abs(was)), f"{what} {way} from {was:,.10g} to {now:,.10g}{shown}"
    old, new = (_shown(cell, shown) for cell in (was, now))
    return 1.0, f"{what} changed from {old} to {new}"


def _shown(cell: Any, unit: str) -> str:
    if isinstance(cell, float) and not math.isnan(cell):
        return f"{cell:,.10g}{unit}"
    return _text(cell) or "blank"


def _same(was: Any, now: Any) -> bool:
    if isinstance(was, float) and isinstance(now, float) and not pd.isna(was) and not pd.isna(now):
        return math.isclose(was, now, rel_tol=_SAME, abs_tol=0.0)
    return bool(was == now or (pd.isna(was) and pd.isna(now)))


def _text(cell: Any) -> str:
    """Return a cell as a table would hold it."""
    if isinstance(cell, str):
        return cell
    if pd.isna(cell):
        return ""
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d}"
    return repr(cell).removesuffix(".0") if isinstance(cell, float) else str(cell)


def _about(row: dict[str, Any]) -> tuple[str, str, str]:
    """Return offer, site and material that a row is about; of a lane the site it leads to."""
    site = row.get("site") or row.get("destination") or ""
    return str(row.get("offer") or ""), str(site), str(row.get("material") or "")


def _called(name: str, row: dict[str, Any], case: Case) -> str:
    """Return what a row is about in a planner's words."""
    if name == "offers":
        return f"{row['supplier']} {case.label('materials', row['material'])} ({row['offer']})"
    if name == "demand":
        where = f"{case.label('materials', row['material'])} at {case.label('sites', row['site'])}"
        return f"demand for {where} in {row['period']}"
    what = [_text(row[column]) for column in column_dictionary().key(name)]
    return f"{name} {' '.join(part for part in what if part)}".strip()
