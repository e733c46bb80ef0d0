"""Variants of a case in memory: CPU seconds of a first answer, and of others with one limit or one price changed."""

from __future__ import annotations

import json
import statistics
import sys
import time
from typing import TYPE_CHECKING

from sourcing import load_question, optimize, read_case

if TYPE_CHECKING:
    from collections.abc import Callable

VARIANTS = 4


def took(call: Callable[[], object]) -> float:
    """Return the CPU seconds of a call."""
    began = time.process_time()
    call()
    return time.process_time() - began


def main() -> None:
    """Print the seconds of the first answer, and the medians of both kinds of variants, as JSON."""
    question = load_question("diversified")
    began = time.process_time()
    case = read_case("magnet-maker")
    optimize(question, case=case)
    found = {"first": time.process_time() - began}

    def limited(value: float) -> None:
        named = ({**each, "value": value} if each["limit"] == "ndpr-one-country" else each for each in question.limits)
        optimize(question.model_copy(update={"limits": list(named)}), case=case)

    def priced(factor: float) -> None:
        offers = case["offers"].drop(columns="row")
        one = offers["offer"] == offers["offer"].iloc[0]
        dearer = offers.assign(price=offers["price"].mask(one, offers["price"] * factor))
        optimize(question, case=case.with_frames({"offers": dearer}))

    for name, vary, first in (("limit", limited, 0.36), ("price", priced, 1.01)):
        tried = (first + turn / 100 for turn in range(VARIANTS))
        found[name] = statistics.median(took(lambda value=value, vary=vary: vary(value)) for value in tried)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
