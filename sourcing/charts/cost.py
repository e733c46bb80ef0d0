"""What a plan costs by head, the largest first; what nobody is paid stands apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.charts.bars import across
from sourcing.charts.colours import ALARM, MAIN, SECOND
from sourcing.charts.subject import about, alarm, nothing_to_draw
from sourcing.charts.theme import Picture
from sourcing.plan.totals import UNPAID, WORDS
from sourcing.report.figures import money, share
from sourcing.report.reasons import remarks
from sourcing.report.rows import each

if TYPE_CHECKING:
    from sourcing.plan import Plan

_LEAST = 0.005


def cost(plan: Plan) -> Picture:
    """Return the money by head as it is paid over the horizon.

    Raises
    ------
    QuestionError : PLAN-006, nothing is paid.
    """
    heads = plan.tables["cost"].groupby("head", as_index=False)[["amount", "discounted"]].sum()
    heads = heads[heads["amount"].abs() > _LEAST].sort_values(["amount", "head"], ascending=[False, True])
    paid = heads[~heads["head"].isin(UNPAID)]
    unpaid = float(heads.loc[heads["head"] == "shortage", "amount"].sum())
    if paid.empty and unpaid <= 0:
        raise nothing_to_draw(plan, "nothing is paid in this plan")
    total = float(paid["amount"].sum())
    scale, unit = (1e6, "USD M") if max(abs(total), unpaid) >= 5e5 else (1.0, "USD")
    whole = total if (paid["amount"] > 0).all() else 0.0
    bars = [
        (row.head, 0.0, row.amount / scale, _said(row.amount, whole), MAIN if row.amount > 0 else SECOND, False)
        for row in each(paid)
    ]
    if unpaid > 0:
        bars.append(("shortage", 0.0, unpaid / scale, f"{money(unpaid)}: nobody is paid", ALARM, True))
    drawn = pd.DataFrame(bars, columns=["name", "start", "end", "said", "colour", "missing"])
    return Picture(
        kind="cost",
        title=finding(paid, total),
        drawing=across(drawn, f"{unit} as paid over the horizon"),
        table=_table(heads),
        said=tuple(f"{sentence[:1].upper()}{sentence[1:]}" for sentence in remarks(plan)),
        notes=about(plan),
        alarm=alarm(plan),
    )


def finding(paid: pd.DataFrame, total: float) -> str:
    """Return "Of USD 538.3 M, USD 488.1 M goes into purchase (91 %)": the total, and its largest head."""
    if paid.empty:
        return "Nothing is paid"
    first = paid.iloc[0]
    back = -float(paid.loc[paid["amount"] < 0, "amount"].sum())
    if back > 0:
        return f"{money(total)} in all: {money(first['amount'])} for {first['head']}, and {money(back)} comes back"
    if len(paid) == 1:
        return f"{money(total)} in all, for {first['head']}"
    return f"Of {money(total)}, {money(first['amount'])} goes into {first['head']} ({share(first['amount'] / total)})"


def _said(amount: float, total: float) -> str:
    """Return a figure, with its part of the whole where no head is below 0."""
    return f"{money(amount)} · {share(amount / total)}" if total else money(amount)


def _table(heads: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Head": [WORDS.get(head, head) for head in heads["head"]],
            "As paid": heads["amount"].map(money).mask(heads["head"].isin(UNPAID), "-"),
            "At today's value": heads["discounted"].map(money),
        }
    )
