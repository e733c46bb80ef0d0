"""Ask the product and the second opinion the same random questions: `python -m oracle.run --count 500 --seed 1`."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from oracle.cases import RULES as CASES
from oracle.cases import draw, write
from oracle.model import build
from oracle.rules import RULES
from oracle.solve import Answer, solve
from oracle.tables import read
from sourcing import optimize
from sourcing.errors import FaultyInput, InfeasiblePlan, SourcingError

GRAM = 1e-6


@dataclass
class Product:
    """What the product says: status, both objectives, and the bound it proves on cost."""

    status: str
    shortage: float = 0.0
    cost: float = 0.0
    bound: float = 0.0
    words: str = ""


def product(question: Path) -> Product:
    """Ask the product."""
    try:
        plan = optimize(question)
    except InfeasiblePlan:
        return Product("infeasible")
    except FaultyInput as error:
        return Product("refused", words=str(error))
    except SourcingError as error:
        return Product("unbounded" if "without end" in str(error) else type(error).__name__, words=str(error))
    said = plan.manifest
    goal = said["objective"]
    cost = goal["cost"] + goal.get("weighed", 0.0)
    return Product(said["status"], goal.get("shortage", 0.0), cost, said["bound"])


def compare(theirs: Product, ours: dict[str, Answer], heaviest: float) -> tuple[str, str]:
    """Return in what the answers differ (nothing: "") and a line that says so.

    ``heaviest`` is what a tonne short weighs at most; 0 where shortage is not minimised but priced or ruled out. Of
    several second opinions, such as by an index of concentration that may give, theirs lies between the extremes.
    """
    line = f"product {theirs.status} short {theirs.shortage:.9g} cost {theirs.cost:.12g}"
    for name, answer in ours.items():
        line += f" | {name} {answer.status} short {answer.shortage:.9g} cost {answer.cost:.12g}"
    if theirs.words:
        line += f"\n    {theirs.words}"
    if {answer.status for answer in ours.values()} != {theirs.status}:
        return "status", line
    if theirs.status != "optimal":
        return "", line
    short = [answer.shortage for answer in ours.values()]
    room = 1e-6 * max(short) + GRAM * heaviest
    if heaviest and not min(short) - room <= theirs.shortage <= max(short) + room:
        return "shortage", line
    costs = [answer.cost for answer in ours.values()]
    room = 1e-7 * max(abs(cost) for cost in costs) + 1e-6
    unproven = max(0.0, theirs.cost - theirs.bound) if not theirs.shortage or not heaviest else 1e-6 * abs(theirs.cost)
    if not min(costs) - room <= theirs.cost <= max(costs) + room + unproven:
        return "cost", line
    return "", line


def ask(seed: int, folder: Path, among: tuple[str, ...] = (), *, quick: bool = False) -> tuple[str, str, list[str]]:
    """Draw a case into a folder, ask everybody, and return the kind of difference, its line, and the case's rules.

    The product takes long over a question without a plan, since it says why; ``quick`` leaves those out.
    """
    made, rules = draw(seed, among)
    question = write(made, folder)
    case = read(folder)
    program = build(case, RULES)
    ours = {name: solve(program, name) for name in ("scip", "highs")}
    if program.squares:
        case.give = 1e-6
        loose = build(case, RULES)
        ours |= {f"{name}, a millionth above": solve(loose, name) for name in ("scip", "highs")}
    if quick and {answer.status for answer in ours.values()} == {"infeasible"}:
        return "", "", ["not asked: the product would look for the cause"]
    kind, line = compare(product(question), ours, max(program.shortage.values(), default=0.0))
    status = ours["scip"].status
    return kind, line, [*rules, f"shortage {made.shortage}", f"answer {status}"]


def table(counts: Counter[tuple[str, str]], asked: Counter[str]) -> str:
    """Return agreement by kind of rule, a line each."""
    lines = [f"{'':24}{'asked':>7}{'agree':>7}{'status':>8}{'shortage':>10}{'cost':>6}"]
    for name in sorted(asked, key=lambda name: (name != "all", name)):
        apart = [counts[name, kind] for kind in ("status", "shortage", "cost")]
        lines.append(f"{name:24}{asked[name]:7}{asked[name] - sum(apart):7}{apart[0]:8}{apart[1]:10}{apart[2]:6}")
    return "\n".join(lines)


def main(words: list[str] | None = None) -> int:
    """Run, print, and return how many disagree (at most 1)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rule", action="append", default=[], help="draw from these rules only; once for each")
    parser.add_argument("--without", action="append", default=[], help="draw without these rules; once for each")
    parser.add_argument("--quick", action="store_true", help="leave out questions that nothing answers")
    parser.add_argument("--keep", type=Path, default=None, help="where folders that disagree are kept")
    options = parser.parse_args(words)
    keep = options.keep or Path(mkdtemp(prefix="oracle-"))
    among = tuple(name for name in options.rule or CASES if name not in options.without)
    counts: Counter[tuple[str, str]] = Counter()
    asked: Counter[str] = Counter()
    for seed in range(options.seed, options.seed + options.count):
        folder = keep / str(seed)
        shutil.rmtree(folder, ignore_errors=True)
        kind, line, names = ask(seed, folder, among, quick=options.quick)
        for name in ("all", *names):
            asked[name] += 1
            counts[name, kind] += 1
        if kind:
            sys.stdout.write(f"seed {seed}, {kind}, {', '.join(names)}: {folder}\n    {line}\n")
            sys.stdout.flush()
        else:
            shutil.rmtree(folder)
    sys.stdout.write(table(counts, asked) + "\n")
    return int(any(kind for name, kind in counts))


if __name__ == "__main__":
    sys.exit(main())
