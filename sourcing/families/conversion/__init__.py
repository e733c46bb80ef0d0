"""Conversion: processes turn some materials into others, with a yield and a time."""

from sourcing.card import Card, ColumnSet, Rule, Symbol

CARD = Card(
    name="conversion",
    purpose="Separation, metal making, recycling and the like: linear recipes at a site.",
    tables=("processes", "recipes", "ramps"),
    symbols=(
        Symbol(r"z_{k,m}", "activity of process k started in node m", "t"),
        Symbol(r"K_{k,n}", "capacity of process k in node n, with ramps", "t"),
        Symbol(r"q_{k,p}", "tonnes at stock point p per tonne of activity: inputs below 0, outputs above", "t/t"),
        Symbol(r"c_k", "cost of a tonne of activity", "USD/t"),
    ),
    columns=(ColumnSet("make", ("process", "node"), r"z_{k,m}", "t", "activity to start now"),),
    rules=(
        Rule(
            "process",
            ("process", "node"),
            r"z_{k,n} \le K_{k,n}",
            "No process does more in a period than its capacity in that period.",
            subject="{process} capacity",
            worth="one more tonne through {process} in {period} is worth {price}",
            relief="t above the capacity",
            table="processes",
        ),
    ),
    heads=(("conversion", r"c_k \, z_{k,m} \text{ in the node of the start } m"),),
    optional=(
        ("processes", "", ()),
        ("recipes", "", ()),
        ("ramps", "process", ()),
        ("qualifications", "process", ()),
        ("conditions", "kind", ("process",)),
    ),
    notes=(
        "Inputs are taken in the node of the start; outputs come after the process time, split like a lead time.",
        "A process runs on the days on which it has capacity, and so has its line, all its inputs can be there, and "
        "its outputs still come within the horizon (see lead time). Its capacity is that of those days, part days as "
        "whole ones; a line's is that of the days on which any of its processes runs.",
    ),
    after=("transport",),
)
