"""What people see when something cannot be done: plain words, what to do now, and never a stack trace."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from engine.errors import Conflict, Invalid, LimitExceeded, NotAllowed, NotFound, WulianError
from web.language import _, locale
from web.protection import StaleForm

if TYPE_CHECKING:
    from werkzeug.sansio.response import Response as SansIOResponse

log = logging.getLogger("wulian.web")

STATUS: dict[type[WulianError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    Invalid: 422,
    LimitExceeded: 429,
}


def status_of(error: WulianError) -> int:
    """The HTTP status that fits an error of the engine."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


@dataclass(frozen=True)
class Explanation:
    """A headline, a sentence, and what the person can do."""

    title: str
    text: str
    advice: str


def explanation(status: int) -> Explanation:
    """Words for a status, where the engine said nothing of its own."""
    match status:
        case 403:
            return Explanation(
                _("You cannot open this"),
                _("Your role or organisation does not cover this matter."),
                _("If you need it for your work, ask the supervisor of your station."),
            )
        case 404:
            return Explanation(
                _("This page does not exist"),
                _("The address may be incomplete, or the matter is not one you can see."),
                _("Go to your to-do list, or search by name or number."),
            )
        case 409:
            return Explanation(
                _("Someone else was first"),
                _("This has changed since you opened it."),
                _("Go back to your to-do list to see how it stands."),
            )
        case 413:
            return Explanation(
                _("That is too much at once"),
                _("The files or the text are larger than can be accepted."),
                _("Send smaller files, or fewer at a time. Go back: your answers are still there."),
            )
        case 422:
            return Explanation(
                _("Something is not right yet"),
                _("What was sent cannot be accepted as it is."),
                _("Go back and check what you entered."),
            )
        case 429:
            return Explanation(
                _("Please wait a moment"),
                _("There were too many attempts."),
                _("Try again in a few minutes."),
            )
        case 405 | 400:
            return Explanation(
                _("That did not work"),
                _("The page was open for too long, or the link is not complete."),
                _("Go back, reload the page and try again."),
            )
        case _:
            return Explanation(
                _("Something went wrong on our side"),
                _("Your last step changed nothing. Your administrator can find it by the number below."),
                _("Try again in a moment. If it happens again, give your administrator the number."),
            )


def explain_on(blueprint: Blueprint) -> None:
    """Let a blueprint's pages answer errors in words."""
    blueprint.register_error_handler(WulianError, refused)
    blueprint.register_error_handler(StaleForm, stale)
    blueprint.register_error_handler(HTTPException, unusual)
    blueprint.register_error_handler(Exception, broken)


def explain_everywhere(app: Flask) -> None:
    """For an application that is ours alone: addresses of no page, too."""

    def anywhere(error: HTTPException) -> "ResponseReturnValue | SansIOResponse":
        from web.headers import secure
        from web.identity import choose_language

        if request.blueprint is None:
            choose_language()
        answer = unusual(error)
        return secure(answer) if isinstance(answer, Response) and request.blueprint is None else answer

    app.register_error_handler(HTTPException, anywhere)


def refused(error: WulianError) -> Response:
    """The engine said no: its own sentence, and who and when where it knows."""
    status = status_of(error)
    words = explanation(status)
    return _page(
        status, Explanation(words.title, error.text.to(locale()), words.advice), details=error.details
    )


def unusual(error: HTTPException) -> ResponseReturnValue:
    """404, 405, 413 and their like."""
    if error.code is None or error.code < 400:
        return error.get_response()
    return _page(error.code, explanation(error.code))


def broken(error: Exception) -> Response:
    """A fault of ours. The log has everything, the page a number to find it by."""
    number = secrets.token_hex(4)
    log.exception("fault %s at %s %s", number, request.method, request.path, exc_info=error)
    return _page(500, explanation(500), number=number)


def stale(_error: StaleForm) -> Response:
    """A form of another session: what was typed is shown again, nothing is done."""
    from web.pages.sign_in import carry_on

    return carry_on()


def explain(status: int) -> Response:
    """The page for a status."""
    return _page(status, explanation(status))


def _page(
    status: int, words: Explanation, *, details: Mapping[str, object] | None = None, number: str = ""
) -> Response:
    from web.rendering import render

    told = details or {}
    at = told.get("at")
    return render(
        "wulian/failure.html",
        status=status,
        words=words,
        who=told.get("by") or "",
        at=datetime.fromisoformat(at) if isinstance(at, str) else None,
        number=number,
    )
