"""Purchases: what is ordered from which offer, by which route, and what it costs."""

from sourcing.card import Card, ColumnSet, Rule, Symbol

CARD = Card(
    name="purchase",
    purpose="Orders placed with suppliers, within what each of them can give.",
    tables=("offers", "ramps"),
    symbols=(
        Symbol(r"x_{r,m}", "tonnes ordered by route r in node m", "t"),
        Symbol(r"R_o", "routes of offer o: delivered, or one for each lane that leaves its site"),
        Symbol(
            r"K_{o,n}", "capacity of offer o in node n: t/year times the part of the calendar year, with ramps", "t"
        ),
        Symbol(r"c_o", "price of offer o on the order's date", "USD/t"),
        Symbol(r"f_r", "freight of route r", "USD/t"),
        Symbol(r"\lambda_{r,m\to n}", "share of an order by route r in m that arrives in n"),
    ),
    columns=(ColumnSet("buy", ("offer", "destination", "mode", "node"), r"x_{r,m}", "t", "tonnes to order now"),),
    rules=(
        Rule(
            "offer",
            ("offer", "node"),
            r"\sum_{r \in R_o} x_{r,n} \le K_{o,n}",
            "No more is ordered from an offer in a period than it can give in that period.",
            subject="{offer} capacity",
            worth="one more tonne from {offer} in {period} is worth {price}",
            relief="t above the capacity",
            table="offers",
        ),
    ),
    heads=(
        ("purchase", r"c_o \, x_{r,m} \text{ in the node of order } m"),
        ("freight", r"f_r \, \lambda_{r,m\to n} \, x_{r,m} \text{ in the node of arrival } n"),
    ),
    notes=(
        "Offers and ramps are dated by order: an order can be placed on the days from start up to, not including, end, "
        "on which the offer has any capacity. What is ordered in a period is spread evenly over those days.",
        "What arrives after the horizon is charged in the last node, reported, and not used.",
    ),
)
