"""Transport: goods already in the chain move between sites; lanes carry only so much."""

from sourcing.card import Card, ColumnSet, Rule, Symbol

CARD = Card(
    name="transport",
    purpose="Shipments of what was made or stored, and the capacity of lanes for everything they carry.",
    tables=("lanes",),
    symbols=(
        Symbol(r"y_{l,m}", "tonnes of one material released on lane l in node m", "t"),
        Symbol(r"C_{l,n}", "capacity of lane l in node n", "t"),
        Symbol(
            r"\delta_{a,m\to n}", "share of activity a, decided in m, that departs in n: the lead time less the transit"
        ),
        Symbol(r"A_l", "routes and shipments that use lane l"),
    ),
    columns=(
        ColumnSet("ship", ("origin", "destination", "material", "mode", "node"), r"y_{l,m}", "t", "tonnes to send now"),
    ),
    rules=(
        Rule(
            "lane",
            ("origin", "destination", "material", "mode", "node"),
            r"\sum_{a \in A_l} \sum_{m \preceq n} \delta_{a,m\to n} \, x_{a,m} \le C_{l,n}",
            "No more departs on a lane in a period, bought or shipped, than the lane carries in that period.",
            subject="{lane}",
            worth="one more tonne on the {lane} in {period} is worth {price}",
            relief="t above the capacity",
            table="lanes",
        ),
    ),
    heads=(("freight", r"f_l \, \lambda_{l,m\to n} \, y_{l,m} \text{ in the node of arrival } n"),),
    notes=(
        "Own goods leave on the days on which they can be there and still arrive within the horizon (see lead time), "
        "so nothing that is sent is late.",
        "Goods pass through any site: where a lane, an open order or an offer's destination brings a material, and "
        "lanes lead on to where it is asked for, it is sent on; to be kept there past the end of a period it needs a "
        "row of stocks.",
        "A supplier's own goods take a lane as they are bought; they are bought at its site only if asked for there.",
    ),
    optional=(("lanes", "", ()),),
    after=("lead_time",),
)
