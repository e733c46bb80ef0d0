"""Amounts: how many tonnes may or must arrive, how much may or must be spent, by member or in all."""

from sourcing.card import Card, Measure, Rule, Symbol

_KEY = ("limit", "member", "site", "window", "node")

CARD = Card(
    name="amounts",
    purpose="Limits on tonnes that arrive and on money that is ordered for.",
    tables=("limits", "groups", "contents"),
    symbols=(
        Symbol(r"Q_{g,w}", "tonnes of member g that arrive in window w, open orders included (see shares)", "t"),
        Symbol(r"S_{g,w}", "price times tonnes ordered from member g, by the date of the order, undiscounted", "USD"),
        Symbol(r"\beta", "the limit's value"),
    ),
    rules=(
        Rule(
            "tonnes",
            _KEY,
            r"Q_{g,w} \le \beta \quad (\ge \text{ for a minimum})",
            "No more (or no less) of a member arrives in the window than the limit says.",
            subject="{limit}: {member}{at}, {period}",
            worth="one tonne more for {member}{at} under {limit} in {period} would save {price}",
            relief="t beyond the limit",
            table="limits",
        ),
        Rule(
            "spend",
            _KEY,
            r"S_{g,w} \le \beta \quad (\ge \text{ for a minimum})",
            "No more (or no less) is ordered for, in money, than the limit says.",
            unit="USD",
            subject="{limit}: {member}{at}, {period}",
            worth="one dollar more for {member}{at} under {limit} in {period} would save {price}",
            relief="USD beyond the limit",
            table="limits",
        ),
    ),
    measures=(
        Measure("tonnes", "amount", unit="t", step="tonne"),
        Measure("spend", "amount", counts="purchases", unit="USD", step="dollar", goods="spend on"),
    ),
    optional=(("limits", "measure", ("tonnes", "spend")),),
    after=("hhi",),
)
