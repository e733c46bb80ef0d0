"""How often the cell that made a question impossible is among the first repairs: ``python -m benchmarks.explained``.

Run with ``PYTHONPATH=tests``: the questions are those of tests/cases/infeasible.py. Every repair is written into the
tables and the question solved again. A row counts if it is named among the first three ways out; how often it leads
one, as its smallest change, is counted too.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from cases.infeasible import Spoiled, infeasible_questions, possible, written

from sourcing.answer.setting import network_of
from sourcing.engine.highs import SolverOptions
from sourcing.reasons.repairs import Trials, repairs


class Told(NamedTuple):
    """Which way out names the row (0: none), whether the row leads it, how many repairs there are, how many help."""

    place: int
    leads: bool
    repairs: int
    helped: int


def explained(spoiled: Spoiled) -> Told:
    """Explain a question, and ask it again with every repair."""
    question = spoiled.setting.question
    options = SolverOptions(interruptible=False)
    found = repairs(Trials(spoiled.setting.case, lambda case: network_of(question, case), ("cost",), options))
    own = found[(found["table"] == spoiled.table) & (found["row"] == spoiled.row)]
    helped = sum(
        possible(written(spoiled.setting, (row["table"], row["row"], row["column"]), row["becomes"]))
        for row in found.to_dict("records")
    )
    leads = bool(len(own)) and own.index[0] in found.drop_duplicates("repair").index
    return Told(int(own["repair"].min()) if len(own) else 0, leads, len(found), helped)


def main() -> None:
    """Explain questions, and print how often, line by line where not, and what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    places: Counter[int] = Counter()
    repaired, helped, led, seconds = 0, 0, 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        for spoiled in islice(infeasible_questions(Path(folder), asked.seed), asked.count):
            began = time.process_time()
            told = explained(spoiled)
            seconds += time.process_time() - began
            places[told.place] += 1
            repaired, helped, led = repaired + told.repairs, helped + told.helped, led + told.leads
            if not told.place:
                print(f"not among the first three: {spoiled}")  # noqa: T201
    among = sum(count for place, count in places.items() if place)
    print(f"{among} of {asked.count} explained by their cell: first {places[1]}, second {places[2]}, third {places[3]}")  # noqa: T201
    print(f"the cell's row leads its way out in {led} of them")  # noqa: T201
    print(f"{helped} of {repaired} repairs lead to a plan; {seconds / asked.count:.1f} CPU seconds a question")  # noqa: T201


if __name__ == "__main__":
    main()
