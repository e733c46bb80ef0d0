"""Why an offer is not bought, or no more of it, in a planner's words; every number is taken from a table."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from sourcing.calendar import AFTER
from sourcing.outcome.names import dollars
from sourcing.reasons.sentences import SHOWN, amount

if TYPE_CHECKING:
    import pandas as pd

_DECIMALS = 8


def bought_words(name: str, bought: pd.DataFrame) -> list[str]:
    """Say how much of an offer a plan buys, and when."""
    by_period = bought.groupby("period", sort=False)["tonnes"].sum()
    parts = ", ".join(f"{amount(tonnes)} t in {period}" for period, tonnes in by_period.head(SHOWN).items())
    more = f", … in {len(by_period)} periods" if len(by_period) > SHOWN else ""
    when = "after the horizon only" if bought["period"].str.endswith(AFTER).all() else "already"
    return [f"{name} is bought {when}: {amount(by_period.sum())} t ({parts}{more})."]


def price_words(name: str, price: pd.DataFrame, also: str = "") -> list[str]:
    """Say at which price an offer would be bought, and what was found on either side of it.

    Parameters
    ----------
    also : what is said behind the tonnes, of a plan with a tail that they hold that.
    """
    row = price.iloc[0]
    if isnan(row["enters"]):
        return [f"{name} is not bought, and it is not the price that keeps it out: for nothing it would not be either."]
    cheaper = f", {100 * (1 - row['enters'] / row['asked']):.1f} % less" if row["enters"] < row["asked"] else ""
    about = "would enter below" if row["exact"] else "would enter at about"
    at = _apart(row["bought_at"], row["enters"], row["not_at"])
    words = [f"{name} is not bought. It asks {dollars(row['asked'])} a tonne and {about} {at[1]}{cheaper}."]
    below, above = (f"{amount(row[name])} t" if row[name] > 0 else "none" for name in ("tonnes", "tonnes_above"))
    if row["within"] > 0:
        found = f"at {at[0]} a tonne the plan found buys {below} of it, at {at[2]} {above}{also}"
        proven = f"each plan is proven to within {100 * row['within']:.2g} % of its cost only"
        return [*words, f"Solved again: {found}; {proven}, so the price is an estimate."]
    return [
        *words,
        f"Solved again to confirm: at {at[0]} a tonne the best plan buys {below} of it, at {at[2]} {above}{also}.",
    ]


def _apart(*prices: float) -> list[str]:
    """Return prices with as many decimals as it takes to tell them apart.

    >>> _apart(2433.0, 2433.2, 2433.4)
    ['USD 2,433.0', 'USD 2,433.2', 'USD 2,433.4']
    """
    said = [dollars(price) for price in prices]
    for decimals in range(_DECIMALS):
        if len(set(said)) == len(set(prices)):
            break
        said = [f"USD {price:,.{decimals}f}" for price in prices]
    return said


def rule_words(rules: pd.DataFrame, *, more: bool) -> list[str]:
    """Say which rules are in the way of an offer, or of more of it."""
    if rules.empty:
        return ["No rule keeps it from more: at its price no more of it is of use."] if more else []
    words = ["What keeps it from more:" if more else "Rules that stand against it:"]
    for row in rules.head(SHOWN).to_dict("records"):
        taken = f"it would save {dollars(row['price'])}" if more else f"it takes {dollars(row['price'])}"
        price = f": {taken} a tonne" if row["price"] > 0 else ""
        words.append(f"{row['subject']}, {row['period']}{price}.")
    return words + ([f"… and {len(rules) - SHOWN} more"] if len(rules) > SHOWN else [])


def closed_words(closed: pd.DataFrame) -> list[str]:
    """Say when an offer cannot be ordered at all, or only in vain."""
    spans = ((row, str(row["from"]), str(row["until"])) for row in closed.to_dict("records"))
    return [f"{first if first == last else f'{first} to {last}'}: {row['reason']}." for row, first, last in spans]
