"""Duty: what customs take when goods enter a country."""

from sourcing.card import Card, Symbol

CARD = Card(
    name="duty",
    purpose="Duty on goods that enter a country, by where they were made and when they arrive.",
    tables=("tariffs",),
    symbols=(
        Symbol(r"\tau_{i,n}", "rate of tariff row i times the part of node n's days in which it is in force"),
        Symbol(r"v_{a,i}", "customs value: price plus freight (cif) or price alone (fob)", "USD/t"),
    ),
    heads=(
        ("duty", r"\sum_i \tau_{i,n} \, v_{a,i} \, \lambda_{a,m\to n} \, x_{a,m} \text{ in the node of arrival } n"),
    ),
    optional=(("tariffs", "", ()),),
    notes=(
        "All tariff rows that fit importer, origin and tariff code add up; nothing is due within a country.",
        "Own goods sent on by a lane are valued at materials.value.",
    ),
)
