"""Plays stories and tells how they went."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from engine.errors import Invalid
from engine.stories import Stage, Story, StoryResult, play, stories_in
from engine.text import Text
from web.roles import read_powers
from web.settings import WORKFLOWS


def play_all(paths: Iterable[Path]) -> bool:
    """Whether every story of the given files and folders came out as told."""
    results: list[StoryResult] = []
    for bundle, chosen in _chosen(paths).items():
        shared, stories = stories_in(bundle / "stories")
        wanted = [story for story in stories if chosen is None or story.path in chosen]
        with Stage([bundle], shared.cast, read_powers(WORKFLOWS / "roles.yaml")) as stage:
            label = f"{bundle.name}: {len(wanted)} stories"
            with click.progressbar(wanted, label=label, file=sys.stderr, hidden=len(wanted) < 3) as bar:
                for story in bar:
                    engine = stage.fresh()
                    try:
                        results.append(play(engine, story, shared))
                    finally:
                        engine.close()
    failed = [result for result in results if not result.passed]
    for result in failed:
        click.secho(f"✗ {_name(result.story)}", fg="red")
        click.echo(f"  {result.step}: {result.failure.en if result.failure else ''}")
    click.echo(f"{len(results) - len(failed)} of {len(results)} stories came out as told.")
    return bool(results) and not failed


def _chosen(paths: Iterable[Path]) -> dict[Path, set[str] | None]:
    """Bundle folders, each with the files meant, or all of them."""
    found: dict[Path, set[str] | None] = {}
    for path in paths:
        folder = path if path.is_dir() else path.parent
        bundle = folder.parent if folder.name == "stories" else folder
        if not (bundle / "bundle.yaml").is_file():
            raise Invalid(
                Text(
                    f"“{path}”不在流程包里。",
                    f"“{path}” does not belong to a bundle: there is no bundle.yaml above it.",
                )
            )
        if path.is_dir():
            found[bundle] = None
        elif found.get(bundle, set()) is not None:
            found.setdefault(bundle, set()).add(path.name)  # type: ignore[union-attr]
    return found


def _name(story: Story) -> str:
    return f"{story.path}: {story.name}" if story.path else story.name
