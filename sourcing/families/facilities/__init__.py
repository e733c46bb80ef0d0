"""Facilities: processes and sites that are opened and closed, and what a site can handle in all."""

from sourcing.card import Card, ColumnSet, Measure, Rule, Symbol

_KEY = ("kind", "code", "node")
_WAY = ("origin", "destination", "mode", "node")

CARD = Card(
    name="facilities",
    purpose="What it costs to open a process or a site and to keep it open, and a capacity for all that arrives there.",
    tables=("processes", "sites", "offers", "lanes", "limits", "groups"),
    symbols=(
        Symbol(r"O_f", "opening cost of facility f", "USD"),
        Symbol(r"F_f", "fixed cost of facility f while it is open", "USD/year"),
        Symbol(r"\tau_n", "length of the period of node n", "years"),
        Symbol(r"n^-", "the node before n; at the root the state before the plan: open if no opening cost is named"),
        Symbol(r"K_{i,n}", "what may arrive at site i in node n", "t"),
        Symbol(r"A_{p,n}", "what arrives at stock point p in node n, bought, shipped or ordered before the plan", "t"),
        Symbol(
            r"U_{a,n}",
            "the most that activity a can be: within its capacity, what could be used from n on, over the part of it "
            "that is of use (lots); of what arrives, with what orders have to bring too much",
            "t",
        ),
        Symbol(r"N", "the limit's value, a whole number"),
    ),
    columns=(
        ColumnSet(
            "open",
            _KEY,
            r"o_{f,n}",
            "",
            "whether a process or a site is open in the period",
            whole=True,
            words="{user} is open in {period}",
        ),
        ColumnSet(
            "opened",
            _KEY,
            r"\omega_{f,n}",
            "",
            "whether a process or a site is opened in the period; none for what is there from the start",
            whole=True,
            words="Open {user} in {period}",
        ),
    ),
    rules=(
        Rule(
            "opens",
            _KEY,
            r"o_{f,n} \le o_{f,n^-} + \omega_{f,n}",
            "What is open was open before, or is opened now.",
            unit="",
        ),
        Rule(
            "opened_once",
            _KEY,
            r"\sum_{m \preceq n} \omega_{f,m} \le 1 \quad \text{for every last node } n",
            "Nothing is opened twice.",
            unit="",
        ),
        Rule(
            "run",
            ("kind", "code", "process", "node"),
            r"z_{k,n} \le U_{k,n} \, o_{f,n}",
            "A process runs only while it is open itself, and while its site is.",
        ),
        Rule(
            "throughput",
            ("site", "node"),
            r"\sum_{p \in i} A_{p,n} \le K_{i,n} \, o_{i,n}",
            "No more arrives at a site in a period than it can handle, and nothing while it is closed.",
            subject="{site} capacity",
            worth="one more tonne through {site} in {period} is worth {price}",
            relief="t above the capacity",
            table="sites",
        ),
        Rule(
            "arrival",
            ("site", "material", "node"),
            r"A_{p,n} \le U_{p,n} \, o_{i,n}",
            "Nothing arrives at a closed site, and no more of a material at an open one than could be used.",
        ),
        Rule(
            "sent",
            _WAY,
            r"\sum_{s \in \ell} x_{s,n} \le \sum_{s \in \ell} U_{s,n} \, o_{i,n}",
            "Nothing leaves a closed site, and over one way no more than could be used where it goes.",
            tight=True,
        ),
        Rule(
            "sold",
            ("offer", "node"),
            r"\sum_{r \in R_o} x_{r,n} \le U_{o,n} \, o_{i,n}",
            "Nothing is ordered from a closed site.",
        ),
        Rule(
            "bought",
            ("offer", "destination", "mode", "node"),
            r"x_{r,n} \le U_{r,n} \, o_{i,n}",
            "By one of several routes no more is ordered from an open site than could be used where it goes.",
            tight=True,
        ),
        Rule(
            "facilities",
            ("limit", "member", "site", "window", "node"),
            r"\sum_{f \in g} o_{f,n} \le N \quad (\ge \text{ for a minimum})",
            "No more (or no fewer) facilities of a member are open in a period than the limit says.",
            unit="facilities",
            subject="{limit}: {member}, {period}",
            relief="facilities beyond the limit",
            table="limits",
        ),
    ),
    heads=(
        ("opening", r"O_f \, \omega_{f,n} \text{ in node } n"),
        ("fixed", r"F_f \, \tau_n \, o_{f,n} \text{ in node } n"),
    ),
    measures=(Measure("facilities", "number", counts="facilities", per="period"),),
    optional=(("limits", "measure", ("facilities",)),),
    blanked=(
        ("processes", "opening_cost"),
        ("processes", "fixed_cost"),
        ("sites", "capacity"),
        ("sites", "opening_cost"),
        ("sites", "fixed_cost"),
    ),
    notes=(
        "A limit on facilities holds in every period of which a day lies in its time.",
        "A facility is a process or a site with an opening cost or a fixed cost (0 counts as filled in). Without an "
        "opening cost it is there from the start; once closed it stays closed.",
        "At a closed site nothing arrives, leaves, is ordered or runs; stock may lie there. What is on its way from "
        "before the plan needs it open.",
        "A site without costs is always open; its capacity holds all the same. What its own processes make there, and "
        "what an offer there sends elsewhere, does not arrive.",
        "A route by which an offer could never bring more than is of use has no row bought.",
        "A limit on facilities counts those of a site, country or owner, or of a group of them, at any one time.",
    ),
    after=("tiers",),
)
