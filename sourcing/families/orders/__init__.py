"""Open orders: what was ordered before the plan began arrives, is counted, and is not charged again."""

from sourcing.card import Card, Symbol

CARD = Card(
    name="orders",
    purpose="Orders already placed and paid: they arrive on their date and count in every limit.",
    tables=("open_orders",),
    symbols=(Symbol(r"\Omega_{p,n}", "tonnes of open orders that arrive at p in the days of node n", "t"),),
    optional=(("open_orders", "", ()),),
    notes=(
        "An order that arrives after the horizon is reported and not used.",
        "An order without an offer counts as origin unknown under every limit.",
    ),
    after=("lines",),
)
