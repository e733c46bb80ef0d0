"""Chain of custody: lots of goods kept apart by origin through stock, shipping and processing."""

from sourcing.card import Card, ColumnSet, Rule, Symbol

_LOT, _POINT = ("site", "material", "lot", "node"), ("site", "material", "node")
_SHIP = ("origin", "destination", "material", "mode")

CARD = Card(
    name="custody",
    purpose="Lots kept apart by origin, so that limits count what is used, and customs and licences see its making.",
    tables=("limits", "tariffs", "licences", "stocks", "offers", "lanes", "processes"),
    symbols=(
        Symbol(r"c", "a lot: goods at a stock point that neither a limit on use nor customs tell apart (see below)"),
        Symbol(r"h_{p,c,n}", "stock of lot c at p at the end of node n", "t"),
        Symbol(r"y_{l,c,m}", "tonnes of lot c released on lane l in node m", "t"),
        Symbol(r"z_{k,c,m}", "activity of process k in node m that takes in lot c", "t"),
        Symbol(r"g_{p,c,n}", "tonnes of lot c disposed of at p in node n", "t"),
        Symbol(r"w_{p,c,n}", "tonnes of lot c used at p in node n: delivered to demand", "t"),
        Symbol(
            r"\Omega_{p,c,n}", "open orders of lot c that arrive at p in node n, and in node 0 the opening stock", "t"
        ),
        Symbol(r"e_{c,g}", "part of lot c that is member g's, by the limit's lens at its stage", "t/t"),
        Symbol(r"a_p", "what a limit counts of a tonne at p: its element's content, a tonne, or its value", "t/t"),
        Symbol(r"\iota", "1 where a limit names a material, else 0"),
        Symbol(r"a \to c", "activity a (a route, or an open order) brings lot c"),
        Symbol(r"k, c' \to c", "what process k makes of lot c' is lot c"),
    ),
    columns=(
        ColumnSet(
            "hold_of",
            _LOT,
            r"h_{p,c,n}",
            "t",
            "stock of a lot at the end of a node",
            words="Of the {material} in stock at {site} at the end of {period}, {value} t is {lot}",
        ),
        ColumnSet(
            "dispose_of",
            _LOT,
            r"g_{p,c,n}",
            "t",
            "tonnes of a lot to dispose of",
            words="Of the {material} disposed of at {site} in {period}, {value} t is {lot}",
        ),
        ColumnSet(
            "ship_of",
            (*_SHIP, "lot", "node"),
            r"y_{l,c,m}",
            "t",
            "tonnes of a lot to send now",
            words="Of the {material} sent from {origin} to {destination} in {period}, {value} t is {lot}",
        ),
        ColumnSet(
            "make_of",
            ("process", "lot", "node"),
            r"z_{k,c,m}",
            "t",
            "activity with a lot to start now",
            words="Of what {process} does in {period}, {value} t takes in {lot}",
        ),
        ColumnSet(
            "use_of",
            _LOT,
            r"w_{p,c,n}",
            "t",
            "tonnes of a lot to deliver",
            words="Of the {material} used at {site} in {period}, {value} t is {lot}",
        ),
    ),
    rules=(
        Rule("hold_apart", _POINT, r"\sum_c h_{p,c,n} = h_{p,n}", "The lots in stock are the stock."),
        Rule("dispose_apart", _POINT, r"\sum_c g_{p,c,n} = g_{p,n}", "The lots disposed of are what is disposed of."),
        Rule("ship_apart", (*_SHIP, "node"), r"\sum_c y_{l,c,m} = y_{l,m}", "The lots sent are what is sent."),
        Rule(
            "make_apart",
            ("process", "node"),
            r"\sum_c z_{k,c,m} = z_{k,m}",
            "What a process does with all lots is what it does.",
        ),
        Rule(
            "lot_balance",
            _LOT,
            r"\sum_{a \to c} \sum_{m \preceq n} \lambda_{a,m\to n} x_{a,m} + \Omega_{p,c,n} "
            r"+ \sum_l \sum_{m \preceq n} \lambda_{l,m\to n} y_{l,c,m} "
            r"+ \sum_{k,c' \to c} \sum_{m \preceq n} \lambda_{k,m\to n} q_{k,p} z_{k,c',m} + h_{p,c,n-1} "
            r"= \sum_l y_{l,c,n} + \sum_k |q_{k,p}| z_{k,c,n} + h_{p,c,n} + g_{p,c,n} + w_{p,c,n}",
            "What comes of a lot goes as that lot, or stays.",
        ),
        Rule("use_apart", _POINT, r"\sum_c w_{p,c,n} = d_{p,n} - u_{p,n}", "The lots used are what is delivered."),
    ),
    notes=(
        r"A limit with counts = use holds Q_{g,w} against Q_w as its own rule says (see shares, hhi and counts), and "
        r"counts Q_{g,w} = \sum_n \psi_{n,w} \sum_p a_p \sum_c e_{c,g} \, "
        r"(w_{p,c,n} + \iota \sum_k |q_{k,p}| z_{k,c,n}). In the total, every lot counts whole. It adds up the points "
        "at which it looks: of its site and material, "
        "where it names them, with material that holds its element and has come to its stage. What is bought and not "
        "used counts nowhere, whether it is kept, disposed of, wasted, or comes too late.",
        r"\iota is 1 where the limit names a material, else 0: use of a material is what is delivered of it, and what "
        "own processes take in. Without a material the same goods would count at each step. Runs that end after the "
        "horizon are not started; what is made of what is taken in may be disposed of, and counts all the same.",
        "Goods of any origin are told apart from where they enter, whatever site or material a limit looks at. They "
        "enter as what they are by the lens (by) and the stage of the limit, as if they were counted there on arrival: "
        "a purchase or an open order as its offer, opening stock as the offer that stocks.offer names. An open order "
        "or an opening stock without an offer is nobody's (not told).",
        "What is not told counts for every member under a maximum on shares, in every window in which it can be used, "
        "and for the member unknown where the limit names nobody, whoever else is there; for no member under a "
        "minimum. Where members are numbered, or their squares added up, it is the member unknown under a maximum, "
        "nobody under a minimum. It is in the total in any case. What an offer leaves open by the lens (unknown) is "
        "told: a member like others.",
        "A lot stays what it is in stock, and on lanes. What a process makes is whose its inputs are, in the parts in "
        "which they bring the limit's element (without an element: tonnes); an input that has not come to the limit's "
        "stage (with none named, everything has) counts there as the process's own, of its site; and so does an output "
        "of which no input holds the element. Where several inputs are mixed, each choice of their lots is an activity "
        "of its own; parts are told apart to nine decimals. Round a loop that mixes ever anew there is no end of lots, "
        "and the question is refused. A process's own "
        "is of the country and the owner of its site, which stands for its supplier too (without an owner the site), "
        "as a source the process itself, and recycled as far as processes.recycled says.",
        "Days within a period are held for all lots together (see timing), not lot by lot: where stock of one origin "
        "lies over the end of a period, goods of another that land late in it may count as used from its first day. "
        "Shorter periods say more.",
        "Limits with one lens, one stage and one element look alike. They tell apart each member they name (of a "
        "group: each member of it), and with no member named everybody; the rest are (others). At a point, lots are "
        "told apart only by those looks to which it matters: goods there hold the element, have come to the stage, and "
        "can go, by lanes and processes, to where the look counts what is used. At a point with one lot all is of it, "
        "and nothing is declared there.",
        "A lot is called by whose it is: CHN, or 0.7 CHN + 0.3 MYS by name, then (others), then (not told); where "
        "looks differ, each with its lens, stage and element: country oxide Dy CHN, country oxide NdPr (others). A run "
        "of a process with several inputs that are told apart names each: feed of CHN, scrap of (others).",
        "Customs of a country look at goods of a tariff code that own shipments bring there, where their duty hangs "
        "on the country of making (see duty). A lot stays what it is until a process confers origin. It matters "
        "wherever goods can go to such a shipment without that, and is named after the looks of limits: duty USA "
        "2846.90 CHN; countries of which the same is due are one (AUS/CAN, or AUS/BRA/+4).",
        "Licences that follow goods look at them where an own shipment waits by where they were made (see lead_time), "
        "as customs do: countries that wait alike everywhere are one. (not told) is a lot by itself, under both. A "
        "lane that is there once for each wait takes on each of its ways only the lots of that wait.",
        "Supply risk, destinations, tonnes and spend count arrivals only.",
    ),
    after=("origins",),
)
