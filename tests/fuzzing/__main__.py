"""Look at inputs for hours: ``python -m fuzzing --hours 8``; goes on where it was stopped, and keeps what it finds."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from fuzzing.batch import warm
from fuzzing.corpus import differences, keep
from fuzzing.ground import Ground, sound
from fuzzing.look import Looked, look

EVERY = 100
"""Looks after which what was found is written down."""


def main() -> int:
    """Look until time is up, in as many processes as there are processors; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzzing", description=__doc__)
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--results", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    results = asked.results.resolve()
    results.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fuzzing-") as place:
        ground = sound(Path(place))
        warm(ground)
        children = [
            _child(job, asked.jobs, time.time() + 3600 * asked.hours, results, ground) for job in range(asked.jobs)
        ]
        for child in children:
            os.waitpid(child, 0)
    return _summed(results)


def _child(job: int, jobs: int, until: float, results: Path, ground: Ground) -> int:
    child = os.fork()
    if child == 0:
        try:
            _look_until(job, jobs, until, results, ground)
        finally:
            os._exit(0)
    return child


def _look_until(job: int, jobs: int, until: float, results: Path, ground: Ground) -> None:
    """Look at every so many-th seed from where the last run stopped."""
    state = results / f"state-{job}-of-{jobs}.json"
    seen = json.loads(state.read_text("utf-8")) if state.exists() else {"next": job, "ended": {}}
    ended, seed = Counter(seen["ended"]), int(seen["next"])
    while time.time() < until:
        for _ in range(EVERY):
            found = look(seed, ground, ground.folder.parent / f"job-{job}")
            ended[f"{found.words[0]} {found.code}"] += 1
            if found.wrong:
                _note(found, results, ground, job)
            seed += jobs
        state.write_text(json.dumps({"next": seed, "ended": ended}), "utf-8")


def _note(found: Looked, results: Path, ground: Ground, job: int) -> None:
    own = Ground(*(ground.folder.parent / f"job-{job}" / name for name in ("sent", "outside")))
    path = results / f"seed-{found.seed}.json"
    keep(path, found.words, found.done, found.wrong, differences(ground, own))
    sys.stderr.write(f"seed {found.seed}: {' '.join(found.words)}: {'; '.join(found.wrong)} ({path})\n")


def _summed(results: Path) -> int:
    """Print how all looks ended, of this run and those before it."""
    ended: Counter[str] = Counter()
    for state in results.glob("state-*.json"):
        ended.update(json.loads(state.read_text("utf-8"))["ended"])
    found = len(list(results.glob("seed-*.json")))
    sys.stdout.write(f"{ended.total():,} inputs, {found} of them ended badly\n")
    for how, count in sorted(ended.items()):
        sys.stdout.write(f"  {how}: {count:,}\n")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
