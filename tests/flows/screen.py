"""Somebody in front of the browser application: what is seen, pressed and signed in with."""

import pytest

PHONE, DESK = (390, 844), (1366, 768)
HOSPITAL = "YN530800-012"
PASSWORD = "x" * 12  # that of everybody in the house
LOST_LINE = (
    "Failed to load resource",
    # The service worker, where the line goes while it is fetched.
    "An unknown error occurred when fetching the script",
)
STORY = [
    pytest.mark.browser,
    # What the screens ask of the database is asked on both by the stories over HTTP.
    pytest.mark.parametrize("house_address", ["sqlite"], indirect=True),
]
"""The marks of a story that is told in a browser on one of the databases."""


class Screen:
    """What somebody sees and touches."""

    def __init__(self, chromium, house, size):
        self.page = chromium.somebody(*size)
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._note)
        self.address = str(house.client.base_url).rstrip("/") + "/app/"

    def _note(self, message):
        # A refusal and a lost line are shown on the screen; all else that a browser complains of
        # is a fault, first of all what the content security policy stops.
        if message.type == "error" and not message.text.startswith(LOST_LINE):
            self.faults.append(message.text)

    def sign_in(self, login):
        self.page.goto(self.address)
        self.page.get_by_label("用户名").fill(login)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.get_by_role("navigation", name="主菜单").wait_for()
        return self

    def press(self, name):
        self.page.get_by_role("button", name=name).first.click()

    def sees(self, text):
        self.page.get_by_text(text).first.wait_for(timeout=20_000)

    def sideways(self):
        # A telephone shows a wide page smaller, and its window is as wide as the page then.
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        return wide - self.page.viewport_size["width"]


def login_of(caller):
    """The name that somebody of the house signs in with."""
    number = list(caller.house.people).index(caller.name)
    return f"u{number}-{caller.name.lower()}"[:60]


def ask(screen):
    """A woman who bleeds; found by the first letters of what it is called."""
    screen.page.get_by_role("searchbox").fill("chcx")
    screen.press("产后出血仍在继续")
    screen.sees("立即转诊")
