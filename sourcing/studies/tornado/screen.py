"""Which number to check first, and what every number swings, as one screen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from rich.text import Text

from sourcing.report.after_horizon import of_the_whole
from sourcing.report.figures import day, money, tonnes
from sourcing.report.given_up import away
from sourcing.report.lines import columns, cut, heading, paragraph, wrapped
from sourcing.report.rows import each, records
from sourcing.report.shortage import NOTHING
from sourcing.studies.tornado.doubt_words import costs, end_words, finding, from_to, short_source, stated, waits
from sourcing.studies.tornado.found import NO_PLAN, worth_checking

if TYPE_CHECKING:
    from sourcing.studies.tornado.found import Tornado

CHECKED = 5
"""Numbers worth checking that are shown."""
_BAR = 6
_ORDERS = 3


def render_tornado(found: Tornado, top: int, width: int = 100) -> Text:
    """Return the screen of ``sourcing tornado``, at most ``width`` cells wide; ``top`` numbers in the tornado."""
    table = found.tables["tornado"]
    blocks = [
        wrapped(str(found.manifest["question"]), width, style="bold"),
        wrapped(finding(found), width),
        _checks(found, width),
        _bars(table, top, width),
        [*_waits(found, width), *_said(found, width)],
        _next(found, width),
    ]
    return Text("\n\n").join(Text("\n").join(block) for block in blocks if block)


def tornado_as_json(found: Tornado) -> dict[str, Any]:
    """Return the manifest and every table as plain values; blanks are null."""
    return {
        "folder": str(found.folder) if found.folder else None,
        "finding": finding(found),
        "manifest": dict(found.manifest),
        "tables": {name: records(table) for name, table in found.tables.items()},
    }


def _checks(found: Tornado, width: int) -> list[Text]:
    rows = worth_checking(found.tables["tornado"], found.manifest["own_regret"])
    if rows.empty:
        return []
    says = "what not knowing costs, mean of both ends"
    lines = [heading("WORTH CHECKING FIRST", says)]
    for number, row in enumerate(each(rows.head(CHECKED)), 1):
        lines += wrapped(f"{number} {row.words}: {from_to(row)}; {costs(row)}", width, "  ", "  ")
        lines += wrapped(f"{row.place} · {stated(row)} · {short_source(row.source)}", width, "    ", style="dim")
        lines += wrapped(end_words(row, found), width, "    ")
        lines += wrapped(_instead(found, row.input), width, "    ")
    if len(rows) > CHECKED:
        lines.append(Text(f"  … {len(rows) - CHECKED} more in tornado.csv (check_rank)"))
    return lines


def _instead(found: Tornado, key: str) -> str:
    """Return what would be ordered instead at the worse end, the largest differences first.

    Whom more or less is bought from comes before where it goes to.
    """
    changed = found.tables["instead"]
    own = changed[changed["input"] == key]
    if own.empty:
        return "better then: the same orders; what is signed, begun to qualify or opened by then would be other"
    case = found.plan.case
    said = [
        f"{tonnes(abs(row.more))} {'more' if row.more > 0 else 'less'} from {row.supplier} "
        f"{case.label('materials', row.material)}"
        for row in each(_by_seller(own))
    ]
    if not said:
        return "better then: as much from everyone, to other sites, by other ways or in other periods (instead.csv)"
    rest = f" and {len(said) - _ORDERS} more in instead.csv" if len(said) > _ORDERS else ""
    return f"better then: {', '.join(said[:_ORDERS])}{rest}"


def _by_seller(orders: pd.DataFrame) -> pd.DataFrame:
    """Return by how much more is bought of a material from a supplier, the largest differences first."""
    more = (orders["better"] - orders["placed"]).groupby([orders["supplier"], orders["material"]]).sum()
    table = pd.DataFrame({"more": more[more.abs() > NOTHING]}).reset_index()
    order = np.argsort(-table["more"].abs().to_numpy(), kind="stable")
    return table.iloc[order]


def _bars(table: pd.DataFrame, top: int, width: int) -> list[Text]:
    """Return the numbers that swing shortage or cost most, as bars to either side of the plan as stated."""
    rows = table.sort_values("swing_rank").head(top)
    rows = rows[~((rows["swing"] == 0) & (rows["swing_short"] == 0))]
    if rows.empty:
        return paragraph("TORNADO", "no number moves shortage or cost within its range.", width)
    most = float(rows[["cost_low", "cost_high"]].abs().max().max())
    cells = []
    for row in each(rows):
        ends = sorted((row.cost_low, row.cost_high))
        left, right = (_part(min(ends[0], 0.0), most), _part(max(ends[1], 0.0), most))
        figure = [_left(left), _right(right)]
        cells.append([row.words, "│".join(figure), _signed(row, "low"), _signed(row, "high")])
    lines = [heading("TORNADO", "least shortage and cost at either end; bars: cost")]
    return lines + [Text(text) for text in columns(cells, "llrr", width)]


def _part(cost: float, most: float) -> float:
    return abs(cost) / most if most and math.isfinite(cost) else 0.0


def _left(part: float) -> str:
    whole = round(part * _BAR)
    return ("█" * whole or ("▐" if part > 0 else "")).rjust(_BAR)


def _right(part: float) -> str:
    whole = round(part * _BAR)
    return ("█" * whole or ("▌" if part > 0 else "")).ljust(_BAR)


def _signed(row: Any, end: str) -> str:
    if getattr(row, f"status_{end}") == NO_PLAN:
        return "no plan"
    cost, short = getattr(row, f"cost_{end}"), getattr(row, f"short_{end}")
    said = f"{'+' if cost > 0 else ''}{money(cost)}" if cost else "-"
    return f"{'+' if short > 0 else ''}{tonnes(short)} short, {said}" if short else said


def _waits(found: Tornado, width: int) -> list[Text]:
    words = waits(found)
    return paragraph("WAITS", words, width) if words else []


def _said(found: Tornado, width: int) -> list[Text]:
    manifest, table = found.manifest, found.tables["tornado"]
    ranges = manifest["ranges"]
    lines = paragraph(
        "RANGES",
        f"{ranges['name']}, by kind and confidence, an {ranges['confidence']}: give your own with --ranges",
        width,
    )
    kept = f"orders of {manifest['periods_kept']} period{'s' if manifest['periods_kept'] > 1 else ''} are kept"
    tried = f"{manifest['inputs']} numbers at both ends, all else as stated"
    if manifest["searched"]:
        tried = f"of {manifest['inputs']} numbers {manifest['searched']} at both ends, chosen without whole numbers"
        kept += " with what is signed, begun to qualify or opened by then"
    until = day(_date(manifest["change_by"]))
    lines += paragraph(
        "TRIED", f"{tried}; for what not knowing costs, the {kept}, to {until}, and the rest is planned anew", width
    )
    lines += paragraph("WHOLE", whole, width) if (whole := of_the_whole(found.plan.question)) else []
    if (table[["dropped_low", "dropped_high"]] > 0).any().any():
        lines += paragraph(
            "CUT", "where an order cannot be kept, such as above a capacity, it counts as far as it can", width
        )
    if table["within_gap"].any():
        lines += paragraph(
            "NOISE",
            "differences within what a search for whole numbers, or a limit on squares, has proven count as none",
            width,
        )
    lines += away(manifest["given_up"], "given up by the plan, and here", width)
    lines += paragraph("NOTE", manifest["not_best"], width) if manifest["not_best"] else []
    if manifest["own_regret"]:
        more = f"as stated its orders cost {money(manifest['own_regret'])} more than the best ones would already"
        lines += paragraph("ALREADY", f"{more}: so much of what not knowing costs is the plan's own", width)
    return lines + paragraph("FIXED", "; ".join(found.tables["not_varied"]["what"]) + " (not_varied.csv)", width)


def _date(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)


def _next(found: Tornado, width: int) -> list[Text]:
    rows = worth_checking(found.tables["tornado"], found.manifest["own_regret"])
    place = f"Tables in {found.folder} · " if found.folder else ""
    if rows.empty:
        return wrapped(f"{place}next: sourcing explain {cut(str(found.manifest['plan']), 60)}", width)
    first = str(rows["place"].iloc[0]).split(" (and ")[0]
    return wrapped(f"{place}next: put what you find into {first}, then sourcing optimize", width)
