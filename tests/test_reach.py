"""Which points lead to each other: components of lanes and processes are those that SciPy finds."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from sourcing.network.reach import components


@pytest.mark.parametrize("seed", range(40))
def test_components_when_arcs_are_drawn_then_are_those_that_scipy_finds(seed: int) -> None:
    draw = np.random.default_rng(seed)
    count, arcs = int(draw.integers(1, 30)), int(draw.integers(0, 60))
    start, end = draw.integers(0, count, arcs), draw.integers(0, count, arcs)
    graph = sparse.csr_array((np.ones(arcs), (start, end)), shape=(count, count))
    theirs, ours = connected_components(graph, connection="strong")[1], components(count, start, end)
    assert ((ours[:, None] == ours[None, :]) == (theirs[:, None] == theirs[None, :])).all()


def test_components_when_a_chain_is_long_then_are_found_without_running_deep() -> None:
    around = np.arange(5_000)
    assert set(components(5_000, around, np.roll(around, -1)).tolist()) == {0}
    assert len(set(components(5_000, around[:-1], around[1:]).tolist())) == 5_000


def test_program_of_a_case_with_a_loop_when_built_then_loads_no_graph_package() -> None:
    code = (
        "import sys; from sourcing.engine.formulation import formulate; from sourcing.run import ask;"
        "formulate(ask('diversified').network); sys.exit('scipy.sparse.csgraph' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
