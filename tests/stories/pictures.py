"""The pictures of the README, taken from the demonstration: ``python -m tests.stories.pictures [FOLDER]``."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from engine.store import migrate
from tests.stories import district
from tests.stories.people import DESKTOP, PHONE, People, Person

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


def take(browser: "Browser", address: str, folder: Path) -> None:
    """One picture for each stop of the tour."""
    people = People(browser, address, DESKTOP)
    worker, supervisor = people["worker"], people["supervisor"]

    def shoot(person: Person, name: str) -> None:
        person.page.mouse.move(0, 0)
        person.page.screenshot(path=folder / f"{name}.png", animations="disabled")

    worker.lists()
    shoot(worker, "worklist")
    worker.opens_task("接案面谈", "姚")
    shoot(worker, "task")
    supervisor.opens_case("GA-2026-00001")
    shoot(supervisor, "case")
    supervisor.page.get_by_role("main").get_by_role("link", name="GA-2026-00001").click()
    supervisor.page.locator(".is-current").first.wait_for()
    supervisor.page.get_by_role("heading", name="步骤").scroll_into_view_if_needed()
    supervisor.page.mouse.wheel(0, 520)
    supervisor.page.wait_for_function("scrollY > 300")
    shoot(supervisor, "matter")
    people.close()
    people = People(browser, address, PHONE)
    people["worker"].lists()
    shoot(people["worker"], "phone")
    people.close()


def main(folder: Path) -> None:
    """Serve the demonstration and take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        url = f"sqlite:///{temporary}/pictures.db"
        migrate.upgrade(url)
        district.load(url, Path(temporary))
        with district.served(url, Path(temporary)) as served, sync_playwright() as playwright:
            # Letters without coloured edges: the files are a third smaller.
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--disable-lcd-text"]
            )
            take(browser, served.address, folder)
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else _IMAGES)
