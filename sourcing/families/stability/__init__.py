"""Stability: the last plan's orders stand in a frozen window, and changing them after it has a price."""

from sourcing.card import Card, ColumnSet, Rule, Symbol

_KEY = ("offer", "destination", "mode", "node")

CARD = Card(
    name="stability",
    purpose="Orders of the last plan that stand for a while, and what it costs to change them later.",
    tables=("last_orders", "change_terms", "input_changes"),
    symbols=(
        Symbol(r"\overline{x}_{r,n}", "tonnes that the last plan ordered by route r on the days of node n", "t"),
        Symbol(r"\Phi_o", "first day on which orders of offer o may differ from the last plan's", "d"),
        Symbol(r"\overline{x}^{\Phi}_{r,n}", "the part of them that is dated before that day", "t"),
        Symbol(r"c^+_o, c^-_o", "what a tonne more, and a tonne less, than in the last plan costs", "USD/t"),
    ),
    columns=(
        ColumnSet(
            "more",
            _KEY,
            r"x^+_{r,n}",
            "t",
            "tonnes ordered above the last plan",
            words="{value} t more from {offer} to {destination} in {period} than the last plan ordered",
        ),
        ColumnSet(
            "less",
            _KEY,
            r"x^-_{r,n}",
            "t",
            "tonnes ordered below the last plan",
            words="{value} t less from {offer} to {destination} in {period} than the last plan ordered",
        ),
    ),
    rules=(
        Rule(
            "stands",
            _KEY,
            r"x_{r,n} \ge \overline{x}^{\Phi}_{r,n}",
            "What the last plan ordered in the frozen window is ordered.",
            subject="{offer} to {destination}, frozen",
            worth="one tonne less of the frozen order from {offer} to {destination} in {period} would save {price}",
            relief="t below the frozen order",
            table="last_orders",
        ),
        Rule(
            "frozen",
            _KEY,
            r"x_{r,n} \le \overline{x}_{r,n} \quad \text{if } e_n \le \Phi_o",
            "In a period that is frozen to its end nothing is ordered that the last plan did not order.",
            subject="{offer} to {destination}, frozen",
            worth="one tonne more from {offer} to {destination} in {period}, which is frozen, is worth {price}",
            relief="t above the frozen order",
            table="change_terms",
        ),
        Rule(
            "changed",
            _KEY,
            r"x_{r,n} - x^+_{r,n} + x^-_{r,n} = \overline{x}_{r,n} \quad \text{if } e_n > \Phi_o",
            "An order is that of the last plan, and what is ordered more or less.",
        ),
    ),
    heads=(("changes", r"c^+_o \, x^+_{r,n} + c^-_o \, x^-_{r,n} \text{ in node } n"),),
    optional=(("last_orders", "", ()), ("change_terms", "", ()), ("input_changes", "", ())),
    notes=(
        "An order is spread evenly over the days it was for: periods may be of other lengths than in the last plan.",
        "A tonne moved from one offer, destination, mode or period to another is one tonne less and one tonne more: it "
        "costs both.",
        "In the period in which a frozen window ends, the part of an order dated before that day stands, and more may "
        "be ordered.",
        "What can no longer be ordered at all, its offer gone or closed or its material of no use where it goes, is "
        "listed among what moved and costs nothing: nobody can decide otherwise. Inside the frozen window it is "
        "refused (SCREEN-360).",
        "Frozen orders may bring more than is needed by now: stock may exceed what is of use by as much.",
    ),
    after=("conditions",),
)
