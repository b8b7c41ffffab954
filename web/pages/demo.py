"""The demo's clock: a button for administrators."""

from flask import Blueprint, Response, redirect, request

from engine.people.policy import check_may_administer
from web.extension import engine
from web.identity import actor, needs_sign_in
from web.pages.sign_in import safe_goal


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/demo/clock", "demo_clock", move, methods=["POST"])


@needs_sign_in
def move() -> Response:
    """Let working days go by."""
    from web.demo_clock import MOVES, moment_after, move_on

    it = engine()
    check_may_administer(actor(), it.powers)
    amount = request.form.get("amount", "")
    move_on(it, moment_after(it, amount if amount in MOVES else "1wd"))
    return redirect(safe_goal(request.form.get("next")))  # type: ignore[return-value]
