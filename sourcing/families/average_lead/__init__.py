"""Average lead: how long what arrives has been under way, on average over its tonnes."""

from sourcing.card import Card, Measure, Rule, Symbol, Weighed

CARD = Card(
    name="average_lead",
    purpose="Limits on the average lead time: days from order to arrival, weighted by the tonnes that arrive.",
    tables=("limits", "groups", "contents"),
    symbols=(
        Symbol(
            r"L_{r,m\to n}",
            "days from order to arrival by route r of what is ordered in m and arrives in n, on average",
            "d",
        ),
        Symbol(r"\kappa_{r,g}", "tonnes counted for member g per tonne that arrives by route r", "t/t"),
        Symbol(r"\beta", "the limit's value"),
    ),
    rules=(
        Rule(
            "lead_days",
            ("limit", "member", "site", "window", "node"),
            r"\sum_n \psi_{n,w} \sum_r \kappa_{r,g} \sum_{m \preceq n} \left(\frac{L_{r,m\to n}}{\beta} - 1\right) "
            r"\lambda_{r,m\to n} \, x_{r,m} \le 0",
            "What arrives in the window took, on average over its tonnes, no more days than the limit says.",
            subject="{limit}: average lead time, {member}{at}, {period}",
            worth="a lead time 1 % longer for {member}{at} under {limit} in {period} would save {price}",
            relief="t beyond the limit",
            table="limits",
            ratio=True,
        ),
    ),
    measures=(
        Measure(
            "lead_days",
            "average",
            counts="purchases",
            unit="days",
            words="an average lead time",
            step="day",
            goods="average days of",
            weighed=Weighed("lead-time", "days", "lead time", "the average lead time", "a day", "fastest"),
        ),
    ),
    optional=(("limits", "measure", ("lead_days",)),),
    notes=(
        "Lead time, licence and transit are counted, from the day of the order to the day of arrival; every member has "
        "an average of its own. Open orders are left out: nobody says when they were placed.",
        "The row is divided by the limit's value, so that it is in tonnes.",
    ),
    after=("carbon",),
)
