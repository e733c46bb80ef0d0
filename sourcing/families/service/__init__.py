"""Service: demand, and what stays short of it."""

from sourcing.card import Card, ColumnSet, Symbol

_KEY = ("site", "material", "node")

CARD = Card(
    name="service",
    purpose="Demand is met, or the plan says how much is short, where and when.",
    tables=("demand",),
    symbols=(
        Symbol(r"d_{p,n}", "demand at p in the days of node n", "t"),
        Symbol(r"u_{p,n}", "tonnes short, 0 to d", "t"),
        Symbol(r"\omega_{p,n}", "weight of a tonne short: priority times the material's value"),
    ),
    columns=(ColumnSet("short", _KEY, r"u_{p,n}", "t", "tonnes not delivered"),),
    heads=(("shortage", r"\text{price} \times u_{p,n} \text{ (only when shortage is priced)}"),),
    notes=(
        "Nodes of the tail (horizon.tail) follow those that are reported, all rules on. What a point was due in the "
        "twelve months before the end of the horizon (in all of it, if it is shorter) is due again after it, year "
        "after year: a row of demand, cut to these months, with as many tonnes on the same days of the later year. "
        "Where the table says what is due there after the end, it stands to its last day, and the twelve months before "
        "that day are repeated.",
        r"Least shortage: \min \sum_n \pi_n \sum_p \omega_{p,n} u_{p,n} first, then cost with that sum held.",
        "Where nothing may stay short (none, or limited and no limit on shortage counts it) there are no such columns; "
        "in the explaining build demand gives way there, in tonnes.",
    ),
    after=("cover",),
)
