"""Service level: how much may stay short, of what, where and when."""

from sourcing.card import Card, Measure, Rule, Symbol, Weighed

CARD = Card(
    name="service_level",
    purpose="Limits on what is not delivered, in tonnes or weighted as the question weighs a shortage.",
    tables=("limits", "demand"),
    symbols=(
        Symbol(r"u_{p,n}", "tonnes short of the demand at p in node n", "t"),
        Symbol(r"\omega_{p,n}", "1; of a limit that is weighted, priority times the material's value"),
        Symbol(r"\bar\omega_w", "mean of the weights over the tonnes due that the limit counts in window w"),
        Symbol(r"\beta", "the limit's value"),
    ),
    rules=(
        Rule(
            "shortage",
            ("limit", "member", "site", "window", "node"),
            r"\frac{1}{\bar\omega_w} \sum_n \psi_{n,w} \sum_p \omega_{p,n} \, u_{p,n} \le \frac{\beta}{\bar\omega_w}",
            "No more stays short in the window than the limit says.",
            subject="{limit}: what stays short{at}, {period}",
            worth="one tonne more short{at} under {limit} in {period} would save {price}",
            relief="t beyond the limit",
            table="limits",
        ),
    ),
    measures=(
        Measure(
            "shortage",
            "amount",
            counts="demand",
            unit="t",
            words="a shortage",
            given=True,
            allows=True,
            weighed=Weighed(
                "shortage", "t weighted", "short, weighted", "the weighted shortage", "a tonne short", "least short"
            ),
        ),
    ),
    optional=(("limits", "measure", ("shortage",)),),
    notes=(
        "With shortage = limited in the question, only demand of periods with a day that such a limit counts may stay "
        "short; all other is met. A question that goes without the family then has to meet all of it.",
        "The row is divided by the mean weight, so that it is in tonnes. With nothing due, or no shortage allowed "
        "(none), a limit has no row.",
        "A limit on shortage has no priority: it says what may give way.",
    ),
    after=("average_lead",),
)
