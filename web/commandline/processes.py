"""Process bundles from the command line: checked, deployed, played."""

import sys
from pathlib import Path

import click

from web.commandline.people import opened


@click.command()
@click.argument(
    "folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
def deploy(folders: tuple[Path, ...]) -> None:
    """Deploy the process bundles in FOLDERS. Unchanged ones keep their version."""
    from engine.commands import deploy_bundle
    from engine.people.actor import SYSTEM

    with opened() as engine:
        for folder in folders:
            deployed = deploy_bundle(engine, SYSTEM, folder)
            for finding in deployed.findings:
                _tell(folder.name, finding)
            state = "deployed" if deployed.new else "unchanged"
            click.echo(f"{folder.name}: {state}, version {deployed.version}.")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check diagrams, forms and decision tables without deploying them. FILES may be folders of bundles."""
    wrong = 0
    every = [inner for path in files for inner in _inside(path)]
    with click.progressbar(every, label="Checking", file=sys.stderr, hidden=len(every) < 5) as paths:
        results = [(path, _check(path)) for path in paths]
    for path, (errors, lines) in results:
        wrong += errors
        for line in lines:
            click.echo(f"{path}: {line}")
        if not lines:
            click.echo(f"{path}: nothing to remark.")
    if wrong:
        raise SystemExit(1)


@click.command()
@click.argument("stories", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def play(stories: tuple[Path, ...]) -> None:
    """Play STORIES (files, or folders of them) with a clock that jumps. Tells what a failed step expected and
    saw.
    """
    from web.commandline.playing import play_all

    if not play_all(stories):
        raise SystemExit(1)


def _inside(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(each for each in path.rglob("*") if each.suffix in (".bpmn", ".dmn") or _is_form(each))


def _is_form(path: Path) -> bool:
    return path.suffix == ".json" and path.parent.name == "forms"


def _check(path: Path) -> tuple[int, list[str]]:
    """How many errors, and a line for everything found."""
    from engine.bpmn import read
    from engine.decisions import read_dmn
    from engine.errors import Invalid, WulianError
    from engine.forms import read_form_text

    try:
        if path.suffix == ".bpmn":
            findings = read(path.read_bytes()).findings
            errors = sum(finding.severity == "error" for finding in findings)
            return errors, [_line(finding) for finding in findings]
        if path.suffix == ".dmn":
            read_dmn(path.read_bytes())
        else:
            read_form_text(path.read_text(encoding="utf-8"))
    except Invalid as error:
        places = [f"{place}: {text.en}" for place, texts in error.fields.items() for text in texts]
        return max(1, len(places)), places or [error.text.en]
    except WulianError as error:
        return 1, [error.text.en]
    except UnicodeDecodeError:
        return 1, ["this is not a text in UTF-8."]
    return 0, []


def _line(finding: object) -> str:
    severity, element = getattr(finding, "severity", ""), getattr(finding, "element", None)
    text, way_out = getattr(finding, "text", None), getattr(finding, "way_out", None)
    said = f"{severity}: {text.en if text else ''}"
    if element:
        said += f" [{element}]"
    return f"{said} {way_out.en}" if way_out and way_out.en else said


def _tell(where: str, finding: object) -> None:
    click.echo(f"{where}: {_line(finding)}")
