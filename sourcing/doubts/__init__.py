"""What a plan's numbers may be instead: which inputs there are, and how far each may be off by its confidence."""

from __future__ import annotations

from sourcing.doubts.found import TABLES, Tornado
from sourcing.doubts.inputs import NOT_VARIED, Input, inputs_of
from sourcing.doubts.moved import moved
from sourcing.doubts.ranges import KINDS, Ranges, load_ranges

__all__ = ["KINDS", "NOT_VARIED", "TABLES", "Input", "Ranges", "Tornado", "inputs_of", "load_ranges", "moved"]
