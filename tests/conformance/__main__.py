"""``python -m tests.conformance bpmn|dmn FOLDER [--json]``: how much of a public suite passes, what fails."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from tests.conformance import bpmn, dmn


class Outcome(Protocol):
    """One result of a suite."""

    @property
    def case(self) -> str: ...
    @property
    def passed(self) -> bool: ...
    @property
    def detail(self) -> str: ...


#: What each suite runs a folder with.
SUITES: dict[str, Callable[[Path], Iterable[Outcome]]] = {"bpmn": bpmn.run_folder, "dmn": dmn.run_folder}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("suite", choices=sorted(SUITES))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="one JSON object for the whole run")
    given = parser.parse_args(arguments)
    results = list(SUITES[given.suite](given.folder))
    failed = [each for each in results if not each.passed]
    if given.json:
        report = {
            "suite": given.suite,
            "passed": len(results) - len(failed),
            "total": len(results),
            "failures": [{"case": each.case, "detail": each.detail} for each in failed],
        }
        print(json.dumps(report, ensure_ascii=False))
    else:
        for each in failed:
            print(f"✗ {each.case}: {each.detail}")
        print(f"{len(results) - len(failed)} of {len(results)}")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
