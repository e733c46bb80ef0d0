"""What the plan costs, and what stops it from costing less."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.measures import measures_that
from sourcing.outcome.names import dollars
from sourcing.outcome.worth import LEAVES_LESS, LINES
from sourcing.plan.totals import UNPAID, totals, whole
from sourcing.report.after_horizon import money_after, with_tail
from sourcing.report.figures import millions, money, percent
from sourcing.report.lines import MARGIN, paragraph, wrapped
from sourcing.report.rows import each

if TYPE_CHECKING:
    from rich.text import Text

    from sourcing.plan import Plan

_WHOLE = "with whole numbers (lots, orders, openings …) as they are in this plan; others may gain more"
_NOTHING = "nothing: no rule holds the cost up"
_UNKNOWN = "not known: the search was stopped before it was found what holds the cost up"
_CHOSEN = "this is what was minimised"
_SMOOTHED = "what was minimised, then smoothed"
_HEADS = [
    "purchase",
    "discount",
    "switching",
    "ordering",
    "freight",
    "duty",
    "conversion",
    "opening",
    "fixed",
    "holding",
    "disposal",
    "changes",
]


def cost(plan: Plan, width: int) -> list[Text]:
    """Return the money by head as it is paid, then what was minimised where that is another number."""
    table = plan.tables["cost"]
    by_head = table.groupby("head")["amount"].sum()
    paid = by_head.drop(labels=list(UNPAID), errors="ignore")
    heads = sorted(paid.index, key=lambda head: (_HEADS.index(head) if head in _HEADS else len(_HEADS), head))
    parts = " · ".join(f"{head} {_part(paid[head], paid.sum())}" for head in heads if abs(paid[head]) > 0.005)
    lines = paragraph("COST", money(paid.sum()) + (f": {parts}" if parts else ""), width)
    for sentence in remarks(plan):
        lines += wrapped(sentence, width, " " * MARGIN)
    return lines


def remarks(plan: Plan) -> list[str]:
    """Return what is to be said of the cost: what was minimised, what is no cash, how the cheapest plan compares."""
    by_head = plan.tables["cost"].groupby("head")[["amount", "discounted"]].sum()
    worth, unpaid = (by_head.reindex([head]).fillna(0.0).iloc[0] for head in ("payment", "shortage"))
    said = (
        *money_after(plan),
        _present(plan),
        _later(worth["discounted"]),
        *_unpaid(plan, unpaid),
        *_weighed(plan),
        _minimised(plan),
        smoothness(plan),
    )
    return [sentence for sentence in (*said, _against(plan)) if sentence]


def _part(amount: float, total: float) -> str:
    """Return a head in the unit of the total."""
    return millions(amount) if abs(total) >= 5e5 else money(amount).removeprefix("USD ")


def _present(plan: Plan) -> str:
    rate = float(plan.question.objective.discount_rate)
    if rate == 0:
        return ""
    what = "" if _more_counts(plan) else f": {_chosen(plan)}"
    return f"{money(totals(plan.tables).today)} at today's value, at {rate * 100:.3g} % a year{with_tail(plan)}{what}"


def _more_counts(plan: Plan) -> bool:
    """Whether the price of shortage or what is only weighed counted beside the money."""
    return "weighed" in plan.tables or _has_price(plan)


def _has_price(plan: Plan) -> bool:
    """Whether anything is short for a price, be it after the horizon."""
    return bool((whole(plan.tables)["cost"]["head"] == "shortage").any())


def _minimised(plan: Plan) -> str:
    """Return what was minimised where it is more than what is paid."""
    if not _more_counts(plan):
        return ""
    weighed = ["what is weighed"] if "weighed" in plan.tables else []
    price = ["the price of shortage"] if _has_price(plan) else []
    worth = " at today's value" if plan.question.objective.discount_rate else ""
    return (
        f"{money(totals(plan.tables).minimised)}{worth} together with {' and '.join(price + weighed)}: {_chosen(plan)}"
    )


def _chosen(plan: Plan) -> str:
    return _SMOOTHED if plan.manifest.get("smooth") else _CHOSEN


def smoothness(plan: Plan) -> str:
    """Say how far above the least cost a plan is whose orders move less, and how much less they move."""
    found = plan.manifest.get("smooth")
    if not found:
        return ""
    figures = {name: float(found[name]) for name in ("sliver", "least", "more", "moved", "cheapest_moved")}
    moved, before = (100 * figures[name] for name in ("moved", "cheapest_moved"))
    stops, stopped = int(found["starts"]), int(found["cheapest_starts"])
    starts = f", with {stops or 'no'} starts and stops instead of {stopped}" if stops or stopped else ""
    return (
        f"the smoothest of the plans within {figures['sliver'] * 100:.3g} % of the cheapest: "
        f"{dollars(figures['more'])} above the least cost of {dollars(figures['least'])}; from period to period orders "
        f"move by {moved:.1f} % instead of {before:.1f} %{starts}"
    )


def _later(worth: float) -> str:
    """Say what payment days are worth: no cash, and so in no total of what is paid."""
    return f"{money(-worth)} of that is what paying after the order's date is worth" if worth < -0.5 else ""


def _unpaid(plan: Plan, penalty: pd.Series[float]) -> list[str]:
    """Say what the question's price of shortage comes to: no cash, and so in no total of what is paid."""
    if penalty["amount"] <= 0:
        return []
    now = f" ({money(penalty['discounted'])} at today's value)" if plan.question.objective.discount_rate else ""
    return [f"plus {money(penalty['amount'])} as the question's price of shortage{now}, which nobody is paid"]


def _weighed(plan: Plan) -> list[str]:
    """Return a line for each head that counts and is nobody's money."""
    if "weighed" not in plan.tables:
        return []
    by_head = plan.tables["weighed"].groupby("head")["amount"].sum()
    return [
        f"{head} (not money) {money(amount)}: it counted when this plan was chosen, and nobody pays it"
        for head, amount in by_head.items()
    ]


def _against(plan: Plan) -> str:
    cheapest = plan.manifest.get("cheapest_cost")
    found = plan.manifest.get("objective", {}).get("cost")
    if not cheapest or found is None:
        return ""
    found = float(found) - float(plan.manifest.get("smooth", {}).get("more", 0.0))
    shorter = plan.manifest["objective"].get("shortage", 0.0) - plan.manifest.get("cheapest_shortage", 0.0)
    less = "; that plan leaves less short" if shorter > 1e-6 else ""
    more = (float(found) - float(cheapest)) / abs(float(cheapest))
    gap = float(plan.manifest.get("cheapest_gap") or 0.0)
    known = f" (found within {max(gap, 1e-4) * 100:.2g} %)" if gap > 1e-6 else ""
    return f"{percent(more)} against the cheapest plan without these limits{with_tail(plan)}{known}{less}"


def binds(plan: Plan, width: int) -> list[Text]:
    """Return the rules that hold the cost up, in the order of the table (most at stake first), each once."""
    table = plan.tables["binding"]
    if table.empty:
        return paragraph("BINDS", _UNKNOWN if plan.manifest.get("status") == "stopped" else _NOTHING, width)
    own, subject = table["rule"] + "[" + table["key"] + "|" + table["node"].astype(str) + "]", ["rule", "subject"]
    times = table.groupby(subject)["period"].nunique()
    with_others = [frozenset([name, *others.split("; ")]) for name, others in zip(own, table["together"], strict=True)]
    sets = pd.Series(with_others, table.index).where(table["together"] != "", own)
    first = table[~table.duplicated(subject) & ~sets.duplicated()]
    lines: list[Text] = []
    for at, row in enumerate(each(first.head(LINES))):
        again = int(times[(row.rule, row.subject)]) - 1
        more = f" (and it binds in {again} more period{'s' if again > 1 else ''})" if again else ""
        lines += paragraph("BINDS" if at == 0 else "", f"{row.words}{more}", width)
    shown = first.head(LINES)[subject].apply(tuple, axis=1)
    rest = table[~table[subject].apply(tuple, axis=1).isin(shown)]
    for sentence in (_left_out(rest, max(len(first) - LINES, 0)), _held(plan)):
        lines += wrapped(sentence, width, " " * MARGIN) if sentence else []
    return lines


def _left_out(rest: pd.DataFrame, count: int) -> str:
    """Say how many rules are not shown, and what they hold up together: no more than their prices say."""
    if not count:
        return ""
    priced = rest[~rest["words"].str.contains("|".join(LEAVES_LESS), regex=True)]
    value = priced["value"].abs()  # a hundredth of it is so many points of a share
    parts, averages = (measures_that(has) for has in (lambda m: m.is_part, lambda m: m.kind == "average"))
    units = value.where(priced["unit"].isin(parts), 0.01 * value).mask(priced["unit"].isin(averages), 1.0)
    most = float((priced["price"] * units).sum())
    worth = f": 1 % more room in all of them would save at most {dollars(most)}" if len(priced) else ""
    return f"… {count} more in binding.csv{worth}"


def _held(plan: Plan) -> str:
    """Say of which plans the worth is where there are whole numbers."""
    return _WHOLE if plan.manifest.get("whole") else ""
