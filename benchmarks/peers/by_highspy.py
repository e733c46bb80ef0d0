"""Bare highspy: index arithmetic in NumPy, one sparse matrix, handed over as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import highspy
import numpy as np
import pandas as pd
from scipy import sparse

from benchmarks.peers import OPTIONS
from benchmarks.peers.stated import KINDS, state
from benchmarks.peers.tables import Tables, read
from benchmarks.same import Linear, read_back

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
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

    def add(self, row: Ints, column: Ints, value: Any) -> None:
        """Add coefficients."""
        self.terms.append((row.ravel(), column.ravel(), np.broadcast_to(np.asarray(value), row.shape).ravel()))

    def arrays(self) -> Arrays:
        """Return the program as arrays."""
        row, column, value = (np.concatenate(part) for part in zip(*self.terms, strict=True))
        matrix = sparse.csr_array((value, (row, column)), shape=(self.rows, self.columns))
        lower, upper = (np.concatenate(side) for side in zip(*self.row_bounds, strict=True))
        return Arrays(np.concatenate(self.cost), np.concatenate(self.column_upper), lower, upper, matrix)


def build(tables: Tables) -> Arrays:
    """Return the program: columns numbered, rows written."""
    program, stated = Program(), state(tables)
    discount = tables.periods["discount"].to_numpy()
    balance = program.add_rows(*_given(tables))
    buy, ship = _buy(program, tables, balance), _ship(program, tables, balance)
    make = _make(program, tables, balance)
    hold = _hold(program, tables, balance, stated.room)
    demand = tables.demand
    price = demand["shortage_cost"].to_numpy() * discount[demand["period"]]
    short = program.add_columns(price, demand["quantity"].to_numpy())
    program.add(balance[demand["point"], demand["period"]], short, 1.0)
    _hold_lanes(program, tables, (buy, ship))
    _limit(program, tables, buy)
    for rows in stated.rows:
        number = program.add_rows(rows.low, rows.high)
        for kind, columns in zip(KINDS, (buy, ship, make, hold), strict=True):
            row, cell, value = rows.of(kind)
            program.add(number[row], columns[cell], value)
    return program.arrays()


def _given(tables: Tables) -> tuple[Reals, Reals]:
    """Return the right-hand side of the balances: demand, less the opening stock."""
    due = tables.due.copy()
    due[:, 0] -= tables.stocks["opening"]
    return due, due


def _numbered(program: Program, there: Flags, cost: Reals) -> Ints:
    """Add the columns that are there, and return their numbers as a grid, -1 where there is none."""
    numbers = np.full(there.shape, -1)
    numbers[there] = program.add_columns(cost[there])
    return numbers


def _buy(program: Program, tables: Tables, balance: Ints) -> Ints:
    """Columns of what is bought; what arrives; the capacity of offers."""
    routes, periods = tables.routes, tables.periods
    price, freight, rate = (routes[name].to_numpy(float)[:, None] for name in ("price", "freight", "rate"))
    landed = freight + rate * (price + freight)
    present = tables.paid_on_arrival(tables.arrivals, len(routes))
    buy = _numbered(program, tables.ordered, price * periods["discount"].to_numpy() + landed * present)
    parts = tables.arrivals
    program.add(
        balance[routes["point"].to_numpy()[parts.activity], parts.end], buy[parts.activity, parts.start], parts.share
    )
    route, start = np.nonzero(tables.ordered)
    used, row = np.unique(routes["offer"].to_numpy()[route] * len(periods) + start, return_inverse=True)
    offer, period = np.divmod(used, len(periods))
    capacity = tables["offers"]["capacity"].to_numpy()[offer] * periods["years"].to_numpy()[period]
    program.add(program.add_rows(-np.inf, capacity)[row], buy[route, start], 1.0)
    return buy


def _ship(program: Program, tables: Tables, balance: Ints) -> Ints:
    """Columns of what is shipped: out of one point, into another."""
    ships, parts = tables.ships, tables.landings
    freight, rate, value = (ships[name].to_numpy(float)[:, None] for name in ("freight", "rate", "value"))
    cost = (freight + rate * (value + freight)) * tables.paid_on_arrival(parts, len(ships))
    ship = _numbered(program, tables.sent, cost)
    activity, start = np.nonzero(tables.sent)
    program.add(balance[ships["from_point"].to_numpy()[activity], start], ship[activity, start], -1.0)
    point = ships["point"].to_numpy()[parts.activity]
    program.add(balance[point, parts.end], ship[parts.activity, parts.start], parts.share)
    return ship


def _make(program: Program, tables: Tables, balance: Ints) -> Ints:
    """Columns of what is made: inputs taken, outputs given; the capacity of processes."""
    run, taken, made = tables.run, tables.taken, tables.made
    cost = tables["processes"]["cost"].to_numpy()[:, None] * tables.periods["discount"].to_numpy()
    make = _numbered(program, run, cost)
    program.add(program.add_rows(-np.inf, tables.run_capacity[run]), make[run], 1.0)
    program.add(balance[taken["point"], taken["start"]], make[taken["number"], taken["start"]], taken["tonnes"])
    program.add(balance[made["point"], made["end"]], make[made["number"], made["start"]], made["tonnes"])
    return make


def _hold(program: Program, tables: Tables, balance: Ints, room: Reals) -> Ints:
    """Columns of stock where any can be of use; closing and maximum stock."""
    stocks, periods, kept = tables.stocks, tables.periods, room > 0
    rate = stocks["holding_cost"].to_numpy()[:, None] * (periods["years"] * periods["discount"]).to_numpy()
    hold = np.full(room.shape, -1)
    hold[kept] = program.add_columns(rate[kept], room[kept])
    program.add(balance[kept], hold[kept], -1.0)
    program.add(balance[:, 1:][kept[:, :-1]], hold[:, :-1][kept[:, :-1]], 1.0)
    closing, maximum = (stocks[name].to_numpy()[:, None] for name in ("closing", "maximum"))
    last = (np.arange(len(periods)) == len(periods) - 1) & (closing > 0) & kept
    roomy = ~np.isnan(maximum) & kept
    program.add(program.add_rows(np.broadcast_to(closing, last.shape)[last], np.inf), hold[last], 1.0)
    program.add(program.add_rows(-np.inf, np.broadcast_to(maximum, roomy.shape)[roomy]), hold[roomy], 1.0)
    return hold


def _hold_lanes(program: Program, tables: Tables, moved: tuple[Ints, Ints]) -> None:
    """Hold what departs on each lane that has a capacity under it, in every period in which anything can depart."""
    used = np.zeros((len(tables.lanes), len(tables.periods)), bool)
    for gone in tables.departures:
        used[gone["lane"], gone["end"]] = True
    capacity = tables.lanes["capacity"].to_numpy()[:, None] * tables.periods["years"].to_numpy()
    row = np.full(used.shape, -1)
    row[used] = program.add_rows(-np.inf, capacity[used])
    for gone, column in zip(tables.departures, moved, strict=True):
        program.add(row[gone["lane"], gone["end"]], column[gone["activity"], gone["start"]], gone["share"])


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
