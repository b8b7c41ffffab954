"""我的: how I read, who stands in for me, signing out."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, Response, redirect, request

from engine.calendar.working import at_local
from engine.errors import Invalid, WulianError
from engine.people import users as people
from engine.queries.colleagues import colleagues
from engine.store.database import reading, writing
from engine.text import Text
from web.extension import engine, wulian
from web.identity import actor, needs_sign_in, signed_in
from web.language import locale
from web.pages.badges import badges
from web.pages.sign_in import safe_goal
from web.rendering import LARGE_COOKIE, link, render, said
from web.roles import role_name

_YEARS = range(2000, 2200)


@dataclass(frozen=True)
class Entered:
    """What was typed about an absence."""

    substitute: str = ""
    starts: str = ""
    ends: str = ""
    reason: str = ""


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/me", "mine", show)
    pages.add_url_rule("/me/text-size", "text_size", text_size, methods=["POST"])
    pages.add_url_rule("/me/absence", "absence_begin", begin_absence, methods=["POST"])
    pages.add_url_rule("/me/absence/<uuid:absence_id>/end", "absence_end", end_absence, methods=["POST"])


@needs_sign_in
def show() -> Response:
    """The person's own page."""
    return _page(Entered())


def text_size() -> Response:
    """Large text on this device, and back; before signing in, too."""
    answer = redirect(safe_goal(request.form.get("next")))
    wanted = "1" if request.form.get("large") == "1" else "0"
    answer.set_cookie(
        LARGE_COOKIE, wanted, max_age=31_536_000, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return answer  # type: ignore[return-value]


@needs_sign_in
def begin_absence() -> Response:
    """Enter an absence with a named substitute."""
    form = request.form
    entered = Entered(
        form.get("substitute", ""),
        form.get("starts", ""),
        form.get("ends", ""),
        form.get("reason", "").strip()[:300],
    )
    it, person = engine(), actor()
    try:
        substitute, begins, ends = _understood(entered)
        if substitute not in {each.id for each in colleagues(it, person)}:
            raise Invalid(Text("请选择一位同事代办。", "Choose a colleague who stands in."))
        with writing(it.database) as conn:
            people.set_absence(
                conn, signed_in().user_id, substitute, begins, ends, reason=entered.reason, now=it.clock.now()
            )
    except WulianError as error:
        return _page(entered, error.text.to(locale()), 422)
    return redirect(link("mine"))  # type: ignore[return-value]


@needs_sign_in
def end_absence(absence_id: UUID) -> Response:
    """Back again."""
    it = engine()
    with writing(it.database) as conn:
        people.end_absence(conn, signed_in().user_id, absence_id, it.clock.now())
    return redirect(link("mine"))  # type: ignore[return-value]


def _understood(entered: Entered) -> tuple[UUID, datetime, datetime | None]:
    try:
        substitute = UUID(entered.substitute)
    except ValueError:
        raise Invalid(Text("请选择一位同事代办。", "Choose a colleague who stands in.")) from None
    try:
        first = date.fromisoformat(entered.starts)
        last = date.fromisoformat(entered.ends) if entered.ends else None
    except ValueError:
        raise Invalid(Text("请填写日期，例如 2026-02-24。", "Enter a date such as 2026-02-24.")) from None
    if any(day is not None and day.year not in _YEARS for day in (first, last)):
        raise Invalid(Text("请核对年份。", "Check the year."))
    if last is not None and last < first:
        raise Invalid(Text("最后一天不能早于第一天。", "The last day cannot be before the first."))
    ends = None if last is None else at_local(last + timedelta(days=1), time.min)
    return substitute, at_local(first, time.min), ends


def _page(entered: Entered, problem: str = "", status: int = 200) -> Response:
    it, person = engine(), actor()
    users = wulian().users
    with reading(it.database) as conn:
        absences = people.absences_of(conn, signed_in().user_id, it.clock.now())
    return render(
        "wulian/mine.html",
        status=status,
        badges=badges(),
        roles=sorted({said(dict(role_name(member.role))) for member in person.members}),
        notice="",
        problem=problem,
        entered=entered,
        absences=absences,
        colleagues=colleagues(it, person),
        can_sign_out=users is None or users.sign_out_url() is not None,
    )
