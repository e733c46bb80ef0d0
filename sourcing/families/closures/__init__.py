"""Closures: days on which nothing is ordered, loaded, cleared by customs, taken in or worked on."""

from sourcing.card import Card

CARD = Card(
    name="closures",
    purpose="Holidays and stops: what would happen on a closed day happens on the next open one; working days.",
    tables=("closures", "offers", "processes"),
    optional=(("closures", "", ()),),
    notes=(
        "No row of the model: closures change the stretches and lead times of lead_time, and capacities.",
        "Closed for orders: the days are taken out of the stretches on which an offer can be ordered, and their part "
        "of the year out of its capacity; an offer that is closed for all of a period can give nothing in it.",
        "Closed for loading: what is ordered on a day whose departure, the days of the supplier and of the licence "
        "later and rounded up to a whole day, is a closed day departs on the first open day after. An own shipment the "
        "same, from the day of its release. What a supplier delivers has no day of departure.",
        "Closed customs (of goods from another country), or closed for receipt: what would arrive on a closed day, "
        "rounded up to a whole one, arrives on the first day on which nothing that concerns it is closed.",
        "Closed for work: own processes at the site do not start on those days, and their capacity, and that of their "
        "line, is that of the other days. A run under way stands still: one into which a closed day falls is through "
        "on so many open days after the one on which it starts (processes.days, rounded up to whole days).",
        "What waits has the lead time of its own day: that is how the shares of lead_time change.",
        "A lead time in working days (offers.days) ends on the day that is so many working days, rounded up to whole "
        "ones, after the day of the order: Mondays to Fridays that are not closed for orders.",
    ),
    after=("lead_time",),
)
