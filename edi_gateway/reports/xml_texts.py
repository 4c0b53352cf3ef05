"""How the XML view names segments and elements, and how it writes what XML cannot hold."""

import re
from collections.abc import Mapping

VALUE_MAX = 1 << 17
"""No segment is longer than that many bytes."""

SKIPPED_MAX = 99
"""Up to this position, empty elements in front of another are left out."""

_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_UNFIT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HIDDEN = re.compile(r"[^\x20-\x7e]|\\")
_ESCAPE = re.compile(r"\\(?:x([0-9A-F]{2})|u([0-9A-F]{4})|([\\nrt]))")
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}
_LONG = {character: letter for letter, character in _SHORT.items()}


def is_id(text: str) -> bool:
    """Whether a segment id can be the name of an XML element."""
    return _ID.fullmatch(text) is not None


def hidden(text: str) -> str:
    """The text in printable ASCII: what is not, and the backslash, is escaped, such as `\\n`, `\\x1D` and `\\\\`."""
    return _HIDDEN.sub(lambda match: _escape(match[0]), text)


def fitted(text: str) -> str | None:
    """The text with what XML 1.0 cannot hold, and the backslash, escaped; None where XML holds it as it is."""
    if text.isprintable() or not _UNFIT.search(text):
        return None
    return _UNFIT.sub(lambda match: _escape(match[0]), text.replace("\\", "\\\\"))


def unescaped(text: str) -> str:
    """What `hidden` and `fitted` made of a text, undone. Raises ValueError for a backslash that escapes nothing."""
    if "\\" not in text:
        return text
    found, at = [], 0
    while (stop := text.find("\\", at)) >= 0:
        match = _ESCAPE.match(text, stop)
        if match is None:
            raise ValueError(f"{text[stop:stop + 6]!r} is no escape; a backslash itself is written twice")
        found += [text[at:stop], _SHORT[match[3]] if match[3] else chr(int(match[1] or match[2], 16))]
        at = match.end()
    return "".join([*found, text[at:]])


def told(raw: str) -> tuple[str, dict[str, str]]:
    """A value, given as one character a byte, as text and the attributes without which it would not come back."""
    text, attributes = raw, {}
    if not raw.isascii():
        try:
            text = raw.encode("latin-1").decode("utf-8")
        except UnicodeDecodeError:
            attributes["charset"] = "latin-1"
    escaped = fitted(text)
    if escaped is None:
        return text, attributes
    return escaped, {**attributes, "escaped": "true"}


def untold(text: str, attributes: Mapping[str, str]) -> str:
    """The mirror of `told`. Raises ValueError where it cannot be."""
    if attributes.get("escaped", "false") == "true":
        text = unescaped(text)
    charset = attributes.get("charset", "utf-8")
    if charset not in ("utf-8", "latin-1"):
        raise ValueError(f"the charset {charset!r} is neither utf-8 nor latin-1")
    return text.encode(charset).decode("latin-1")


def _escape(character: str) -> str:
    if character in _LONG:
        return f"\\{_LONG[character]}"
    return f"\\x{ord(character):02X}" if ord(character) < 256 else f"\\u{ord(character):04X}"
