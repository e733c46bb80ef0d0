"""Concentration: the Herfindahl-Hirschman index of what arrives, plain, by governance, or in the EU's supply risk."""

from sourcing.card import Card, ColumnSet, Measure, Rule, Symbol, Weighed

_KEY = ("limit", "member", "site", "window", "node")

CARD = Card(
    name="hhi",
    purpose="Limits on the Herfindahl-Hirschman index, the sum of the squared shares of what arrives in a window: "
    "plain, weighted by governance, or as the EU's supply risk.",
    tables=("limits", "groups", "contents", "governance", "supply_risk"),
    symbols=(
        Symbol(r"Q_{g,w}", "tonnes of member g that arrive in window w, open orders included", "t"),
        Symbol(r"Q_w", "tonnes of all members together", "t"),
        Symbol(r"H", "the limit's value, from 0 to 1"),
        Symbol(r"\beta", "the limit's value"),
        Symbol(r"\gamma_g", "governance.value times governance.trade of country g; of an unknown country the largest"),
        Symbol(r"\mu", "global_hhi, the governance-weighted HHI of the world's supply"),
        Symbol(r"\rho", "import_reliance"),
        Symbol(r"\kappa", "(1 - eol_rir) times substitution"),
        Symbol(r"p", "a share at which a tangent touches the square"),
        Symbol(r"e_{a,g}", "tonnes of member g counted per tonne that arrives by activity a", "t/t"),
    ),
    columns=(
        ColumnSet(
            "arriving", ("limit", "site", "window", "node"), r"Q_w", "t", "tonnes that a limit counts in a window"
        ),
        ColumnSet("arriving_of", _KEY, r"Q_{g,w}", "t", "tonnes of one member that a limit counts in a window"),
        ColumnSet("square", _KEY, r"\zeta_{g,w}", "t", "at least the member's share times its tonnes"),
    ),
    rules=(
        Rule(
            "arrived",
            ("limit", "site", "window", "node"),
            r"Q_w = \sum_n \psi_{n,w} \sum_a e_a \sum_{m \preceq n} \lambda_{a,m\to n} \, x_{a,m} + \text{open orders}",
            "The total of a limit is what arrives in its window, all members together.",
        ),
        Rule(
            "arrived_of",
            _KEY,
            r"Q_{g,w} = \sum_n \psi_{n,w} \sum_a e_{a,g} \sum_{m \preceq n} \lambda_{a,m\to n} \, x_{a,m} "
            r"+ \text{open orders}",
            "The tonnes of a member are what of it arrives in the window.",
        ),
        Rule(
            "tangent",
            ("limit", "member", "site", "window", "share", "node"),
            r"2 p \, Q_{g,w} - p^2 \, Q_w \le \zeta_{g,w}",
            "A member's square is no less than its tangent at a share p.",
        ),
        Rule(
            "hhi",
            _KEY,
            r"\sum_g \zeta_{g,w} \le H \, Q_w",
            "The squared shares of what arrives in the window add up to no more than the limit.",
            subject="{limit}{at}, {period}",
            worth="one point of HHI more (0.01) under {limit}{at} in {period} would save {price}",
            relief="t beyond the limit",
            table="limits",
            ratio=True,
        ),
        Rule(
            "governance_hhi",
            _KEY,
            r"\sum_g \gamma_g \, \zeta_{g,w} \le \beta \, Q_w",
            "The squared shares of what arrives in the window, each times how badly its country is governed, add up to "
            "no more than the limit.",
            subject="{limit}{at}, {period}",
            worth="a hundredth more (0.01) of governance-weighted HHI under {limit}{at} in {period} would save {price}",
            relief="t beyond the limit",
            table="limits",
            ratio=True,
        ),
        Rule(
            "supply_risk",
            _KEY,
            r"\kappa \left( \frac{\rho}{2} \mu \, Q_w + \left( 1 - \frac{\rho}{2} \right) "
            r"\sum_g \gamma_g \, \zeta_{g,w} \right) \le \beta \, Q_w",
            "The EU's supply risk of what arrives in the window is no more than the limit.",
            subject="{limit}{at}, {period}",
            worth="a hundredth more (0.01) of supply risk under {limit}{at} in {period} would save {price}",
            relief="t beyond the limit",
            table="limits",
            ratio=True,
        ),
    ),
    measures=(
        Measure(
            "hhi",
            "index",
            may_count=("use", "arrivals"),
            words="HHI",
            total="arriving",
            weighed=Weighed("hhi", "HHI", "HHI", "the HHI", "a point of HHI (0.01)", size=0.01),
        ),
        Measure(
            "governance_hhi",
            "index",
            may_count=("use", "arrivals"),
            words="governance-weighted HHI",
            total="arriving",
        ),
        Measure("supply_risk", "index", words="supply risk", total="arriving"),
    ),
    optional=(("limits", "measure", ("hhi", "governance_hhi", "supply_risk")),),
    notes=(
        "What counts, where and when is the same as for shares: stage, material, element, site and windows.",
        "The square of a member is its tonnes times its share; it is a curve, so tangents stand for it: some at fixed "
        "shares, and, while a plan is searched for, one at the share of each plan that is found to be above the limit. "
        "Every tangent is valid for every plan, so what is proven stays proven. The index of the plan is no more than "
        "a millionth of the limit above it.",
        "The supply risk is that of the Commission's methodology of 2017, with what arrives in place of the EU's "
        "sourcing: all but the last sum is data. It counts what is not recycled.",
        "With counts = use the index is of what is used, lots kept apart (see custody); supply risk is of arrivals.",
        "The HHI of n equal sources is 1/n. With nothing bought a limit is empty and holds; a window in which less "
        "than a millionth of the limit's largest window arrives is not looked at.",
    ),
    after=("shares",),
)
