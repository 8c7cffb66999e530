"""What a refusal expected is said in the language of the reader; ranges and codes stay."""

import ast
import re
from pathlib import Path

import pytest

from app.expected import GROUP, in_words, key_of
from app.text import catalogue

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("geodata", "facilities", "routing", "app")
ZH, EN = catalogue("zh"), catalogue("en")
# Where "expected" stands among the arguments of what makes a fault.
POSITION = {"Fault": 5, "fault": 2, "_fault": 3, "FactValueError": 1}
# Faults of tables that come with the program: their author reads them, in a test.
SHIPPED = re.compile(
    r"routing/(triage/(build|build_booking|cells|row_info|rows|tables)|prices)\.py"
    r"|routing/care/(build|checks|rows|tables)\.py|facilities/(profile|yunnan)"
    r"|geodata/(assumptions|conditions|road_tables|county_graph|yunnan)"
)
FILLED = "7"
# An English word: three small letters in a row that belong to no code, path or unit.
WORD = re.compile(r"(?<![\w.\-=])[a-z]{3,}(?![\w=])")
CODES = {"true", "false", "bytes"}


def templates(node, constants):
    """What an expression may read, with every part that is only known later filled in."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(p.value if isinstance(p, ast.Constant) else FILLED for p in parts)]
        case ast.Name(id=name):
            return constants.get(name, [])
        case ast.Subscript(value=value):
            return templates(value, constants)
        case ast.IfExp(body=one, orelse=other):
            return templates(one, constants) + templates(other, constants)
        case ast.BoolOp(values=values):
            return [text for value in values for text in templates(value, constants)]
    return []


def wordings(root):
    """Every "expected" written in the source, with the file it stands in."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            name = str(path.relative_to(root))
            if SHIPPED.match(name):
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            constants = {}
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    constants.setdefault(node.targets[0].id, []).extend(templates(node.value, {}))
            for node in ast.walk(tree):
                if not isinstance(node, ast.Call):
                    continue
                at = POSITION.get(getattr(node.func, "attr", getattr(node.func, "id", "")))
                given = [node.args[at]] if at is not None and len(node.args) > at else []
                given += [k.value for k in node.keywords if k.arg == "expected"]
                for text in (t for part in given for t in templates(part, constants)):
                    yield name, text


def without_words(root):
    """Wordings that hold English words and are not in the catalogues."""
    return sorted(
        {
            (name, text)
            for name, text in wordings(root)
            if set(WORD.findall(text)) - CODES and key_of(text) is None
        }
    )


def test_every_expectation_in_words_is_in_the_catalogues():
    assert len({text for _, text in wordings(ROOT)}) > 50
    assert without_words(ROOT) == []


def test_an_expectation_without_words_is_noticed(tmp_path):
    for package in PACKAGES:
        (tmp_path / package).mkdir()
    source = 'part.fault("x", "missing", f"a thing of {n} kinds")\npart.fault("x", "y", "1..9 g")\n'
    (tmp_path / "app" / "a.py").write_text(source)

    assert without_words(tmp_path) == [("app/a.py", "a thing of 7 kinds")]


def test_every_english_phrase_is_found_by_itself_and_comes_back_unchanged():
    """A more general phrase before it in the catalogue must not take its place."""
    for key, phrase in EN.phrases.items():
        if key.startswith(GROUP):
            filled = re.sub(r"\{\w+\}", FILLED, phrase)

            assert key_of(filled)[0] == key
            assert in_words(EN, filled) == filled


@pytest.mark.parametrize(
    ("expected", "shown"),
    [
        ("a facility of the registry", "名单中机构的编号"),
        ("one of 12 imported places", "已导入的 12 个地点之一"),
        ("one of 530102;530103", "530102;530103 之一"),
        ('10..45 weeks (34.43 or "34+3")', '10..45 周(34.43 或 "34+3")'),
        ("12..60 years", "12..60 岁"),
        ("25..250 g/L; 11 g/dL = 110 g/L?", "25..250 g/L; 11 g/dL = 110 g/L?"),
        ("true | false", "true | false"),
        ("<= 2000", "<= 2000"),
        ("hb_g_l?", "hb_g_l?"),
        ("", ""),
    ],
)
def test_words_are_said_in_chinese_and_figures_stay(expected, shown):
    assert in_words(ZH, expected) == shown
