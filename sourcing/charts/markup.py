"""Text put into markup: names out of tables and questions stay text in a page and in a drawing, whatever they hold."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Any

from sourcing.characters import showable

_IN_DATA = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_NO_SCRIPT = re.compile(r"</script|<script|<!--|[\r\0]", re.IGNORECASE)


def legible_throughout(content: Any) -> Any:
    """Return plain values in whose texts a character that no file of markup may have is U+FFFD."""
    if isinstance(content, str):
        return showable(content)
    if isinstance(content, dict):
        return {key: legible_throughout(value) for key, value in content.items()}
    return [legible_throughout(value) for value in content] if isinstance(content, list) else content


def escaped(text: object) -> str:
    """Return a text as it stands in an element or between the quotes of an attribute, of HTML as of XML."""
    return escape(showable(str(text)))


def data_block(content: Any) -> str:
    """Return JSON as it stands in a script element that holds data: it has no sign that could end the element."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False).translate(_IN_DATA)


def fingerprint(script: str) -> str:
    """Return the source of a content security policy that allows this one script.

    Raises
    ------
    ValueError : the script holds what would end its element or begin another, or what a browser reads otherwise.
    """
    found = _NO_SCRIPT.search(script)
    if found is not None:
        raise ValueError(f"a script has {found[0]!r} in it")
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
