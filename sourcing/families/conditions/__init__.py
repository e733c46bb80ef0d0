"""Conditions: whoever uses one offer or process uses another too."""

from sourcing.card import Card, Rule, Symbol

CARD = Card(
    name="conditions",
    purpose="If one offer or process is used, another is used too.",
    tables=("conditions", "offers", "processes"),
    symbols=(
        Symbol(r"X_{e,n}", "what owner e is asked for in node n: ordered, sent or run, all its columns together", "t"),
        Symbol(r"\delta_{e,n}", "whether owner e is used in node n (see lots)"),
        Symbol(r"\theta_c", "what counts as used: at_least of condition c, or the least lot of what it asks for", "t"),
    ),
    rules=(
        Rule(
            "condition",
            ("condition", "node"),
            r"\sum_{m \in w(n)} X_{b,m} \ge \theta_c \, \delta_{a,n}",
            "Where the first is used, as much is asked of the second as counts: in that period, or in the horizon.",
            subject="{condition}",
            worth="one tonne less asked for by {condition} in {period} would save {price}",
            relief="t below what the condition asks for",
            table="conditions",
        ),
    ),
    optional=(("conditions", "", ()),),
    notes=(
        "w(n) is the node itself, or the whole horizon, as the condition says; of a node in the tail, all of the tail.",
        "What is asked for may be more than is needed: stock may exceed what is still of use by as much, in every node "
        "that a condition of a period is for.",
    ),
    after=("counts",),
)
