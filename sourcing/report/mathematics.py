"""The page of the mathematics, written from the cards: ``python -m sourcing.report.mathematics [ROWS]``.

``ROWS`` is a folder of printed rows, RULE.txt each, which are shown beside their formulae. The cards are the only
statement of a rule; nothing here restates one. What no family owns (indices, time, the order of the objectives) is
stated below.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing import families
from sourcing.card import Symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sourcing.card import Card, ColumnSet, Rule

INDICES = (
    Symbol(r"p, q", "stock point: a material at a site"),
    Symbol(r"a", "activity: buy by a route, ship on a lane, make with a process, hold, go short, dispose"),
    Symbol(r"o", "offer of a supplier"),
    Symbol(r"r", "route: an offer and the way it takes to its destination"),
    Symbol(r"l", "lane, with a material and a mode"),
    Symbol(r"k", "process at a site"),
    Symbol(r"j", "line: equipment that processes of one site share"),
    Symbol(r"i", "row of the tariffs"),
    Symbol(r"g", "member of a limit: a country, an owner, a supplier, a site, a group of them, recycled or primary"),
    Symbol(
        r"w",
        "window of a limit: the days of a period, a calendar year or the horizon, from the limit's first day to its "
        "last, named by what it is called and by its last node; the horizon has no days of the tail but "
        "under a limit on shortage",
    ),
    Symbol(r"\psi_{n,w}", "part of the days of node n that lie in window w: 1 where all do, 0 where none does"),
    Symbol(r"n, m", "node of the tree of time: a period; 0 is the root, and a question without branches is a path"),
)
TIME = (
    Symbol(r"m \preceq n", "node m is n itself or an ancestor of n"),
    Symbol(r"s_n, e_n", "first day of node n, and the day after its last", "d"),
    Symbol(r"\pi_n", "probability of node n; 1 on a path"),
    Symbol(r"\rho", "real discount rate of the question, per year"),
    Symbol(
        r"\gamma_n = (1 + \rho)^{-\left(Y(s_0, s_n) + Y(s_n, e_n) / 2\right)}",
        "present value of a dollar paid in the middle of node n",
    ),
    Symbol(r"Y(a, b)", "years from a to b, each day being 1/365 or 1/366 of its own calendar year"),
)
OBJECTIVE = r"""
The plan is the solution of a linear program, minimised in an order that the question chooses.

1. **Shortage** (the default; left out where shortage is priced or ruled out): the weighted tonnes short,

   $$\min \; \sum_n \pi_n \sum_p \omega_{p,n} \, u_{p,n}$$

2. **Cost**, with the least shortage held: all heads of cost, at present value,

   $$\min \; \sum_n \pi_n \, \gamma_n \sum_h c_{h,n}$$

   where $c_{h,n}$ is what head $h$ is charged in node $n$, listed with each family below. Heads that are weighed and
   are no money (a preference) are added here, and to no figure of cost anywhere.

3. **Evenness**: among plans that are equally good, where shortage has a price or a limit, those that leave the least
   weighted tonnes short (with whole numbers: of the plans that a short search finds). Then the largest part of a demand
   that stays short is made as small as can be, whoever cannot have less is held there, then the next: equals share a
   shortage.

4. **A tie-break**: among plans that are equally good, the one that moves least by weights made from the names of the
   columns, so that equal data give equal orders whatever the order of the rows in a table.

Every column is at least 0.
"""
HEAD = """# The mathematics

This page is written from the cards of the families (`sourcing/families/*/__init__.py`), the one statement of every
column and row. Tests hold the model, the checks of a plan and this page to it. Tonnes are metric, days are calendar
days, money is US dollars of the base year. Below a formula stands one row as the model prints it, of a case that fits
on a screen (`tests/golden`): its labels are those of the case, and 0.51 may be 47 of 92 days.
"""
_MATH = re.compile(r"\\|^[(A-Za-z]+_(\{|[a-z]\b)")
_JOINT = {"+", "-", "=", "<", ">", "≤", "≥"}


def page(cards: Iterable[Card], printed: Mapping[str, str] | None = None) -> str:
    """Return the page for some families, in the order given; ``printed`` has a row of some rules, by name."""
    found = list(cards)
    parts = [
        HEAD,
        "## Indices and time\n",
        _symbols((*INDICES, *TIME)),
        "## What is minimised",
        OBJECTIVE.strip() + "\n",
    ]
    parts += ["## At a glance\n", _overview(found)]
    for card in found:
        parts += _family(card, printed or {})
    return "\n".join(parts).rstrip() + "\n"


def _overview(cards: Sequence[Card]) -> str:
    columns = [
        (f"`{each.name}`", f"${each.sign}$", each.unit, each.decides, _link(card))
        for card in cards
        for each in card.columns
    ]
    rules = [(f"`{each.name}`", _key(each.key), each.promise, _link(card)) for card in cards for each in card.rules]
    heads: dict[str, list[str]] = {}
    for card in cards:
        for head, _ in card.heads:
            heads.setdefault(head, []).append(_link(card))
    return "\n".join(
        [
            _table(("columns", "symbol", "unit", "what one decides", "family"), columns),
            _table(("rows", "one for each", "promise", "family"), rules),
            _table(("head of cost", "charged by"), [(f"`{head}`", ", ".join(by)) for head, by in heads.items()]),
        ]
    )


def _family(card: Card, printed: Mapping[str, str]) -> list[str]:
    parts = [f"## {_title(card.name)}\n", f"{card.purpose}\n"]
    if card.tables:
        parts.append(f"Tables: {', '.join(f'`{name}`' for name in card.tables)}.\n")
    if card.symbols:
        parts.append(_symbols(card.symbols))
    parts += [_column(each) for each in card.columns]
    parts += [_rule(each, printed.get(each.name, "")) for each in card.rules]
    if card.heads:
        rows = [(f"`{head}`", f"${formula}$") for head, formula in card.heads]
        parts.append(_table(("head of cost", "USD"), rows))
    if card.weights:
        rows = [(f"`{head}`", f"${formula}$") for head, formula in card.weights]
        parts.append(_table(("weighed, not money", "USD"), rows))
    if card.notes:
        parts += ["\n".join(f"- {_prose(note)}" for note in card.notes), ""]
    return parts


def _column(column: ColumnSet) -> str:
    return (
        f"**Columns `{column.name}`** ({_key(column.key)}): ${column.sign} \\ge 0$, {column.decides} [{column.unit}].\n"
    )


def _rule(rule: Rule, printed: str) -> str:
    about = f"[{rule.unit}]" + (f", asked for by a row of `{rule.table}`" if rule.table else "")
    gives = f" In the explanation of an impossible question it gives way in {rule.relief}." if rule.relief else ""
    row = f"\n```text\n{printed.rstrip()}\n```\n" if printed else ""
    return f"**Rows `{rule.name}`** ({_key(rule.key)}) {about}. {rule.promise}{gives}\n\n$${rule.formula}$$\n{row}"


def _symbols(symbols: Iterable[Symbol]) -> str:
    rows = [(f"${each.sign}$", each.meaning, each.unit) for each in symbols]
    return _table(("symbol", "meaning", "unit"), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    cells = [[_no_bars(cell) for cell in row] for row in rows]
    if not cells:
        return ""
    lines = [header, ["---"] * len(header), *cells]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _no_bars(cell: str) -> str:
    """Return a cell whose formulae have no bar, which would end it."""
    return cell.replace(r"\left|", r"\left\lvert ").replace(r"\right|", r"\right\rvert ")


def _prose(text: str) -> str:
    """Return a sentence with its formulae set off: runs of words that hold a command or an index of TeX."""
    words = text.split(" ")
    is_math = [bool(_MATH.search(word)) for word in words]
    for i in range(1, len(words) - 1):
        is_math[i] = is_math[i] or (words[i] in _JOINT and is_math[i - 1] and is_math[i + 1])
    out: list[str] = []
    for i, word in enumerate(words):
        opens = is_math[i] and not (i and is_math[i - 1])
        closes = is_math[i] and not (i + 1 < len(words) and is_math[i + 1])
        core = word.rstrip(":.,;") if closes else word
        out.append(("$" if opens else "") + core + ("$" if closes else "") + word[len(core) :])
    return " ".join(out)


def _key(key: Sequence[str]) -> str:
    return ", ".join(key)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _link(card: Card) -> str:
    return f"[{_title(card.name).lower()}](#{_title(card.name).lower().replace(' ', '-')})"


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    texts = {file.stem: file.read_text("utf-8") for file in folder.glob("*.txt")} if folder else {}
    sys.stdout.write(page(families.cards().values(), texts))
