"""Lots: what can only be ordered, run or sent from some amount on, in multiples, or at a cost for each time."""

from sourcing.card import Card, ColumnSet, Rule, Symbol

_KEY = ("kind", "code", "node")

CARD = Card(
    name="lots",
    purpose="Least lots, multiples, and what an order, a run or a sailing costs by itself.",
    tables=("offers", "processes", "lines", "lanes", "services"),
    symbols=(
        Symbol(r"X_{e,n}", "what owner e is asked for in node n: ordered, sent or run, all its columns together", "t"),
        Symbol(
            r"U_{e,n}",
            r"the most that can be asked for: its capacity, or what could be used from node n on, over \nu_j",
            "t",
        ),
        Symbol(r"\nu_j", "part of a tonne of an order, a shipment or a run j that is of use where it lands", "t/t"),
        Symbol(r"\ell_e", "least lot of owner e", "t"),
        Symbol(r"m_e", "multiple of owner e", "t"),
        Symbol(r"F_e", "cost of owner e in each node in which it is used", "USD"),
    ),
    columns=(
        ColumnSet(
            "used",
            _KEY,
            r"\delta_{e,n}",
            "",
            "whether an offer, a delivery, a process, a line, a lane or a service is used in the period",
            whole=True,
            words="{user} is used in {period}",
        ),
        ColumnSet(
            "lots",
            _KEY,
            r"k_{e,n}",
            "",
            "how many times its multiple an order is",
            whole=True,
            words="{user}: {value} times its lot multiple in {period}",
        ),
    ),
    rules=(
        Rule(
            "switch",
            _KEY,
            r"X_{e,n} \le U_{e,n} \, \delta_{e,n}",
            "Nothing is asked of an owner in a period in which it is not used.",
        ),
        Rule(
            "lot",
            _KEY,
            r"X_{e,n} \ge \ell_e \, \delta_{e,n}",
            "What is used is asked for its least lot or more.",
            subject="least lot of {user}",
            worth="one tonne less as least lot of {user} in {period} would save {price}",
            relief="t below the least lot",
        ),
        Rule(
            "multiple",
            _KEY,
            r"X_{e,n} = m_e \, k_{e,n}",
            "What is ordered is a multiple of the lot.",
        ),
    ),
    heads=(("ordering", r"F_e \, \delta_{e,n} \text{ in node } n"),),
    blanked=tuple(
        (table, column)
        for table, columns in {
            "offers": ("min_lot", "lot_multiple", "order_cost"),
            "processes": ("min_run", "run_cost"),
            "lines": ("min_run", "run_cost"),
            "lanes": ("min_lot", "order_cost"),
            "services": ("min_lot", "order_cost"),
        }.items()
        for column in columns
    ),
    notes=(
        "Least lots and multiples of an offer are of each delivery (offers.lot_of): where it goes several ways, each "
        "route r (offer, destination, mode) is an owner of the kind delivery, with the offer's least lot, in whole "
        "multiples, and its multiple; the offer itself keeps the cost of an order, which is paid once in a period. A "
        "delivery with no least lot above its multiple needs no yes or no. Where lot_of says period, a period's orders "
        "from one offer are one order, whatever their routes. A lane or a service counts what is ordered or sent over "
        "it in the period.",
        "What could be used at a point: demand from the node on, the stock asked for, what can be sold, and one lot "
        "of every owner, there and wherever material can go from there.",
        "Of an order a part may land after the horizon, or after what it is needed for; more is ordered than is used: "
        r"\nu_j is what lands in the horizon, less what it has to bring too much (\kappa_{j,p,N} of the rule use). Of "
        r"what lands too late altogether no part is of use: terms ask for it, and they are in U whole (\nu_j = 1).",
        "What terms ask for beside use has room in every bound: minimum numbers, conditions, awards, minimums of "
        "contracts and frozen orders.",
        "Stock may exceed what is still of use by one lot of each owner that brings material to the point. One lot is "
        "the least lot, in whole multiples.",
    ),
    after=("service",),
)
