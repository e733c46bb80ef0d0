"""Balance: at every stock point and in every node, what comes in goes out or stays."""

from sourcing.card import Card, Rule, Symbol

CARD = Card(
    name="balance",
    purpose="The account in which all families meet: no tonne appears or vanishes.",
    symbols=(
        Symbol(r"M_{a,p}(m\to n)", "what a tonne of activity a, decided in m, moves at stock point p in n", "t/t"),
        Symbol(r"x_{a,m}", "any column: bought, shipped, made, held, short, disposed of", "t"),
        Symbol(r"H^0_p", "opening stock, at the root only", "t"),
    ),
    rules=(
        Rule(
            "balance",
            ("site", "material", "node"),
            r"\sum_a \sum_{m \preceq n} M_{a,p}(m\to n) \, x_{a,m} + H^0_p [n = 0] + \Omega_{p,n} = d_{p,n}",
            "What arrives, is made, was held or is short is used, sent on, kept, disposed of or asked for.",
            subject="{material} at {site}",
            worth="one more tonne of {material} at {site} in {period} would cost {price}",
        ),
    ),
    after=("worst_day",),
)
