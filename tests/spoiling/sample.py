"""Which mutants are tried: a seeded sample that leaves no module out."""

from __future__ import annotations

import random
from dataclasses import dataclass

LEAST = 6
"""How many of every module are tried at least, or all it has."""


@dataclass(frozen=True)
class Mutant:
    """One change of one function: its name at mutmut, what became of it, and the lines before and after."""

    module: str
    name: str
    outcome: str
    diff: tuple[str, ...] = ()


def sample(all_of_them: dict[str, list[str]], size: int, seed: int, least: int = LEAST) -> dict[str, list[str]]:
    """Return some mutants of every module: ``least`` of each, the rest drawn from all alike."""
    rng = random.Random(seed)
    chosen = {module: rng.sample(names, min(least, len(names))) for module, names in all_of_them.items()}
    rest = [(module, name) for module, names in all_of_them.items() for name in names if name not in chosen[module]]
    missing = max(size - sum(map(len, chosen.values())), 0)
    for module, name in rng.sample(rest, min(missing, len(rest))):
        chosen[module].append(name)
    return {module: sorted(names) for module, names in chosen.items()}
