"""The database, and the demo."""

import click


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Bring the database up to the present schema. A new one is made."""
    from engine.store.migrate import upgrade as migrate
    from web.settings import read_settings

    settings = read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate(settings.database_url)
    click.echo("The database is up to date.")


@click.group(invoke_without_command=True)
@click.pass_context
def demo(ctx: click.Context) -> None:
    """Load the demo district: invented people, real streets. Loading it again changes nothing."""
    if ctx.invoked_subcommand is None:
        from web.demo.loader import load_demo
        from web.demo.people import PASSWORD
        from web.opening import open_engine
        from web.settings import read_settings

        engine = open_engine(read_settings())
        try:
            logins = load_demo(engine, lambda step: click.echo(f"  {step} …"))
        finally:
            engine.close()
        click.echo(f"The demo is loaded. Sign in with one of these; the password is {PASSWORD}")
        for login in logins:
            click.echo(f"  {login.login:<24} {login.name}, {login.role}, {login.organisation}")


@demo.command(context_settings={"ignore_unknown_options": True})
@click.argument("amount")
def clock(amount: str) -> None:
    """Let time pass in the demo: +3wd (working days), +2h, +10d.

    What falls due on the way is done at its own moment, in order.
    """
    import time
    from datetime import datetime

    from engine.calendar.working import local
    from web.demo_clock import SEEN_FOR, moment_after, move_on
    from web.opening import open_engine
    from web.settings import read_settings

    engine = open_engine(read_settings())
    try:
        start = engine.clock.now()
        target = moment_after(engine, amount)
        span = max(1, int((target - start).total_seconds()))
        with click.progressbar(length=span, label="Time passes", show_eta=False) as bar:
            passed = 0

            def told(moment: datetime) -> None:
                nonlocal passed
                now = min(span, int((moment - start).total_seconds()))
                bar.update(now - passed)
                passed = now

            done = move_on(engine, target, told)
        time.sleep(SEEN_FOR)  # until the servers have looked at the clock, too
        moment = local(engine.clock.now())
        click.echo(f"It is {moment:%Y-%m-%d %H:%M} in the demo; {done} deadlines and jobs came due.")
    finally:
        engine.close()
