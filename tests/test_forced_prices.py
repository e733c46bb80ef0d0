"""Prices of rows that hold a column at nothing: the same with whole numbers as without, and right by arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import QUIET, Answer, answer
from scipy import sparse

from sourcing.engine.forcing_rows import forced, needless
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.engine.postsolve import Duals, handed_back
from sourcing.engine.program import Program
from sourcing.engine.rounds import settle
from sourcing.engine.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

INF = np.inf
AT_ONCE = [{**lane, "transit_days": 0} for lane in TINY["lanes"]]
ASKED_FOR = [{"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 100}]
NONE_OF_FAR = {"limit": "none", "by": "supplier", "member": "Far Co", "per": "year", "value": 0}
WHOLE: dict[str, Any] = {"min_lot": {"A": 1}}
"""A least lot of A, of which much more is bought in any case: the program has whole numbers, and the plan no others."""
FROZEN: dict[str, Any] = {
    "last_orders": [
        {
            "offer": "A",
            "destination": "PLANT",
            "mode": "sea",
            "tonnes": 10,
            "from": "2027-01-01",
            "until": "2027-04-01",
        }
    ],
    "change_terms": [{"offer": "", "frozen_until": "2027-04-01", "cost_more": 5, "cost_less": 3}],
}
DEARER = 300_100 - 200_200
"""What a tonne of A costs more than one of B, its freight included."""


def asked(folder: Path, *, periods: int = 1, length: str = "year", **changes: Any) -> Answer:
    """Ask for 100 t of oxide at once, at A for USD 300,100 or at B for USD 200,200."""
    tiny_case(folder, **{"demand": ASKED_FOR, "stocks": None, "lanes": AT_ONCE, "capacity": {"A": 500}, **changes})
    horizon = f'horizon = {{ start = "2027-01", periods = {periods}, length = "{length}" }}\n'
    return answer(write_question(folder, f"{horizon}[objective]\ndiscount_rate = 0\n"))


def prices(own: Answer) -> dict[tuple[str, str, int], float]:
    """Return the prices of the table of what binds, of a plan that the audit finds clean."""
    assert not own.verdict.findings
    return {
        (row["rule"], row["key"], row["node"]): row["price"] for row in own.plan.tables["binding"].to_dict("records")
    }


def test_metal_when_its_approval_costs_too_much_then_a_tonne_before_it_is_worth_what_it_would_save(
    tmp_path: Path,
) -> None:
    own = asked(tmp_path, qualifications=[{"offer": "B", "days": 0, "cost": 1e9}])
    assert own.formulation.whole.any()
    assert prices(own) == {("qualified", "offer|B|", 0): pytest.approx(DEARER)}
    (row,) = own.plan.tables["binding"].to_dict("records")
    assert row["worth"] == pytest.approx(DEARER)
    assert row["words"].endswith("than its qualification allows in 2027 would save USD 99,900")


@pytest.mark.parametrize(
    ("changes", "rule", "key"),
    [
        ({"qualifications": [{"offer": "B", "days": 400}]}, "qualified", "offer|B|"),
        ({"limits": [{**NONE_OF_FAR, "measure": "tonnes"}]}, "tonnes", "none|Far Co||2027"),
        ({"limits": [{**NONE_OF_FAR, "measure": "share"}]}, "share", "none|Far Co||2027"),
        ({"lanes": [AT_ONCE[0], {**AT_ONCE[1], "capacity": 0}]}, "lane", "FAR|PLANT||sea"),
    ],
    ids=["approval", "limit", "share", "capacity"],
)
def test_row_when_it_allows_nothing_then_has_its_price_with_whole_numbers_and_without(
    tmp_path: Path, changes: dict[str, Any], rule: str, key: str
) -> None:
    linear, whole = asked(tmp_path / "linear", **changes), asked(tmp_path / "whole", **WHOLE, **changes)
    assert not linear.formulation.whole.any()
    assert whole.formulation.whole.any()
    for own in (linear, whole):
        assert prices(own) == {(rule, key, 0): pytest.approx(DEARER)}
        assert own.plan.tables["binding"]["worth"].tolist() == [pytest.approx(DEARER)]


def test_order_when_it_is_frozen_at_nothing_then_has_its_price_with_whole_numbers_and_without(tmp_path: Path) -> None:
    terms: dict[str, Any] = {"periods": 2, "length": "quarter", **FROZEN}
    linear, whole = asked(tmp_path / "linear", **terms), asked(tmp_path / "whole", **WHOLE, **terms)
    found = prices(whole)
    assert found == {key: pytest.approx(price) for key, price in prices(linear).items()}
    # a tonne more of B leaves a tonne less short, which weighs 250,000; one less of A saves what it costs
    assert found["frozen", "B|PLANT|sea", 0] == pytest.approx(250_000)
    assert found["stands", "A|PLANT|sea", 0] == pytest.approx(300_100)


def test_column_when_a_limit_and_a_switch_hold_it_then_the_limit_has_the_price(tmp_path: Path) -> None:
    rows = [{**NONE_OF_FAR, "measure": "tonnes"}]
    own = asked(tmp_path, limits=rows, qualifications=[{"offer": "B", "days": 0, "cost": 1e9}])
    assert prices(own) == {("tonnes", "none|Far Co||2027", 0): pytest.approx(DEARER)}
    (row,) = own.plan.tables["binding"].to_dict("records")
    assert row["together"] == "qualified[offer|B||0]"
    assert row["words"].endswith(
        "than its qualification allows in 2027 are worth USD 99,900 together, one alone nothing"
    )


def test_limit_when_whole_numbers_are_held_then_has_its_price_in_a_session() -> None:
    # x and y <= 10, x + y >= 10, x <= 0 for want of room; used <= 1 is paid for and not needed
    rows = sparse.csr_array(np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 5.0]]))
    sides = np.array([10.0, -INF, -INF]), np.array([INF, 0.0, 20.0])
    program = Program(rows, (np.zeros(3), np.array([10.0, 10.0, 1.0])), sides, np.array([False, False, True]))
    session, costs = Session(program, QUIET), np.array([1.0, 3.0, 1.0])
    found = session.minimise(costs)
    assert found.objective == pytest.approx(30.0)
    assert found.row_dual == pytest.approx([3.0, -2.0, 0.0])
    assert found.column_dual == pytest.approx([0.0, 0.0, 1.0])
    session.restore()
    assert session.minimise(costs).row_dual == pytest.approx([3.0, -2.0, 0.0])


def test_column_when_it_is_held_by_what_another_row_holds_then_both_rows_have_a_price() -> None:
    # x + y <= 0 holds both; y - z >= 0, that is z <= y, then holds z, which is worth 5: z's row 5, and x + y pays for y
    matrix = sparse.csr_array(np.array([[1.0, 1.0, 0.0], [0.0, 1.0, -1.0]]))
    sides = np.array([-INF, 0.0]), np.array([0.0, INF])
    held = forced(matrix, sides, (np.zeros(3), np.full(3, 9.0)))
    assert held is not None
    assert [step.sign for step in held.steps] == [1, -1]
    duals = Duals(np.zeros(2), np.array([-2.0, 1.0, -5.0]))
    row, column = handed_back(held.steps, matrix, duals, np.zeros(3), np.zeros(2, int))
    assert row.tolist() == [-4.0, 5.0]
    assert column.tolist() == [2.0, 0.0, 0.0]


def test_column_when_several_rows_hold_it_then_the_first_in_order_has_the_price() -> None:
    matrix, sides = sparse.csr_array(np.array([[2.0, 1.0], [1.0, 0.0]])), (np.full(2, -INF), np.zeros(2))
    held = forced(matrix, sides, (np.zeros(2), np.ones(2)))
    assert held is not None
    duals = Duals(np.zeros(2), np.array([-6.0, -1.0]))
    own = handed_back(held.steps, matrix, duals, np.zeros(2), np.array([0, 1]))
    assert (own.row.tolist(), own.column.tolist()) == ([-3.0, 0.0], [0.0, 2.0])
    other = handed_back(held.steps, matrix, duals, np.zeros(2), np.array([1, 0]))
    assert (other.row.tolist(), other.column.tolist()) == ([-1.0, -6.0], [2.0, 0.0])


def test_column_when_an_earlier_objective_holds_it_then_no_row_pays_for_it() -> None:
    matrix, sides = sparse.csr_array(np.array([[1.0]])), (np.array([-INF]), np.zeros(1))
    held = forced(matrix, sides, (np.zeros(1), np.ones(1)))
    assert held is not None
    duals = Duals(np.zeros(1), np.array([-6.0]))
    assert handed_back(held.steps, matrix, duals, np.array([INF]), np.zeros(1, int)).row.tolist() == [0.0]


def test_row_that_makes_tight_when_others_hold_all_it_holds_then_is_needless() -> None:
    matrix = sparse.csr_array(np.array([[1.0, -9.0], [1.0, -5.0]]))
    sides, spare = (np.full(2, -INF), np.zeros(2)), np.array([False, True])
    closed, open_ = (np.zeros(2), np.array([9.0, 0.0])), (np.array([0.0, 1.0]), np.array([9.0, 1.0]))
    assert needless(matrix, sides, closed, spare).tolist() == [False, True]
    assert needless(matrix, sides, open_, spare).tolist() == [False, False]
    alone = np.array([True, True])
    assert needless(matrix, sides, closed, alone).tolist() == [False, False]


def drawn(seed: int) -> tuple[sparse.csr_array, tuple[Reals, Reals], tuple[Reals, Reals], Reals]:
    """Return a program with rows that leave no room: matrix, sides, bounds of columns, costs.

    Two rows leave none to columns that stand at one of their bounds, whatever they are; three more leave none to a
    column beside these; two have room.
    """
    rng = np.random.default_rng(seed)
    lower, upper, rows, sides = np.zeros(10), rng.integers(1, 5, 10).astype(float), [], []
    high = rng.random(10) < 0.5
    at = np.where(high, upper, lower)
    for number in range(7):
        row = rng.integers(1, 4, 10) * (rng.random(10) < 0.4) * np.where(high, -1.0, 1.0)
        row[5:] = 0.0
        if number > 1:
            row[:5] *= rng.choice([-1.0, 1.0], 5)
            new = int(rng.integers(5, 10))
            row[new] = -1.0 if high[new] else 1.0
        side, up = float(row @ at), rng.random() < 0.5
        row *= 1.0 if up else -1.0
        if number > 4:
            row = rng.integers(-3, 4, 10).astype(float)
            sides.append((float(row @ at) - 1.0, float(row @ at) + 2.0))
        else:
            sides.append((-INF, side) if up else (-side, INF))
        rows.append(row)
    least, most = np.array(sides).T
    return sparse.csr_array(np.array(rows)), (least, most), (lower, upper), rng.integers(-9, 10, 10).astype(float)


def test_duals_when_columns_were_held_then_prove_the_program_as_asked() -> None:
    priced = chained = 0
    for seed in range(60):
        matrix, sides, bounds, costs = drawn(seed)
        held = forced(matrix, sides, bounds)
        assert held is not None
        highs = Highs(SolverOptions(interruptible=False))
        highs.load(matrix, held.bounds, sides, np.zeros(len(costs), bool))
        found, _ = settle(highs, costs, held.bounds)
        duals = Duals(found.row_dual, found.column_dual)
        row, column = handed_back(held.steps, matrix, duals, np.full(10, 1e-9), np.arange(7))
        assert column == pytest.approx(costs - matrix.T @ row, abs=1e-9)
        at_row, at_column = np.where(row > 0, *sides), np.where(column > 0, *bounds)
        proven = row[row != 0] @ at_row[row != 0] + column @ at_column
        assert proven == pytest.approx(found.objective, abs=1e-7)
        priced += bool(np.abs(row - found.row_dual).max() > 1e-9)
        chained += len(held.steps) > 1
    assert priced > 40
    assert chained > 40
