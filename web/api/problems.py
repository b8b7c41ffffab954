"""Errors for programs: ``application/problem+json`` (RFC 9457), each with a stable code and a sentence in
both languages.
"""

import json
import logging
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Response, g, request
from flask_smorest import Blueprint
from werkzeug.exceptions import HTTPException

from engine.errors import Invalid, WulianError
from engine.text import Text
from web.failures import status_of

log = logging.getLogger("wulian.api")


class Unknown(Exception):
    """No token, or one that is not good."""


def make_blueprint(name: str, description: str, *, open_to_all: bool = False) -> Blueprint:
    """A blueprint of the interface: tokens asked for, errors answered as problems."""
    from web.api.bodies import check_body
    from web.api.tokens import needs_token

    blueprint = Blueprint(f"wulian_api_{name}", __name__, description=description)
    if not open_to_all:
        blueprint.before_request(needs_token)
        blueprint.before_request(check_body)
    blueprint.after_request(_plain)
    blueprint.register_error_handler(WulianError, _refused)
    blueprint.register_error_handler(Unknown, _unknown)
    blueprint.register_error_handler(HTTPException, _unusual)
    blueprint.register_error_handler(Exception, _broken)
    return blueprint


def _plain(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def problem(
    status: int,
    code: str,
    text: Text,
    *,
    more: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One problem. ``detail`` is in the language of the token's owner, ``texts`` has both."""
    locale = g.wulian_actor.locale if "wulian_actor" in g else "en"
    body = {
        "type": f"urn:wulian:problem:{code}",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": text.to(locale),
        "texts": {"zh_Hans_CN": text.zh, "en": text.en},
        **(more or {}),
    }
    answer = Response(
        json.dumps(body, ensure_ascii=False, default=str), status, mimetype="application/problem+json"
    )
    answer.headers.update(headers or {})
    return answer


def _refused(error: WulianError) -> Response:
    more: dict[str, Any] = {}
    if error.details:
        more["details"] = error.details
    if error.element:
        more["element"] = error.element
    if isinstance(error, Invalid) and error.fields:
        more["errors"] = {
            path: [{"zh_Hans_CN": text.zh, "en": text.en} for text in texts]
            for path, texts in error.fields.items()
        }
    return problem(status_of(error), error.code, error.text, more=more)


def _unknown(_error: Unknown) -> Response:
    text = Text("需要有效的访问令牌。", "A valid access token is needed.")
    return problem(401, "unauthorized", text, headers={"WWW-Authenticate": 'Bearer realm="wulian"'})


def _unusual(error: HTTPException) -> Response:
    status = error.code or 500
    data = getattr(error, "data", None) or {}
    more = {"errors": data["messages"]} if "messages" in data else {}
    texts = {
        400: Text("请求无法读取。", "The request cannot be read."),
        404: Text("没有这个地址。", "There is nothing at this address."),
        405: Text("这个地址不支持该方法。", "The method is not allowed here."),
        413: Text("请求太大。", "The request is too large."),
        415: Text("请使用 application/json。", "Send application/json."),
        422: Text("请求的内容不符合要求。", "The request does not have the expected form."),
    }
    text = texts.get(status, Text("请求不能处理。", "The request cannot be handled."))
    return problem(status, error.name.lower().replace(" ", "_"), text, more=more)


def _broken(error: Exception) -> Response:
    number = secrets.token_hex(4)
    log.exception("fault %s at %s %s", number, request.method, request.path, exc_info=error)
    text = Text(f"系统出错，编号 {number}。", f"Something went wrong on our side, number {number}.")
    return problem(500, "internal_error", text, more={"number": number})
