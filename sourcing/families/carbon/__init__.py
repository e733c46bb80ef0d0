"""Carbon: what is emitted for the goods bought, on the way, and by own processes."""

from sourcing.card import Card, Measure, Rule, Symbol, Weighed

CARD = Card(
    name="carbon",
    purpose="Limits on the CO2e of what is bought, carried and made, all together or by who sells it.",
    tables=("limits", "groups", "offers", "lanes", "processes"),
    symbols=(
        Symbol(r"E_{g,w}", "t CO2e of member g in window w, open orders included", "t"),
        Symbol(r"\epsilon_a", "t CO2e per tonne of activity a: bought (with the lane it comes over), shipped or made"),
        Symbol(r"\beta", "the limit's value"),
    ),
    rules=(
        Rule(
            "carbon",
            ("limit", "member", "site", "window", "node"),
            r"E_{g,w} = \sum_n \psi_{n,w} \sum_a \epsilon_a \sum_{m \preceq n} \lambda_{a,m\to n} \, x_{a,m} \le \beta",
            "No more is emitted in the window than the limit says.",
            subject="{limit}: {member}{at}, {period}",
            worth="one tonne of CO2e more for {member}{at} under {limit} in {period} would save {price}",
            relief="t CO2e beyond the limit",
            table="limits",
        ),
    ),
    measures=(
        Measure(
            "carbon",
            "amount",
            counts="movements",
            unit="t CO2e",
            words="carbon",
            step="tonne",
            goods="CO2e of",
            behind="t",
            estimated=True,
            weighed=Weighed("carbon", "t CO2e", "carbon", "carbon", "a tonne of CO2e", "least carbon"),
        ),
    ),
    optional=(("limits", "measure", ("carbon",)),),
    blanked=(("offers", "carbon"), ("lanes", "carbon"), ("processes", "carbon")),
    notes=(
        "Goods count where they arrive, as under every limit, with the lane that brings them; own shipments where they "
        "arrive; a process in the node of its run. What arrives after the horizon is not counted.",
        "With by filled in, only purchases and open orders count, each for whoever sells it; transport between own "
        "sites and own processing count in limits on all together.",
        "An open order emits what its offer emits per tonne; how it travels is not known. What is blank counts as 0.",
        "A material means what is bought or carried of it, and the processes that make it.",
    ),
    after=("grade",),
)
