"""Read a case folder and a question as plain Python values, and count days.

Written from the specification alone: nothing of the planning package is imported, so that the two can disagree.
Canonical units only (t, days, USD, t/year); a header with a unit in brackets is refused.
"""

from __future__ import annotations

import calendar
import csv
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Row = dict[str, Any]
NONE = None  # a blank number without a default

TEXTS = {
    "materials": "material name stage tariff_code",
    "contents": "material element",
    "properties": "material property",
    "sites": "site name kind country owner owner_country",
    "offers": "offer supplier site material destination made_in days lot_of",
    "origins": "offer stage country owner_country",
    "ramps": "offer process line interpolate",
    "lanes": "origin destination material mode service",
    "services": "service name",
    "tiers": "offer supplier kind counted_in",
    "awards": "offer period site",
    "incumbents": "offer",
    "splits": "split site material",
    "tariffs": "importer origin tariff_code basis",
    "licences": "country material destination follows",
    "closures": "stops country site supplier destination mode",
    "lines": "line name",
    "processes": "process site line",
    "qualifications": "offer process",
    "recipes": "process material",
    "demand": "site material period",
    "stocks": "site material offer",
    "open_orders": "order site material offer",
    "limits": "limit measure sense counts by member site stage material element property line counted_in per",
    "groups": "group member",
    "conditions": "condition kind if then per",
    "contracts": "contract offer per signed index",
    "prices": "index",
    "exclusions": "contract site",
    "last_orders": "offer destination mode supplier material",
    "change_terms": "offer",
    "governance": "country",
    "supply_risk": "material element",
}
NUMBERS: dict[str, dict[str, float | None]] = {
    "materials": {"value": NONE, "shortage_cost": NONE, "may_move": NONE, "may_move_share": NONE},
    "contents": {"share": NONE},
    "properties": {"value": NONE},
    "sites": {"capacity": NONE, "opening_cost": NONE, "fixed_cost": NONE},
    "offers": {
        "price": NONE,
        "capacity": NONE,
        "lead_days": 0.0,
        "recycled": 0.0,
        "min_lot": NONE,
        "lot_multiple": NONE,
        "order_cost": NONE,
        "carbon": NONE,
        "preference": NONE,
        "change_maximum": NONE,
    },
    "origins": {"share": NONE},
    "ramps": {"capacity": NONE},
    "lanes": {
        "freight": 0.0,
        "transit_days": 0.0,
        "capacity": NONE,
        "min_lot": NONE,
        "order_cost": NONE,
        "carbon": NONE,
    },
    "services": {"min_lot": NONE, "order_cost": NONE},
    "tiers": {"above": NONE, "price": NONE, "discount": NONE},
    "awards": {"share": NONE, "quantity": NONE},
    "splits": {"weight": NONE, "within": 0.0},
    "incumbents": {
        "quantity": NONE,
        "share": NONE,
        "switching_cost": 0.0,
        "may_move": NONE,
        "may_move_share": NONE,
    },
    "tariffs": {"rate": NONE},
    "licences": {"lag_days": NONE},
    "closures": {},
    "lines": {"capacity": NONE, "min_run": NONE, "run_cost": NONE},
    "processes": {
        "capacity": NONE,
        "cost": 0.0,
        "days": 0.0,
        "recycled": 0.0,
        "min_run": NONE,
        "run_cost": NONE,
        "carbon": NONE,
        "opening_cost": NONE,
        "fixed_cost": NONE,
    },
    "qualifications": {"cost": 0.0, "days": NONE},
    "recipes": {"quantity": NONE},
    "demand": {"quantity": NONE, "priority": 1.0, "shortage_cost": NONE},
    "stocks": {
        "opening": 0.0,
        "safety": 0.0,
        "maximum": NONE,
        "closing": NONE,
        "holding_cost": 0.0,
        "disposal_cost": NONE,
        "disposal_maximum": NONE,
        "cover_days": NONE,
        "safety_days": NONE,
    },
    "open_orders": {"quantity": NONE},
    "limits": {"value": NONE, "at_least": NONE},
    "groups": {},
    "conditions": {"at_least": NONE},
    "contracts": {
        "minimum": NONE,
        "maximum": NONE,
        "price": NONE,
        "multiple": 1.0,
        "floor_price": NONE,
        "take_or_pay": NONE,
        "fee": 0.0,
        "prepayment": 0.0,
        "payment_days": 0.0,
        "exit_cost": NONE,
    },
    "prices": {"value": NONE},
    "exclusions": {},
    "last_orders": {"tonnes": NONE},
    "change_terms": {"cost_more": 0.0, "cost_less": 0.0},
    "governance": {"value": NONE, "trade": 1.0},
    "supply_risk": dict.fromkeys(("global_hhi", "import_reliance", "eol_rir", "substitution"), NONE),
}
DATES = {
    "offers": "start end",
    "ramps": "from",
    "tariffs": "from until",
    "licences": "from until",
    "closures": "from until",
    "open_orders": "arrives",
    "limits": "from until",
    "qualifications": "from",
    "contracts": "from until",
    "prices": "from",
    "last_orders": "from until",
    "change_terms": "frozen_until",
}
TEXT_DEFAULTS = {
    ("sites", "kind"): "supplier",
    ("offers", "days"): "calendar",
    ("offers", "lot_of"): "delivery",
    ("ramps", "interpolate"): "no",
    ("tariffs", "basis"): "cif",
    ("licences", "follows"): "shipment",
    ("limits", "sense"): "max",
    ("conditions", "per"): "period",
    ("contracts", "per"): "contract",
    ("contracts", "signed"): "no",
}
STAGES = ["feed", "mine", "concentrate", "oxide", "metal", "alloy", "magnet", "product"]
USED = {"share", "hhi", "governance_hhi", "suppliers"}
"""Measures whose limits count what is used where the column `counts` is blank."""
PROVENANCE = {"source", "as_of", "confidence", "note"}


@dataclass(frozen=True)
class Period:
    """One node of the path: the half-open interval [start, end) of days."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def label(self) -> str:
        """Return what the period is called: a calendar year, quarter or month, else its first day."""
        month = f"{self.start.year}-{self.start.month:02}"
        for name, months in ((str(self.start.year), 12), (f"{self.start.year}-Q{(self.start.month + 2) // 3}", 3)):
            if (self.start.day, (self.start.month - 1) % months, add_months(self.start, months)) == (1, 0, self.end):
                return name
        whole = self.start.day == 1 and add_months(self.start, 1) == self.end
        return month if whole else self.start.isoformat()

    @property
    def each(self) -> list[date]:
        return [self.start + timedelta(days=day) for day in range(self.days)]

    def run(self, lead: float) -> Run:
        return Run(self.start.toordinal(), self.end.toordinal(), lead)


@dataclass(frozen=True)
class Question:
    """The part of a question that the twin understands."""

    periods: list[Period]
    reported: int
    shortage: str
    minimize: list[str]
    discount_rate: float
    limits: list[Row]
    within: str


def parse_date(value: Any) -> date | None:
    """Return a date from a TOML date, "YYYY-MM-DD" or "YYYY-MM" (its first day); None if blank."""
    if value is None or isinstance(value, date):
        return value
    text = str(value).strip()
    if not text:
        return None
    return date.fromisoformat(text if len(text) > 7 else f"{text}-01")


def typed_row(table: str, raw: dict[str, Any]) -> Row:
    """Return a row with every column of its table, typed, defaults filled in."""
    dates = DATES.get(table, "").split()
    known = {*TEXTS[table].split(), *NUMBERS[table], *dates, *PROVENANCE}
    unknown = set(raw) - known
    if unknown:
        raise ValueError(f"{table}: unknown columns {sorted(unknown)}")
    row: Row = {}
    for column in TEXTS[table].split():
        text = str(raw.get(column) or "").strip()
        row[column] = text or TEXT_DEFAULTS.get((table, column), "")
    for column, default in NUMBERS[table].items():
        value = raw.get(column)
        row[column] = default if value is None or str(value).strip() == "" else float(value)
    for column in dates:
        row[column] = parse_date(raw.get(column))
    if table == "limits" and not row["counted_in"]:
        row["counted_in"] = "element" if row["element"] else "tonnes"
    if table == "limits" and not row["counts"]:
        row["counts"] = "use" if row["measure"] in USED else "arrivals"
    if table == "limits" and not row["per"]:
        row["per"] = "period" if row["measure"] == "grade" else "year"
    return row


def read_tables(folder: Path) -> dict[str, list[Row]]:
    """Return every table of the case folder as a list of typed rows; a missing file is an empty table."""
    tables: dict[str, list[Row]] = {}
    for table in TEXTS:
        path = folder / f"{table}.csv"
        tables[table] = []
        if path.exists():
            with path.open(newline="", encoding="utf-8") as file:
                tables[table] = [typed_row(table, raw) for raw in csv.DictReader(file)]
    return tables


def add_months(day: date, months: int) -> date:
    """Return the same day of the month that many months later, cut to the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def bounds_of(start: date, horizon: dict[str, Any]) -> list[date]:
    """Return the first day of every period, and the day after the last."""
    named = {"day": "1 days", "week": "7 days", "month": "1 months", "quarter": "3 months", "year": "12 months"}
    found, origin, months = [start], start, 0
    for length, periods in horizon.get("steps", [[horizon.get("length"), horizon.get("periods")]]):
        number, unit = named.get(length, length).split()
        for _ in range(periods):
            if unit.startswith("day"):
                origin, months = found[-1] + timedelta(days=int(number)), 0
            else:
                months += int(number) * (12 if unit.startswith("year") else 1)
            found.append(add_months(origin, months))
    return found


def read_question(path: Path) -> Question:
    """Return the question's horizon, objective and limits; `extends`, edits and `without` are not understood."""
    with path.open("rb") as file:
        raw = tomllib.load(file)
    for refused in ("extends", "edits", "without"):
        if raw.get(refused):
            raise ValueError(f"{path.name}: the twin does not read `{refused}`")
    horizon, objective = raw["horizon"], raw.get("objective", {})
    start = parse_date(horizon["start"])
    assert start is not None
    tail = horizon.get("tail", 0)
    steps = horizon.get("steps") or [[horizon["length"], horizon["periods"]]]
    bounds = bounds_of(start, {"steps": [*steps, [steps[-1][0], tail]]})
    return Question(
        periods=[Period(bounds[n], bounds[n + 1]) for n in range(len(bounds) - 1)],
        reported=len(bounds) - 1 - tail,
        shortage=objective.get("shortage", "least"),
        minimize=objective.get("minimize", ["shortage", "cost"]),
        discount_rate=float(objective.get("discount_rate", 0.0)),
        limits=[typed_row("limits", row) for row in raw.get("limits", [])],
        within=horizon.get("within", "nothing"),
    )


def demand_interval(text: str) -> Period:
    """Return the days of "2027", "2027-Q3", "2027-03" or "2027-03-15"."""
    if len(text) == 4:
        return Period(date(int(text), 1, 1), date(int(text) + 1, 1, 1))
    if "Q" in text:
        start = date(int(text[:4]), 3 * int(text[-1]) - 2, 1)
        return Period(start, add_months(start, 3))
    start = parse_date(text)
    assert start is not None
    return Period(start, add_months(start, 1) if len(text) == 7 else start + timedelta(days=1))


def common_days(start: date, end: date, other: Period) -> int:
    """Return how many days of [start, end) lie in the other period."""
    return max(0, (min(end, other.end) - max(start, other.start)).days)


def year_fraction(start: date, end: date) -> float:
    """Return the sum over calendar years of the days of [start, end) in the year over the year's days."""
    total = 0.0
    for year in range(start.year, end.year + 1):
        whole = Period(date(year, 1, 1), date(year + 1, 1, 1))
        total += common_days(start, end, whole) / whole.days
    return total


class Run(NamedTuple):
    """Days (ordinals, from `first` up to `after`) on which something is decided, and what it takes to arrive."""

    first: float
    after: float
    lead: float


def runs_of(days: Iterable[tuple[int, float]]) -> list[Run]:
    """Return single days (ordinal, lead) as runs of neighbours with the same lead."""
    runs: list[Run] = []
    for day, lead in days:
        if runs and (runs[-1].after, runs[-1].lead) == (day, lead):
            runs[-1] = runs[-1]._replace(after=day + 1)
        else:
            runs.append(Run(day, day + 1, lead))
    return runs


def arrival_shares(periods: list[Period], runs: list[Run]) -> tuple[dict[int, float], float]:
    """Return the share of what is spread over the days of the runs that arrives in each period, and the late share."""
    total = sum(run.after - run.first for run in runs)
    days: dict[int, float] = defaultdict(float)
    late = 0.0
    for run in runs:
        first, last = run.first + run.lead, run.after + run.lead
        for n, period in enumerate(periods):
            overlap = min(last, period.end.toordinal()) - max(first, period.start.toordinal())
            if overlap > 0:
                days[n] += overlap
        late += max(0.0, last - max(first, periods[-1].end.toordinal()))
    return {n: part / total for n, part in sorted(days.items())}, late / total


def capacity_on(day: date, base: float | None, ramps: list[Row]) -> float:
    """Return the capacity (t/year) at noon of a day: the base, then steps, or lines drawn to a row's date.

    Noon is the day's mean, because lines bend at midnight only: the sum over days is the exact integral.
    """
    rows = sorted(ramps, key=lambda row: row["from"])
    past = [row for row in rows if row["from"] <= day]
    coming = [row for row in rows if row["from"] > day]
    level = past[-1]["capacity"] if past else (base or 0.0)
    if past and coming and coming[0]["interpolate"] == "yes":
        span = (coming[0]["from"] - past[-1]["from"]).days
        gone = (day - past[-1]["from"]).days + 0.5
        return level + (coming[0]["capacity"] - level) * gone / span
    return level


def capacity_in(days: Iterable[date], base: float | None, ramps: list[Row]) -> float | None:
    """Return the capacity (t) of some days, each at its share of its calendar year; None if unlimited."""
    if base is None and not ramps:
        return None
    return sum(capacity_on(day, base, ramps) / (366 if calendar.isleap(day.year) else 365) for day in days)
