"""What codes mean, in the words of the rows."""

from edi_gateway.x12.spec import Rows, base_version

# The code lists of AK905, AK502, AK304 and AK403.
OF_GROUP, OF_SET, OF_SEGMENT, OF_ELEMENT = "716", "718", "720", "723"

_PARTIES = {
    "01": "D-U-N-S", "02": "carrier code", "08": "GS1 communications id", "09": "X.121", "12": "phone number",
    "14": "D-U-N-S with suffix", "16": "D-U-N-S with four characters", "30": "federal tax id", "ZZ": "as agreed",
}
"""The kinds of party ids that occur in trade: list I05, of an element that has no rows."""

_OF_INTERCHANGE = {
    "000": "no error", "001": "control number differs in the trailer", "002": "standards id in ISA11 not taken",
    "003": "version of the envelope not taken", "004": "segment terminator wrong", "005": "sender's qualifier wrong",
    "006": "sender's id wrong", "007": "receiver's qualifier wrong", "008": "receiver's id wrong",
    "009": "receiver's id not known", "010": "authorization qualifier wrong", "011": "authorization wrong",
    "012": "security qualifier wrong", "013": "security wrong", "014": "date wrong", "015": "time wrong",
    "016": "standards id wrong", "017": "version of the envelope wrong", "018": "control number wrong",
    "019": "request for an acknowledgment wrong", "020": "test indicator wrong", "021": "count of groups wrong",
    "022": "control structure wrong", "023": "end of the file came too early", "024": "content wrong",
    "025": "control number used before", "026": "element separator wrong", "027": "component separator wrong",
    "028": "delivery date wrong", "029": "delivery time wrong", "030": "delivery time code wrong",
    "031": "grade of service wrong",
}
"""List I18, of an element that has no rows: what a TA1 says is wrong with an interchange."""


def name(rows: Rows, version: str, codes: str, code: str) -> str | None:
    """The name of a code in the list of an element, such as `128`; None where the list has no word for it."""
    if not codes.isdecimal():
        return None
    known = rows(f"specs/x12/{base_version(version)}/codes/{codes}.toml") or {}
    found = known.get("names", {}).get(code)
    return None if found is None else str(found)


def meaning(rows: Rows, version: str, codes: str, code: str) -> str:
    """A code with its meaning, for a sentence; alone, where the list has no word for it."""
    found = name(rows, version, codes, code)
    return f"{found} (code {code})" if found else f"code {code}"


def of_interchange(code: str) -> str:
    """A note code of a TA1 (TA105) with its meaning, for a sentence; alone, where it is none of the list."""
    found = _OF_INTERCHANGE.get(code)
    return f"{found} (code {code})" if found else f"code {code}"


def of_party(qualifier: str) -> str | None:
    """What kind of id a party has by ISA05 or ISA07; None where it is no common one."""
    return _PARTIES.get(qualifier)
