"""What is written of a plan so that it can be carried elsewhere: names of files, and no place on this machine."""

from __future__ import annotations

import json
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.question import Question

HERE = ("path", "case_path", "last_path")
"""What a stored question does not know: where things lie on this machine."""
_PLACES = ("plan", "of", "write_model", "case", "last", "extends", "presets")
"""Keys of manifests and questions that may name a file or a folder."""


def carried(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest in which whole paths have become names."""
    return {key: _carried(key, value) for key, value in content.items()}


def question_carried(question: Question) -> str:
    """Return a question as JSON without the places it was read from; in its own text too a whole path is but a name."""
    given = json.loads(question.model_dump_json(by_alias=True))
    for path in sorted(_whole(given), key=len, reverse=True):
        for said in (path, path.replace("\\", "\\\\")):
            given["text"] = given["text"].replace(said, named(path))
    return json.dumps(carried({key: value for key, value in given.items() if key not in HERE}), indent=1)


def named(path: str) -> str:
    """Return the name that a whole path ends in; any other text is returned as it is.

    >>> named("/home/me/tiny"), named("C:/plans/last/"), named("../tiny")
    ('tiny', 'last', '../tiny')
    """
    return (PureWindowsPath(path).name or "folder") if _is_whole(path) else path


def _is_whole(path: str) -> bool:
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()


def _carried(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return carried(value)
    if key not in _PLACES:
        return value
    if isinstance(value, list):
        return [_carried(key, each) for each in value]
    return named(value) if isinstance(value, str) else value


def _whole(question: Mapping[str, Any]) -> Iterator[str]:
    """Yield the whole paths that a question names."""
    named_there = [
        question["case"],
        question["extends"],
        *question["presets"],
        (question["stability"] or {}).get("last"),
    ]
    yield from (each for each in (*named_there, *(question[place] for place in HERE)) if each and _is_whole(each))
