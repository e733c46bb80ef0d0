"""Ranges as one screen: what every plan nearly as cheap has in common, then the most different ones of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.text import Text

from sourcing.report.after_horizon import of_the_whole
from sourcing.report.figures import money, share, tonnes
from sourcing.report.given_up import away
from sourcing.report.lines import columns, heading, paragraph, wrapped
from sourcing.report.names import country, named
from sourcing.report.rows import each, records
from sourcing.report.shortage import held
from sourcing.studies.alternatives.different import asked_for, different
from sourcing.studies.alternatives.found import FREE, MUST, NEVER, OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcing.studies.alternatives.found import Alternatives

SHOWN = 24
"""Rows of a block that are shown; the table has all of them."""
SAID = 4
"""Names in a sentence."""
SHARE = "A share is of what arrives of the material, in plans in which any does; what is on order already counts."
_TITLES = {
    MUST: ("MUST HAVE", "every plan that cheap orders from them"),
    OPEN: ("OPEN", "the search is not exact enough to tell"),
    FREE: ("FREE", "some plans that cheap order from them, others do not"),
}


def render_alternatives(found: Alternatives, width: int = 100) -> Text:
    """Return the screen of ``sourcing alternatives``, at most ``width`` cells wide."""
    suppliers, countries = (_of(found, lens) for lens in ("supplier", "country"))
    blocks = [
        wrapped(found.manifest["question"], width, style="bold"),
        _finding(found, suppliers, width),
        *(_block(found, suppliers, verdict, width) for verdict in _TITLES),
        _never(found, suppliers, width),
        _countries(found, countries, width),
        different(found, width),
        _notes(found, width),
        _where(found, width),
    ]
    return Text("\n\n").join(Text("\n").join(block) for block in blocks if block)


def alternatives_as_json(found: Alternatives) -> dict[str, Any]:
    """Return the answer as plain values."""
    plain = {name: records(table) for name, table in found.tables.items()}
    folder = str(found.folder) if found.folder else None
    plans = [str(plan.folder) if plan.folder else None for plan in found.plans]
    return {"alternatives": {"folder": folder, "plans": plans}, "manifest": found.manifest, "tables": plain}


def within(found: Alternatives) -> str:
    """Return how near is near enough: "1 %"."""
    return f"{100 * found.manifest['within']:.3g} %"


def _of(found: Alternatives, lens: str) -> pd.DataFrame:
    table = found.tables["ranges"]
    return table[table["lens"] == lens]


def _finding(found: Alternatives, suppliers: pd.DataFrame, width: int) -> list[Text]:
    """Say what all plans that are near enough have in common."""
    room = money(found.manifest["most"] - found.manifest["cost"])
    head = f"Within {within(found)} of the cheapest plan ({room} more at most, as minimised, at today's value)"
    must, never = (_suppliers(suppliers, verdict) for verdict in (MUST, NEVER))
    buys = f"every plan orders from {_listed(must)}" if must else "no supplier is in every plan"
    free = len(set(suppliers["group"]) - set(must) - set(never))
    said = [f"{head} {buys}", f"none from {_listed(never)}" if never else "", f"{_count(free)} free" if free else ""]
    return wrapped("; ".join(part for part in said if part) + ".", width)


def _count(free: int) -> str:
    return "1 supplier is" if free == 1 else f"{free} suppliers are"


def _suppliers(suppliers: pd.DataFrame, verdict: str) -> list[str]:
    """Return who is in every plan with some material, or in none with any; those that sell most of all first."""
    own = suppliers.groupby("group")["verdict"]
    kept = own.apply(lambda found: (found == verdict).any() if verdict == MUST else (found == verdict).all())
    most = suppliers[suppliers["group"].isin(kept.index[kept])].groupby("group")["tonnes"].sum()
    return [str(name) for name in most.sort_values(ascending=False, kind="stable").index]


def _listed(names: Sequence[str]) -> str:
    more = len(names) - SAID
    shown = [*names[:SAID], f"{more} more"] if more > 0 else list(names)
    *first, last = shown
    return f"{', '.join(first)} and {last}" if first else last


def _block(found: Alternatives, suppliers: pd.DataFrame, verdict: str, width: int) -> list[Text]:
    """Return a line per supplier and material with a verdict."""
    own = _by_worth(found, suppliers[suppliers["verdict"] == verdict])
    if own.empty:
        return []
    title, words = _TITLES[verdict]
    rows = [("", "", "this plan", "least to most", "share if any", "on order")]
    for name, row in _named(found, own):
        rows.append((name, row.group, *_figures(row), tonnes(row.ordered) if row.ordered > 0 else ""))
    return [heading(title, words), *map(Text, columns(rows, "llrrrr", width)), *_rest(own)]


def _by_worth(found: Alternatives, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows by material, those first of which most is bought (at what is asked for them), in their own order."""
    table = found.tables["ranges"]
    bought = table[table["lens"] == "supplier"].groupby("material")["tonnes"].sum()
    worth = bought * asked_for(found).reindex(bought.index)
    rank = worth.rank(method="first", ascending=False, na_option="bottom")
    return rows.assign(rank=rows["material"].map(rank)).sort_values("rank", kind="stable").drop(columns="rank")


def _named(found: Alternatives, rows: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    """Yield the first rows, each with its material's name where another one began."""
    materials, last = named(found.plan.case["materials"], "material"), ""
    for row in each(rows.head(SHOWN)):
        yield ("" if row.material == last else materials.get(row.material, row.material)), row
        last = row.material


def _rest(rows: pd.DataFrame) -> list[Text]:
    return [Text(f"  … {len(rows) - SHOWN} more in ranges.csv")] if len(rows) > SHOWN else []


def _figures(row: Any) -> tuple[str, str, str]:
    """Return own tonnes, the range, and the range of the share."""
    own = tonnes(row.tonnes) if row.tonnes > 0 else "-"
    return own, _range(tonnes(row.least), tonnes(row.most)), _shares(row)


def _range(least: str, most: str) -> str:
    if least == most:
        return most
    unit = most.rpartition(" ")[2]
    return f"{least.removesuffix(f' {unit}')} to {most}"


def _shares(row: Any) -> str:
    if pd.isna(row.most_share):
        return ""
    least, most = (share(value).replace("-", "0 %") for value in (row.least_share, row.most_share))
    return _range(least, most)


def _never(found: Alternatives, suppliers: pd.DataFrame, width: int) -> list[Text]:
    """Name who is in none of the plans."""
    own = suppliers[suppliers["verdict"] == NEVER]
    if own.empty:
        return []
    materials = named(found.plan.case["materials"], "material")
    names = [f"{row.group} ({materials.get(row.material, row.material)})" for row in each(own)]
    return [
        heading("NEVER", "no plan that cheap orders from them"),
        *wrapped(", ".join(names), width, "  "),
    ]


def _countries(found: Alternatives, countries: pd.DataFrame, width: int) -> list[Text]:
    """Return a line per country and material that anything can come from, the largest shares first."""
    own = countries[countries["verdict"] != NEVER]
    if own.empty:
        return []
    own = _by_worth(found, own)
    rows = [("", "", "", "this plan", "least to most", "share if any")]
    rows += [(name, country(row.group), row.verdict, *_figures(row)) for name, row in _named(found, own)]
    return [heading("COUNTRIES", "where it is made"), *map(Text, columns(rows, "lllrrr", width)), *_rest(own)]


def _notes(found: Alternatives, width: int) -> list[Text]:
    """Say what was held, how sure it is, and what to mind."""
    manifest = found.manifest
    lines = paragraph("HELD", held(found.plan.question, manifest["shortage"] or 0.0, "this plan"), width)
    lines += paragraph("WHOLE", whole, width) if (whole := of_the_whole(found.plan.question)) else []
    lines += away(manifest["given_up"], "rules that give way in this plan do so here", width)
    lines += paragraph("PROOF", _proof(found), width)
    for note in (SHARE, *(f"{words}." for words in manifest["notes"])):
        lines += wrapped(note, width, "", "  ", style="dim")
    return lines


def _proof(found: Alternatives) -> str:
    manifest = found.manifest
    solved = f"each end of a range is a plan that was solved, in {manifest['solves']:,} runs of the solver"
    if not manifest["whole"]:
        return f"{solved}, and the solver's prices prove that no plan goes beyond (least_proven, most_proven)"
    gap = f", {manifest['gap'] * 100:.2g} % for the cheapest plan" if manifest["gap"] > 1e-9 else ""
    near = f"; with whole numbers it is proven within the gap asked for{gap}, or as far as a search of 10 s comes"
    return f"{solved}{near} (least_proven, most_proven)"


def _where(found: Alternatives, width: int) -> list[Text]:
    if found.folder is None:
        return []
    first = f" · next: sourcing compare {found.manifest['plan']} {found.plans[0].folder}" if found.plans else ""
    return wrapped(f"Ranges in {found.folder}{first}", width)
