"""`Y` and `N` as true and false."""

from collections.abc import Sequence

_MEANS = {"Y": True, "N": False}


def read(texts: Sequence[str]) -> bool:
    """True for `Y`, False for `N`."""
    if texts[0] not in _MEANS:
        raise ValueError("it is neither Y nor N")
    return _MEANS[texts[0]]


def write(value: object) -> tuple[str, ...]:
    """`Y` for True, `N` for False."""
    return ("Y" if value else "N",)
