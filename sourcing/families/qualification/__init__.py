"""Qualification: what is not ordered or run before somebody has paid for its approval and waited for it."""

from sourcing.card import Card, ColumnSet, Rule, Symbol

_KEY = ("kind", "code", "from", "node")

CARD = Card(
    name="qualification",
    purpose="What an offer or a process costs to qualify, how long that takes, and that nothing comes of it before.",
    tables=("qualifications", "stocks", "open_orders"),
    symbols=(
        Symbol(r"X_{g,n}", "what is ordered by the offer, or run by the process, of qualification g in node n", "t"),
        Symbol(
            r"U_{g,n}",
            "the most that can be: its capacity, or what could be used from node n on, over the part of it that is of "
            "use (lots)",
            "t",
        ),
        Symbol(r"A_{g,p,n}", "what arrives at point p in node n of the offer of qualification g", "t"),
        Symbol(
            r"U_{p,0}",
            "the most that can arrive at p in all: what could be used, with what orders have to bring too much",
            "t",
        ),
        Symbol(r"\hat{G}_p", "opening stock and open orders, at p and wherever goods can go, in tonnes of p", "t"),
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
        Rule(
            "approved",
            ("kind", "code", "from", "site", "node"),
            r"\sum_{m \preceq n} A_{g,p,m} \le \left(U_{p,0} + \hat{G}_p\right) \sum_{m \preceq n} q_{g,m}"
            r" \quad \text{for every last node } n",
            "Under an approval needed from the start no more arrives in all than could be used where it arrives.",
            tight=True,
        ),
    ),
    heads=(("qualification", r"F_g \, q_{g,n} \text{ in node } n"),),
    optional=(("qualifications", "", ()),),
    notes=(
        "A row with from is asked only in periods that begin on that day or later: the process or the grade changes "
        "then, and until then what was there goes on. Several rows of one offer are several approvals, each needed.",
        "Where goods can go on to a point that may dispose of some, nothing is said of all that arrives (approved).",
        "What is approved has its own capacity and ramp; trial lots before the approval are not planned.",
    ),
    after=("lots",),
)
