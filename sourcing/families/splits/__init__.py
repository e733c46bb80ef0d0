"""Splits: every site of a group gets the same mix of suppliers."""

from sourcing.card import Card, Rule, Symbol

_KEY = ("split", "supplier", "site", "node")

CARD = Card(
    name="splits",
    purpose="The same split at several sites: each supplier's share of a material is the same at all of them.",
    tables=("splits", "offers"),
    symbols=(
        Symbol(r"S_z", "sites of split z"),
        Symbol(r"y", "calendar year, with the periods that start in it; its rows stand at the last of them"),
        Symbol(r"A_{u,s,y}", "what arrives at site s in year y of the split's material, ordered from supplier u", "t"),
        Symbol(
            r"P_{s,y}",
            "part of site s in split z: its demand for the material in y, or its weight, over that of all sites of z",
        ),
        Symbol(r"\theta_s", "room of site s (within)"),
    ),
    rules=(
        Rule(
            "split_least",
            _KEY,
            r"A_{u,s,y} \ge P_{s,y} \sum_{q \in S_z} A_{u,q,y} - \theta_s \sum_u A_{u,s,y}",
            "A site gets its part of whatever comes from a supplier to all sites of the split.",
            subject="{supplier} at {site} in split {split}",
            worth="one tonne less of {supplier} at {site} than split {split} asks for in {year} would save {price}",
            relief="t below the common split",
            table="splits",
        ),
        Rule(
            "split_most",
            _KEY,
            r"A_{u,s,y} \le P_{s,y} \sum_{q \in S_z} A_{u,q,y} + \theta_s \sum_u A_{u,s,y}",
            "A site gets no more than its part of whatever comes from a supplier to all sites of the split.",
            subject="{supplier} at {site} in split {split}",
            worth="one tonne more of {supplier} at {site} than split {split} allows in {year} would save {price}",
            relief="t above the common split",
            table="splits",
        ),
    ),
    optional=(("splits", "", ()),),
    notes=(
        "What is equal: of everything that arrives from a supplier in a calendar year at the sites of a split, each "
        "site gets the part that its requirement is of the requirement of all of them, whichever supplier it is. So a "
        "supplier's share of what arrives is the same at every site. That shares are equal while sites may take any "
        "amount would be a product of variables; here what a site takes follows its requirement, too.",
        "A period belongs to the calendar year in which it starts (check names what that concerns).",
        "Within leaves room, as a part of all that arrives at the site: a site that starts with more stock may take "
        "less.",
        "A supplier is all of its offers together: each site may have an offer of its own. Who cannot reach one of the "
        "sites is left out at all of them, unless the room allows it.",
        "Orders of the plan count by their arrival within the horizon; open orders and own goods do not. A year in "
        "which no site of the split requires anything has no rows; a weight is a requirement in every year.",
    ),
    after=("incumbents",),
)
