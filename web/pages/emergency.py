"""Opening a case outside one's reach in an emergency: with a reason, and on record."""

from flask import Blueprint, Response, redirect, request

from engine.commands import break_glass
from engine.errors import Invalid, NotAllowed, WulianError
from engine.people.policy import may_break_glass
from engine.text import Text
from web.extension import engine
from web.failures import status_of
from web.identity import actor, needs_sign_in
from web.language import locale
from web.pages.badges import badges
from web.rendering import link, render


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/cases/emergency", "emergency", show)
    pages.add_url_rule("/cases/emergency", "emergency_open", open_case, methods=["POST"])


@needs_sign_in
def show() -> Response:
    """Which case, and why."""
    if not may_break_glass(actor(), engine().powers):
        raise NotAllowed(Text("您的职责不能紧急查阅个案。", "Your role may not open cases in an emergency."))
    return _page(request.args.get("number", "")[:40], "")


@needs_sign_in
def open_case() -> Response:
    """Open it, or say why not; what was typed stays."""
    number, reason = request.form.get("number", "").strip()[:40], request.form.get("reason", "").strip()[:500]
    try:
        if not number:
            raise Invalid(Text("请填写个案编号。", "Enter the number of the case."))
        case_id = break_glass(engine(), actor(), number, reason)
    except WulianError as error:
        if not may_break_glass(actor(), engine().powers):
            raise
        return _page(number, reason, error.text.to(locale()), status_of(error))
    return redirect(link("case", case_id=case_id))  # type: ignore[return-value]


def _page(number: str, reason: str, problem: str = "", status: int = 200) -> Response:
    return render(
        "wulian/emergency.html", status=status, badges=badges(), number=number, reason=reason, problem=problem
    )
