"""Call-offs: on which days what is ordered in a period is called off."""

from sourcing.card import Card

CARD = Card(
    name="call_offs",
    purpose="The dates of orders: each period's order of an offer is called off even, monthly, weekly or by the lot.",
    tables=("offers",),
    notes=(
        "No rule of the model: it reads a period's order as spread evenly over its days, however it is called off. The "
        "dates are those of orders.csv, and the day by day of a plan counts with them.",
    ),
    after=("lots",),
)
