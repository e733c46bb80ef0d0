"""What has to be started in the first period so that it is qualified when the plan needs it."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.parts import Block
from sourcing.report.figures import day, money
from sourcing.report.lines import columns, heading, wrapped
from sourcing.report.names import named
from sourcing.report.rows import each

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rich.text import Text

    from sourcing.plan import Plan


def start_qualifying(plan: Plan, width: int) -> list[Text]:
    """Return the qualifications that are started in the first period, dearest first; [] if there are none."""
    rows = _started(plan)
    if rows.empty:
        return []
    start = plan.question.horizon.first
    lines = [heading("START QUALIFYING", f"in the period from {day(start)}")]
    cells = [
        [_called(plan, row), f"approved {day(start + timedelta(days=math.ceil(row.days)))}", money(row.cost)]
        for row in each(rows)
    ]
    for text, row in zip(columns(cells, "llr", width), each(rows), strict=True):
        note = "; ".join(_needed(plan, row))
        lines += [*wrapped(text, width + len(text)), *wrapped(note, width, "    ", style="dim")]
    return lines


def _started(plan: Plan) -> pd.DataFrame:
    """Return the rows of qualifications that are started in the first period; ``since`` is their column ``from``."""
    decided = plan.tables["decisions"]
    now = decided.loc[(decided["decision"] == "qualify") & (decided["node"] == 0), "key"]
    if now.empty:
        return pd.DataFrame()
    rows = plan.case["qualifications"].rename(columns={"from": "since"})
    since = rows["since"].dt.strftime("%Y-%m-%d").fillna("")
    kind = np.where(rows["offer"] != "", "offer|", "process|")
    started: pd.DataFrame = rows[(kind + rows["offer"] + rows["process"] + "|" + since).isin(now)]
    return started.sort_values(["cost", "offer", "process"], ascending=[False, True, True])


def _called(plan: Plan, row: Any) -> str:
    if not row.offer:
        return str(row.process)
    offers = plan.case["offers"]
    supplier, what = offers.loc[offers["offer"] == row.offer, ["supplier", "material"]].astype(str).iloc[0]
    return f"{supplier}, {named(plan.case['materials'], 'material').get(what, what)}"


def _needed(plan: Plan, row: Any) -> Iterator[str]:
    """Say from when on the approval is needed, and the last day of its start that is in time for that."""
    if not pd.isna(row.since):
        yield f"as it is from {day(row.since.date())} on"
    first = _first_use(plan, row)
    if first is not None:
        latest = first - timedelta(days=math.ceil(row.days))
        yield f"needed on {day(first)}: in time if it is started by {day(latest)}"


def _first_use(plan: Plan, row: Any) -> date | None:
    """Return the first day of the period in which the plan first orders or runs what needs the approval."""
    name, table = ("offer", "purchases") if row.offer else ("process", "conversions")
    used = plan.tables[table]
    nodes = used.loc[used[name] == getattr(row, name), "node"].unique().tolist()
    starts = [plan.question.horizon.boundary(int(node)) for node in sorted(nodes)]
    return next((at for at in starts if pd.isna(row.since) or at >= row.since.date()), None)


BLOCK = Block(start_qualifying, 22)
