"""linopy: array variables, sums by groups in its sparse form, one direct hand-over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import linopy
import numpy as np
import pandas as pd
import xarray as xr

from benchmarks.peers import OPTIONS
from benchmarks.peers.stated import KINDS, state
from benchmarks.peers.tables import read
from benchmarks.same import Linear, read_back

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.peers.stated import Stated
    from benchmarks.peers.tables import Tables

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

__all__ = ["build", "hand_over", "program", "read", "solve"]

Handle = tuple[linopy.Model, linopy.solvers.Highs]
linopy.options["semantics"] = "v1"  # the sparse form asks for it


class Terms(NamedTuple):
    """Values of a variable's cells, and the row that each is added to."""

    variable: linopy.Variable
    cell: tuple[Any, ...]
    value: Reals | float
    row: Ints


def build(tables: Tables) -> linopy.Model:
    """Return the linopy model."""
    m = linopy.Model(sparse=True)
    grid = (len(tables.points), len(tables.periods))
    periods = pd.RangeIndex(len(tables.periods), name="period")
    for name, there in (("buy", tables.ordered), ("ship", tables.sent), ("make", tables.run)):
        axes = [pd.RangeIndex(len(there), name=name), periods]
        m.add_variables(lower=0, coords=axes, name=name, mask=xr.DataArray(there, axes))
    stated, due = state(tables), tables.due
    room = xr.DataArray(stated.room, dims=["point", "period"])
    m.add_variables(0, room, [pd.RangeIndex(grid[0], name="point"), periods], "hold", mask=room > 0)
    asked = xr.DataArray(due, dims=["point", "period"])
    m.add_variables(0, asked, [pd.RangeIndex(grid[0], name="point"), periods], "short", mask=asked > 0)
    opening = np.zeros(grid)
    opening[:, 0] = tables.stocks["opening"]
    moved = _moved(m, tables, stated.room > 0, np.arange(due.size).reshape(grid))
    _rows(m, "balance", moved, "=", (due - opening).ravel())
    _hold_under_capacity(m, tables)
    _keep(m, tables)
    _state(m, stated)
    _limit(m, tables)
    m.add_objective(_cost(m, tables))
    return m


def _rows(m: linopy.Model, name: str, parts: list[Terms], sign: str, right: Reals | float) -> None:
    """Add the terms up by row, and hold the rows, in the order of their numbers, to the right-hand side."""
    terms = []
    for variable, cell, value, _ in parts:
        picked = {dim: xr.DataArray(at, dims="part") for dim, at in zip(variable.dims, cell, strict=True)}
        chosen = variable.to_linexpr().isel(picked).drop_vars(list(variable.dims))
        terms.append(chosen * xr.DataArray(np.broadcast_to(value, len(cell[0])), dims="part"))
    row = np.concatenate([part.row for part in parts])
    along = pd.RangeIndex(len(row), name="part")
    joined = linopy.merge(terms, dim="part").assign_coords(part=along)
    summed = joined.groupby(pd.Series(row, along, name=name)).sum()
    bound = xr.DataArray(np.broadcast_to(right, summed.sizes[name]), [summed.indexes[name]])
    m.add_constraints(summed, sign, bound, name=name)


def _moved(m: linopy.Model, tables: Tables, there: Flags, row: Ints) -> list[Terms]:
    """Return everything that comes to a stock point or leaves it."""
    routes, ships = tables.routes, tables.ships
    buy, ship, make, hold, short = (m.variables[name] for name in ("buy", "ship", "make", "hold", "short"))
    came, landed, taken, made = tables.arrivals, tables.landings, tables.taken, tables.made
    sent = np.nonzero(tables.sent)
    point, place = routes["point"].to_numpy()[came.activity], ships["point"].to_numpy()[landed.activity]
    kept, later = np.nonzero(there), np.nonzero(there[:, :-1])
    due = np.nonzero(short.labels.to_numpy() >= 0)
    given = (made["number"].to_numpy(), made["start"].to_numpy())
    used = (taken["number"].to_numpy(), taken["start"].to_numpy())
    return [
        Terms(buy, (came.activity, came.start), came.share, row[point, came.end]),
        Terms(ship, sent, -1.0, row[ships["from_point"].to_numpy()[sent[0]], sent[1]]),
        Terms(ship, (landed.activity, landed.start), landed.share, row[place, landed.end]),
        Terms(make, used, taken["tonnes"].to_numpy(), row[taken["point"], taken["start"]]),
        Terms(make, given, made["tonnes"].to_numpy(), row[made["point"], made["end"]]),
        Terms(hold, kept, -1.0, row[kept]),
        Terms(hold, later, 1.0, row[later[0], later[1] + 1]),
        Terms(short, due, 1.0, row[due]),
    ]


def _hold_under_capacity(m: linopy.Model, tables: Tables) -> None:
    """Hold offers, processes and lanes under their capacity."""
    buy, ship, make = (m.variables[name] for name in ("buy", "ship", "make"))
    years, count = tables.periods["years"].to_numpy(), len(tables.periods)
    route, start = np.nonzero(tables.ordered)
    cell, row = np.unique(tables.routes["offer"].to_numpy()[route] * count + start, return_inverse=True)
    able = tables["offers"]["capacity"].to_numpy()[cell // count] * years[cell % count]
    _rows(m, "offer", [Terms(buy, (route, start), 1.0, row)], "<=", able)
    most = xr.DataArray(tables.run_capacity, [make.indexes[dim] for dim in make.dims])
    m.add_constraints(make <= most, name="process", mask=make.labels >= 0)
    parts = []
    for variable, gone in zip((buy, ship), tables.departures, strict=True):
        lane, end, activity, day = (gone[name].to_numpy() for name in ("lane", "end", "activity", "start"))
        parts.append(Terms(variable, (activity, day), gone["share"].to_numpy(), lane * count + end))
    lane, period = np.divmod(np.unique(np.concatenate([part.row for part in parts])), count)
    _rows(m, "lane", parts, "<=", tables.lanes["capacity"].to_numpy()[lane] * years[period])


def _state(m: linopy.Model, stated: Stated) -> None:
    """Hold the rows that come as arrays: safety stock, what is of use, what lands late in a period."""
    for name, rows in (("safety", stated.safety), ("use", stated.use), ("early", stated.early)):
        parts = []
        for kind in KINDS:
            row, cell, value = rows.of(kind)
            parts += [Terms(m.variables[kind], cell, value, row)] if len(row) else []
        if parts:
            above = np.isfinite(rows.low).all()
            _rows(m, name, parts, ">=" if above else "<=", rows.low if above else rows.high)


def _keep(m: linopy.Model, tables: Tables) -> None:
    """Hold stock between what has to be kept at the end and what there is room for."""
    hold, stocks, periods = m.variables["hold"], tables.stocks, tables.periods
    point = [hold.indexes["point"]]
    closing, maximum = (xr.DataArray(stocks[name].to_numpy(), point) for name in ("closing", "maximum"))
    start = xr.DataArray(periods["start"].to_numpy(), [hold.indexes["period"]])
    there, last = hold.labels >= 0, start == start[-1]
    m.add_constraints(hold >= closing, name="closing", mask=there & (closing > 0) & last)
    m.add_constraints(hold <= maximum.fillna(0.0), name="maximum", mask=there & maximum.notnull())


def _limit(m: linopy.Model, tables: Tables) -> None:
    """Hold each country's tonnes of a year under its share of what arrives from all."""
    counted, limits, windows = tables.counted, tables["limits"], tables.windows
    total = m.add_variables(0, coords=[pd.RangeIndex(len(limits) * windows, name="total")], name="total")
    window = counted["limit"].to_numpy() * windows + counted["window"].to_numpy()
    bought = (counted["route"].to_numpy(), counted["start"].to_numpy())
    every = np.arange(len(limits) * windows)
    parts = Terms(m.variables["buy"], bought, counted["tonnes"].to_numpy(), window)
    _rows(m, "definition", [parts, Terms(total, (every,), -1.0, every)], "=", 0.0)
    country, names = pd.factorize(counted["country"])
    keys, member = np.unique(window * len(names) + country, return_inverse=True)
    share = limits["value"].to_numpy()[keys // len(names) // windows]
    allowed = Terms(total, (keys // len(names),), -share, np.arange(len(keys)))
    _rows(m, "share", [parts._replace(row=member), allowed], "<=", 0.0)


def _cost(m: linopy.Model, tables: Tables) -> linopy.LinearExpression:
    """Return the cost at present value."""
    routes, ships, stocks, demand = tables.routes, tables.ships, tables.stocks, tables.demand
    years, discount = (tables.periods[name].to_numpy() for name in ("years", "discount"))
    price, freight, rate = (routes[name].to_numpy(float)[:, None] for name in ("price", "freight", "rate"))
    landed = (freight + rate * (price + freight)) * tables.paid_on_arrival(tables.arrivals, len(routes))
    carried, duty, value = (ships[name].to_numpy(float)[:, None] for name in ("freight", "rate", "value"))
    moved = tables.paid_on_arrival(tables.landings, len(ships))
    missing = np.zeros((len(stocks), len(years)))
    missing[demand["point"], demand["period"]] = demand["shortage_cost"].to_numpy() * discount[demand["period"]]
    costs = {
        "buy": price * discount + landed,
        "ship": (carried + duty * (value + carried)) * moved,
        "make": tables["processes"]["cost"].to_numpy()[:, None] * discount,
        "hold": stocks["holding_cost"].to_numpy()[:, None] * years * discount,
        "short": missing,
    }
    charges = []
    for name, cost in costs.items():
        variable = m.variables[name]
        charges.append((variable * xr.DataArray(cost, variable.coords)).sum())
    return linopy.merge(charges)


def hand_over(model: linopy.Model) -> Handle:
    """Build the solver's model from the arrays, without names."""
    options = {**OPTIONS, "output_flag": False}
    return model, linopy.solvers.Highs.from_model(model, io_api="direct", options=options)


def solve(handle: Handle) -> float:
    """Solve and write the values back to the model."""
    model, solver = handle
    status, condition = model.assign_result(solver.solve(), solver)
    if condition != "optimal":
        raise RuntimeError(f"{status}: {condition}")
    return float(model.objective.value)


def program(handle: Handle) -> Linear:
    """Return the program as HiGHS has it."""
    return read_back(handle[1].solver_model)
