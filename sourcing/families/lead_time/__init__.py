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
            "where a licence that fits begins or ends; of own goods for each wait that they can have, by where they "
            "were made",
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
        "A licence with follows = origin is asked for of goods that leave its country, and of those made there that "
        "leave any other, bought (made_in of the offer, else the country of its site) or sent on by an own lane; not "
        "of goods that come home. Own goods are made where customs say (see duty): a process ends the licence where "
        "the tariff heading changes. What nobody tells the making of waits for the longest of these licences and of "
        "that of the country it leaves.",
        "Where the wait of an own shipment hangs on where its goods were made, on any day of the horizon, its lane is "
        "there once for each wait: a way l of its own, with its own shares, which takes only the lots that wait so "
        "long (see custody; the look is called licence). What waits as goods of the country it leaves has the mode of "
        "the lane; the others have it with their countries: sea, made in CHN (of more than three the first two and how "
        "many others, (not told) the last). Capacity, freight and lots of the lane are for all its ways together. A "
        "way of which no goods can be where it leaves is not there. Everywhere else nothing is declared.",
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
