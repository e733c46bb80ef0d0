"""Contracts: tonnes called off at an agreed price, with a minimum and a maximum; signed, or to be decided."""

from sourcing.card import Card, ColumnSet, Rule, Symbol

_ONCE = ("contract", "node")
_WINDOW = ("contract", "window", "node")

CARD = Card(
    name="contracts",
    purpose="Contracts buy beside spot from the same offer: at their own price, with a minimum and a maximum.",
    tables=("contracts", "prices", "exclusions", "offers", "lanes"),
    symbols=(
        Symbol(r"B_r", "contracts on the offer of route r that exclude no site that goods could go on to from there"),
        Symbol(r"W_b", "windows w of contract b: calendar years, or its whole term; each has a row"),
        Symbol(r"\phi_{b,m,w}", "part of the days of node m, on which contract b and its offer are open, in window w"),
        Symbol(r"\underline{M}_{b,w}", "minimum of contract b, cut to the days of window w inside the horizon", "t"),
        Symbol(r"\overline{M}_{b,w}", "maximum of contract b, cut in the same way", "t"),
        Symbol(
            r"g_{b,n}",
            "price of contract b in node n: its own, or floor or index times multiple, whichever is more",
            "USD/t",
        ),
        Symbol(r"Y_{b,p,n}", "what is called off under contract b and arrives at point p in node n", "t"),
        Symbol(
            r"U_{p,0}",
            "the most that can arrive at p in all: what could be used, with what orders have to bring too much",
            "t",
        ),
        Symbol(r"\hat{G}_p", "opening stock and open orders, at p and wherever goods can go, in tonnes of p", "t"),
        Symbol(r"\theta_b", "share of the price that contract b charges for what is not taken"),
        Symbol(r"F_b", "signing fee of contract b", "USD"),
        Symbol(r"E_b", "cost of leaving contract b", "USD"),
        Symbol(r"P_b", "prepayment of contract b", "USD"),
        Symbol(
            r"v_b", "worth today of a dollar paid the contract's payment days later, at the question's discount rate"
        ),
    ),
    columns=(
        ColumnSet(
            "call",
            ("contract", "destination", "mode", "node"),
            r"y_{b,r,n}",
            "t",
            "tonnes of what is ordered by route r that are called off under contract b",
            words="{contract}: {value} t called off to {destination} in {period}",
        ),
        ColumnSet(
            "sign",
            _ONCE,
            r"\sigma_b",
            "",
            "whether to sign contract b on the first day; 1 where it is signed already",
            whole=True,
            words="{contract} is signed",
        ),
        ColumnSet(
            "leave",
            _ONCE,
            r"\ell_b",
            "",
            "whether to leave contract b, signed already, on the first day; 0 where it cannot be left",
            whole=True,
            words="{contract} is left",
        ),
        ColumnSet(
            "prepaid",
            _ONCE,
            r"u_{b,n}",
            "t",
            "tonnes of what is called off that the prepayment has paid for",
            words="{contract}: {value} t paid for by the prepayment in {period}",
        ),
        ColumnSet(
            "untaken",
            _WINDOW,
            r"w_{b,w}",
            "t",
            "tonnes below the minimum that are paid for and not taken",
            words="{contract}: {value} t paid for and not taken up to {period}",
        ),
    ),
    rules=(
        Rule(
            "called",
            ("offer", "destination", "mode", "node"),
            r"\sum_{b \in B_r} y_{b,r,n} \le x_{r,n}",
            "What is called off is part of what is ordered; the rest is bought at the offer's price.",
        ),
        Rule(
            "contract_minimum",
            _WINDOW,
            r"\sum_r \sum_m \phi_{b,m,w} y_{b,r,m} + w_{b,w} \ge \underline{M}_{b,w} \, (\sigma_b - \ell_b)",
            "What is signed is called off up to its minimum, or the rest is paid for where it is take-or-pay.",
            subject="{contract} minimum",
            worth="one tonne less as minimum of {contract} up to {period} would save {price}",
            relief="t below the minimum",
            table="contracts",
        ),
        Rule(
            "contract_maximum",
            _WINDOW,
            r"\sum_r \sum_m \phi_{b,m,w} y_{b,r,m} \le \overline{M}_{b,w} \, (\sigma_b - \ell_b)",
            "No more is called off than the maximum, and nothing under a contract that is not signed, or left.",
            subject="{contract} maximum",
            worth="one more tonne under {contract} up to {period} is worth {price}",
            relief="t above the maximum",
            table="contracts",
        ),
        Rule(
            "contract_use",
            ("contract", "site", "node"),
            r"\sum_{m \preceq n} Y_{b,p,m} \le \left(U_{p,0} + \hat{G}_p\right) \sigma_b"
            r" \quad \text{for every last node } n",
            "Under a contract that is to be signed no more arrives in all than could be used where it arrives.",
            tight=True,
        ),
        Rule(
            "credited",
            _ONCE,
            r"u_{b,n} \le \sum_r y_{b,r,n}",
            "A prepayment is returned against what is called off, up to its price.",
        ),
        Rule(
            "prepayment",
            _ONCE,
            r"\sum_{m \preceq n} g_{b,m} \, u_{b,m} \le P_b",
            "No more is returned than was prepaid; what is not returned by the last node is lost.",
            unit="USD",
        ),
    ),
    heads=(
        ("contract", r"(g_{b,n} - c_o) \, y_{b,r,n} \text{ in the node of order } n"),
        ("untaken", r"\theta_b \, g_{b,n} \, w_{b,w} \text{ in the last node } n \text{ of window } w"),
        ("signing", r"F_b \, \sigma_b \text{ in the first node, unless it is signed already}"),
        ("exit", r"E_b \, \ell_b \text{ in the first node}"),
        (
            "prepayment",
            r"P_b \, \sigma_b \text{ in the first node, unless it is signed already; } - g_{b,n} \, u_{b,n}"
            r" \text{ in node } n",
        ),
        ("payment", r"(v_b - 1) \, g_{b,n} \, \left(\sum_r y_{b,r,n} - u_{b,n}\right) \text{ in the node of order } n"),
    ),
    optional=(("contracts", "", ()), ("prices", "", ()), ("exclusions", "", ())),
    notes=(
        "purchase charges every tonne at the offer's price; contract corrects it for what is called off.",
        "A period belongs to a contract if it has a day on which contract and offer are open. What is called off in it "
        "is spread evenly over those days, and counts in each window by the days there, whatever the periods are. "
        "Minimum and maximum of a window are cut to the days of the contract, and of the horizon, in it.",
        "An index has in a period the value of its first day; what is not taken is paid at the price of the last node.",
        "Duty and limits on spend count what is called off at the offer's price.",
        "Stock may exceed what is still of use by the hard minimum of each contract that brings material to the point.",
        "Where goods can go on to a point that may dispose of some, contract_use says nothing of all that arrives.",
        "Stock is mixed: nothing is called off to a point from which lanes or processes lead to an excluded site.",
        "payment is no cash: it is what paying later than on the order's date is worth, 365 days to a year.",
        "Price tiers count what is called off with the rest, and rebate it by as much per tonne.",
        "What only a contract gives is an offer with a price that nobody would pay on the spot.",
    ),
    after=("purchase",),
)
