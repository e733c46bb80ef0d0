"""Looks in a process of their own, which has drawn nothing: a fork of one that has would wait for threads it lost.

``python -m fuzzing.batch GROUND PLACE`` reads jobs as JSON from stdin and prints how each ended.
"""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import sys
import warnings
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import sourcing
from fuzzing.corpus import restore
from fuzzing.ground import Ground, told
from fuzzing.look import Looked, judged, look

CHARTS = Path(sourcing.__file__).parent / "charts"
WARM = (
    *(("audit", "runs/plan"), ("comply", "runs/plan"), ("explain", "runs/plan")),
    *(("compare", "runs/plan", "runs/other"), ("check", "child.toml")),
)


def looked(jobs: list[dict[str, Any]], ground: Ground, place: Path) -> list[Looked]:
    """Return how jobs end, in another process: ``seed``, or ``words`` with the ``files`` of an entry of the corpus."""
    command = [sys.executable, "-m", "fuzzing.batch", str(ground.folder.parent), str(place)]
    here = Path(__file__).parents[1]
    ended = subprocess.run(command, cwd=here, input=json.dumps(jobs), capture_output=True, text=True, check=True)
    return [
        Looked(**found | {name: tuple(found[name]) for name in ("words", "wrong")})
        for found in json.loads(ended.stdout)
    ]


def warm(ground: Ground) -> None:
    """Load what commands load, so that a process that is forked need not; nothing is drawn."""
    warnings.simplefilter(
        "ignore", DeprecationWarning
    )  # of forking beside the idle threads of a linear algebra library
    for words in WARM:
        code, said = told(words, ground.folder)
        if code != 0:
            raise SystemExit(said)
    for name in ("altair", *(f"sourcing.charts.{path.stem}" for path in CHARTS.glob("[a-z]*.py"))):
        import_module(name)
    gc.freeze()  # or every fork would copy the pages that its collector looks at


def _ended(job: dict[str, Any], ground: Ground, place: Path) -> Looked:
    if "seed" in job:
        return look(job["seed"], ground, place)
    shutil.rmtree(place, ignore_errors=True)
    own = ground.copied(place)
    restore(job.get("files", {}), own)
    return judged(0, "", job["words"], own)


def main() -> None:
    """Look at what stdin says."""
    at, place = map(Path, sys.argv[1:])
    shared = Ground(at / "sent", at / "outside")
    own = shared.copied(place / "ground")  # two processes may be at it at once
    warm(own)
    found = [_ended(job, own, place / "look") for job in json.load(sys.stdin)]
    sys.stdout.write(json.dumps([asdict(each) for each in found]))


if __name__ == "__main__":
    main()
