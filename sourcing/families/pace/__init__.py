"""Pace: what is ordered of an offer rises and falls no faster than its supplier goes along with."""

from sourcing.card import Card, Rule, Symbol

_KEY = ("offer", "node")

CARD = Card(
    name="pace",
    purpose="How fast the part of its capacity that is ordered of an offer may rise and fall from period to period.",
    tables=("offers", "ramps"),
    symbols=(
        Symbol(r"x_{o,n}", "what is ordered of offer o in node n, by all its routes", "t"),
        Symbol(r"K_{o,n}", "capacity of offer o in node n (see purchase)", "t"),
        Symbol(r"\sigma_o", "part of its capacity by which orders of offer o may change in a year", "share/year"),
        Symbol(r"m", "the node before n"),
        Symbol(r"Y_{m,n}", "half the years of node m and half those of node n: from the middle of one to the other's"),
    ),
    rules=(
        Rule(
            "rise",
            _KEY,
            r"x_{o,n} - \frac{K_{o,n}}{K_{o,m}} \, x_{o,m} \le \sigma_o \, Y_{m,n} \, K_{o,n}",
            "What is ordered of an offer rises no faster than it may.",
            subject="pace at which {offer} may rise",
            worth="one tonne more of {offer} in {period} than its pace allows would save {price}",
            relief="t more than the pace allows",
            table="offers",
        ),
        Rule(
            "fall",
            _KEY,
            r"\frac{K_{o,n}}{K_{o,m}} \, x_{o,m} - x_{o,n} \le \sigma_o \, Y_{m,n} \, K_{o,n}",
            "What is ordered of an offer falls no faster than it may.",
            subject="pace at which {offer} may fall",
            worth="one tonne less of {offer} in {period} than its pace allows would save {price}",
            relief="t less than the pace allows",
            table="offers",
        ),
    ),
    blanked=(("offers", "change_maximum"),),
    notes=(
        "A supplier who goes along with a quarter of the capacity more or less from quarter to quarter goes along with "
        "all of it in a year: 1 share/year. Months and years of one horizon are then held alike.",
        "A period counts where the offer can be ordered and has a capacity, and so does the one before. Where it opens "
        "and where it ends orders begin and end at once; so do they in the first period.",
        "Where a whole capacity may come or go between two periods there is no row.",
    ),
    after=("stability",),
)
