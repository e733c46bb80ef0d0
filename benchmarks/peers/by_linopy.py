"""linopy: array variables, sums by groups in its sparse form, one direct hand-over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import linopy
import numpy as np
import pandas as pd
import xarray as xr

from benchmarks.peers import OPTIONS
from benchmarks.peers.tables import read
from benchmarks.same import Linear, read_back

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.peers.tables import Tables

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
    for name, rows in (("buy", tables.routes), ("ship", tables.ships), ("make", tables["processes"])):
        m.add_variables(lower=0, coords=[pd.RangeIndex(len(rows), name=name), periods], name=name)
    useful = xr.DataArray(tables.useful, dims=["point", "period"])
    m.add_variables(0, useful, [pd.RangeIndex(grid[0], name="point"), periods], "hold", mask=useful > 0)
    due = np.zeros(grid)
    np.add.at(due, (tables.demand["point"].to_numpy(), tables.demand["period"].to_numpy()), tables.demand["quantity"])
    asked = xr.DataArray(due, dims=["point", "period"])
    m.add_variables(0, asked, [pd.RangeIndex(grid[0], name="point"), periods], "short", mask=asked > 0)
    opening = np.zeros(grid)
    opening[:, 0] = tables.stocks["opening"]
    _rows(m, "balance", _moved(m, tables, np.arange(due.size).reshape(grid)), "=", (due - opening).ravel())
    _hold_under_capacity(m, tables)
    _keep(m, tables)
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


def _moved(m: linopy.Model, tables: Tables, row: Ints) -> list[Terms]:
    """Return everything that comes to a stock point or leaves it."""
    routes, ships = tables.routes, tables.ships
    buy, ship, make, hold, short = (m.variables[name] for name in ("buy", "ship", "make", "hold", "short"))
    came, sent = tables.arrivals, np.indices(ship.shape)
    point = routes["point"].to_numpy()[came.activity]
    landed = tables.spread(ships["arrives"])
    kept, later = np.nonzero(tables.useful > 0), np.nonzero(tables.useful[:, :-1] > 0)
    due = np.nonzero(short.labels.to_numpy() >= 0)
    recipes = tables.recipes.assign(point=tables.point(tables.recipes["site"], tables.recipes["material"]))
    taken, made = recipes[recipes["quantity"] < 0], recipes[recipes["quantity"] > 0]
    side, start = (axis.ravel() for axis in np.indices((len(taken), len(tables.periods))))
    parts = tables.spread(tables["processes"]["days"].iloc[made["number"]])
    output, intake = made.iloc[parts.activity], taken.iloc[side]
    return [
        Terms(buy, (came.activity, came.start), came.share, row[point, came.end]),
        Terms(ship, tuple(axis.ravel() for axis in sent), -1.0, row[ships["from_point"]].ravel()),
        Terms(
            ship,
            (landed.activity, landed.start),
            landed.share,
            row[ships["point"].to_numpy()[landed.activity], landed.end],
        ),
        Terms(make, (intake["number"], start), intake["quantity"], row[intake["point"], start]),
        Terms(make, (output["number"], parts.start), output["quantity"] * parts.share, row[output["point"], parts.end]),
        Terms(hold, kept, -1.0, row[kept]),
        Terms(hold, later, 1.0, row[later[0], later[1] + 1]),
        Terms(short, due, 1.0, row[due]),
    ]


def _hold_under_capacity(m: linopy.Model, tables: Tables) -> None:
    """Hold offers, processes and lanes under their capacity."""
    buy, ship, make = (m.variables[name] for name in ("buy", "ship", "make"))
    years = xr.DataArray(tables.periods["years"].to_numpy(), [buy.indexes["period"]])
    ordered = buy.groupby(pd.Series(tables.routes["offer"].to_numpy(), buy.indexes["buy"], name="offer")).sum()
    used = ordered.indexes["offer"]
    m.add_constraints(ordered <= xr.DataArray(tables["offers"]["capacity"].to_numpy()[used], [used]) * years)
    m.add_constraints(make <= xr.DataArray(tables["processes"]["capacity"], [make.indexes["make"]]) * years)
    capacity, parts = tables.lanes["capacity"].to_numpy(), []
    for variable, goods in ((buy, tables.routes), (ship, tables.ships)):
        narrow = np.flatnonzero(~np.isnan(capacity[goods["lane"]]))
        gone = tables.spread(goods["departs"].iloc[narrow])
        activity = narrow[gone.activity]
        cell = goods["lane"].to_numpy()[activity] * len(tables.periods) + gone.end
        parts.append(Terms(variable, (activity, gone.start), gone.share, cell))
    lane, period = np.divmod(np.unique(np.concatenate([part.row for part in parts])), len(tables.periods))
    _rows(m, "lane", parts, "<=", capacity[lane] * years.to_numpy()[period])


def _keep(m: linopy.Model, tables: Tables) -> None:
    """Hold stock between what has to be kept and what there is room for."""
    hold, stocks, periods = m.variables["hold"], tables.stocks, tables.periods
    point = [hold.indexes["point"]]
    safety, closing, maximum, first = (
        xr.DataArray(stocks[name].to_numpy(), point) for name in ("safety", "closing", "maximum", "first_arrival")
    )
    start = xr.DataArray(periods["start"].to_numpy(), [hold.indexes["period"]])
    there, last = hold.labels >= 0, start == start[-1]
    m.add_constraints(hold >= safety, name="safety", mask=there & (safety > 0) & (start >= first))
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
    moved = tables.paid_on_arrival(tables.spread(ships["arrives"]), len(ships))
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
