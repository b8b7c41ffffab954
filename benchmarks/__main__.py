"""``python -m benchmarks [NAME …] [--json]``: measures, and prints one figure a line."""

import argparse
import importlib

NAMES = ("feel", "bpmn", "execution", "workload", "http", "loop", "worker")


def main() -> None:
    """Run the named benchmarks, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    for name in options.names or NAMES:
        if name not in NAMES:
            parser.error(f"there is no benchmark {name}; there are {', '.join(NAMES)}")
        for figure in importlib.import_module(f"benchmarks.{name}").figures():
            print(figure.line(options.json), flush=True)


if __name__ == "__main__":
    main()
