"""Lead time: when an order arrives, spread over the periods it falls into."""

from sourcing.card import Card, Symbol

CARD = Card(
    name="lead_time",
    purpose="Orders are spread evenly over the days on which they can be placed and arrive a lead time later.",
    tables=("licences",),
    symbols=(
        Symbol(
            r"[a_j, b_j), \; j \in J_{r,m}",
            "stretches of the days of node m on which r is decided: its offer is open and has a capacity above 0; cut "
            "where a licence that fits begins or ends",
        ),
        Symbol(r"\Lambda_j", "lead time on stretch j: the supplier's days, the licence in force on it, transit", "d"),
        Symbol(
            r"\lambda_{r,m\to n} = \frac{\sum_{j} \left|[a_j + \Lambda_j, b_j + \Lambda_j) \cap [s_n, e_n)\right|}"
            r"{\sum_{j} (b_j - a_j)}",
            "share of an order placed in m that arrives in n, for every descendant n of m",
        ),
        Symbol(r"s_n, e_n", "first day of node n, and the day after its last", "d"),
        Symbol(
            r"A_p",
            "first day on which anything can be at p: 0 with opening stock, the date of an open order, or the first "
            "day on which an order can have arrived",
            "d",
        ),
        Symbol(r"E", "end of the horizon", "d"),
    ),
    optional=(("licences", "", ()),),
    notes=(
        "Of the licences that fit country, material, destination and the day of the order (of an own shipment: of its "
        "release) the longest counts; none within a country. A licence that begins in the middle of a period keeps "
        "waiting what is ordered on the days from then on, and nothing else.",
        "Shares add up to one over the periods of arrival and what is late; there is no rounding to whole periods.",
        "An own shipment, or a run, is decided from the first day on which anything can be where it is taken (of a "
        "run: all its inputs), and while it still arrives within the horizon. Where no such day is left there is no "
        "column: what would land after the horizon is not sent, not made, and not bought for it.",
        "An order may land after the horizon in part; one of which nothing lands before the end is not placed, unless "
        "an award, a contract or the last plan names its offer.",
        "Exact for one leg; two legs with stock in between smear twice, and no second leg leaves before the first can "
        "have come.",
    ),
    after=("contracts",),
)
