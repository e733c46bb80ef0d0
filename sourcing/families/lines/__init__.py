"""Lines: several processes at one site share the capacity of the equipment they run on."""

from sourcing.card import Card, Rule, Symbol

CARD = Card(
    name="lines",
    purpose="Equipment that several processes share: a separation line that runs two feeds, the hours of a mill.",
    tables=("lines", "processes", "ramps"),
    symbols=(
        Symbol(r"L_j", "processes that run on line j, all at one site"),
        Symbol(r"K_{j,n}", "capacity of line j in node n, with ramps", "t"),
    ),
    rules=(
        Rule(
            "line",
            ("line", "node"),
            r"\sum_{k \in L_j} z_{k,n} \le K_{j,n}",
            "The processes of a line together do no more in a period than its capacity in that period.",
            subject="{line} capacity",
            worth="one more tonne through {line} in {period} is worth {price}",
            relief="t above the capacity",
            table="lines",
        ),
    ),
    optional=(("ramps", "line", ()),),
    blanked=(("lines", "capacity"),),
    notes=(
        "A tonne of activity takes the same part of a line whichever process it is of. Where hours count, choose the "
        "recipes so that a tonne of activity is an hour.",
        "A process on a line keeps its own capacity, if it has one.",
    ),
    after=("conversion",),
)
