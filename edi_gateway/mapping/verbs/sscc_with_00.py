"""A serial shipping container code, read with or without the `00` that says what it is, and written with it."""

from collections.abc import Sequence


def read(texts: Sequence[str]) -> str:
    """The code without the application identifier 00; what is no code of 18 digits stands as it was sent."""
    text = texts[0]
    return text[2:] if len(text) == 20 and text.isdigit() and text.startswith("00") else text


def write(value: object) -> tuple[str, ...]:
    """The code behind the application identifier 00 (GS1 General Specifications, 3.2)."""
    if not isinstance(value, str) or len(value) != 18 or not (value.isascii() and value.isdigit()):
        raise ValueError("it is no code of 18 digits")
    return (f"00{value}",)
