"""Memoised results: what follows from records or facts alone, worked out when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")


class WorkedOut:
    """Something that does not change, with what was worked out from it."""

    def once(self, work_out: Callable[..., _T], *about: object) -> _T:
        """Return what ``work_out`` makes of this alone (and of ``about``), worked out when it is first asked for."""
        known, key = self._worked_out, (work_out, *about)
        if key not in known:
            known[key] = work_out(self, *about)
        found: _T = known[key]
        return found

    @cached_property
    def _worked_out(self) -> dict[tuple[object, ...], Any]:
        """The results by what works them out and what about."""
        return {}
