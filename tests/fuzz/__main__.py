"""Fuzzes the codec: `python -m tests.fuzz [--seconds N] [--seed N] [--found FOLDER] [CORPUS]`."""

import argparse
from pathlib import Path

WATCHED = ["edi_gateway.x12", "edi_gateway.mapping", "edi_gateway.reports.validation"]
BUILD = Path("build/fuzz")


def main() -> None:
    """Runs the fuzzer in this process, which ends with it: 0 where every law held, 1 where one did not."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(
        "Changes files, guided by what the codec makes of them, until a law of tests/fuzz/laws.py does not hold. "
        "What breaks one is made small and written down, and the run goes on."
    ))
    parser.add_argument("--seconds", type=int, default=600, help="how long it runs (600)")
    parser.add_argument("--seed", type=int, default=0, help="the same number walks the same way (0: any way)")
    parser.add_argument("--found", type=Path, default=BUILD / "found", help=f"for what breaks a law ({BUILD}/found)")
    parser.add_argument(
        "corpus", type=Path, nargs="?", default=BUILD / "corpus",
        help=f"inputs to go on from; the new ones are added ({BUILD}/corpus)",
    )
    asked = parser.parse_args()
    try:
        import atheris
    except ImportError:
        parser.exit(2, "atheris is missing: `make fuzz` installs it where there is a wheel of it\n")
    with atheris.instrument_imports(include=WATCHED):
        from tests.fuzz import target
    target.fuzz(asked.seconds, asked.seed, asked.corpus, asked.found)


if __name__ == "__main__":
    main()
