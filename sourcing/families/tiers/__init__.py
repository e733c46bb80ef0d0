"""Price tiers: what an offer or a supplier charges depends on how much of it is ordered in the year."""

from sourcing.card import Card, ColumnSet, Rule, Symbol

_OWNER = ("kind", "code")

CARD = Card(
    name="tiers",
    purpose="Prices that change with what is ordered in a year: of an offer, or of all offers of a supplier together.",
    tables=("tiers",),
    symbols=(
        Symbol(r"z_{e,o,j,y}", "tonnes of offer o priced in tier j of owner e (offer or supplier) in year y", "t"),
        Symbol(r"O_e", "offers of owner e: itself, or all of the supplier"),
        Symbol(r"y", "calendar year, with the periods that start in it; its rows stand at the last of them"),
        Symbol(r"g_{e,o}", "what a tonne of offer o counts: 1, or its price", "t or USD per t"),
        Symbol(
            r"b_{e,j,y}", "where tier j begins (tier 0: at 0): above, times the years in the periods of y", "t or USD"
        ),
        Symbol(r"\overline{b}_{e,j,y}", "where the next tier begins, but not above M", "t or USD"),
        Symbol(
            r"M_{e,y}",
            "the most that can be ordered: what could be used over the part of an order that is of use (lots), or "
            "where the last tier begins if that is more; within the capacities",
            "t or USD",
        ),
        Symbol(r"r_{e,j}", "price in tier j less the offer's price, or less the discount, per unit counted"),
        Symbol(
            r"a_{e,o,j}",
            "the same per tonne of offer o: the tier's price less the offer's, or less discount times price",
            "USD/t",
        ),
        Symbol(
            r"L_{e,j,y} = \sum_{i < j} (r_{e,i} - r_{e,j}) (b_{e,i+1,y} - b_{e,i,y})",
            "of incremental tiers what the lower ones charge apart from j; of all_units 0",
            "USD",
        ),
    ),
    columns=(
        ColumnSet(
            "tier",
            (*_OWNER, "offer", "above", "node"),
            r"z_{e,o,j,y}",
            "t",
            "tonnes of an offer that are priced in a tier in the year",
            words="{offer}: {value} t in the tier above {above} in {year}",
        ),
        ColumnSet(
            "reached",
            (*_OWNER, "above", "node"),
            r"\rho_{e,j,y}",
            "",
            "whether the year is priced in the tier; none for tier 0, which is where no other is: one less the others",
            whole=True,
            words="{user}: tier above {above} reached in {year}",
        ),
    ),
    rules=(
        Rule(
            "tiers",
            (*_OWNER, "offer", "node"),
            r"\sum_j z_{e,o,j,y} = \sum_{r \in R_o} \sum_{m \in y} x_{r,m}",
            "Everything ordered from an offer in a year is priced in a tier.",
        ),
        Rule(
            "tier_from",
            (*_OWNER, "above", "node"),
            r"\sum_{o \in O_e} g_{e,o} \, z_{e,o,j,y} \ge b_{e,j,y} \, \rho_{e,j,y}",
            "A tier is for what is ordered from where it begins.",
        ),
        Rule(
            "tier_to",
            (*_OWNER, "above", "node"),
            r"\sum_{o \in O_e} g_{e,o} \, z_{e,o,j,y} \le \overline{b}_{e,j,y} \, \rho_{e,j,y}",
            "A tier is for what is ordered up to where the next one begins; all of a year is priced in one of them.",
        ),
        Rule(
            "slice",
            (*_OWNER, "above", "node"),
            r"\sum_{o \in O_e} g_{e,o} \, z_{e,o,j,y} \le b_{e,j+1,y} - b_{e,j,y}",
            "Of incremental tiers that get dearer, no more is priced in one than lies between it and the next.",
        ),
    ),
    heads=(
        (
            "discount",
            r"\sum_{o,j} a_{e,o,j} \, z_{e,o,j,y} + \sum_j L_{e,j,y} \, \rho_{e,j,y} \text{ in the last node of } y",
        ),
    ),
    optional=(("tiers", "", ()),),
    notes=(
        "What counts is what is ordered, by the date of the order and by any route; a period belongs to the calendar "
        "year in which it starts, as a year is settled once, at its last period (check names what that concerns). Of a "
        "year that lies partly in the horizon, above counts for that part.",
        "An offer's price holds up to the first tier. A tier's price holds from above on: incremental for what is "
        "ordered above, all_units for everything ordered in the year. Who orders exactly as much as a tier begins with "
        "may have either price.",
        "A supplier's discount is a share of the offers' prices; it counts tonnes or value (USD at the offers' prices) "
        "of all of them together. It and the tiers of an offer each change the offer's price.",
        "The purchase is charged at the offer's price when ordered; what the tiers take off (below 0) or add is "
        "charged under discount in the last node of the year and discounted from there. Duty and spend use the "
        "offer's price.",
        "Incremental tiers that only get dearer need no whole numbers (rule slice): the cheap ones fill up first. All "
        "others are priced in one tier a year, each with its own tonnes, never by one large constant.",
        "Nothing is ordered beyond use to reach a tier unless it can be disposed of.",
    ),
    after=("qualification",),
)
