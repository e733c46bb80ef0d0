"""Origins: whose country, and whose owner's country, material is of at an earlier stage, whoever ships it."""

from sourcing.card import Card, Symbol

CARD = Card(
    name="origins",
    purpose="Look-through: limits and shares by where material was mined, refined or melted, whoever ships it.",
    tables=("origins", "offers", "open_orders", "stocks", "limits"),
    symbols=(
        Symbol(
            r"e_{a,g} = o_{a,s,g}",
            "tonnes of member g at stage s per tonne that arrives by purchase a: the stated shares; what they leave to "
            "one is the member unknown",
            "t/t",
        ),
    ),
    notes=(
        "Nothing stated: at the material's own stage all of it is of the country it is made in (made_in, else the "
        "site's), at an earlier stage unknown. Owned by the owner of the selling site, unless it is made elsewhere.",
        "What is counted is the same as under every limit with a stage: purchases and open orders at that stage or "
        "later, and what own processes bring to it, which is of the country of their site.",
        "Opening stock counts in no limit but those on use; look_through.csv gives its origin, by its offer.",
    ),
    after=("preference",),
)
