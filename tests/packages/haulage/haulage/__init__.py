"""Haulage: over how many tonne-kilometres purchased goods are hauled."""

from sourcing.card import Card, Measure, Rule, Symbol

CARD = Card(
    name="haulage",
    purpose="Limits on the tonne-kilometres over which purchased goods are hauled.",
    tables=("limits", "lanes"),
    symbols=(
        Symbol(r"k_r", "length of the lane of route r; 0 without a lane", "km"),
        Symbol(r"H_{g,w}", "tonnes bought from member g that arrive in window w, each times k_r of its route", "t km"),
        Symbol(r"\lambda_l", "the limit's value", "t km"),
    ),
    rules=(
        Rule(
            "tonne_km",
            ("limit", "member", "site", "window", "node"),
            r"H_{g,w} \le \lambda_l \quad (\ge \text{ for a minimum})",
            "Purchases of a member are hauled over no more (or no fewer) t km in the window than the limit says.",
            unit="t km",
            subject="{limit}: {member}{at}, {period}",
            worth="one tonne-km more for {member}{at} under {limit} in {period} would save {price}",
            relief="t km beyond the limit",
            table="limits",
        ),
    ),
    measures=(
        Measure(
            "tonne_km", "amount", counts="purchases", unit="t km", words="haulage", step="tonne-km", goods="haulage of"
        ),
    ),
    optional=(("limits", "measure", ("tonne_km",)),),
    after=("amounts",),
)
