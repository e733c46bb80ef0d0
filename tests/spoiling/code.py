"""Try a seeded sample of mutants of families and audit, and print which survive: ``python -m spoiling.code``."""

from __future__ import annotations

import argparse
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from spoiling import page
from spoiling.sample import LEAST, sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spoiling.sample import Mutant

NOTES = Path(__file__).parent / "survivors.toml"
SIZE, SEED = 310, 2027
AIM = 0.85
KILLED = ("killed", "timeout")
TABLE = ("killed", "timeout", "survived", "no tests")


@dataclass(frozen=True)
class Note:
    """What a reader found out about a survivor: whether it changes nothing that anybody could see, and why."""

    equivalent: bool
    why: str


def notes(path: Path = NOTES) -> dict[tuple[str, str], Note]:
    """Return the notes on survivors by module and diff, so that they outlive mutmut's numbers."""
    found = tomllib.loads(path.read_text("utf-8")).get("survivor", [])
    return {(each["module"], _joined(each["diff"])): Note(each["equivalent"], each["why"]) for each in found}


def rates(mutants: Iterable[Mutant], known: dict[tuple[str, str], Note]) -> tuple[float, float]:
    """Return the share killed of all, and of those that are not known to be equivalent."""
    everything = list(mutants)
    killed = sum(each.outcome in KILLED for each in everything)
    equivalent = sum(bool((note := note_on(each, known)) and note.equivalent) for each in everything)
    return killed / len(everything), killed / (len(everything) - equivalent)


def note_on(mutant: Mutant, known: dict[tuple[str, str], Note]) -> Note | None:
    """Return the note on a mutant that no test killed."""
    return None if mutant.outcome in KILLED else known.get((mutant.module, _joined(mutant.diff)))


def report(mutants: list[Mutant], sizes: dict[str, int], known: dict[tuple[str, str], Note]) -> Iterator[str]:
    """Yield the page's section: outcomes by module, then every survivor with what was found out about it."""
    of_all, of_others = rates(mutants, known)
    tried = f"{len(mutants)} of {sum(sizes.values()):,} mutants tried"
    yield f"{date.today():%Y-%m-%d}, mutmut {version('mutmut')}: {tried},"
    yield f"{of_all:.1%} killed ({of_others:.1%} of those that are not equivalent)."
    yield ""
    counts = Counter((each.module, each.outcome) for each in mutants)
    rows = [[f"`{module}`", size, *_row(counts, [module])] for module, size in sizes.items()]
    rows.append(["**all**", sum(sizes.values()), *_row(counts, list(sizes))])
    yield from page.table(["module", "mutants", "tried", *TABLE, "other"], rows)
    survivors = [each for each in mutants if each.outcome not in KILLED]
    yield ""
    yield f"Survivors: {len(survivors) or 'none'}."
    for each in survivors:
        note = note_on(each, known)
        verdict = "not read yet" if note is None else f"{'equivalent' if note.equivalent else 'accepted'}: {note.why}"
        yield ""
        yield f"`{each.name.rpartition('__mutmut_')[0]}` ({each.outcome}) {verdict}"
        yield ""
        yield from ["```diff", *each.diff, "```"]


def _row(counts: Counter[tuple[str, str]], modules: list[str]) -> list[int]:
    outcomes = Counter(dict.fromkeys(TABLE, 0))
    for (module, outcome), count in counts.items():
        outcomes[outcome] += count if module in modules else 0
    listed = [outcomes[outcome] for outcome in TABLE]
    return [outcomes.total(), *listed, outcomes.total() - sum(listed)]


def _joined(diff: Iterable[str]) -> str:
    return "\n".join(line[0] + " ".join(line[1:].split()) for line in diff if line.strip())


def main() -> int:
    """Run the command; ends with 1 if less than ``AIM`` of the mutants are killed."""
    from spoiling.mutmut_run import mutants, outcomes, run, untold

    parser = argparse.ArgumentParser(prog="python -m spoiling.code", description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE, help="how many mutants to try")
    parser.add_argument("--least", type=int, default=LEAST, help="how many of every module at least")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--again", action="store_true", help="try those only that no test has killed so far")
    parser.add_argument("--page", action="store_true", help="also write the section of docs/mutants.md")
    asked = parser.parse_args()
    everything, known = mutants(), notes()
    chosen = sample(everything, asked.size, asked.seed, asked.least)
    run(untold(chosen, KILLED) if asked.again else chosen)
    found = outcomes(chosen)
    lines = list(report(found, {module: len(names) for module, names in everything.items()}, known))
    print(*lines, sep="\n")  # noqa: T201 - the result of a command
    if asked.page:
        page.put("code", lines)
    return 0 if rates(found, known)[0] >= AIM else 1


if __name__ == "__main__":
    raise SystemExit(main())
