"""Ask the product and the second opinion the same random questions: `python -m oracle.run --count 500 --seed 1`."""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch

from oracle.agreement import LEFT_OUT, OPEN, Record, drawn, kinds, load, save, table
from oracle.cases import BESIDE, draw, write
from oracle.cases import RULES as CASES
from oracle.model import build
from oracle.rules import RULES
from oracle.solve import ROUNDING, UNFINISHED, Answer, solve
from oracle.tables import Case, read
from sourcing import RunOptions, optimize
from sourcing.errors import FaultyInput, InfeasiblePlan, SourcingError

GRAM = 1e-6
SECONDS = 300.0
"""How long the product may take; what is not proven by then is said to be not proven."""


@dataclass
class Product:
    """What the product says: status, both objectives, and the bound it proves on cost."""

    status: str
    shortage: float = 0.0
    cost: float = 0.0
    bound: float = 0.0
    words: str = ""


def product(question: Path) -> Product:
    """Ask the product; what would have to give where there is no plan is not looked for, since nobody compares it."""
    try:
        with patch("sourcing.answer.optimize.explain_none", lambda *_: None):
            plan = optimize(question, options=RunOptions(time_limit=SECONDS, threads=1))
    except InfeasiblePlan:
        return Product("infeasible")
    except FaultyInput as error:
        return Product("refused", words=str(error))
    except SourcingError as error:
        return Product("unbounded" if "without end" in str(error) else "not proven", words=f"{error!r}")
    except Exception as error:
        return Product("crashed", words=f"{error!r}")
    said = plan.manifest
    goal = said["objective"]
    cost = goal["cost"] + goal.get("weighed", 0.0)
    status = "optimal" if said["status"] == "optimal" else "not proven"
    return Product(
        status, goal.get("shortage", 0.0), cost, said["bound"], " ".join(said["notes"]) * (status != "optimal")
    )


def compare(theirs: Product, ours: dict[str, Answer], heaviest: float, worth: float) -> tuple[str, str]:
    """Return in what the answers differ (nothing: "") and a line that says so.

    ``heaviest`` is what a tonne short weighs at most; 0 where shortage is not minimised but priced or ruled out.
    ``worth`` is what all that is due costs at the price of the dearest tonne, which rounding is a part of. Of
    several second opinions, such as by an index of concentration that may give, theirs lies between the extremes. What
    is refused is agreed on where the second opinions find nothing that meets it.
    """
    line = f"product {theirs.status} short {theirs.shortage:.9g} cost {theirs.cost:.12g} bound {theirs.bound:.12g}"
    for name, answer in ours.items():
        line += f" | {name} {answer.status} short {answer.shortage:.9g} cost {answer.cost:.12g}"
    if theirs.words:
        line += f"\n    {theirs.words}"
    finished = [answer for answer in ours.values() if answer.status != UNFINISHED]
    if theirs.status == "refused" and finished and {answer.status for answer in finished} == {"infeasible"}:
        return "", line
    return (theirs.status if theirs.status in OPEN else apart(theirs, finished, heaviest, worth)), line


def apart(theirs: Product, ours: list[Answer], heaviest: float, worth: float) -> str:
    """Return in what the product differs from those second opinions that are finished."""
    statuses = {answer.status for answer in ours}
    if len(statuses) != 1:
        return "reference"
    if theirs.status not in statuses:
        return "status"
    if theirs.status != "optimal":
        return ""
    short = sorted(answer.shortage for answer in ours)
    room = 1e-6 * short[-1] + GRAM * heaviest
    if heaviest and not short[0] - room <= theirs.shortage <= short[-1] + room:
        return "shortage"
    costs = sorted(answer.cost for answer in ours)
    room = near(costs, worth)
    if not costs[0] - room <= theirs.cost <= costs[-1] + room:
        return "cost"
    return "" if theirs.bound <= costs[-1] + room and theirs.cost - theirs.bound <= 10 * room else "bound"


def near(costs: list[float], worth: float) -> float:
    """Return how far costs may be apart: a ten-millionth of them, or what rounding may make of all that is due."""
    return 1e-7 * max(abs(cost) for cost in costs) + ROUNDING * worth + 1e-6


def opposed(pair: tuple[Answer, Answer], heaviest: float, worth: float) -> bool:
    """Whether two solvers differ about one program."""
    one, other = pair
    if UNFINISHED in (one.status, other.status):
        return False
    room = 1e-6 * max(one.shortage, other.shortage) + GRAM * heaviest
    costs = [one.cost, other.cost]
    apart_by = abs(one.cost - other.cost)
    return one.status != other.status or abs(one.shortage - other.shortage) > room or apart_by > near(costs, worth)


def ask(
    seed: int, folder: Path, among: tuple[str, ...] = (), *, quick: bool = False, use: bool = False, tail: int = 0
) -> Record:
    """Draw a case into a folder, ask everybody, and return what came of it; ``quick`` leaves out what has no plan."""
    made, rules = draw(seed, among, use=use)
    made.tail = tail
    record = judge(write(made, folder), quick=quick)
    return replace(record, seed=seed, kinds=[*drawn(made, rules), *record.kinds])


def judge(question: Path, *, quick: bool = False) -> Record:
    """Ask everybody a question, and return what came of it."""
    case = read(question)
    program = build(case, RULES)
    heaviest = max(program.shortage.values(), default=0.0)
    ours = {name: solve(program, name) for name in ("scip", "highs")}
    if program.squares:
        case.give = 1e-6
        loose = build(case, RULES)
        ours |= {f"{name}, a millionth above": solve(loose, name) for name in ("scip", "highs")}
    if quick and {answer.status for answer in ours.values()} == {"infeasible"}:
        return Record(0, LEFT_OUT, "", kinds(case, program))
    theirs = product(question)
    word, line = compare(theirs, ours, heaviest, program.worth)
    if any(opposed(pair, heaviest, program.worth) for pair in list(pairwise(ours.values()))[::2]):
        word = "reference"
    ended = [f"{name} not finished" for name, answer in ours.items() if answer.status == UNFINISHED]
    bind = [
        f"{name} binds"
        for name, other in spared(case).items()
        if opposed((ours["highs"], solve(build(other, RULES), "highs")), heaviest, program.worth)
    ]
    return Record(0, word, line, [*kinds(case, program), f"answer {theirs.status}", *ended, *bind])


def spared(case: Case) -> dict[str, Case]:
    """Return the case without what it asks for on days within periods, and without licences that follow goods."""
    found = {}
    horizon = case.question["horizon"]
    if horizon.get("within", "nothing") != "nothing":
        question = case.question | {"horizon": horizon | {"within": "nothing"}}
        found["within"] = replace(case, question=question)
    if any(row.get("follows") == "origin" for row in case.rows("licences")):
        plain = [row | {"follows": "shipment"} for row in case.rows("licences")]
        found["follows"] = replace(case, tables=case.tables | {"licences": plain})
    return found


def main(words: list[str] | None = None) -> int:
    """Run, print, and return whether any disagree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rule", action="append", default=[], help="draw from these rules only; once for each")
    parser.add_argument("--without", action="append", default=[], help="draw without these rules; once for each")
    parser.add_argument("--quick", action="store_true", help="leave out questions that nothing answers")
    parser.add_argument("--use", action="store_true", help="draw limits on use, and a chain in which lots meet")
    parser.add_argument("--tail", type=int, default=0, help="periods after the horizon")
    parser.add_argument("--keep", type=Path, default=None, help="where folders that disagree are kept")
    parser.add_argument("--log", type=Path, default=None, help="a file to go on with: seeds in it are not asked again")
    options = parser.parse_args(words)
    keep = options.keep or Path(mkdtemp(prefix="oracle-"))
    known = BESIDE if options.use else CASES
    among = tuple(name for name in options.rule or known if name not in options.without)
    records = {record.seed: record for record in load(options.log)} if options.log else {}
    seeds = range(options.seed, options.seed + options.count)
    for seed in seeds:
        if seed in records:
            continue
        folder = keep / str(seed)
        shutil.rmtree(folder, ignore_errors=True)
        record = records[seed] = ask(seed, folder, among, quick=options.quick, use=options.use, tail=options.tail)
        if options.log:
            save(options.log, record)
        if not record.word:
            shutil.rmtree(folder)
        tell(record, folder)
    asked = [records[seed] for seed in seeds]
    sys.stdout.write(table(asked) + "\n")
    return int(any(record.word not in ("", LEFT_OUT) for record in asked))


def tell(record: Record, folder: Path) -> None:
    """Print what disagrees, or has no answer, as soon as it is known."""
    if record.word not in ("", LEFT_OUT):
        sys.stdout.write(f"seed {record.seed}, {record.word}, {', '.join(record.kinds)}: {folder}\n    {record.line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
