"""The two language catalogues say the same things."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path("app/web/src/text")
PLACE = re.compile(r"\{(\w+)")
WORD = re.compile(r"""\bt\(["']([\w.]+)["']""")
GROUP = re.compile(r"""\bcode\(["']([\w.]+)["']""")
COMPOSED = re.compile(r"""\bt\(`([\w.]+\.)\$\{""")
STEP = r"""(?:\b(?:data|machine)\(|\bname: )"(\w+)\""""
MADE_OF = {
    "web.office.setup.step.": ("screens/office/Setup.svelte", STEP),
    "web.office.setup.why.": ("screens/office/Setup.svelte", STEP),
    "web.office.setup.to.": ("screens/office/Setup.svelte", r"""\bto: "([\w/]+)\""""),
    "web.case.act.": (
        "lib/case_acts.ts",
        r"""^(?:  |    )(?:\{ )?name: "(\w+)",(?= path|\n    path)""",
    ),
    "web.files.list.": ("screens/files/Files.svelte", r"""^    "(\w+)",$"""),
}
"""Keys that a screen puts together: their beginning, and where every ending of them is listed."""


def phrases(tree: dict[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    """Dotted key and text of every phrase."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from phrases(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", str(value)


def differences(root: Path) -> list[str]:
    """Keys that one language lacks, leaves empty or fills with other values."""
    zh, en = (
        dict(phrases(json.loads((root / FOLDER / f"{language}.json").read_text(encoding="utf-8"))))
        for language in ("zh", "en")
    )
    bad = set(zh) ^ set(en)
    for key in set(zh) & set(en):
        same_places = sorted(PLACE.findall(zh[key])) == sorted(PLACE.findall(en[key]))
        if not zh[key].strip() or not en[key].strip() or not same_places:
            bad.add(key)
    return sorted(bad)


def repeated_keys(text: str) -> list[str]:
    """Keys written twice in one object: the reader would silently keep the last."""
    bad: list[str] = []

    def watch(pairs: list[tuple[str, object]]) -> dict[str, object]:
        keys = [key for key, _ in pairs]
        bad.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return dict(pairs)

    json.loads(text, object_pairs_hook=watch)
    return bad


def unknown_words(root: Path) -> list[str]:
    """Keys and groups that a screen of the browser application names and the catalogue lacks."""
    known = dict(phrases(json.loads((root / FOLDER / "zh.json").read_text(encoding="utf-8"))))
    named: set[str] = set()
    for path in sorted((root / FOLDER.parent).rglob("*.svelte")):
        text = path.read_text(encoding="utf-8")
        named |= set(WORD.findall(text)) | {f"{group}." for group in GROUP.findall(text)}
    return sorted(
        key
        for key in named
        if key not in known and not (key.endswith(".") and any(k.startswith(key) for k in known))
    )


def unknown_compositions(root: Path, made_of: dict[str, tuple[str, str]]) -> list[str]:
    """Keys that a screen puts together while it runs, and the catalogue lacks."""
    known = dict(phrases(json.loads((root / FOLDER / "zh.json").read_text(encoding="utf-8"))))
    sources = root / FOLDER.parent
    named = {
        start
        for path in [*sources.rglob("*.svelte"), *sources.rglob("*.ts")]
        for start in COMPOSED.findall(path.read_text(encoding="utf-8"))
        if not any(key.startswith(start) for key in known)
    }
    for start, (path, ending) in made_of.items():
        found = re.findall(ending, (sources / path).read_text(encoding="utf-8"), re.MULTILINE)
        assert found, f"nothing in {path} says what comes after {start}"
        named |= {start + one for one in found if start + one not in known}
    return sorted(named)


def test_both_languages_have_the_same_phrases_with_the_same_values():
    assert differences(ROOT) == []


def test_no_phrase_is_written_twice():
    for language in ("zh", "en"):
        text = (ROOT / FOLDER / f"{language}.json").read_text(encoding="utf-8")
        assert repeated_keys(text) == []


def test_a_missing_an_empty_and_a_differently_filled_phrase_are_noticed(tmp_path):
    (tmp_path / FOLDER).mkdir(parents=True)
    zh = {"a": "甲", "b": {"c": "{n} 分钟", "d": ""}, "e": "戊"}
    en = {"a": "A", "b": {"c": "{m} min", "d": "D"}}
    (tmp_path / FOLDER / "zh.json").write_text(json.dumps(zh), encoding="utf-8")
    (tmp_path / FOLDER / "en.json").write_text(json.dumps(en), encoding="utf-8")

    assert differences(tmp_path) == ["b.c", "b.d", "e"]


def test_a_phrase_written_twice_is_noticed():
    assert repeated_keys('{"x": {"a": "1", "a": "2"}}') == ["a"]


def test_every_word_of_the_browser_application_is_in_the_catalogue():
    assert unknown_words(ROOT) == []


def test_a_word_that_no_catalogue_has_is_noticed(tmp_path):
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "zh.json").write_text('{"web": {"send": "发出"}, "places": {"a": "床"}}')
    (tmp_path / FOLDER.parent / "A.svelte").write_text(
        """{t("web.send")} {code("places", kind)} {t("web.sendd", { n })} {code("placez", kind)}"""
    )

    assert unknown_words(tmp_path) == ["placez.", "web.sendd"]


def test_every_word_that_is_put_together_is_in_the_catalogue():
    assert unknown_compositions(ROOT, MADE_OF) == []


def test_a_word_that_is_put_together_and_in_no_catalogue_is_noticed(tmp_path):
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "zh.json").write_text('{"web": {"to": {"users": "用户"}}}')
    (tmp_path / FOLDER.parent / "A.svelte").write_text(
        """{ to: "users" } { to: "roads" } {t(`web.to.${one}`)} {t(`web.two.${one}`)}"""
    )

    made_of = {"web.to.": ("A.svelte", r'to: "(\w+)"')}
    assert unknown_compositions(tmp_path, made_of) == ["web.to.roads", "web.two."]
