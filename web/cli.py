"""``wulian``: serve, work, deploy, check, play, look after users and the demo."""

import sys
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from engine.errors import Invalid, WulianError
from engine.text import Text
from web.commandline import data, people, processes, running


class PlainWords(click.Group):
    """Errors of the engine are said in a sentence; only faults of the program show where they happened."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Invalid as error:
            click.secho(error.text.to(_locale()), fg="red", err=True)
            for path, texts in error.fields.items():
                for text in texts:
                    click.echo(
                        f"  {path}: {text.to(_locale())}" if path else f"  {text.to(_locale())}", err=True
                    )
        except WulianError as error:
            click.secho(error.text.to(_locale()), fg="red", err=True)
        except OperationalError as error:
            said = Text("数据库无法使用: ", "The database can't be used: ").to(_locale())
            click.secho(f"{said}{str(error.orig).strip()}", fg="red", err=True)
        ctx.exit(1)


def _locale() -> str:
    import os

    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh_Hans_CN" if spoken.startswith("zh") else "en"


@click.group(cls=PlainWords, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wulian")
def main() -> None:
    """Wulian 五联: workflow and case management for community service."""


for command in (
    running.serve,
    running.worker,
    processes.deploy,
    processes.check,
    processes.play,
    data.demo,
    data.db,
    people.user,
):
    main.add_command(command)


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main(prog_name="wulian")
