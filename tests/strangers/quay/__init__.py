"""Quays: what a site can land in a year, and what is paid for landing more."""

from sourcing.card import Card, ColumnSet, Rule, Symbol

CARD = Card(
    name="quay",
    purpose="What can be landed at a site in a year, and the surcharge on what is landed beyond that.",
    tables=("sites",),
    symbols=(
        Symbol(r"A_{i,n}", "what arrives at site i in node n, bought or shipped there", "t"),
        Symbol(r"Q_i", "what the quay of site i lands in a year", "t/year"),
        Symbol(r"E_i", "surcharge of site i on a tonne beyond that", "USD/t"),
    ),
    columns=(
        ColumnSet(
            "beyond",
            ("site", "node"),
            r"b_{i,n}",
            "t",
            "what is landed beyond the quay's capacity, for a surcharge",
            words="Land {value} t more than the quay of {site} takes in {period}",
        ),
    ),
    rules=(
        Rule(
            "quay",
            ("site", "node"),
            r"A_{i,n} - b_{i,n} \le Q_i \, Y(s_n, e_n)",
            "No more is landed in a period than the quay takes, but for what pays the surcharge.",
            subject="the quay of {site}",
            worth="one more tonne over the quay of {site} in {period} would save {price}",
            relief="t above the capacity",
            table="sites",
        ),
    ),
    heads=(("quay", r"E_i \, b_{i,n} \text{ in node } n"),),
    blanked=(("sites", "quay_capacity"),),
    after=("transport", "conversion"),
)
