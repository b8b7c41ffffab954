"""The people of the demonstration, each with a browser of their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.stories.filling import Answers, fill_in
from tests.stories.looking import Looking
from web.demo.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

MINE, TEAM, WAITING = "我的", "团队", "等待他人"


@dataclass(frozen=True)
class Device:
    """What somebody works on."""

    name: str
    width: int
    height: int
    javascript: bool = True


DESKTOP = Device("desktop", 1280, 800)
PHONE = Device("phone", 390, 844)
PLAIN = Device("plain", 390, 844, javascript=False)


class People:
    """Opens a browser for whoever is asked for, on one kind of device: ``people["worker"]``."""

    def __init__(self, browser: "Browser", address: str, device: Device) -> None:
        self._browser = browser
        self.address = address
        self.device = device
        self._contexts: list[BrowserContext] = []
        self._known: dict[str, Person] = {}
        self._seen: set[str] = set()

    def __getitem__(self, login: str) -> "Person":
        if login not in self._known:
            self._known[login] = Person(self.page(), login, self)
            self._known[login].signs_in()
        return self._known[login]

    def page(self) -> "Page":
        """A fresh browser window."""
        context = self._browser.new_context(
            base_url=self.address,
            viewport={"width": self.device.width, "height": self.device.height},
            java_script_enabled=self.device.javascript,
            has_touch=self.device.width < 600,
            locale="zh-CN",
        )
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        return context.new_page()

    def looking(self, page: "Page") -> Looking:
        return Looking(page, self._seen, javascript=self.device.javascript)

    def pages(self) -> Iterator[tuple[str, "Page"]]:
        """Everybody's window as it stands."""
        return ((login, person.page) for login, person in self._known.items())

    def close(self) -> None:
        for context in self._contexts:
            context.close()


class Person:
    """Somebody at work. What they do leaves them on the page that follows, which has been looked at."""

    def __init__(self, page: "Page", login: str, people: People) -> None:
        self.page = page
        self.login = login
        self.javascript = people.device.javascript
        self._looking = people.looking(page)

    # -- going about ---------------------------------------------------------------

    def signs_in(self) -> None:
        self.page.goto("/")
        self._looking.at("sign-in")
        self.page.get_by_label("登录名", exact=True).fill(self.login)
        self.page.get_by_label("密码", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="登录", exact=True).click()
        expect(self.page.get_by_role("heading", name="今日")).to_be_visible()
        self._looking.at("worklist")

    def goes_to(self, place: str) -> None:
        """One of the places of the bar: 待办, 办事, 消息, 我的."""
        link = self.page.get_by_role("navigation", name="主要页面").get_by_role("link", name=place)
        with self.page.expect_navigation():
            link.click()
        self._looking.at(place)

    def opens(self, path: str, kind: str) -> None:
        """An address, for instance from a message or a bookmark."""
        self.page.goto(path)
        self._looking.at(kind)

    def looks(self, kind: str) -> None:
        """Look at the page as it is now."""
        self._looking.at(kind)

    # -- the to-do list ------------------------------------------------------------

    def lists(self, whose: str = MINE) -> "Locator":
        """The entries of a to-do list."""
        self.goes_to("待办")
        if whose != MINE:
            self._tab(whose).click()
            expect(self._tab(whose)).to_have_attribute("aria-current", "page")
            self._looking.at(f"worklist {whose}")
        return self.page.get_by_role("region", name="待办列表").get_by_role("listitem")

    def _tab(self, whose: str) -> "Locator":
        tabs = self.page.get_by_role("navigation", name="谁的任务")
        return tabs.get_by_role("link", name=re.compile(f"^{whose}"))

    def entry(self, task: str, about: str, whose: str = MINE) -> "Locator":
        """One entry of the list: a task of a matter, by the matter's number or title."""
        entries = self.lists(whose).filter(has_text=about)
        return entries.filter(has=self.page.get_by_role("link", name=task, exact=True))

    def opens_task(self, task: str, about: str, whose: str = MINE) -> None:
        self.entry(task, about, whose).get_by_role("link", name=task, exact=True).click()
        expect(self.page.get_by_role("heading", level=1, name=task, exact=True)).to_be_visible()
        self._looking.at(f"task {task}")

    def takes_on(self, task: str, about: str) -> None:
        """Take a task of the team."""
        self.opens_task(task, about, TEAM)
        self.page.get_by_role("region", name="任务").get_by_role("button", name="认领", exact=True).click()
        expect(self.page.get_by_role("button", name="退回团队")).to_be_visible()

    # -- forms ---------------------------------------------------------------------

    def fills_in(self, answers: Answers) -> None:
        fill_in(self.page, answers, javascript=self.javascript)

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def checks(self, kind: str) -> None:
        """Ask for the page that shows all answers before anything is sent."""
        self.presses("核对并提交")
        expect(self.page.get_by_role("heading", name="请核对您填写的内容")).to_be_visible()
        self._looking.at(f"check {kind}")

    def sends(self, kind: str, *, button: str = "提交") -> str:
        """Send what was checked; the reference number of the confirmation."""
        self.presses(button)
        return self.confirmed(kind)

    def confirmed(self, kind: str) -> str:
        """The confirmation is there; its number."""
        said = self.page.get_by_role("status").filter(has_text="编号")
        expect(said).to_be_visible()
        expect(self.page.get_by_role("heading", name="接下来")).to_be_visible()
        self._looking.at(f"done {kind}")
        found = re.search(r"编号\s*(\S+)", said.inner_text())
        assert found
        return found[1]

    def does(self, task: str, about: str, answers: Answers, whose: str = MINE) -> None:
        """Open a task, answer, check, send."""
        if whose == TEAM:
            self.takes_on(task, about)
        else:
            self.opens_task(task, about)
        self.fills_in(answers)
        self.checks(task)
        self.sends(task)

    def reports_a_lead(self, answers: Answers) -> str:
        """登记线索; the number of the case that begins."""
        self.opens_the_lead_form()
        self.fills_in(answers)
        self.checks("登记线索")
        return self.sends("登记线索", button="提交线索")

    def opens_the_lead_form(self) -> None:
        self.goes_to("办事")
        self.page.get_by_role("link", name="登记线索").click()
        expect(self.page.get_by_role("heading", name="登记线索")).to_be_visible()
        self._looking.at("lead")

    def moves_the_clock(self, button: str) -> None:
        """As the demonstration's administrator, let time pass."""
        self.goes_to("待办")
        with self.page.expect_navigation():
            self.page.get_by_role("region", name="演示时钟").get_by_role("button", name=button).click()
        self._looking.at("clock")

    # -- reading -------------------------------------------------------------------

    def messages(self, about: str) -> "Locator":
        """What the inbox says about a matter."""
        self.goes_to("消息")
        return self.page.get_by_role("main").get_by_role("listitem").filter(has_text=about)

    def opens_case(self, number: str) -> None:
        """Find a case by its number."""
        self.goes_to("办事")
        self.page.get_by_role("link", name="查找个案").click()
        expect(self.page.get_by_role("heading", level=1, name="个案")).to_be_visible()
        self._looking.at("cases")
        self.page.get_by_role("searchbox").fill(number)
        self.page.get_by_role("button", name="查找").click()
        self.page.get_by_role("main").get_by_role("listitem").filter(has_text=number).get_by_role(
            "link"
        ).click()
        expect(self.page.get_by_text(number, exact=True).first).to_be_visible()
        self._looking.at("case")
