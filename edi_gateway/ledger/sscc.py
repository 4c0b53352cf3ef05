"""Serial shipping container codes (GS1 General Specifications, SSCC): 18 digits, the last one a check digit."""

WITHOUT_CHECK = 17


def make(prefix: str, serial: int, extension: int = 0) -> str:
    """The code of a carton: extension digit, company prefix, serial number, check digit.

    The serial number begins again when it no longer fits. Raises `ValueError` for a prefix of another form.
    """
    places = WITHOUT_CHECK - 1 - len(prefix)
    if not (prefix.isascii() and prefix.isdecimal() and 7 <= len(prefix) <= 10 and 0 <= extension <= 9):
        raise ValueError(f"{prefix!r} is no GS1 company prefix of 7 to 10 digits")
    digits = f"{extension}{prefix}{serial % 10**places:0{places}}"
    return digits + check_digit(digits)


def is_valid(code: str) -> bool:
    """Whether a text is an SSCC: its digits and its check digit."""
    return len(code) == WITHOUT_CHECK + 1 and code.isascii() and code.isdecimal() and check_digit(code[:-1]) == code[-1]


def check_digit(digits: str) -> str:
    """From the right, digits weigh 3 and 1 in turn; the check digit makes the sum a multiple of ten."""
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)
