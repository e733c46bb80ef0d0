"""The rules that add rows to what everything needs, in the order in which they are added."""

from __future__ import annotations

RULES = ()
