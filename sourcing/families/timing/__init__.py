"""Timing: what lands late in a period does not serve its earlier days."""

from sourcing.card import Card, Rule, Symbol

CARD = Card(
    name="timing",
    purpose="What is decided in a period and lands in it serves the demand from its first landing on, and none before.",
    tables=("offers", "lanes", "licences", "processes", "demand"),
    symbols=(
        Symbol(r"\delta_{a,n}", "day on which what activity a is decided on in node n first lands"),
        Symbol(r"\lambda_{a,n}", "part of it that lands at p within n", "t/t"),
        Symbol(r"D_{p,n}(\delta)", "demand at p in node n from day δ on, by days", "t"),
        Symbol(r"Z_{p,n}", "what lanes and processes take from p in node n", "t"),
    ),
    rules=(
        Rule(
            "early",
            ("site", "material", "landing", "node"),
            r"\sum_{\delta_{a,n} \ge \delta} \lambda_{a,n} x_{a,n} \le h_{p,n} + w_{p,n} + Z_{p,n} + D_{p,n}(\delta)",
            "What lands from a day on is used from that day on, stays, goes on or is disposed of.",
            subject="{material} at {site} that lands from {landing} on",
            worth="one tonne of {material} due at {site} that could wait until {landing} would save {price}",
            relief="t above the demand from then on",
            table="demand",
        ),
    ),
    notes=(
        "There is a row for each day within the node on which something first lands and before which something is due.",
        "What is decided in a node first lands as early as any of the days on which it may be decided lets it.",
        "What was decided in an earlier node is not held to days: its part that lands in a node serves all of it, "
        "but where a question asks for more (see worst_day).",
    ),
    after=("stability",),
)
