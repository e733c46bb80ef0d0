"""Properties of a network that are kept with its case: another network of the same tables need not derive them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

import numpy as np
import pandas as pd

from sourcing.tables.memory import Derived, note_use, recalled, remember

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")


class derived(Generic[T]):  # noqa: N801 - used as ``cached_property`` is
    """A property that is worked out once for a case and a tree of time, and again only where what it reads is another.

    Where what comes of that is the same as before, what used it stays too. A value is shared: it holds neither the
    network nor the case, and nobody changes it.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make, self.__doc__ = make, make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, net: None, owner: type) -> derived[T]: ...

    @overload
    def __get__(self, net: object, owner: type) -> T: ...

    def __get__(self, net: Any, owner: type) -> Any:
        if net is None:
            return self
        return _value(net, self._name, self._make)

    def __set__(self, net: object, value: object) -> None:
        raise AttributeError(f"{self._name} follows from the tables")


def derives(make: Callable[[Any], T]) -> Callable[[Any], T]:
    """Let a function of a network be worked out as a ``derived`` property is: what it returns is shared."""

    @wraps(make)
    def found(net: Any) -> T:
        value: T = _value(net, found, make)
        return value

    return found


def _value(net: Any, name: Any, make: Callable[[Any], Any]) -> Any:
    known = net.__dict__ if isinstance(name, str) else net.__dict__.setdefault("by_function", {})
    if name not in known:
        known[name] = _derived(net, name, make)
    note_use(net, name, known[name])
    return known[name]


def _derived(net: Any, name: Hashable, make: Callable[[Any], Any]) -> Any:
    memory, key = net.case.memory, (name, net.shortage, net.tree.key)
    kept = recalled(memory, key, lambda each: holds(each, net))
    if kept is not None:
        return kept.value
    with Derived(net) as anew:
        anew.value = make(net)
    anew.value = next((each.value for each in memory.get(key, ()) if same(each.value, anew.value)), anew.value)
    remember(memory, key, anew)
    anew.owner = None  # or a network would be kept for as long as its case
    return anew.value


def holds(kept: Derived, net: Any) -> bool:
    """Whether a value is that of a network, too: it would read the same tables, and use the same values."""
    if kept.mixed or any(net.case.part(name) is not frame for name, frame in kept.tables.items()):
        return False
    with Derived(net):  # what is looked at here is used by nobody yet
        return all(_used(net, name) is value for name, value in kept.uses.items())


def _used(net: Any, name: Any) -> Any:
    return getattr(net, name) if isinstance(name, str) else name(net)


def same(one: Any, other: Any) -> bool:
    """Whether two values are alike to the last number."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if isinstance(one, (pd.DataFrame, pd.Series)):
        return bool(one.equals(other)) and list(one.index.names) == list(other.index.names)
    if is_dataclass(one):
        return all(same(getattr(one, each.name), getattr(other, each.name)) for each in fields(one))
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(same, one, other))
    return one is other or (isinstance(one, (int, float, str)) and one == other)
