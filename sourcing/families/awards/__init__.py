"""Awards: what a planner has fixed by hand, so that the rest is planned around it."""

from sourcing.card import Card, Rule, Symbol

_KEY = ("offer", "period", "site", "node")

CARD = Card(
    name="awards",
    purpose="Awards fixed by hand: the tonnes, or the share, that an offer gets in a period; the rest is planned anew.",
    tables=("awards",),
    symbols=(
        Symbol(r"a", "an award: an offer, a period, and a site it is for (blank: all sites together)"),
        Symbol(r"X_a", "what is ordered from the award's offer for its site in its period", "t"),
        Symbol(r"Y_a", "the same from all offers of that material", "t"),
        Symbol(r"\phi_{a,n}", "part of the days of node n that lie in the period of award a"),
        Symbol(r"R_a", "routes of the award's offer (in Y: of all offers of its material) to its site"),
        Symbol(r"Q_a", "quantity of the award, for the part of its period that lies in the horizon", "t"),
        Symbol(r"\sigma_a", "share of the award"),
    ),
    rules=(
        Rule(
            "award_least",
            _KEY,
            r"X_a = \sum_{r \in R_a} \sum_n \phi_{a,n} \, x_{r,n} \ge Q_a, \quad \text{or} \ge \sigma_a Y_a",
            "What is awarded by hand is ordered.",
            subject="{period} award of {offer}{into}",
            worth="one tonne less awarded to {offer}{into} in {period} would save {price}",
            relief="t below the award",
            table="awards",
        ),
        Rule(
            "award_most",
            _KEY,
            r"X_a \le Q_a, \quad \text{or} \le \sigma_a Y_a",
            "No more is ordered than is awarded by hand.",
            subject="{period} award of {offer}{into}",
            worth="one tonne more awarded to {offer}{into} in {period} would save {price}",
            relief="t above the award",
            table="awards",
        ),
    ),
    optional=(("awards", "", ()),),
    notes=(
        "What counts is what is ordered, by the date of the order and by any route; the orders of a node are spread "
        "evenly over its days, and a quantity over the days of its period, as demand is.",
        "A share is of everything ordered of the same material for the same site in the same period: where nothing is "
        "ordered it asks for nothing. An award of 0 shuts the offer out.",
        "A quantity may be more than anybody can use: stock may then exceed what is still of use by what is awarded, "
        "at every point a route of the offer leads to. For a share no room is left: it follows what is ordered.",
    ),
    after=("facilities",),
)
