"""Lead time: when an order arrives, spread over the periods it falls into."""

from sourcing.card import Card, Symbol

CARD = Card(
    name="lead_time",
    purpose="Orders are spread evenly over their period and arrive a lead time later, in parts.",
    tables=("licences",),
    symbols=(
        Symbol(r"L_{r,m}", "lead time: the supplier's days, the licence in force on the order's date, transit", "d"),
        Symbol(
            r"\lambda_{r,m\to n} = \frac{\left|[s_m + L, e_m + L) \cap [s_n, e_n)\right|}{e_m - s_m}",
            "share of an order placed in m that arrives in n, for every descendant n of m",
        ),
        Symbol(r"s_n, e_n", "first day of node n, and the day after its last", "d"),
    ),
    optional=(("licences", "", ()),),
    notes=(
        "Of the licences that fit country, material, destination and date the longest counts; none within a country.",
        "Shares add up to one over the periods of arrival and what is late; there is no rounding to whole periods.",
        "Exact for one leg; two legs with stock in between smear twice.",
    ),
)
