"""Qualification: what is not ordered or run before somebody has paid for its approval and waited for it."""

from sourcing.card import Card, ColumnSet, Rule, Symbol

_KEY = ("kind", "code", "from", "node")

CARD = Card(
    name="qualification",
    purpose="What an offer or a process costs to qualify, how long that takes, and that nothing comes of it before.",
    tables=("qualifications",),
    symbols=(
        Symbol(r"X_{g,n}", "what is ordered by the offer, or run by the process, of qualification g in node n", "t"),
        Symbol(r"U_{g,n}", "the most that can be: its capacity, or what could be used from node n on", "t"),
        Symbol(r"D_g", "days from the start of qualification g to the approval", "d"),
        Symbol(r"t_n", "first day of the period of node n", "d"),
        Symbol(r"F_g", "cost of qualification g", "USD"),
    ),
    columns=(
        ColumnSet(
            "qualify",
            _KEY,
            r"q_{g,n}",
            "",
            "whether qualification of an offer or a process is started in the period",
            whole=True,
            words="Start qualifying {user}{changed} in {period}: approved by {approved}",
        ),
    ),
    rules=(
        Rule(
            "qualified",
            _KEY,
            r"X_{g,n} \le U_{g,n} \sum_{m \preceq n,\; t_m + D_g \le t_n} q_{g,m}",
            "Nothing is ordered or run in a period that begins before the approval.",
            subject="qualification of {user}{changed}",
            worth="one tonne more of {user} than its qualification allows in {period} would save {price}",
            relief="t before it is qualified",
            table="qualifications",
        ),
        Rule(
            "once",
            _KEY,
            r"\sum_{m \preceq n} q_{g,m} \le 1 \quad \text{for every last node } n",
            "Nothing is qualified twice for the same reason.",
            unit="",
        ),
    ),
    heads=(("qualification", r"F_g \, q_{g,n} \text{ in node } n"),),
    optional=(("qualifications", "", ()),),
    notes=(
        "A row with from is asked only in periods that begin on that day or later: the process or the grade changes "
        "then, and until then what was there goes on. Several rows of one offer are several approvals, each needed.",
        "What is approved has its own capacity and ramp; trial lots before the approval are not planned.",
    ),
)
