"""Preference: a supplier is favoured or penalised when plans are compared, and nobody is paid for it."""

from sourcing.card import Card, Symbol

CARD = Card(
    name="preference",
    purpose="Offers that a planner would rather buy from, or rather not, without forcing it: no money, but it counts.",
    tables=("offers",),
    symbols=(Symbol(r"\beta_o", "preference of offer o: above 0 penalises, below 0 favours", "USD/t"),),
    weights=(("preference", r"\sum_o \beta_o \sum_{r \in R_o} x_{r,m} \text{ in the node of order } m"),),
    blanked=(("offers", "preference"),),
    notes=(
        "A preference is added to the cost when plans are compared, at present value, and to nothing else: the cost, "
        "its heads and every comparison of costs leave it out. It stands in weighed.csv and in a line of its own.",
        "Where shortage is minimised first it makes nothing short. The plan that is chosen may cost more than the "
        "cheapest one, by no more than the preference that it gains.",
        "Prices in binding.csv count it as if it were money: they say what a little more room is worth to the planner.",
    ),
    after=("splits",),
)
