"""Clinical sign-off over HTTP: one row at a time, in the wording that was read, and taken back."""

from sqlalchemy import text

RULE = "E-M01"
TABLE = "destination_requirements"


def wording(who, rule=RULE):
    rows = who.get("/rules/wording", params={"table": TABLE}).json()["items"]
    return next(one for one in rows if one["id"] == rule)


def row(who):
    return next(one for one in who.get("/rules").json()["items"] if one["id"] == RULE)


def unsigned(who):
    return who.get("/rules").json()["unsigned_rules"]


def sign(who, content_hash, title="主任医师"):
    return who.post(f"/rules/{RULE}/signature", {"content_hash": content_hash, "title": title})


def test_a_row_is_signed_as_it_was_read_counted_down_and_taken_back_and_all_of_it_stays(house):
    chief = house.duty("530000")
    before, read = unsigned(chief), wording(chief)
    cells = {one["column"]: one["text"] for one in read["cells"]}

    assert "pph_ongoing" in cells["trigger_condition"]
    assert cells["target_max_min"] == "60"
    done = sign(chief, read["content_hash"])
    assert done.status_code == 200, done.text
    assert (done.json()["signed_by"], done.json()["signed_role"]) == ("测试duty-530000", "主任医师")
    assert done.json()["unsigned_rules"] == before - 1 == unsigned(chief)
    assert row(chief)["signed_by"] == "测试duty-530000"
    assert wording(chief)["signed_role"] == "主任医师"

    back = chief.post(f"/rules/{RULE}/withdrawal", {"content_hash": read["content_hash"]})
    assert (back.status_code, back.json()["unsigned_rules"]) == (200, before)
    assert unsigned(chief) == before
    with house.database.reading() as session:
        lines = session.execute(text("SELECT word FROM rule_signature ORDER BY at, id"))
        assert [word for (word,) in lines] == ["signed", "withdrawn"]
        acts = session.execute(
            text("SELECT act FROM audit_entry WHERE object_kind = 'rule' ORDER BY seq")
        )
        assert [act for (act,) in acts] == ["rule_signed", "rule_unsigned"]


def test_nobody_signs_another_wording_or_takes_back_what_is_not_hers_and_few_may_sign(house):
    chief, read = house.duty("530000"), wording(house.duty("530000"))["content_hash"]
    moved = sign(chief, "0" * 64)
    never = chief.post(f"/rules/{RULE}/withdrawal", {"content_hash": read})
    nothing = chief.post("/rules/R-NONE/signature", {"content_hash": read, "title": "主任医师"})

    assert (moved.status_code, moved.json()["type"].rpartition(":")[2]) == (409, "wording-moved")
    assert (never.status_code, never.json()["type"].rpartition(":")[2]) == (409, "not-signed")
    assert nothing.status_code == 404
    assert sign(chief, read, title=" ").status_code == 422
    assert sign(house.duty("530600"), read).status_code == 403
    assert sign(house.coordinator("YN530800-012"), read).status_code == 403
    assert row(chief)["signed_by"] is None
