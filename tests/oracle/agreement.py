"""How far answers agree, by kind of case: what is in it, how large, whole numbers or none, and how it ended."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from oracle.network import MADE_IN
from oracle.tables import calendar_span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from oracle.drawing import Draw
    from oracle.program import Program
    from oracle.tables import Case

APART = ("status", "shortage", "cost", "bound", "reference")
"""In what answers differ; of the last, SCIP and HiGHS do from each other, or neither has an answer."""
OPEN = ("not proven", "refused")
"""How the product ends without an answer: neither agreement nor disagreement, and counted as such."""
LEFT_OUT = "not asked"
"""Of a quick run: the second opinions find no plan, and the product was not asked."""
SIZES = ((1.0, "up to 1 t"), (1e3, "1 t to 1 kt"), (1e6, "1 kt to 1 Mt"), (float("inf"), "1 Mt to 100 Mt"))
PRICES = {"price", "shortage_cost"}
COSTS = {"freight", "cost", "order_cost", "run_cost", "opening_cost", "fixed_cost", "fee", "switching_cost"}
COSTS |= {"holding_cost", "disposal_cost", "cost_more", "cost_less"}
TONNES = {"quantity", "capacity", "min_lot", "lot_multiple", "min_run", "opening", "safety", "closing", "minimum"}
TONNES |= {"maximum", "above", "tonnes", "at_least"}
FAR = 1e5
"""How many times the least tonnes of a case its most are, where sizes are said to be far apart."""


@dataclass
class Record:
    """What came of one seed: a word ("" where all agree), the answers in a line, and the kinds that the case is of."""

    seed: int
    word: str
    line: str
    kinds: list[str]


def drawn(made: Draw, rules: list[str]) -> list[str]:
    """Return the kinds that a case is of by how it was drawn."""
    size = next(name for most, name in SIZES if made.size <= most)
    return [*(f"rule {name}" for name in rules), f"rules together {len(rules)}", f"size {size}"]


def kinds(case: Case, program: Program) -> list[str]:
    """Return the kinds that a case is of by what is in it, apart from its answer."""
    whole = "whole numbers" if any(column[3] for column in program.columns) else "no whole numbers"
    ways = {name.partition("@")[0].partition(MADE_IN) for name, *_ in program.columns if " of Source" not in name}
    waits = Counter(way for way, told, _ in ways if told)
    several = ["follows, of several waits"] * (max(waits.values(), default=0) > 1)
    return [f"shortage {case.shortage}", whole, *several, *(name for name, holds in special(case) if holds)]


def special(case: Case) -> Iterator[tuple[str, bool]]:
    """Tell of a case whether it has what answers are easily wrong with."""
    cells = [(column, text) for rows in case.tables.values() for row in rows for column, text in row.items() if text]
    yield "with a price of 0", any(column in PRICES and float(text) == 0 for column, text in cells)
    yield "with a cost of 0", any(column in COSTS and float(text) == 0 for column, text in cells)
    offers = Counter((row["material"], row["price"]) for row in case.rows("offers"))
    yield "with equal prices", any(count > 1 for count in offers.values())
    days = {date.fromisoformat(text).toordinal() for _, text in cells if re.fullmatch(r"\d{4}-\d\d-\d\d", text)}
    days |= {edge for row in case.rows("demand") for edge in calendar_span(row["period"])}
    yield "with days within periods", any(first < day < end for first, end in case.nodes for day in days)
    tonnes = [
        abs(float(text)) for column, text in cells if column in TONNES and text[0] in "0123456789" and float(text)
    ]
    yield "with sizes far apart", max(tonnes) >= FAR * min(tonnes)


def load(path: Path) -> list[Record]:
    """Read records; a file that is not there has none."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [Record(**json.loads(line)) for line in lines]


def save(path: Path, record: Record) -> None:
    """Add a record to a file."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(record)) + "\n")


def table(records: Iterable[Record]) -> str:
    """Return agreement by kind of case, a line each: asked, agreed, in what not, and what has no answer."""
    words = ("", *APART, *OPEN, LEFT_OUT)
    counts = Counter((kind, record.word) for record in records for kind in ("all", *record.kinds))
    heads = ("asked", "agree", *words[1:])
    lines = [f"{'':36}" + "".join(f"{head:>{len(head) + 2}}" for head in heads)]
    for kind in sorted({kind for kind, _ in counts}, key=lambda kind: (kind != "all", kind)):
        each = [counts[kind, word] for word in words]
        cells = zip(heads, [sum(each), *each], strict=True)
        lines.append(f"{kind:36}" + "".join(f"{count:{len(head) + 2}}" for head, count in cells))
    return "\n".join(lines)
