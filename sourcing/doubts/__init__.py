"""What a plan's numbers may be instead: which inputs there are, and how far each may be off by its confidence."""

from __future__ import annotations

from sourcing.doubts.found import NO_PLAN, OK, TABLES, UNKEPT, Tornado, worse_end, worth_checking
from sourcing.doubts.inputs import NOT_VARIED, Input, inputs_of
from sourcing.doubts.moved import moved
from sourcing.doubts.ranges import KINDS, Ranges, load_ranges

__all__ = [
    "KINDS",
    "NOT_VARIED",
    "NO_PLAN",
    "OK",
    "TABLES",
    "UNKEPT",
    "Input",
    "Ranges",
    "Tornado",
    "inputs_of",
    "load_ranges",
    "moved",
    "worse_end",
    "worth_checking",
]
