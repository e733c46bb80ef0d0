"""Check the certificate of a plan in exact fractions, with nothing but Python: no solver, no package, no trust.

    python -I -S check_certificate.py PLAN/certificate.json

Costs · x = y · (matrix x) + (costs - y matrix) · x for any y, and no term is less than at one of its two bounds: so
anybody can add up what no plan is below. Ends with 0 if all that the file says holds, with 1 if not.
"""

import gzip
import json
import math
import sys
from fractions import Fraction as Exact
from itertools import pairwise
from typing import Any

KEPT, PART = 1e-9, 1e-12  # t, or the part of the largest term of a row, by which a plan may miss a row that it keeps
CLOSE = 1e-9  # part of a value by which a bound may be below it that proves it
NONE = (-math.inf, math.inf)


def _numbers(found: Any, key: str, count: int | None = None, none: float = math.nan) -> list[float]:
    values = [none if each is None else each for each in found[key]]
    if count is not None and len(values) != count:
        raise ValueError(f"{key}: {len(values)} where {count} belong")
    if any(type(v) not in {int, float} or not (abs(v) < 2.0**999 or v == none) for v in values):
        raise ValueError(f"{key}: not a number")
    return [*map(float, values)]


def _places(found: Any, key: str, below: int, count: int | None = None) -> list[int]:
    values = [*map(int, _numbers(found, key, count))]
    if values != found[key] or not all(0 <= each < below for each in values):
        raise ValueError(f"{key}: not a position")
    return values


def _sparse(found: Any, key: str, below: int) -> dict[int, float]:
    at = _places(found, key, below)
    if len({*at}) != len(at):
        raise ValueError(f"{key}: one is named twice")
    return dict(zip(at, _numbers(found, "value", len(at)), strict=True))


def _whole(values: list[float]) -> tuple[list[int], int]:
    """Return numbers as whole numbers of one unit, without rounding, and how many of that unit make 1."""
    pairs = [value.as_integer_ratio() for value in values]
    unit = max((below for _, below in pairs), default=1)
    return [above * (unit // below) for above, below in pairs], unit


class Certificate:
    """The program and the plan as a file has them, its ``levels``, and all that does not hold (``findings``)."""

    def __init__(self, content: Any) -> None:
        columns, rows, self.findings = content["columns"], content["rows"], list[str]()
        self.names, self.called = ([str(name)[:200] for name in each["name"]] for each in (columns, rows))
        n, m = len(self.names), len(self.called)
        self.x, self.whole = _numbers(columns, "value", n), {*_places(columns, "whole", n)}
        self.ends = [_numbers(columns, *each) for each in (("lower", n, NONE[0]), ("upper", n, NONE[1]))]
        self.sides = [_numbers(rows, *each) for each in (("lower", m, NONE[0]), ("upper", m, NONE[1]))]
        column = _places(rows, "column", n)
        a, self.start = _numbers(rows, "value", len(column)), _places(rows, "start", len(column) + 1, m + 1)
        self.terms = [dict(zip(column[i:j], a[i:j], strict=True)) for i, j in pairwise(self.start)]
        if sum(map(len, self.terms)) != len(a):
            raise ValueError("rows: one names a column twice, or ends before it begins")
        self.room = _sparse(content["missed"], "row", m)
        (self.a, self.unit), self.kept = _whole(a), content["claim"] == "proven"
        self._plan()
        self.levels: list[Level] = []
        for level in content["levels"]:
            self.levels.append(Level(self, level))

    def side(self, end: int, row: int) -> Exact | None:
        """Return a side of a row, widened by what the plan misses of it; None for one that is not there."""
        side, room = self.sides[end][row], Exact(self.room.get(row, 0.0))
        return None if math.isinf(side) else Exact(side) + (room if end else -room)

    def _plan(self) -> None:
        (x, one), said = _whole(self.x), self.findings.append
        for j, value in enumerate(self.x):
            if not self.ends[0][j] <= value <= self.ends[1][j] or (j in self.whole and value % 1):
                said(f"column {self.names[j]}: {value!r} is not within its bounds, or not whole")
        for row, terms in enumerate(self.terms):
            a, room = self.a[self.start[row] : self.start[row + 1]], self.room.get(row, 0.0)
            come = Exact(sum(c * x[j] for c, j in zip(a, terms, strict=True)), self.unit * one)
            low, high = self.side(0, row), self.side(1, row)
            if room < 0 or (low is not None and come < low) or (high is not None and come > high):
                said(f"row {self.called[row]}: the plan misses it by more than is said")
            if self.kept and room > max([KEPT, *(PART * abs(c * self.x[j]) for j, c in terms.items())]):
                said(f"row {self.called[row]}: is called kept, and missed by {room!r}")
            if not self.whole.isdisjoint(terms):
                self._switch(row, terms)

    def _switch(self, row: int, terms: dict[int, float]) -> None:
        """Check that nothing moves where whole numbers leave no room for it."""
        for end, sign in ((1, 1), (0, -1)):
            ends = {j: self.x[j] if j in self.whole else self.ends[c * sign < 0][j] for j, c in terms.items()}
            if not any(map(math.isinf, [self.sides[end][row], *ends.values()])):
                full = sum((Exact(terms[j]) * Exact(v) for j, v in ends.items()), Exact(0)) == self.sides[end][row]
                moved = [self.names[j] for j, v in ends.items() if full and self.x[j] != v]
                self.findings += [f"row {self.called[row]}: {name} moves, and there is no room" for name in moved]


class Level:
    """An objective, those before it being no more than the plan has of them: ``value`` and proven ``bound``."""

    def __init__(self, of: Certificate, content: Any) -> None:
        self.of, self.name, self.claim = of, str(content["objective"])[:200], str(content["claim"])[:20]
        self.cost = _sparse(content["cost"], "column", len(of.x))
        self.dual = _sparse(content["dual"], "row", len(of.called))
        self.held = [min(price, 0.0) for price in _numbers(content, "held", len(of.levels))]
        self.value = sum((Exact(c) * Exact(of.x[j]) for j, c in self.cost.items()), Exact(0))
        self.known, self.least = dict[tuple[int, int], Exact](), dict[tuple[int, bool], tuple[Exact, set[int]]]()
        value, self.said = _numbers({"value": [content["value"], content["bound"]]}, "value", 2, NONE[0])
        if float(self.value) != value:
            self._wrong(f"the plan comes to {float(self.value)!r}, not to {value!r}")
        self.bound = self._bound(content["implied"]) if self.said > NONE[0] else None
        if self.said > (NONE[0] if self.bound is None else self.bound):
            self._wrong(f"the bound {self.said!r} is not what the duals prove")
        self.cheapest, self.sliver = content.get("least"), content.get("sliver")
        low, part = map(Exact, _numbers({"": [self.cheapest or value, self.sliver or 0.0]}, "", 2))
        close = Exact(CLOSE) * (1 + abs(low))
        near = self.bound is not None and low - self.bound <= close >= self.value - low - abs(part * low)
        if self.claim != "claimed" and not (near and self.claim == "proven"):
            self._wrong(f"is called {self.claim!r}, and is not proven")
        wide, least = max(of.room.values(), default=0.0), None if self.bound is None else float(self.bound)
        told = f"{float(self.value)!r}{f', within {self.sliver} of {self.cheapest}' if self.sliver else ''}"
        self.told = f"{self.name}: {told}; none with rows {wide:.2g} wider is below {least}: {self.claim}"

    def _wrong(self, fact: str) -> None:
        self.of.findings.append(f"objective {self.name}: {fact}")

    def _bound(self, implied: Any) -> Exact | None:
        of, wrong = self.of, self._known(implied)
        spoken = [(Exact(price), of.side(price < 0, row), of.called[row]) for row, price in self.dual.items() if price]
        spoken += [(Exact(price), level.value, level.name) for price, level in zip(self.held, of.levels, strict=True)]
        spoken += [(rest, self._end(rest < 0, j), of.names[j]) for j, rest in enumerate(self._left()) if rest]
        wrong = wrong or next((f"{name} has no bound, and needs one" for _, end, name in spoken if end is None), "")
        if wrong:
            self._wrong(wrong)
        return None if wrong else sum((price * end for price, end, _ in spoken if end is not None), Exact(0))

    def _known(self, implied: Any) -> str:
        """Take the implied bounds one by one; return what is wrong with the first that does not follow."""
        of, ends, column = self.of, _places(implied, "end", 2), _places(implied, "column", len(self.of.x))
        value, rows = _numbers(implied, "value"), _places(implied, "row", len(of.called) + len(self.held) + 1)
        for end, j, bound, row in zip(ends, column, value, rows, strict=True):
            if not self._follows(end, j, Exact(bound), row):
                return f"the bound {bound!r} of {of.names[j]} does not follow from its row"
            self.known.setdefault((end, j), Exact(bound))
        return ""

    def _left(self) -> list[Exact]:
        """Return the reduced costs: costs less duals times matrix."""
        of, (prices, one), taken = self.of, _whole([*self.dual.values()]), [0] * len(self.of.x)
        for row, price in zip(self.dual, prices, strict=True):
            for j, c in zip(of.terms[row], of.a[of.start[row] : of.start[row + 1]], strict=True):
                taken[j] += c * price
        left = [-Exact(each, of.unit * one) for each in taken]
        for level, part in zip([*of.levels, self], [*self.held, -1.0], strict=True):
            for j, cost in level.cost.items():
                left[j] -= Exact(part) * Exact(cost)
        return left

    def _end(self, end: int, j: int) -> Exact | None:
        return self.known.get((end, j)) if math.isinf(self.of.ends[end][j]) else Exact(self.of.ends[end][j])

    def _follows(self, end: int, j: int, bound: Exact, row: int) -> bool:
        """Say whether a row, or an objective that is no more than the plan has of it, leaves no more room."""
        of, behind = self.of, row - len(self.of.called)
        level = [*of.levels, self][max(behind, 0)]
        above = ((terms := of.terms[row] if behind < 0 else level.cost).get(j, 0.0) > 0) == (end == 1)
        own, side = Exact(terms.get(j, 0.0)), of.side(above, row) if behind < 0 else level.value if above else None
        total, missing = self.least.get((row, above), (Exact(0), {j}))
        if missing:
            used = {k: self._end((c > 0) != above, k) for k, c in terms.items()}
            total = sum((Exact(terms[k]) * v for k, v in used.items() if v is not None), Exact(0))
            missing = {k for k, v in used.items() if v is None}
            self.least[row, above] = total, missing
        if not own or side is None or missing - {j}:
            return False
        rest = side - total + (Exact(0) if missing else own * (self._end((own > 0) != above, j) or Exact(0)))
        return own * bound >= rest if above else own * bound <= rest


def main(path: str) -> int:
    """Print what is proven, or what does not hold; return 0 or 1."""
    try:
        with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
            found = Certificate(json.loads(file.read(1_000_000_000)))
        words, findings = [level.told for level in found.levels], found.findings
    except Exception as error:  # whoever sent the file may have put anything into it
        words, findings = [], [f"{path}: cannot be read as a certificate ({error})"]
    sys.stdout.write("\n".join([*words, *(findings[:50] or ["everything holds"])]) + "\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
