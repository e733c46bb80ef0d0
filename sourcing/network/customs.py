"""Rules of origin: in which country goods are made to customs, where that decides what own shipments of them owe."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network.borders import ANY_OTHER, Crossings, duty_rates, named_origins
from sourcing.network.derived import derives
from sourcing.network.look_through import UNKNOWN
from sourcing.network.views import DIGITS, OTHERS, UNTOLD, View, sources_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.borders import Duty

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Texts = NDArray[np.object_]

HEADING = 4
"""Characters of a tariff code, without its dots and spaces, that are its heading."""
MOST_NAMED = 3
"""Countries of which the duty is the same that are named together; of more the first two."""


def heading(code: str) -> str:
    """Return the tariff heading of a code: its first four characters, or what there is of them."""
    return re.sub(r"[.\s]", "", code)[:HEADING]


def same_heading(one: str, other: str) -> bool:
    """Say whether nothing shows that two headings differ: one begins with the other, or is blank."""
    return one.startswith(other) or other.startswith(one)


def kept_inputs(net: Network) -> Ints:
    """Return by output of a process the input (row of ``net.inputs``) whose origin it keeps, -1 where it has its own.

    A process confers origin where the heading changes from all of its inputs. Else the output is of the country of
    the input of its heading of which the process takes most (of equal ones the first by name).
    """
    code = net.case["materials"].set_index("material")["tariff_code"]
    inputs, outputs = (
        frame.assign(heading=frame["material"].map(code).map(heading)) for frame in (net.inputs, net.outputs)
    )
    taken = inputs.assign(side=np.arange(len(inputs)), amount=-inputs["quantity"])
    made = outputs.assign(given=np.arange(len(outputs)))[["process", "heading", "given"]]
    pairs = made.merge(taken[["process", "material", "heading", "side", "amount"]], on="process", suffixes=("", "_in"))
    same = [same_heading(*each) for each in zip(pairs["heading"], pairs["heading_in"], strict=True)]
    pairs = pairs[np.array(same, bool)].sort_values(["amount", "material"], ascending=[False, True], kind="stable")
    first = pairs.drop_duplicates("given")
    kept = np.full(len(outputs), -1, np.int64)
    kept[first["given"].to_numpy(np.int64)] = first["side"].to_numpy(np.int64)
    return kept


def customs_values(net: Network) -> pd.Series[float]:
    """Return what a tonne of each material is worth to customs where it is one's own [USD/t]: as known, else 1."""
    return known_values(net).fillna(1.0)


def known_values(net: Network) -> pd.Series[float]:
    """Return the same as far as tables say it.

    What the table says; else the highest price of its offers; of what nobody sells what its inputs are worth and the
    process costs, by tonne of all that is made.
    """
    case = net.case
    value = case["materials"].set_index("material")["value"].astype(float)
    offers = case.only("offers", "material", "price")
    value = value.fillna(offers.groupby("material")["price"].max().clip(lower=0.0))
    cost = case["processes"].set_index("process")["cost"].astype(float)
    inputs, outputs = net.inputs, net.outputs
    made = outputs.groupby("process")["quantity"].sum()
    for _ in range(int(value.isna().sum())):
        worth = (-inputs["quantity"] * inputs["material"].map(value)).groupby(inputs["process"]).sum(min_count=1)
        unknown = inputs["material"].map(value).isna().groupby(inputs["process"]).any()
        by_tonne = ((worth + cost.reindex(worth.index)) / made.reindex(worth.index)).where(~unknown)
        found = outputs["process"].map(by_tonne).groupby(outputs["material"]).max()
        value = value.fillna(found.clip(lower=0.0))
    return value


@dataclass(frozen=True, eq=False)
class Customs:
    """Where own shipments owe another duty by where they were made.

    ``views`` has one view for each country and tariff code of which that is so; ``origins`` by view the country that
    stands for each of its names. ``ship`` is the view that each ship looks through, -1 where its duty is the same
    whoever made it, and ``other`` the country that then stands for all. ``any_due`` says whether any ship can owe any.
    """

    views: list[View]
    origins: list[list[str]]
    ship: Ints
    other: str
    any_due: bool


def build_customs(net: Network) -> Customs:
    """Work out which own shipments owe another duty by where their goods were made."""
    made = makers(net)
    other = made[0] if made else ANY_OTHER
    ship = np.full(len(net.ships), -1, np.int64)
    if not len(net.case["tariffs"]) or not len(net.ships):
        return Customs([], [], ship, other, any_due=False)
    kept = kept_inputs(net)
    views: list[View] = []
    due = False
    origins: list[list[str]] = []
    for (enters, tariff_code), ships, owed in _owed_abroad(net):
        due |= bool(owed.any())
        differs = (owed != owed[:1]).any(axis=(0, 2))
        if not differs.any():
            continue
        of = ships[differs]
        ship[of] = len(views)
        alike: dict[bytes, list[str]] = {}
        for country, rates in zip(made, owed, strict=False):
            alike.setdefault(rates.tobytes(), []).append(country)
        origins.append([members[0] for members in alike.values()])
        counted = net.ships["from_point"].to_numpy()[of]
        views.append(
            view_of_makers(net, f"duty {enters} {tariff_code}".rstrip(), list(alike.values()), (counted, kept))
        )
    return Customs(views, origins, ship, other, due)


@derives
def _owed_abroad(net: Network) -> list[tuple[tuple[str, str], Ints, Reals]]:
    """Return by country entered and tariff code the ships that cross its border, and what they owe (``_owed_by``).

    The countries of making are those of the case; where nobody tells of some goods, those that the tariffs name too.
    """
    crossing = net.ship_crossings
    code = pd.Series(crossing.material).map(net.case["materials"].set_index("material")["tariff_code"])
    keys = pd.DataFrame({"enters": crossing.enters, "code": code.to_numpy(object)})
    abroad = np.flatnonzero(crossing.leaves != crossing.enters)
    candidates = list(dict.fromkeys([*makers(net), *(named_origins(net.case) if any_untold(net) else [])]))
    ships = (
        ((str(enters), str(code)), rows.index.to_numpy(np.int64))
        for (enters, code), rows in keys.iloc[abroad].groupby(["enters", "code"])
    )
    return [(key, rows, _owed_by(net, candidates, rows)) for key, rows in ships]


def origins_of_sent(net: Network) -> Texts:
    """Return for each lot that ships take (row of ``net.custody.sent``) the country that stands for where it was made.

    "unknown" where nobody tells, or the ship's duty is the same for all.
    """
    return _of_sent(net, [[*origins, UNKNOWN, UNKNOWN] for origins in net.customs.origins])


def names_of_sent(net: Network) -> Texts:
    """Return the same in words: all countries of which the duty is that of the one."""
    return _of_sent(net, [[*view.names, OTHERS, UNTOLD] for view in net.customs.views])


def _of_sent(net: Network, called: list[list[str]]) -> Texts:
    custody, customs, sent = net.custody, net.customs, net.custody.sent
    through, lot = customs.ship[sent["ship"].to_numpy()], sent["lot"].to_numpy()
    found = np.full(len(sent), UNKNOWN, object)
    first = len(custody.views) - len(customs.views)
    for at, names in enumerate(called):
        mine = np.flatnonzero(through == at)
        whole = custody.wholes[first + at][custody.kinds[lot[mine], first + at]].argmax(axis=1)
        found[mine] = np.array(names, object)[whole]
    return found


def duty_of_ships(net: Network, ship: Ints, origin: Texts, goods: tuple[Reals, Reals]) -> Duty:
    """Return what is due on own shipments (rows of ``net.ships``) of goods of each origin.

    ``goods`` is what a tonne is worth and its freight [USD/t]: what nobody tells the origin of owes on each day what
    goods of the dearest origin would.
    """
    untold = origin == UNKNOWN
    told = duty_rates(net.case, _crossings(net, ship, origin), net.tree, own=True)
    if not untold.any():
        return told
    rows = np.flatnonzero(untold)
    candidates = np.array(named_origins(net.case), object)
    every = np.repeat(rows, len(candidates))
    duty = duty_rates(net.case, _crossings(net, ship[every], np.tile(candidates, len(rows))), net.tree, own=True)
    value, freight = (side[every, None] for side in goods)
    owed = duty.cif[duty.kind] * (value + freight) + duty.fob[duty.kind] * value
    dearest = owed.reshape(len(rows), len(candidates), -1).argmax(axis=1)
    return told.with_rows(rows, *(_chosen(rate[duty.kind], dearest) for rate in (duty.cif, duty.fob)))


def _chosen(rate: Reals, place: Ints) -> Reals:
    """Return for each row and step the rate of the candidate at a place."""
    found: Reals = np.take_along_axis(rate.reshape(len(place), -1, place.shape[1]), place[:, None, :], axis=1)[:, 0]
    return found


def _crossings(net: Network, ship: Ints, origin: Texts) -> Crossings:
    own = net.ship_crossings
    return Crossings(origin, own.leaves[ship], own.enters[ship], own.material[ship])


def makers(net: Network) -> list[str]:
    """Return the countries in which anything of a case is made, sorted: of its offers, and of its own processes."""
    offers = net.case.only("offers", "site", "made_in")
    bought = offers["made_in"].where(offers["made_in"] != "", offers["site"].map(net.countries))
    return sorted({*bought, *net.case.only("processes", "site")["site"].map(net.countries)})


def any_untold(net: Network) -> bool:
    """Say whether nobody tells of anything that is there, or on its way, who made it."""
    stocks, orders = net.case.only("stocks", "offer", "opening"), net.case.only("open_orders", "offer")
    return bool((orders["offer"] == "").any() or ((stocks["offer"] == "") & (stocks["opening"].fillna(0.0) > 0)).any())


def _owed_by(net: Network, countries: list[str], ship: Ints) -> Reals:
    """Return the rates by cif and fob of some ships on every day of the horizon, (country of making, ship, rate)."""
    origin = np.repeat(np.array(countries, object), len(ship))
    duty = duty_rates(net.case, _crossings(net, np.tile(ship, len(countries)), origin), net.tree, own=True)
    inside = (duty.edges[:-1] < net.tree.horizon) & (duty.edges[1:] > 0)
    both = np.concatenate([duty.cif[:, inside], duty.fob[:, inside]], axis=1)
    rates: Reals = np.round(both, DIGITS)[duty.kind].reshape(len(countries), len(ship), -1)
    return rates


def view_of_makers(net: Network, title: str, alike: list[list[str]], of: tuple[Ints, Ints]) -> View:
    """Return a view that tells apart countries of making, ``of`` some points that it looks at, and kept inputs."""
    at, kept = of
    sources, names = sources_of(net), [together(members) for members in alike]
    group = {country: at for at, members in enumerate(alike) for country in members}
    told = (sources["offer"] != "") | (sources["kind"] == "buy") | sources["made"]
    parts = np.zeros((len(sources), len(names) + 2))
    place = sources["country"].map(group).fillna(len(names)).to_numpy(np.int64)
    parts[np.arange(len(sources)), np.where(told, place, len(names) + 1)] = 1.0
    counted = np.zeros(len(net.points), bool)
    counted[at] = True
    return View(title, [], names, parts, -np.inf, "", np.ones(len(net.points)), counted, np.zeros_like(counted), kept)


def together(countries: list[str]) -> str:
    """Return countries in a few words: AUS/CAN, or AUS/CAN/+4."""
    few = countries if len(countries) <= MOST_NAMED else [*countries[: MOST_NAMED - 1], f"+{len(countries) - 2}"]
    return "/".join(few)
