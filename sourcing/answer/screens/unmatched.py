"""Rows without a match: lanes, tariffs, licences, limits, ramps and stocks that say nothing of any goods of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from sourcing.measures import measures_that, what_counts
from sourcing.network.borders import group_members, matches, never_in_force
from sourcing.network.closures import idle as idle_closures
from sourcing.network.counts import counts_of
from sourcing.network.customs import makers
from sourcing.network.derived import derives
from sourcing.network.limits import counts_use, scopes
from sourcing.network.used import used_scopes
from sourcing.tables import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from sourcing.network import Network

    Flags = NDArray[np.bool_]
    Said = tuple[str, str]
    """What a row says of nothing (fact), and what to do about it (repair)."""

NAMED = 3
"""Rows of a table that are named one by one; of more a finding says how many."""
"""Measures of limits that count what is brought; the others have screens of their own."""


def unmatched(net: Network) -> Iterator[Finding]:
    """Yield a note for each table with rows that match nothing in the case over its horizon: first the rows, then why.

    Such a row may be meant for another case. It may also be a slip, and then a duty, a licence or a limit is missing.
    """
    for table, (idle, words) in {
        "lanes": (_idle_lanes(net), _lane),
        "tariffs": (_idle_tariffs(net), _tariff),
        "licences": (_idle_licences(net), _licence),
        "closures": (_idle_closures(net), _closure),
        "limits": (idle_limits(net), _limit),
        "offers": (_ended_offers(net), _offer),
        "contracts": (_idle_contracts(net), _contract),
        "ramps": (_late_ramps(net), _ramp),
        "stocks": (_idle_stocks(net), _stock),
    }.items():
        frame = net.case[table]
        if idle.any():
            yield _finding(net, table, frame[idle], words)


def _finding(net: Network, table: str, rows: pd.DataFrame, words: Callable[[Network, pd.Series[str]], Said]) -> Finding:
    rows = rows.sort_values("row")
    lines = [int(row) for row in rows["row"]]
    fact, repair = words(net, rows.iloc[0])
    others = [net.case.place(table, line).removeprefix(f"{table}.csv ") for line in lines[1 : NAMED + 1]]
    others += [f"{len(lines) - NAMED - 1} more"] if len(lines) > NAMED + 1 else []
    joined = ", ".join(others)
    if others:
        fact += f" (the same of {joined})"
    use = table == "limits" and counts_use(rows).any()  # it may be meant for what a site takes in, and holds nobody
    level: Literal["note", "warning"] = "warning" if use else "note"
    return Finding(level, net.case.place(table, lines[0]), fact, repair, "SCREEN-380")


@derives
def _idle_lanes(net: Network) -> Flags:
    lanes = np.ones(len(net.case["lanes"]), bool)
    lanes[net.routes["lane"].to_numpy()[net.routes["lane"].to_numpy() >= 0]] = False
    lanes[net.ships["lane"].to_numpy()] = False
    return lanes


def _lane(net: Network, row: pd.Series[str]) -> Said:
    what = net.case.label("materials", str(row["material"])) if row["material"] else "nothing"
    verb = "nothing that is" if not row["material"] else f"no {what} that is"
    fact = (
        f"the lane from {row['origin']} to {row['destination']} matches {verb} sold, made, held or brought at "
        f"{row['origin']} and of use at {row['destination']}"
    )
    return fact, "correct the sites or the material, or remove the row"


@derives
def _crossing(net: Network) -> pd.DataFrame:
    """Return the borders that goods could cross: origin, leaves, enters, material, and the material's tariff code."""
    codes = net.case["materials"].set_index("material")["tariff_code"]
    both = pd.concat([pd.DataFrame(vars(each)) for each in (net.route_crossings, net.ship_crossings)])
    both = both.drop_duplicates(ignore_index=True)
    return both.assign(code=both["material"].map(codes))


def _meets(net: Network, table: str, columns: dict[str, str], abroad: Flags) -> Flags:
    """Return which rows of a table fit some crossing; ``columns`` pairs those of the table with those of crossings."""
    rows, crossing, groups = net.case[table], _crossing(net), group_members(net.case)
    fits = {own: matches(crossing[theirs].to_numpy(object), rows[own], groups) for own, theirs in columns.items()}
    met = [
        bool(np.logical_and.reduce([abroad, *(fits[own][str(row[own])] for own in columns)]).any())
        for row in rows.to_dict("records")
    ]
    return np.array(met, bool) & ~never_in_force(rows, net.tree)


def _charges(rows: pd.Series[float]) -> Flags:
    """Return which rows change anything where they match: a rate or a wait of 0 only says what is so anyway."""
    flags: Flags = rows.to_numpy(float) > 0
    return flags


@derives
def _idle_tariffs(net: Network) -> Flags:
    crossing = _crossing(net)
    abroad = (crossing["origin"] != crossing["enters"]).to_numpy()
    charges = _charges(net.case["tariffs"]["rate"])
    return charges & ~_meets(net, "tariffs", {"importer": "enters", "origin": "origin", "tariff_code": "code"}, abroad)


def _tariff(net: Network, row: pd.Series[str]) -> Said:
    of = f" under {row['tariff_code']}" if row["tariff_code"] else ""
    fact = f"no goods{of} made in {row['origin'] or 'another country'} can enter {row['importer'] or 'any country'}"
    return f"{fact} in the horizon: this duty is never charged", "correct code, countries or dates, or remove the row"


@derives
def _idle_licences(net: Network) -> Flags:
    crossing = _crossing(net)
    abroad = (crossing["leaves"] != crossing["enters"]).to_numpy()
    rows, goods = net.case["licences"], {"material": "material", "destination": "enters"}
    met = _meets(net, "licences", {"country": "leaves", **goods}, abroad)
    following = (rows["follows"] == "origin").to_numpy() & rows["country"].isin(makers(net)).to_numpy()
    return _charges(rows["lag_days"]) & ~(met | (following & _meets(net, "licences", goods, abroad)))


def _licence(net: Network, row: pd.Series[str]) -> Said:
    what = net.case.label("materials", str(row["material"])) if row["material"] else "goods"
    fact = f"no {what} can leave {row['country']} for {row['destination'] or 'another country'} in the horizon"
    return f"{fact}: nothing waits for this licence", "correct material, countries or dates, or remove the row"


@derives
def _idle_closures(net: Network) -> Flags:
    return idle_closures(net)


def _closure(_: Network, row: pd.Series[str]) -> Said:
    where = row["site"] or row["country"] or row["supplier"]
    stopped = {"orders": "is sold", "loading": "leaves", "customs": "comes from another country", "receipt": "arrives"}
    stopped["work"] = "runs"
    fact = f"nothing that this closure is about {stopped[row['stops']]} at {where}: it changes nothing"
    return fact, "correct country, site, supplier, destination or mode, or remove the row"


@derives
def idle_limits(net: Network) -> Flags:
    """Return which limits count nothing, as far as the tables say what they count."""
    limits = net.case["limits"]
    idle = np.zeros(len(limits), bool)
    brought = measures_that(lambda measure: measure.is_of_arrivals and measure.kind != "number")
    for scope in [*scopes(net.case, net.origins, net.tree, brought), *used_scopes(net, brought)]:
        met = scope.share[scope.weight > 0].sum() if scope.members else 0.0
        idle[scope.row] = not (met > 0 and len(scope.window))
    idle |= counts_of(limits).to_numpy()
    idle[[scope.row for scope in net.number_scopes if (scope.weight > 0).any()]] = False
    return idle


def _limit(net: Network, row: pd.Series[str]) -> Said:
    of = f"of {row['member']} " if row["member"] else ""
    if what_counts(str(row["measure"]), str(row["counts"])) == "use":
        fact = f"{row['limit']} counts nothing: no goods {of}that it looks at can be used in its time"
        repair = "name the material if it is about what a process takes in, write"
        return fact, f'{repair} counts = "arrivals" to count what comes in, or correct its columns, or remove it'
    fact = f"{row['limit']} counts nothing: no goods {of}that it looks at can arrive in its time"
    return fact, "correct its member, site, material, element or dates, or remove it"


@derives
def _ended_offers(net: Network) -> Flags:
    ended: Flags = net.case.only("offers", "end")["end"].to_numpy("datetime64[D]") < net.tree.start[0]
    return ended


def _offer(net: Network, row: pd.Series[str]) -> Said:
    fact = f"the offer {row['offer']} ended on {row['end']:%Y-%m-%d}, before the horizon: nothing is ordered from it"
    return fact, "correct its end, or remove the row"


@derives
def _idle_contracts(net: Network) -> Flags:
    idle: Flags = never_in_force(net.case["contracts"], net.tree)
    return idle


def _contract(net: Network, row: pd.Series[str]) -> Said:
    fact = (
        f"the contract {row['contract']} has no day in the horizon: nothing is called off, asked for or paid under it"
    )
    return fact, f"correct its dates (the horizon is {net.tree.start[0]} to {net.tree.end.max()}), or remove the row"


@derives
def _late_ramps(net: Network) -> Flags:
    late: Flags = net.case["ramps"]["from"].to_numpy("datetime64[D]") >= net.tree.end.max()
    return late


def _ramp(net: Network, row: pd.Series[str]) -> Said:
    owner = next(str(row[name]) for name in ("offer", "process", "line") if row[name])
    fact = f"the step of {owner} on {row['from']:%Y-%m-%d} comes after the horizon and changes nothing"
    return fact, f"lengthen the horizon (it ends on {net.tree.end.max()}) if it matters"


@derives
def _idle_stocks(net: Network) -> Flags:
    stocks = net.case["stocks"]
    comes = np.zeros(len(net.points), bool)
    for points in (net.routes["point"], net.ships["point"], net.outputs["point"], net.order_point):
        comes[np.asarray(points)] = True
    comes |= net.demand.tonnes.any(axis=1)
    point = net.points.find(stocks["site"], stocks["material"])
    idle: Flags = ~comes[point] & ~(stocks["opening"].fillna(0.0).to_numpy(float) > 0)
    return idle


def _stock(net: Network, row: pd.Series[str]) -> Said:
    name = net.case.label("materials", str(row["material"]))
    return (
        f"nothing can bring {name} to {row['site']}, and none is there",
        "correct site or material, or remove the row",
    )
