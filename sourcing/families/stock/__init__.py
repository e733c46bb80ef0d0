"""Stock: what is kept, how much must be kept, and what may be disposed of."""

from sourcing.card import Card, ColumnSet, Rule, Symbol

_KEY = ("site", "material", "node")

CARD = Card(
    name="stock",
    purpose="Stock from one period to the next, safety and closing stock, and disposal where it has a price.",
    tables=("stocks", "demand"),
    symbols=(
        Symbol(r"h_{p,n}", "stock at the end of node n", "t"),
        Symbol(r"w_{p,n}", "tonnes disposed of in node n", "t"),
        Symbol(r"\underline{H}_p, \overline{H}_p, E_p", "safety stock, maximum, closing stock (blank = safety)", "t"),
        Symbol(r"Q_p", "days for which the safety stock lasts (safety_days)", "d"),
        Symbol(r"V_{p,n}", "demand of the Q days that follow node n, counted as for cover (see there)", "t"),
        Symbol(
            r"L_p",
            "largest of safety stock and closing stock, and of V and the cover at the end of the horizon (see cover)",
            "t",
        ),
        Symbol(r"T_p", "day after the start on which an order can first have arrived at p", "d"),
        Symbol(r"O_{p,n}", "opening stock at p and open orders that have come up to the end of node n", "t"),
        Symbol(r"D_p(t)", "demand at p from the start up to day t, by days", "t"),
        Symbol(r"S_{p,n}", "safety stock asked for at the end of node n", "t"),
        Symbol(r"\varphi_{p,m}", "part of the days of node m before day T_p"),
        Symbol(r"Z_{p,m}", "what lanes and processes take from p in node m", "t"),
        Symbol(
            r"A_{p,n}",
            "maximum, or what lies at p at the end of node n though nothing is ordered, where that is more",
            "t",
        ),
        Symbol(r"F_{p,q}", "most tonnes at p that one tonne at q can ask for, along lanes and processes", "t/t"),
        Symbol(r"D_{q,n}", "demand at q strictly after node n, on the path that asks for most", "t"),
        Symbol(r"O_p", "opening stock and all open orders into p", "t"),
        Symbol(
            r"\overline{W}_{q,n}",
            "most that may be disposed of at q after node n; without a maximum infinite, but 0 after the last node",
            "t",
        ),
        Symbol(
            r"M_q",
            "what terms may bring to q: a lot each, numbers, conditions, contracts, awards, orders that stand",
            "t",
        ),
        Symbol(r"B_{p,n}", "stock at p after node n that can still be used, or is there anyway", "t"),
        Symbol(r"x_j", "order, shipment or run j", "t"),
        Symbol(r"\lambda_j", "tonnes that come to p of a tonne of j, over a set of nodes", "t/t"),
        Symbol(
            r"u_p", "what goes through p may be used for in a set of nodes: the demand at all q in them, times F", "t"
        ),
        Symbol(r"f_t", "first node in which anything comes that comes on both sides of the end of node t", ""),
        Symbol(r"\kappa_{j,p,n}", "what a tonne of j has to bring too much to p by node n", "t/t"),
    ),
    columns=(
        ColumnSet("hold", _KEY, r"h_{p,n}", "t", "stock at the end of the period"),
        ColumnSet("dispose", _KEY, r"w_{p,n}", "t", "tonnes to dispose of now"),
    ),
    rules=(
        Rule(
            "safety",
            _KEY,
            r"h_{p,n} + [s_n < T_p] \sum_{m \preceq n} \varphi_{p,m} Z_{p,m} \ge S_{p,n}",
            "The safety stock is there at the end of every period from the day an order can have arrived; before, as "
            "much of it as opening stock and open orders leave after the demand up to that day.",
            subject="{material} safety stock at {site}",
            worth="one tonne less safety stock of {material} at {site} in {period} would save {price}",
            relief="t below the safety stock",
            table="stocks",
        ),
        Rule(
            "closing",
            _KEY,
            r"h_{p,n} \ge E_p \quad \text{at the last node of every path}",
            "The closing stock is there at the end of the horizon; a blank one only if an order can arrive by then.",
            subject="{material} closing stock at {site}",
            worth="one tonne less closing stock of {material} at {site}{later} would save {price}",
            relief="t below the closing stock",
            table="stocks",
        ),
        Rule(
            "maximum",
            _KEY,
            r"h_{p,n} \le A_{p,n}",
            "No more is in stock at the end of a period than there is room for, but for what lies there though nothing "
            "is ordered.",
            subject="{material} store at {site}",
            worth="room for one more tonne of {material} at {site} in {period} is worth {price}",
            relief="t above the maximum",
            table="stocks",
        ),
        Rule(
            "use",
            _KEY,
            r"h_{p,n} \le B_{p,n} + \sum_j \kappa_{j,p,n} x_j",
            "Nothing is stocked that nobody can use, but for what orders have to bring too much.",
            subject="{material} left over at {site}",
            worth="one tonne more of {material} that may be left over at {site} in {period} would save {price}",
        ),
    ),
    heads=(
        ("holding", r"\text{rate per year} \times \text{years in } n \times h_{p,n}"),
        ("disposal", r"\text{price} \times w_{p,n}"),
    ),
    optional=(("stocks", "", ()),),
    notes=(
        r"S_{p,n} = \max(\underline{H}_p, V_{p,n}), the larger of what safety and safety_days say, where T_p is over "
        r"by the first day of n; before that S_{p,n} = \min(\max(\underline{H}_p, V_{p,n}), \max(0, O_{p,n} - D_p(T))) "
        r"with T being T_p or the end of n, whichever is first: "
        "no more than is there when an order can first arrive. It is not used, sold or sent on after that.",
        "What a lane or a process took before that day, at an even pace within its period, counts as if it were there: "
        "it may be needed elsewhere, and no order could have taken its place.",
        "Where nothing can be disposed of, the balance keeps as much by itself in every period that ends by then: "
        "no row there.",
        "Days are days of the demand table, as for cover: what own processes and lanes take is kept by tonnes. At the "
        "end of the horizon the safety row keeps them, whatever the closing stock is.",
        "Where the horizon has a tail, a closing stock that is filled in is asked for at the end of what is reported, "
        "a blank one at the end of the tail; and the rule use has rows at the end of the tail alone: what is not left "
        "there is used.",
        r"E is the cell where it is filled, a promise whatever can arrive; where it is blank, H if T_p "
        "is before the end of the horizon, else nothing: there the safety row keeps what is left.",
        r"A_{p,n} = \max(\overline{H}_p, R_{p,n}), where no lane and no process takes goods from p, and none are "
        r"disposed of there; what lies there is R_{p,n} = \max(0, R_{p,n-1} + G_{p,n} - d_{p,n}), from the opening "
        r"stock on, with G_{p,n} being the open orders that come in n. Elsewhere A is the maximum: goods could go on.",
        r"T_p counts from the first day on which an offer is open and has capacity and any approval it needs; "
        "it adds lead time, the licence in force on the day of the order, or on which goods go on by a lane, transit, "
        "and the days of processes, each from the first day on which it has capacity, too. It does not tell whose "
        "goods come: on a lane on which they wait by where they were made (see lead_time), the shortest wait counts, "
        "from the first day on which an order of any goods can be where it leaves. Those that wait so may come later "
        "than T_p.",
        r"What can still be used: B_{p,n} = \max(O_p, L_p, \sum_q F_{p,q} (D_{q,n} + \overline{W}_{q,n} + L_q) + "
        r"\sum_{q\ne{}p} F_{p,q} M_q) + M_p, or share limits would be met by buying what nobody uses. M_p is beside "
        "the rest: a lot may be needed before an open order comes, and both be left; where any amount can be disposed "
        "of, M_p is left out at p itself. A loop that loses material sets no such bound. Where no order brings too "
        "much, the rule is a bound of the stock column, but for the last node.",
        "Where a limit counts use, or goods of several lots can be at any point (see custody), O_p is added to the "
        "largest of the others, not one of them: what is there may be of an origin that must not be used, or that owes "
        "more duty, and what is used instead lies beside it.",
        "What can be disposed of later is of use, with a maximum or without: waste may be kept until then, at its cost "
        "of holding. At the end no more is left than had to be brought.",
        "M_q adds up, where their routes, lanes or recipes lead (of a recipe also what it takes): one lot of each "
        "owner; at_least times the number in every window of a minimum number; what a condition asks for, in every "
        "period or once; minimums of contracts that are not take-or-pay, in the part of their windows that lies in the "
        "horizon; tonnes that are awarded; orders of the last plan that stand.",
        r"What an order has to bring too much: it is spread over its period and comes over several. Placed for what "
        r"its part up to node t is needed for, it brings the rest whether or not that is needed: \kappa_{j,p,n} = "
        r"\max_{t<n} (\lambda_j(t,n] - \lambda_j[0,t] \cdot \frac{u_p(t,N]}{u_p[f_t,t] + \sum_q F_{p,q} L_q})^+, "
        "over the t within its arrival: what comes after t, less the later use that falls to it. Without it the rule "
        "would forbid the order, and leave short what its first part was for. Demand counts in it by whole periods, "
        "whatever day an order lands on (timing): it allows rather more, and never less. Where a limit counts use, "
        "or goods of several lots can be at any point (see custody), no later use falls to it, and u_p(t,N] is left "
        "out: what comes then may be forbidden, or come too late.",
        "No more is disposed of in a period than disposal_maximum, a yearly quantity, allows; a bound of the column.",
        "Capital tied up in stock is not a head: the discount rate charges it.",
    ),
    after=("orders",),
)
