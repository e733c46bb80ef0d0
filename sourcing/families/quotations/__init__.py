"""Quotations: until when a supplier's price and terms can be accepted."""

from sourcing.card import Card

CARD = Card(
    name="quotations",
    purpose="Until when the price and the terms of an offer can be accepted.",
    tables=("offers",),
    notes=(
        "No rule of the model: who accepts by then has the offer until its end, and accepting costs nothing and binds "
        "to no quantity (a contract does). The day is a decide-by date of options.csv.",
        "A quotation that ended before the first day, of an offer that could still be ordered, is refused.",
    ),
    after=("call_offs",),
)
