"""The pages people see. One file for each place; all of them on one blueprint."""

from flask import Blueprint

from web import failures, headers, identity, protection, rendering
from web.extension import PAGES


def make_pages() -> Blueprint:
    """A fresh blueprint with every page, for one application."""
    pages = Blueprint(PAGES, __name__)
    pages.before_request(protection.check_readable)
    pages.before_request(identity.choose_language)
    pages.before_request(protection.check_form)
    # Flask runs these from the last to the first: compress when everything else is settled.
    pages.after_request(rendering.press)
    pages.after_request(headers.secure)
    failures.explain_on(pages)

    from web.pages import (
        cases,
        demo,
        emergency,
        files,
        inbox,
        matters,
        mine,
        service,
        sign_in,
        starts,
        tasks,
        worklist,
    )

    for place in (
        service,
        sign_in,
        worklist,
        tasks,
        starts,
        cases,
        matters,
        inbox,
        mine,
        files,
        emergency,
        demo,
    ):
        place.add_to(pages)
    return pages
