"""Incumbents: from whom it is bought today, what leaving them costs, and how much of it may leave."""

from sourcing.card import Card, ColumnSet, Rule, Symbol

_KEY = ("offer", "node")

CARD = Card(
    name="incumbents",
    purpose="Today's suppliers: what it costs to buy elsewhere what is bought from them today, and how much of it may.",
    tables=("incumbents", "materials"),
    symbols=(
        Symbol(r"I_g", "incumbents of material g: offers that are bought from today"),
        Symbol(r"R_i", "routes of incumbent i; R_g: routes of all offers of material g"),
        Symbol(r"y", "calendar year, with the periods that start in it; its rows stand at the last of them"),
        Symbol(
            r"T_{i,y}",
            r"what year y would bring if nothing moved: quantity times the years in the periods of y; or share times "
            r"\sum_{r \in R_g} \sum_{m \in y} x_{r,m}",
            "t",
        ),
        Symbol(r"A_{i,y}, B_{g,y}", "the most that may move: may_move times the same years, or may_move_share", "t"),
        Symbol(r"s_i", "switching cost of incumbent i", "USD/t"),
    ),
    columns=(
        ColumnSet(
            "moved",
            _KEY,
            r"v_{i,y}",
            "t",
            "tonnes of today's purchases from an incumbent that are bought elsewhere, or not at all, in the year",
            words="{offer}: {value} t of today's purchases moved away in {year}",
        ),
    ),
    rules=(
        Rule(
            "move",
            _KEY,
            r"v_{i,y} \ge T_{i,y} - \sum_{r \in R_i} \sum_{m \in y} x_{r,m}",
            "What is not ordered from an incumbent any more has moved.",
        ),
        Rule(
            "may_move",
            _KEY,
            r"v_{i,y} \le A_{i,y}, \quad \text{with a share} \le A_i T_{i,y}",
            "No more moves away from an incumbent in a year than may.",
            subject="move away from {offer}",
            worth="one more tonne that may move away from {offer} in {year} would save {price}",
            relief="t above what may move",
            table="incumbents",
        ),
        Rule(
            "may_move_all",
            ("material", "node"),
            r"\sum_{i \in I_g} v_{i,y} \le B_{g,y}, \quad \text{with a share} \le B_g \sum_{i \in I_g} T_{i,y}",
            "No more of a material moves away from all of today's suppliers together in a year than may.",
            subject="move of {material} away from today's suppliers",
            worth="one more tonne of {material} that may move away from today's suppliers in {year} would save {price}",
            relief="t above what may move",
            table="materials",
        ),
    ),
    heads=(("switching", r"s_i \, v_{i,y} \text{ in the last node of } y"),),
    optional=(("incumbents", "", ()),),
    notes=(
        "What counts is what is ordered, by the date of the order and by any route; a period belongs to the calendar "
        "year in which it starts (check names what that concerns). A year that lies partly in the horizon counts for "
        "that part.",
        "Tonnes of today are a quantity a year: what is bought less because less is needed has moved, too. A share of "
        "today is a share of everything that is ordered of the material in the year, and follows it.",
        "The switching cost is paid for the tonnes that are away from the incumbent in each year, not once: spread "
        "what is paid once over the years it is for.",
        "What is ordered from an incumbent beyond today's purchases makes up for nothing: each stands for itself.",
    ),
    after=("awards",),
)
