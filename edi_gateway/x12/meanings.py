"""What the codes of an acknowledgment mean, in the words of the rows."""

from edi_gateway.x12.spec import Rows, base_version

# The code lists of AK905, AK502, AK304 and AK403.
OF_GROUP, OF_SET, OF_SEGMENT, OF_ELEMENT = "716", "718", "720", "723"


def meaning(rows: Rows, version: str, codes: str, code: str) -> str:
    """A code of one of these lists with its meaning; alone, where the list has no word for it."""
    known = rows(f"specs/x12/{base_version(version)}/codes/{codes}.toml") or {}
    name = known.get("names", {}).get(code)
    return f"{name} (code {code})" if name else f"code {code}"
