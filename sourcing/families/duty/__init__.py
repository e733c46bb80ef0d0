"""Duty: what customs take when goods enter a country."""

from sourcing.card import Card, Symbol

CARD = Card(
    name="duty",
    purpose="Duty on goods that enter a country, by where they were made and when they arrive.",
    tables=("tariffs",),
    symbols=(
        Symbol(
            r"\tau_{i,a,m\to n}",
            "rate of tariff row i times the part of the days on which a of m arrives in n on which it is in force; of "
            "a lot c on lane l by where c was made",
        ),
        Symbol(r"v_{a,i}", "customs value: price plus freight (cif) or price alone (fob)", "USD/t"),
        Symbol(
            r"v_{l,i}", "customs value of own goods on lane l: worth plus freight (cif) or worth alone (fob)", "USD/t"
        ),
    ),
    heads=(
        (
            "duty",
            r"\sum_i \tau_{i,a,m\to n} \, v_{a,i} \, \lambda_{a,m\to n} \, x_{a,m} "
            r"+ \sum_i \sum_c \tau_{i,l,c,m\to n} \, v_{l,i} \, \lambda_{l,m\to n} \, y_{l,c,m} "
            r"\text{ in the node of arrival } n",
        ),
    ),
    optional=(("tariffs", "", ()),),
    notes=(
        "All tariff rows that fit importer, origin and tariff code add up; nothing is due within a country.",
        "A tariff that begins or ends inside a period falls on what arrives on its days. What arrives after the "
        "horizon is charged in the last node, at the rates of the days on which it comes.",
        "Own goods sent on by a lane owe duty by where they were made, whatever way they took: bought goods are made "
        "in the country of their offer (made_in, else that of its site). Storage, blending and packing never change "
        "that. A process does, where the tariff heading of its output (the first four characters of tariff_code, "
        "without dots and spaces) is another than those of all its inputs: then the output is made in the country of "
        "its site. Else it stays of the input of the same heading of which the process takes most (of equal ones the "
        "first by name). A heading that is blank, or shorter, is taken for the same as far as it goes: what nobody "
        "shows to change stays.",
        "On own goods nothing is due within a country, on what was made in the country that they enter, and between "
        "members of a group that a row names as the importer: a group levies duty where goods enter it.",
        "Lots are kept apart by where they were made (see custody) only where that decides the duty of some own "
        "shipment within the horizon: for each country and tariff code, countries of making of which the same is due "
        "are one. Where one lot is all there can be, or all owe the same, nothing is declared.",
        "Opening stock and open orders without an offer are made nobody knows where: on each day they owe what goods "
        "of the dearest origin would, of the countries that tariffs name and of one that they do not.",
        "The worth of a tonne of own goods is materials.value. Where that is blank, it is the highest price of any of "
        "its offers; of a material that nobody sells, what its inputs are worth and the process costs, by tonne of all "
        "outputs (the highest of several processes); with neither, USD 1.",
    ),
    after=("custody",),
)
