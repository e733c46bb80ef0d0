"""What the files ``data.py`` and ``screen.py`` of a family hold: checks of tables, screens before a solve, a block.

``data.py`` has ``CHECKS``, ``SCREENS`` and, by the codes that these give, ``CODES``, what each means. It is loaded
whenever a case is read: what its screens need of a network, its functions import when they are asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

LAST = 100
"""The place of what says nothing about its place: after everything of ours."""


class DataCheck(NamedTuple):
    """A check of what the rows of tables say, in ``CHECKS`` of a family's ``data.py``.

    ``problems`` is given the tables by name, with their columns filled in and typed, and returns what is wrong as
    ``sourcing.tables.problems.Problem``. It is not asked when one of ``tables`` is broken.
    """

    tables: tuple[str, ...]
    problems: Callable[[Mapping[str, Any]], list[Any]]


class Screen(NamedTuple):
    """A necessary condition that is looked at before a solve, in ``SCREENS`` of a family's ``data.py``.

    ``findings`` yields ``sourcing.tables.Finding``; it is called with the network and the question, or, where it is
    ``of`` "supply", with the ``sourcing.tables.screens.supply.Supply`` of the case alone. A question that goes without
    the family does not ask it, unless it is asked ``always``: others may need what it looks at. ``place`` says where
    among the others of a network its findings stand, low numbers first; an error with a code in ``refuses`` is a
    contradiction: no plan is looked for.
    """

    findings: Callable[..., Iterable[Any]]
    place: int = LAST
    refuses: tuple[str, ...] = ()
    of: Literal["network", "supply"] = "network"
    always: bool = False


class Block(NamedTuple):
    """A block of the plan's screen, in ``BLOCK`` of a family's ``screen.py``.

    ``lines`` is called with the plan and the width of the screen in cells, and returns lines of ``rich.text.Text``;
    none where there is nothing to say. ``place`` says where among the others it stands, low numbers first, and
    ``when_short`` the same for a plan that leaves anybody short. Of one whose figures go ``by_country`` the screen says
    what a country means.
    """

    lines: Callable[[Any, int], list[Any]]
    place: int = LAST
    when_short: int | None = None
    by_country: bool = False
