"""Worst day: within a long period stock is looked at on the eve of whatever comes next."""

from sourcing.card import Card, Rule, Symbol

CARD = Card(
    name="worst_day",
    purpose="Within a period of more than a month nothing that comes later serves what is due before.",
    tables=("demand", "stocks"),
    symbols=(
        Symbol(r"h_{p,n}", "stock at the end of node n; before the first node the opening stock", "t"),
        Symbol(r"\delta", "day of node n that is looked at: what is counted is up to the end of the day before it"),
        Symbol(r"x_{j,m}", "order, shipment or run j, decided in node m", "t"),
        Symbol(r"\lambda_{j,m,p,n}(\delta)", "tonnes that come to p of a tonne of it, in node n before day δ", "t/t"),
        Symbol(r"\mu_{j,n,p}(\delta)", "tonnes that a tonne of it takes from p, in node n before day δ", "t/t"),
        Symbol(r"G_{p,n}(\delta)", "open orders that come to p in node n before day δ", "t"),
        Symbol(r"d_{p,n}(\delta)", "demand at p in node n before day δ, by days", "t"),
        Symbol(r"u_{p,n}", "tonnes short at p in node n", "t"),
        Symbol(r"K_{p,n}(\delta)", "what is to be there on the eve of day δ", "t"),
    ),
    rules=(
        Rule(
            "worst_day",
            ("site", "material", "day", "node"),
            r"h_{p,n-1} + \sum_{j,m \preceq n} \lambda_{j,m,p,n}(\delta) \, x_{j,m} + G_{p,n}(\delta) + u_{p,n} "
            r"- \sum_j \mu_{j,n,p}(\delta) \, x_{j,n} - d_{p,n}(\delta) \ge K_{p,n}(\delta)",
            "On the eve of what comes next there is the safety stock, or at least what is due by then.",
            subject="{material} at {site} on the eve of {day}",
            worth="one tonne of {material} that is there at {site} before {day} would save {price}",
            relief="t below what is to be there",
            table="demand",
        ),
    ),
    notes=(
        "There are rows where the question says so (horizon.within), of nodes of more than 31 days, at points where "
        "anything is due in the node. With not_empty K is 0. With safety K is the safety stock where the node "
        "before n begins when an order can have arrived at p, so that it had to end with it (see stock), else 0: "
        "the larger of safety, and of what is due in the safety_days from day δ on, each day at the rate of its "
        "node.",
        "Everything is even over its days: an order over those on which it is placed, and it comes as many days later "
        "as it takes; what lanes and processes take, over the days on which they run. Stock is lowest before more "
        "begins to come of an order, a shipment or a run than did right before, in whichever node it was decided, "
        "before an open order comes, and where a row of demand ends: these are the days δ, but for the first of the "
        "node. What goes on coming day after day begins nothing, also where the days it takes change. Of those in the "
        "same seven days, counted from the first day of the node, only the last is looked at.",
        "What stays short in the node is taken off the demand before δ, as in the daily replay: where nothing is "
        "there, something is short. It counts in full, also where it is more than what is due by then.",
        "Of points where nothing is due, which only feed others, there are no rows: what runs late for want of "
        "material is seen by the daily replay.",
        "A delivery of a month on its first day (call_off, as is usual) is never later than an even one.",
    ),
    after=("timing",),
)
