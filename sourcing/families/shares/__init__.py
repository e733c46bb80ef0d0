"""Shares: how much of what arrives may, or must, come from one country, owner, supplier, site or from recycling."""

from sourcing.card import Card, ColumnSet, Measure, Rule, Symbol

CARD = Card(
    name="shares",
    purpose="Limits on shares, in every window, each contained tonne counted once where it enters the chain.",
    tables=("limits", "groups", "contents"),
    symbols=(
        Symbol(r"Q_{g,w}", "tonnes of member g that arrive in window w, open orders included", "t"),
        Symbol(r"Q_w", "tonnes of all members together", "t"),
        Symbol(r"\sigma", "the limit's value"),
        Symbol(r"S_w", "what lies or is on its way when window w begins (counts = stock), else 0", "t"),
        Symbol(r"e_{a,g}", "tonnes of member g counted per tonne that arrives by activity a", "t/t"),
    ),
    columns=(
        ColumnSet(
            "counted", ("limit", "site", "window", "node"), r"Q_w", "t", "tonnes that a limit counts in a window"
        ),
    ),
    rules=(
        Rule(
            "total",
            ("limit", "site", "window", "node"),
            r"Q_w = \sum_n \psi_{n,w} \sum_a e_a \sum_{m \preceq n} \lambda_{a,m\to n} \, x_{a,m} + \text{open orders} "
            r"+ S_w",
            "The total of a limit is what arrives in its window, all members together.",
        ),
        Rule(
            "share",
            ("limit", "member", "site", "window", "node"),
            r"Q_{g,w} + S_w \le \sigma \, Q_w \quad (Q_{g,w} \ge \sigma \, Q_w \text{ for a minimum})",
            "No member has more (or a member has no less) than its share of what arrives in the window.",
            subject="{limit}: {member}{at}, {period}",
            worth="one point more for {member}{at} under {limit} in {period} would save {price}",
            relief="t beyond the limit",
            table="limits",
            ratio=True,
        ),
    ),
    measures=(
        Measure("share", "share", may_count=("use", "arrivals", "stock"), unit="share", total="counted", step="point"),
    ),
    optional=(("limits", "measure", ("share",)),),
    notes=(
        "Windows go by the day, whatever the periods are: what arrives in a period is taken to come at an even pace, "
        "and counts in each window for its days there. A calendar year, or a limit's time, may begin inside a period; "
        "a limit in tonnes is not cut to the part of a year that the horizon has.",
        "Purchases count where they arrive. With a stage named, purchases at that stage or later count, and so does "
        "what a process brings out at that stage from inputs that had not reached it.",
        "Country means where it is made (made_in, else the site that sells or converts), owner the owner of that site; "
        "by origin it is the country of the limit's stage, seen through.",
        "With counts = use the same rule counts what is used, lots kept apart (see custody).",
        r"With counts = stock what is there when a window begins is anybody's: of whoever a maximum holds, and of "
        r"nobody under a minimum. S_w = \sum_p a_p (h_{p,n-1} + v_{p,w}), n being the first node with a day in w "
        "(before the first node the opening stock), a_p what the limit counts of a tonne at p from its stage on, and v "
        "what own shipments that left before n bring to p in the nodes of w, and processes that began before n, where "
        "the limit does not count that as an arrival. It holds for whoever can arrive at any time, for the member that "
        "the limit names, and for the member unknown where it names nobody. It needs no lots: for firms that cannot "
        "keep them apart. A window that begins inside a period has the stock at the start of that period; such a limit "
        "is about all sites.",
        "With nothing bought a limit is empty and holds.",
    ),
    after=("custody",),
)
