"""The pages without a script, from the door to the answers: an old browser sends a request too."""

import re

import pytest
from sqlmodel import func, select

from app.accounts.session_tables import UserSession
from app.referrals.tables import Referral
from tests.flows.screen import PASSWORD, login_of
from tests.flows.test_bad_night import SUIJIANG
from tests.flows.test_fetched_newborn import COUNTY

HTML = {"Accept": "text/html"}
COUNTY_OF = "530626"


class Browser:
    """A browser that knows links, forms and cookies, and says which page posts."""

    def __init__(self, house):
        self.client, self.cookies = house.client, {}
        self.origin = str(house.client.base_url).rstrip("/")

    def headers(self, **more):
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return HTML | ({"Cookie": jar} if jar else {}) | more

    def get(self, path):
        return self._kept(self.client.get(path, headers=self.headers(), follow_redirects=False))

    def post(self, path, fields, **more):
        headers = self.headers(**({"Origin": self.origin} | more))
        return self._kept(
            self.client.post(path, data=fields, headers=headers, follow_redirects=False)
        )

    def _kept(self, answer):
        self.client.cookies.clear()
        for name, value in answer.cookies.items():
            self.cookies[name] = value
        return answer

    def sign_in(self, caller):
        return self.post("/sign-in", {"login": login_of(caller), "password": PASSWORD})


def hidden(page, action):
    """The fields of a form as they stand in the page."""
    form = page.split(f'action="{action}', 1)[1].split("</form>", 1)[0]
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))


def answered(browser, **more):
    fields = {"county": COUNTY_OF, "origin": SUIJIANG, "patient": "maternal"}
    return browser.post("/answer", fields | {"m.pph_ongoing": "yes"} | more)


@pytest.fixture
def doctor(house):
    browser = Browser(house)
    came = browser.sign_in(house.clinician(SUIJIANG))
    assert (came.status_code, came.headers["location"].partition("&lang")[0]) == (
        303,
        f"/?county={COUNTY_OF}&origin={SUIJIANG}",
    )
    return browser


def requests_in(house):
    with house.database.reading() as session:
        return session.exec(select(func.count()).select_from(Referral)).one()


def test_a_request_is_sent_once_and_its_answers_are_read(house, doctor):
    page = answered(doctor)
    assert page.status_code == 200, page.text
    assert "没有人会看到询问:请打电话" in page.text
    fields = hidden(page.text, "/send")
    sent = doctor.post("/send", fields)
    again = doctor.post("/send", fields)
    assert (sent.status_code, again.headers["location"]) == (303, sent.headers["location"])
    assert requests_in(house) == 1

    seen = doctor.get(sent.headers["location"])
    assert seen.status_code == 200
    assert "等待答复" in seen.text
    assert "现在可以打电话给" in seen.text


def test_a_stop_on_the_way_is_not_said_to_be_of_no_help_and_stands_after_sending(house, doctor):
    page = answered(doctor).text
    groups = page.split('<details class="why-not">', 1)[1].split("<h3>")[1:]
    stops = next(one for one in groups if one.startswith("作为终点没有帮助;可作途中停靠"))
    others = "".join(one for one in groups if one.startswith("条件与本院相同"))
    ways = page.split('<ol class="alternatives">', 1)[1].split("</ol>", 1)[0].split("<li ")
    named = [one for one in ways if one.startswith('class="stop_on_the_way"')]
    assert named
    for one in named:
        name = one.split("途中可停靠:", 1)[1].split(",", 1)[0]
        assert name in stops
        assert name not in others
        assert "☎" in one
    sent = doctor.get(doctor.post("/send", hidden(page, "/send")).headers["location"]).text

    assert "途中可停靠:" in sent.split("不是终点", 1)[1]


def test_nobody_who_is_not_signed_in_sees_or_sends_anything(house, doctor):
    sent = doctor.post("/send", hidden(answered(doctor).text, "/send"))
    stranger = Browser(house)
    for answer in (
        stranger.get("/"),
        stranger.get(sent.headers["location"]),
        stranger.post("/send", {"county": COUNTY_OF}),
    ):
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    other = Browser(house)
    other.sign_in(house.clinician(COUNTY))
    assert other.get(sent.headers["location"]).status_code == 404


def test_a_form_of_another_site_sends_nothing(house, doctor):
    fields = hidden(answered(doctor).text, "/send")
    for origin in ("https://elsewhere.example", "null"):
        assert doctor.post("/send", fields, Origin=origin).status_code == 403
    unsaid = doctor.headers()
    assert house.client.post("/send", data=fields, headers=unsaid).status_code == 403
    assert requests_in(house) == 0


def test_a_wrong_password_is_said_on_the_page_and_a_form_with_faults_is_not_sent(house, doctor):
    wrong = Browser(house).post("/sign-in", {"login": "nobody", "password": "no"})
    assert wrong.status_code == 401
    assert "登录名或密码不正确" in wrong.text
    fields = hidden(answered(doctor).text, "/send")
    refused = doctor.post("/send", fields | {"m.sbp": "9999"})
    assert refused.status_code == 422
    assert "没有发出" in refused.text
    assert requests_in(house) == 0


def test_who_leaves_is_gone(house, doctor):
    left = doctor.post("/sign-out", {"leave": "1"})
    assert left.headers["location"].startswith("/sign-in")
    with house.database.reading() as session:
        open_ = select(UserSession).where(UserSession.ended_at.is_(None))
        assert session.exec(open_).all() == []


def test_every_head_names_who_is_there_with_the_way_out_and_to_the_application(house, doctor):
    form = doctor.get(f"/?county={COUNTY_OF}&origin={SUIJIANG}").text
    sent = doctor.post("/send", hidden(answered(doctor).text, "/send"))
    pages = [form, answered(doctor).text, doctor.get(sent.headers["location"]).text]

    for head in (one.partition("</header>")[0] for one in pages):
        assert 'action="/sign-out' in head
        assert 'href="/sign-in' not in head
        assert "· 县级医师" in head
        assert 'href="/app/"' in head
    assert 'href="/sign-in' in Browser(house).get("/sign-in").text.partition("</header>")[0]
