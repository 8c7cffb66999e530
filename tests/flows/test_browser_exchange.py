"""A file of the platform in the browser: its faults, the mended one, and her line in the export."""

from playwright.sync_api import expect

from tests.flows.cases import manager
from tests.flows.screen import DESK, STORY, login_of
from tests.flows.test_browser_files import goto
from tests.flows.test_exchange_files import as_csv, columns, here, table, women, work  # noqa: F401

pytestmark = STORY


def sent(seen, data):
    seen.page.get_by_label("文件", exact=True).set_input_files(
        {"name": "platform.csv", "mimeType": "text/csv", "buffer": data}
    )
    seen.press("检查文件")


def saved(seen, name):
    with seen.page.expect_download() as waiting:
        seen.press(name)
    return waiting.value.path().read_bytes()


def test_a_faulty_file_shows_its_faults_the_mended_one_goes_in_and_the_export_has_her_line(
    house,
    screen,
    women,  # noqa: F811
    columns,  # noqa: F811
):
    county, (row, *_), _ = here(women)
    seen = screen(DESK).sign_in(login_of(manager(house, county)))
    goto(seen, "exchange")
    good = table(house, columns, [row])
    names = {c.field.name: c.name for c in columns}
    wrong = [[*line] for line in good]
    wrong[1][good[0].index(names["due_date"])] = "2026-02-30"
    wrong[1][good[0].index(names["registered_on"])] = "昨天"
    sent(seen, as_csv(wrong))
    seen.sees("2 处错误")
    seen.sees(f"第 2 行 · {names['due_date']}")
    seen.sees(f"第 2 行 · {names['registered_on']}")
    expect(seen.page.get_by_role("button", name="导入这 1 行")).to_have_count(0)
    marked = saved(seen, "下载带错误列的文件").decode("utf-8-sig")
    assert "errors" in marked.splitlines()[0]
    assert names["due_date"] in marked.splitlines()[1]

    sent(seen, as_csv(good))
    seen.sees("1 行没有错误")
    seen.press("导入这 1 行")
    seen.sees("已收下 1 行")
    work(house)
    seen.sees("1 行进了档案")

    assert row.record_id in saved(seen, "导出 CSV").decode("utf-8-sig")
    assert saved(seen, "下载空白模板").startswith(b"PK")
