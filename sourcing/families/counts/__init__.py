"""Counts: how many suppliers, countries or sources bring anything, and to how many sites a supplier delivers."""

from sourcing.card import Card, ColumnSet, Measure, Rule, Symbol

_KEY = ("limit", "member", "site", "window", "node")

CARD = Card(
    name="counts",
    purpose="Limits on the number of suppliers, and on the number of sites that a supplier delivers to.",
    tables=("limits", "groups", "contents"),
    symbols=(
        Symbol(r"Q_{g,w}", "tonnes of member g that arrive in window w, open orders included", "t"),
        Symbol(r"\tau", "the limit's at_least", "t"),
        Symbol(
            r"M_{g,w}",
            "the most that can arrive: of every order and run its capacity, or what could be used from then on, over "
            "the part of it that is of use (lots)",
            "t",
        ),
        Symbol(r"N", "the limit's value, a whole number"),
    ),
    columns=(
        ColumnSet(
            "present",
            _KEY,
            r"z_{g,w}",
            "",
            "whether a member is counted in a window; of destinations, at a site",
            whole=True,
            words="{member}{at} is counted under {limit} in {period}",
        ),
    ),
    rules=(
        Rule(
            "absent",
            _KEY,
            r"Q_{g,w} \le \tau + \left( M_{g,w} - \tau \right) z_{g,w} \quad \text{for a maximum}",
            "Whoever is not counted under a maximum brings no more than at_least in the window.",
        ),
        Rule(
            "enough",
            _KEY,
            r"Q_{g,w} \ge \tau \, z_{g,w} \quad \text{for a minimum}",
            "Whoever is counted under a minimum brings at_least in the window, or more.",
        ),
        Rule(
            "suppliers",
            _KEY,
            r"\sum_g z_{g,w} \le N \quad (\ge \text{ for a minimum})",
            "No more (or no fewer) members are counted in the window than the limit says.",
            unit="suppliers",
            subject="{limit}: {member}{at}, {period}",
            relief="suppliers beyond the limit",
            table="limits",
        ),
        Rule(
            "destinations",
            _KEY,
            r"\sum_{q} z_{g,q,w} \le N \quad (\ge \text{ for a minimum})",
            "No member delivers to more (or fewer) sites in the window than the limit says.",
            unit="sites",
            subject="{limit}: {member}, {period}",
            relief="sites beyond the limit",
            table="limits",
        ),
    ),
    measures=(
        Measure("suppliers", "number", may_count=("use", "arrivals")),
        Measure("destinations", "number"),
    ),
    optional=(("limits", "measure", ("suppliers", "destinations")),),
    notes=(
        "What counts, where and when is the same as for shares and tonnes: stage, material, element, site and windows.",
        "A number of suppliers has no price for a little more of it, so its rows have none in the plan.",
        "A minimum may force more to be bought than is needed: stock may exceed what is of use by as much.",
        "With counts = use suppliers are those of whom anything is used, lots kept apart (see custody), and a minimum "
        "forces nothing beyond use.",
    ),
    after=("service_level",),
)
