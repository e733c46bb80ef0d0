"""A plan as one screen: the decision first, then what stands in its way, then the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from sourcing import families
from sourcing.characters import one_line
from sourcing.outcome.carbon import trust_words
from sourcing.parts import Block
from sourcing.report.decide_by import decide_first
from sourcing.report.given_up import given_up
from sourcing.report.held import held
from sourcing.report.lines import cut, wrapped
from sourcing.report.orders import order_now, small_orders
from sourcing.report.reasons import binds, cost
from sourcing.report.shortage import shortage
from sourcing.report.supply import supply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.plan import Plan

NEXT = ("explain", "audit")
"""Commands the last line may name; each of them exists."""

NOTES = 6
"""Notes of the manifest that are shown; the rest is counted."""

_COUNTRY = "Country means where it is made; a table of origins would say where it was mined and refined."
_SEEN = "Country means where it is made; where it was mined or refined, as far as known, is in look_through.csv."


def render_plan(plan: Plan, width: int = 100) -> Text:
    """Return the screen of ``sourcing optimize``, at most ``width`` cells wide.

    Shortage stands before the orders when there is any: a plan that leaves a plant short is read for that first.
    """
    every = [*_BLOCKS, *families.blocks()]
    if plan.tables["shortage"].empty:
        every.sort(key=lambda block: block.place)
    else:
        every.sort(key=lambda block: block.place if block.when_short is None else block.when_short)
    middle = [(block, block.lines(plan, width)) for block in every]
    blocks = [
        wrapped(plan.question.question, width, style="bold"),
        _progress(plan, width),
        given_up(plan, width),
        *(lines for _, lines in middle),
        _notes(plan, width, traced=any(lines for block, lines in middle if block.by_country)),
        _where(plan, width),
    ]
    return Text("\n\n").join(Text("\n").join(block) for block in blocks if block)


def _short(plan: Plan, width: int) -> list[Text]:
    """Return what is short, if anything is; else it is a line above the money."""
    return [] if plan.tables["shortage"].empty else shortage(plan, width)


def _money(plan: Plan, width: int) -> list[Text]:
    none_short = shortage(plan, width) if plan.tables["shortage"].empty else []
    return [*none_short, *cost(plan, width), *binds(plan, width)]


_BLOCKS = (
    Block(_short, 10),
    Block(order_now, 20),
    Block(decide_first, 22),
    Block(supply, 50, by_country=True),
    Block(held, 54),
    Block(_money, 80),
)
"""What the screen of any plan shows between how it was found and its notes; families have others."""


def _progress(plan: Plan, width: int) -> list[Text]:
    manifest = plan.manifest
    seconds: Mapping[str, float] = manifest.get("seconds", {})
    solved = sum(seconds.get(stage, 0.0) for stage in ("build", "priorities", "solve"))
    rows = [
        (f"Reading {plan.case.name}", read_words(plan), seconds.get("read")),
        ("Building and solving", solved_words(manifest), solved),
        ("Certificate", certified_words(manifest), seconds.get("certificate")),
        ("Cheapest plan", "the same without the question's limits, to compare", _compared(manifest)),
        ("Audit", "every balance, limit and invoice agrees" if _audited(manifest) else "", seconds.get("audit")),
    ]
    left = max(len(title) for title, *_ in rows) + 2
    room = width - left - 8
    days = one_line(str(manifest.get("audit", {}).get("days", {}).get("words", "")))
    said = [
        Text(title.ljust(left) + cut(words, room).ljust(room) + f"{spent:.1f} s".rjust(8))
        for title, words, spent in rows
        if words and spent is not None
    ]
    return said + (wrapped("Day by day".ljust(left) + days, width, "", " " * left) if days else [])


def _compared(manifest: Mapping[str, Any]) -> float | None:
    seconds: float | None = manifest["seconds"].get("compare") if "cheapest_cost" in manifest else None
    return seconds


def _audited(manifest: Mapping[str, Any]) -> bool:
    return bool(manifest.get("audit", {}).get("clean"))


def certified_words(manifest: Mapping[str, Any]) -> str:
    """Return what is proven by arithmetic alone: "shortage and cost proven in exact fractions"; "" without claims."""
    claims = {
        f"{'least ' if claim.get('least') is not None else ''}{claim['of']}": str(claim["claim"])
        for claim in manifest.get("claims", [])
    }
    kept = claims.pop("plan", "") == "proven"
    proven = [name for name, claim in claims.items() if claim == "proven"]
    others = [name for name, claim in claims.items() if claim != "proven"]
    parts = [f"{' and '.join(proven)} proven in exact fractions"] if proven else []
    parts += [f"{' and '.join(others)} as the solver says"] if others else []
    if not kept and claims:
        parts = ["the plan misses a row by more than is allowed there", *parts]
    return "; ".join(parts)


def read_words(plan: Plan) -> str:
    """Return how large a case is: "27 sites · 41 offers · 3 materials · 16 quarters"."""
    sizes = [(len(plan.case[table]), table) for table in ("sites", "offers", "materials")]
    words = [f"{count:,} {name if count != 1 else name[:-1]}" for count, name in sizes]
    return " · ".join([*words, plan.question.horizon.words])


def solved_words(manifest: Mapping[str, Any]) -> str:
    """Return how large the model is and how sure its answer: "proven optimal · 14,210 columns · 9,880 rows"."""
    sizes = manifest.get("sizes", {})
    words = [f"{sizes[name]:,} {name}" for name in ("columns", "rows") if name in sizes]
    return " · ".join([proof_words(manifest), *words])


def proof_words(manifest: Mapping[str, Any]) -> str:
    """Return how sure an answer is: "proven optimal", "proven within 0.5 %", "stopped before proof".

    Of a plan that is smoother than the cheapest it is the least cost that is proven.
    """
    gap = float(manifest.get("gap") or 0.0)
    if manifest.get("status") != "optimal":
        return f"stopped: within {gap * 100:.2g} % of the best" if gap > 0 else "stopped before proof"
    smooth = bool(manifest.get("smooth"))
    if gap < 1e-6:
        return "least cost proven, then smoothed" if smooth else "proven optimal"
    return f"proven within {max(gap, 1e-4) * 100:.2g} %{', then smoothed' if smooth else ''}"


def _notes(plan: Plan, width: int, *, traced: bool) -> list[Text]:
    found = [str(note) for note in plan.manifest.get("notes", [])]
    notes = found[:NOTES]
    if len(found) > NOTES:
        notes.append(f"… {len(found) - NOTES} more notes in manifest.json.")
    late = float(plan.tables["purchases"]["late_tonnes"].sum()) if len(plan.tables["purchases"]) else 0.0
    if late > 0:
        notes.append(f"{late:,.1f} t of the orders arrive after the horizon (late_tonnes in purchases.csv).")
    notes += [words] if (words := small_orders(plan)) else []
    if (plan.case["limits"]["measure"] == "carbon").any() and "carbon" not in plan.question.without:
        notes.append(f"{trust_words(plan.case)}.")
    if traced:
        seen = (plan.tables["shares"]["lens"] == "origin").any()
        notes.append(_SEEN if seen else _COUNTRY)
    return [line for note in notes for line in wrapped(note, width, "", "  ", style="dim")]


def _where(plan: Plan, width: int) -> list[Text]:
    if plan.folder is None:
        return []
    name = "latest" if plan.folder.parent.name == "runs" else str(plan.folder)
    return wrapped(f"Plan in {plan.folder} · next: sourcing {NEXT[0]} {name}", width)
