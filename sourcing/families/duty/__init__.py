"""Duty: what customs take when goods enter a country."""

from sourcing.card import Card, Symbol

CARD = Card(
    name="duty",
    purpose="Duty on goods that enter a country, by where they were made and when they arrive.",
    tables=("tariffs",),
    symbols=(
        Symbol(
            r"\tau_{i,a,m\to n}",
            "rate of tariff row i times the part of the days on which a of m arrives in n on which it is in force",
        ),
        Symbol(r"v_{a,i}", "customs value: price plus freight (cif) or price alone (fob)", "USD/t"),
    ),
    heads=(
        (
            "duty",
            r"\sum_i \tau_{i,a,m\to n} \, v_{a,i} \, \lambda_{a,m\to n} \, x_{a,m} \text{ in the node of arrival } n",
        ),
    ),
    optional=(("tariffs", "", ()),),
    notes=(
        "All tariff rows that fit importer, origin and tariff code add up; nothing is due within a country.",
        "A tariff that begins or ends inside a period falls on what arrives on its days. What arrives after the "
        "horizon is charged in the last node, at the rates of the days on which it comes.",
        "Own goods sent on by a lane are valued at materials.value.",
    ),
    after=("transport",),
)
