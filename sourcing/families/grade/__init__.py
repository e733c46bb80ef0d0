"""Grade: what is blended is good enough on average: feed grade, impurities, hardness."""

from sourcing.card import Card, Measure, Rule, Symbol

CARD = Card(
    name="grade",
    purpose="Limits on the grade of a blend: the average, over what processes take in, of an element or a property.",
    tables=("limits", "contents", "properties", "processes", "recipes"),
    symbols=(
        Symbol(r"B", "blend of a limit: processes of one site that make its material, or run on its line"),
        Symbol(r"z_{k,m}", "activity of process k started in node m", "t"),
        Symbol(r"\alpha_{k,p}", "tonnes that process k takes of the material at p per tonne of activity", "t/t"),
        Symbol(r"\theta_p", "grade of the material at p: t of the element per t, or its property"),
        Symbol(r"\beta", "the limit's value"),
    ),
    rules=(
        Rule(
            "grade",
            ("limit", "member", "site", "window", "node"),
            r"\sum_n \psi_{n,w} \sum_{k \in B} \sum_p \left(\frac{\theta_p}{\beta} - 1\right) \alpha_{k,p} \, z_{k,n} "
            r"\le 0 \quad (\ge \text{ for a minimum})",
            "What a blend takes in has, on average over its tonnes, no more (or no less) than the limit says.",
            subject="{limit}: {graded}{at}, {period}",
            worth="{graded} allowed 1 % {looser} under {limit}{at} in {period} would save {price}",
            relief="t beyond the limit",
            table="limits",
            ratio=True,
        ),
    ),
    measures=(Measure("grade", "average", counts="blends", per="period", given=True),),
    optional=(("limits", "measure", ("grade",)), ("properties", "", ())),
    notes=(
        "A blend is several processes with one input each (or with recipes of several) that make the same material at "
        "one site; what each does is free, so the mix is.",
        "Only materials with a row for the element (contents) or the property (properties) are averaged: acid or hours "
        "that a recipe takes too are left out, and what dilutes needs a row that says 0.",
        "The grade is asked of what is taken in, in the node of the start, and not of a mixed stock. A window is a "
        "period unless the limit says otherwise; a permit may speak of a year's average.",
        "The key's member is blank. The row is divided by the limit's value, so that it is in tonnes whatever the "
        "property's unit.",
    ),
    after=("amounts",),
)
