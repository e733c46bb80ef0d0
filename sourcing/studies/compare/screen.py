"""Plans side by side on a screen: what each is, then cost, shortage, sources, concentration and orders that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from sourcing.outcome.carbon import trust_words
from sourcing.plan.totals import WORDS
from sourcing.report.after_horizon import of_the_whole, with_tail
from sourcing.report.console import solved_words
from sourcing.report.figures import money, share, tonnes
from sourcing.report.lines import columns, heading, wrapped
from sourcing.report.names import country, named
from sourcing.report.rows import each, records
from sourcing.studies.compare.tables import minus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from sourcing.plan import Plan
    from sourcing.studies.compare.call import Comparison

SHOWN = 8
"""Rows of a block that are shown; the rest is counted."""

_HEADS = {"paid": "as paid", **WORDS}
_SHOWN = {"use": 18}
_FIGURES = {"lots": "lots kept apart", "heap": "all in one heap", "arrived": "of what arrives"}
_TOGETHER = 3
"""Plans beside the first that fit into one table."""

Cells = dict[str, Any]


def render_comparison(comparison: Comparison, width: int) -> Text:
    """Return the screen of ``sourcing compare``, at most ``width`` cells wide."""
    blocks = [_plans(comparison, width), _notes(comparison, width)]
    if len(comparison.plans) > 1:
        blocks += [
            _block(comparison, "cost", "COST, USD", width),
            _carbon(comparison, width),
            _block(comparison, "shortage", "SHORT", width) or [Text("SHORT   nothing in any of them")],
            _block(comparison, "mix", "SOURCES, share of what is bought", width),
            _block(comparison, "use", "USED, share of what limits on use count", width),
            _block(comparison, "concentration", "CONCENTRATION, 1 is a single source, 1/n is n equal ones", width),
            _block(comparison, "orders", "ORDERS THAT DIFFER", width) or [Text("ORDERS  the same in all of them")],
        ]
    if "rules" in comparison.tables:
        blocks.append(_limits(comparison, width))
    return Text("\n\n").join(Text("\n").join(block) for block in blocks if block)


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain values."""
    tables = {name: records(table) for name, table in comparison.tables.items()}
    return {"comparison": {"notes": comparison.notes, "tables": tables}}


def _plans(comparison: Comparison, width: int) -> list[Text]:
    lines = []
    rows = zip(each(comparison.tables["plans"]), comparison.plans.values(), strict=True)
    for row, plan in rows:
        lines += wrapped(f"{row.plan}  {row.question}", width, "", "   ", style="bold")
        proof = solved_words(plan.manifest).split(" · ")[0]
        paid = f"{money(row.paid)} as paid{with_tail(plan)}"
        lines += wrapped(f"{proof} · {paid} · {_short(row.short)} · {row.folder}", width, "   ", "")
    return lines


def _short(value: float) -> str:
    return f"{tonnes(value)} short" if value > 0 else "nothing short"


def _notes(comparison: Comparison, width: int) -> list[Text]:
    return [line for note in comparison.notes for line in wrapped(note, width, "", "  ", style="dim")]


def _block(comparison: Comparison, name: str, title: str, width: int) -> list[Text]:
    """Return one table, the first plan beside as many others as fit, then beside the next; [] if nothing is in it."""
    table = comparison.tables[name]
    if table.empty:
        return []
    _, *others = comparison.plans
    shown = table if name in {"cost", "carbon"} else _worth_showing(table).head(_SHOWN.get(name, SHOWN))
    lines = []
    for at in range(0, len(others), _TOGETHER):
        rows = _rows(comparison, name, shown, others[at : at + _TOGETHER])
        figures = 1 + 2 * len(others[at : at + _TOGETHER])
        align = "l" * (len(rows[0]) - figures) + "r" * figures
        lines += [heading(title if at == 0 else f"{title} (continued)"), *map(Text, columns(rows, align, width))]
    if len(table) > len(shown):
        lines.append(Text(f"  … {len(table) - len(shown)} more with --out or --json"))
    return lines


def _carbon(comparison: Comparison, width: int) -> list[Text]:
    """Return what the plans emit, and on what that rests; [] where nobody says."""
    if "carbon" not in comparison.tables:
        return []
    lines = _block(comparison, "carbon", "CARBON, t CO2e", width)
    rests: dict[str, str] = {}
    for letter, plan in comparison.plans.items():
        rests.setdefault(trust_words(plan.case), letter)
    for words, letter in rests.items():
        lines += wrapped(words if len(rests) == 1 else f"{letter}: {words}", width, "  ", "  ", style="dim")
    return lines


def _worth_showing(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the materials where their elements are counted."""
    elements = table["counted"] == "element" if "counted" in table else None
    return table if elements is None or not elements.any() else table[elements]


def _rows(comparison: Comparison, name: str, table: pd.DataFrame, others: Sequence[str]) -> list[list[str]]:
    """Return the cells of a table: a row of heads, then what each row is about, and its figures by plan."""
    first, say = next(iter(comparison.plans)), _SAYS[name]
    rows = []
    for cells in records(table):
        figures = [say(cells, first)]
        for other in others:
            figures += [say(cells, other), _difference(name, cells[minus(other, first)])]
        rows.append([*_LABELS[name](cells, _knowing(comparison, cells)), *figures])
    heads = [first, *(head for other in others for head in (other, minus(other, first)))]
    return [[""] * (len(rows[0]) - len(heads)) + heads, *rows]


def _knowing(comparison: Comparison, cells: Cells) -> Plan:
    """Return a plan that knows what a row names: one with a figure there."""
    return next(plan for letter, plan in comparison.plans.items() if cells[letter] is not None)


def _of_cost(cells: Cells, _: Plan) -> list[str]:
    return [_HEADS.get(cells["head"], str(cells["head"]))]


def _of_carbon(cells: Cells, _: Plan) -> list[str]:
    return [cells["kind"]]


def _of_shortage(cells: Cells, plan: Plan) -> list[str]:
    return [plan.case.label("materials", cells["material"]), f"at {plan.case.label('sites', cells['site'])}"]


def _of_mix(cells: Cells, plan: Plan) -> list[str]:
    what = plan.case.label("materials", cells["what"]) if cells["counted"] == "material" else cells["what"]
    return [what, str(cells["year"]), country(cells["group"])]


def _of_use(cells: Cells, _: Plan) -> list[str]:
    return [cells["limit"], str(cells["window"]), country(cells["member"]), _FIGURES[cells["figure"]]]


def _of_concentration(cells: Cells, _: Plan) -> list[str]:
    lens, stage = str(cells["lens"]).replace("_", " "), cells["stage"]
    return [cells["what"], str(cells["year"]), f"by {lens}, {f'at {stage}' if stage else 'as bought'}"]


def _of_orders(cells: Cells, plan: Plan) -> list[str]:
    materials, sites = named(plan.case["materials"], "material"), named(plan.case["sites"], "site")
    what, goes = (names.get(cells[at], cells[at]) for names, at in ((materials, "material"), (sites, "destination")))
    return [f"{cells['supplier']} ({cells['offer']})", what, f"to {goes}", cells["period"]]


def _dollars(cells: Cells, letter: str) -> str:
    return f"{cells[letter]:,.0f}"


def _tonnes(cells: Cells, letter: str) -> str:
    return tonnes(cells[letter])


def _share(cells: Cells, letter: str) -> str:
    return share(cells[letter])


def _part(cells: Cells, letter: str) -> str:
    return "" if cells[letter] is None else share(cells[letter])


def _index(cells: Cells, letter: str) -> str:
    """Return the index with who has most: "0.51, China 62 %"."""
    if cells[letter] is None:
        return "-"
    return f"{cells[letter]:.2f}, {country(cells[f'{letter} largest'])} {share(cells[f'{letter} share'])}"


def _difference(name: str, more: float | None) -> str:
    """Return a difference in the unit of its table, signed; points of a share."""
    if more is None:
        return "-"
    size = abs(more)
    text = {
        "cost": f"{size:,.0f}",
        "carbon": f"{size:,.0f}",
        "mix": f"{100 * size:.1f}",
        "use": f"{100 * size:.1f}",
        "concentration": f"{size:.2f}",
    }.get(name, tonnes(size))
    return text if not any(digit in text for digit in "123456789") else f"{'+' if more > 0 else '-'}{text}"


_LABELS: dict[str, Callable[[Cells, Plan], list[str]]] = {
    "cost": _of_cost,
    "carbon": _of_carbon,
    "shortage": _of_shortage,
    "mix": _of_mix,
    "use": _of_use,
    "concentration": _of_concentration,
    "orders": _of_orders,
}
_SAYS: dict[str, Callable[[Cells, str], str]] = {
    "cost": _dollars,
    "carbon": _dollars,
    "shortage": _tonnes,
    "mix": _share,
    "use": _part,
    "concentration": _index,
    "orders": _tonnes,
}


def _limits(comparison: Comparison, width: int) -> list[Text]:
    table = comparison.tables["rules"]
    lines = [heading("WHAT EACH LIMIT COSTS", f"plan {next(iter(comparison.plans))} solved again without it")]
    if table.empty:
        return [*lines, Text("  nothing: the question has no limits")]
    paid = float(comparison.tables["plans"]["paid"].iloc[0])
    for row in each(table):
        lines += wrapped(rule_words(row, paid), width, "  ", "  ")
    if whole := of_the_whole(next(iter(comparison.plans.values())).question):
        lines += wrapped(f"{whole[:1].upper()}{whole[1:]}.", width, "  ", "  ", style="dim")
    return lines


def rule_words(row: Any, paid: float) -> str:
    """Say what a plan would be without a limit, from a row of the table of rules.

    Parameters
    ----------
    paid : USD, what the plan costs: a difference that is nothing beside it is none.
    """
    cost = "" if abs(row.saves) <= 1e-7 * abs(paid) else f"cost {money(abs(row.saves))} {_less(row.saves)}"
    short = "" if abs(row.less_short) <= 1e-6 else f"be short {tonnes(abs(row.less_short))} {_less(row.less_short)}"
    said = " and ".join(filter(None, (short, cost)))
    return f"Without {row.limit} the plan would {said} ({row.place})" if said else f"{row.limit} costs nothing"


def _less(value: float) -> str:
    return "less" if value > 0 else "more"
