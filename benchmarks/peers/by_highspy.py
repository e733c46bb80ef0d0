"""Bare highspy: index arithmetic in NumPy, one sparse matrix, handed over as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import highspy
import numpy as np
import pandas as pd
from scipy import sparse

from benchmarks.peers import OPTIONS
from benchmarks.peers.tables import Tables, read
from benchmarks.same import Linear, read_back

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

__all__ = ["build", "hand_over", "program", "read", "solve"]


class Arrays(NamedTuple):
    """A linear program over columns that are at least 0."""

    cost: Reals
    column_upper: Reals
    row_lower: Reals
    row_upper: Reals
    matrix: sparse.csr_array


class Program:
    """A linear program under construction: numbers of columns as grids, coefficients in long form."""

    def __init__(self) -> None:
        self.cost: list[Reals] = []
        self.column_upper: list[Reals] = []
        self.row_bounds: list[tuple[Reals, Reals]] = []
        self.terms: list[tuple[Ints, Ints, Reals]] = []
        self.columns = self.rows = 0

    def add_columns(self, cost: Reals, upper: Reals | float = np.inf) -> Ints:
        """Add columns >= 0, one for each cost, and return their numbers."""
        self.cost.append(cost.ravel())
        self.column_upper.append(np.broadcast_to(upper, cost.shape).ravel())
        self.columns += cost.size
        return np.arange(self.columns - cost.size, self.columns).reshape(cost.shape)

    def add_rows(self, lower: Reals | float, upper: Reals | float) -> Ints:
        """Add rows and return their numbers."""
        low, high = np.broadcast_arrays(lower, upper)
        self.row_bounds.append((low.ravel(), high.ravel()))
        self.rows += low.size
        return np.arange(self.rows - low.size, self.rows).reshape(low.shape)

    def add(self, row: Ints, column: Ints, value: Reals | float) -> None:
        """Add coefficients."""
        self.terms.append((row.ravel(), column.ravel(), np.broadcast_to(value, row.shape).ravel()))

    def arrays(self) -> Arrays:
        """Return the program as arrays."""
        row, column, value = (np.concatenate(part) for part in zip(*self.terms, strict=True))
        matrix = sparse.csr_array((value, (row, column)), shape=(self.rows, self.columns))
        lower, upper = (np.concatenate(side) for side in zip(*self.row_bounds, strict=True))
        return Arrays(np.concatenate(self.cost), np.concatenate(self.column_upper), lower, upper, matrix)


def build(tables: Tables) -> Arrays:
    """Return the program: columns numbered, rows written."""
    program, t = Program(), len(tables.periods)
    discount, years = tables.periods["discount"].to_numpy(), tables.periods["years"].to_numpy()
    balance = program.add_rows(*_given(tables))
    buy, ship = _buy(program, tables, balance), _ship(program, tables, balance)
    processes = tables["processes"]
    make = program.add_columns(processes["cost"].to_numpy()[:, None] * discount)
    program.add(program.add_rows(-np.inf, processes["capacity"].to_numpy()[:, None] * years), make, 1.0)
    _convert(program, tables, balance, make)
    _hold(program, tables, balance)
    demand = tables.demand
    price = demand["shortage_cost"].to_numpy() * discount[demand["period"]]
    short = program.add_columns(price, demand["quantity"].to_numpy())
    program.add(balance[demand["point"], demand["period"]], short, 1.0)
    _hold_lanes(program, tables, (buy, ship), np.zeros((len(tables.lanes), t), bool))
    _limit(program, tables, buy)
    return program.arrays()


def _given(tables: Tables) -> tuple[Reals, Reals]:
    """Return the right-hand side of the balances: demand, less the opening stock."""
    due = np.zeros((len(tables.points), len(tables.periods)))
    np.add.at(due, (tables.demand["point"].to_numpy(), tables.demand["period"].to_numpy()), tables.demand["quantity"])
    due[:, 0] -= tables.stocks["opening"]
    return due, due


def _buy(program: Program, tables: Tables, balance: Ints) -> Ints:
    """Columns of what is bought; what arrives; the capacity of offers."""
    routes, periods = tables.routes, tables.periods
    price, freight, rate = (routes[name].to_numpy(float)[:, None] for name in ("price", "freight", "rate"))
    landed = freight + rate * (price + freight)
    present = tables.paid_on_arrival(tables.arrivals, len(routes))
    buy = program.add_columns(price * periods["discount"].to_numpy() + landed * present)
    parts = tables.arrivals
    program.add(
        balance[routes["point"].to_numpy()[parts.activity], parts.end], buy[parts.activity, parts.start], parts.share
    )
    used, offer = np.unique(routes["offer"], return_inverse=True)
    capacity = tables["offers"]["capacity"].to_numpy()[used][:, None] * periods["years"].to_numpy()
    program.add(program.add_rows(-np.inf, capacity)[offer], buy, 1.0)
    return buy


def _ship(program: Program, tables: Tables, balance: Ints) -> Ints:
    """Columns of what is shipped: out of one point, into another."""
    ships = tables.ships
    freight, rate, value = (ships[name].to_numpy(float)[:, None] for name in ("freight", "rate", "value"))
    parts = tables.spread(ships["arrives"])
    ship = program.add_columns((freight + rate * (value + freight)) * tables.paid_on_arrival(parts, len(ships)))
    program.add(balance[ships["from_point"]], ship, -1.0)
    point = ships["point"].to_numpy()[parts.activity]
    program.add(balance[point, parts.end], ship[parts.activity, parts.start], parts.share)
    return ship


def _convert(program: Program, tables: Tables, balance: Ints, make: Ints) -> None:
    """Let processes take their inputs and give their outputs."""
    recipes = tables.recipes.assign(point=tables.point(tables.recipes["site"], tables.recipes["material"]))
    taken, made = recipes[recipes["quantity"] < 0], recipes[recipes["quantity"] > 0]
    program.add(balance[taken["point"]], make[taken["number"]], taken["quantity"].to_numpy()[:, None])
    parts = tables.spread(tables["processes"]["days"].iloc[made["number"]])
    column = make[made["number"].to_numpy()[parts.activity], parts.start]
    quantity = made["quantity"].to_numpy()[parts.activity] * parts.share
    program.add(balance[made["point"].to_numpy()[parts.activity], parts.end], column, quantity)


def _hold(program: Program, tables: Tables, balance: Ints) -> None:
    """Columns of stock where any can be of use; safety, closing and maximum stock."""
    stocks, periods, useful = tables.stocks, tables.periods, tables.useful
    kept = useful > 0
    rate = stocks["holding_cost"].to_numpy()[:, None] * (periods["years"] * periods["discount"]).to_numpy()
    hold = np.full(useful.shape, -1)
    hold[kept] = program.add_columns(rate[kept], useful[kept])
    program.add(balance[kept], hold[kept], -1.0)
    program.add(balance[:, 1:][kept[:, :-1]], hold[:, :-1][kept[:, :-1]], 1.0)
    safety, closing, maximum, first = (
        stocks[name].to_numpy()[:, None] for name in ("safety", "closing", "maximum", "first_arrival")
    )
    reached = (periods["start"].to_numpy() >= first) & (safety > 0) & kept
    last = (np.arange(len(periods)) == len(periods) - 1) & (closing > 0) & kept
    roomy = ~np.isnan(maximum) & kept
    for where, level in ((reached, safety), (last, closing)):
        program.add(program.add_rows(np.broadcast_to(level, where.shape)[where], np.inf), hold[where], 1.0)
    program.add(program.add_rows(-np.inf, np.broadcast_to(maximum, roomy.shape)[roomy]), hold[roomy], 1.0)


def _hold_lanes(program: Program, tables: Tables, moved: tuple[Ints, Ints], used: NDArray[np.bool_]) -> None:
    """Hold what departs on each lane that has a capacity under it, in every period in which anything can depart."""
    capacity = tables.lanes["capacity"].to_numpy()
    departing = []
    for goods, column in zip((tables.routes, tables.ships), moved, strict=True):
        narrow = np.flatnonzero(~np.isnan(capacity[goods["lane"]]))
        parts = tables.spread(goods["departs"].iloc[narrow])
        activity = narrow[parts.activity]
        lane = goods["lane"].to_numpy()[activity]
        used[lane, parts.end] = True
        departing.append((lane, parts.end, column[activity, parts.start], parts.share))
    row = np.full(used.shape, -1)
    row[used] = program.add_rows(-np.inf, (capacity[:, None] * tables.periods["years"].to_numpy())[used])
    for lane, end, column, share in departing:
        program.add(row[lane, end], column, share)


def _limit(program: Program, tables: Tables, buy: Ints) -> None:
    """Hold each country's tonnes of a year under its share of what arrives from all."""
    counted, limits = tables.counted, len(tables["limits"])
    total = program.add_columns(np.zeros((limits, tables.windows)))
    definition = program.add_rows(np.zeros(total.shape), 0.0)
    limit, window = counted["limit"].to_numpy(), counted["window"].to_numpy()
    column, tonnes = buy[counted["route"], counted["start"]], counted["tonnes"].to_numpy()
    program.add(definition, total, -1.0)
    program.add(definition[limit, window], column, tonnes)
    country, names = pd.factorize(counted["country"])
    cell = limit * tables.windows + window
    keys, member = np.unique(cell * len(names) + country, return_inverse=True)
    rows = program.add_rows(np.full(len(keys), -np.inf), 0.0)
    program.add(rows[member], column, tonnes)
    share = tables["limits"]["value"].to_numpy()[keys // len(names) // tables.windows]
    program.add(rows, total.ravel()[keys // len(names)], -share)


def hand_over(model: Arrays) -> highspy.Highs:
    """Pass the arrays to HiGHS: columns, their costs, rows."""
    solver = highspy.Highs()
    for name, value in {**OPTIONS, "output_flag": False}.items():
        solver.setOptionValue(name, value)
    columns, matrix = len(model.cost), model.matrix
    solver.addVars(columns, np.zeros(columns), model.column_upper)
    solver.changeColsCost(columns, np.arange(columns, dtype=np.int32), model.cost)
    rows = (matrix.shape[0], model.row_lower, model.row_upper, matrix.nnz)
    solver.addRows(*rows, matrix.indptr, matrix.indices, matrix.data)
    return solver


def solve(handle: highspy.Highs) -> float:
    """Solve and fetch the values of the columns."""
    handle.run()
    values: Any = np.array(handle.getSolution().col_value)
    if handle.getModelStatus() != highspy.HighsModelStatus.kOptimal or not len(values):
        raise RuntimeError(handle.modelStatusToString(handle.getModelStatus()))
    return float(handle.getInfo().objective_function_value)


def program(handle: highspy.Highs) -> Linear:
    """Return the program as HiGHS has it."""
    return read_back(handle)
