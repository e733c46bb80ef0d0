"""Corpus of inputs that once ended badly: what differs from sound ground, kept as text and looked at in every run."""

from __future__ import annotations

import base64
import json
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fuzzing.ground import Ground

CORPUS = Path(__file__).parent / "corpus"
SMALL = 200_000
"""Bytes of a file up to which its content is kept; of a larger one its size alone is."""


def differences(sound: Ground, own: Ground) -> dict[str, Any]:
    """Return what is another file, or none, in a copy of the ground, by path within the folder."""
    before, after = (dict(_described(ground)) for ground in (sound, own))
    gone: dict[str, Any] = {path: None for path in before if path not in after}
    return gone | {path: what for path, what in after.items() if before.get(path) != what}


def restore(found: dict[str, Any], own: Ground) -> None:
    """Make a copy of the ground what another was."""
    for path, what in found.items():
        file = own.folder / os.fsdecode(path.encode("utf-8", "surrogatepass"))
        if file.is_symlink() or file.is_file():
            file.unlink()
        if what is not None:
            _make(file, what, own)


def entries() -> list[Path]:
    """Return the files of the corpus."""
    return sorted(CORPUS.glob("*.json"))


def keep(path: Path, words: tuple[str, ...], done: str, wrong: tuple[str, ...], found: dict[str, Any]) -> None:
    """Write an entry."""
    content = {"words": words, "done": done, "wrong": wrong, "files": found}
    path.write_text(json.dumps(content, indent=1), "utf-8")


def _described(ground: Ground) -> Iterator[tuple[str, Any]]:
    for root, folders, names in os.walk(ground.folder):
        for name in [*names, *(each for each in folders if not os.listdir(Path(root) / each))]:
            path = Path(root) / name
            yield str(path.relative_to(ground.folder)), _description(path, ground)


def _description(path: Path, ground: Ground) -> Any:
    state = path.lstat()
    if path.is_symlink():
        return {"link": os.readlink(path).replace(str(ground.outside), "{outside}")}
    if path.is_dir() or stat.S_ISFIFO(state.st_mode):
        return {"folder": True} if path.is_dir() else {"pipe": True}
    if state.st_size > SMALL:
        return {"size": state.st_size}
    content = path.read_bytes().replace(os.fsencode(ground.outside), b"{outside}")
    try:
        return {"text": content.decode("utf-8")}
    except ValueError:
        return {"bytes": base64.b64encode(content).decode("ascii")}


def _make(file: Path, what: dict[str, Any], own: Ground) -> None:
    (kind, value), *_ = what.items()
    if kind == "link":
        file.symlink_to(value.replace("{outside}", str(own.outside)))
    elif kind == "folder":
        file.mkdir()
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind == "size":
        with file.open("wb") as empty:
            empty.truncate(value)
    else:
        content = base64.b64decode(value) if kind == "bytes" else value.encode("utf-8")
        file.write_bytes(content.replace(b"{outside}", os.fsencode(own.outside)))
