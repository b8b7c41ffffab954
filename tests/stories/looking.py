"""What holds for every page that is visited, whoever visits it and on whatever device."""

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

KILOBYTE = 1000
#: What a page may weigh with everything it loads, as sent.
ORDINARY, WITH_DIAGRAM = 100 * KILOBYTE, 200 * KILOBYTE


class Looking:
    """Looks at pages. One for each person: it remembers what their browser has fetched and complained of."""

    def __init__(self, page: "Page", seen: set[str], *, javascript: bool = True) -> None:
        self._page = page
        self._javascript = javascript
        self._seen = seen  # kinds of pages that axe has judged on this device
        self._arrived: list[Request] = []
        self._weights: dict[str, int] = {}
        self._complaints: list[str] = []
        page.on("requestfinished", lambda request: self._arrived.append(request))
        page.on("pageerror", lambda error: self._complaints.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message: object) -> None:
        text = message.text  # type: ignore[attr-defined]
        # The answer to a form with mistakes is no fault of the page.
        if message.type == "error" and "status of 4" not in text:  # type: ignore[attr-defined]
            self._complaints.append(text)

    def at(self, kind: str) -> None:
        """The page that is open is light, complains of nothing, fits, and keeps nobody out."""
        page = self._page
        page.wait_for_load_state()
        assert not self._complaints, (kind, self._complaints)
        weight = self._weight()
        allowed = WITH_DIAGRAM if page.locator("[data-diagram]").count() else ORDINARY
        assert weight <= allowed, f"{kind} weighs {weight} bytes"
        if kind in self._seen:
            return
        self._seen.add(kind)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{kind} scrolls sideways"
        if not self._javascript:
            return  # axe is a script itself; the markup is the same
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        serious = [it for it in found if it["impact"] in ("serious", "critical")]
        assert not serious, [(kind, it["id"], [node["html"] for node in it["nodes"]]) for it in serious]

    def _weight(self) -> int:
        """Bytes of the page and of all it uses; a file from the cache counts as if fetched."""
        arrived, total = self._arrived[:], 0
        for request in arrived:
            sizes = request.sizes()
            size = max(0, sizes["responseBodySize"]) + max(0, sizes["responseHeadersSize"])
            if request.is_navigation_request():
                total = size
            self._weights[request.url] = max(size, self._weights.get(request.url, 0))
        used = self._page.evaluate("performance.getEntriesByType('resource').map(it => it.name)")
        self._arrived.clear()
        return total + sum(self._weights[url] for url in set(used) if url in self._weights)
