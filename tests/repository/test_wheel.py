"""The wheel holds the four packages with their data, and nothing else."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"app", "routing", "geodata", "facilities"}
DATA = {".csv", ".geojson", ".json", ".html", ".css", ".js", ".svg", ".md"}
WEB = "app/web/"
FROM_WEB = ("app/web/dist/", "app/web/src/text/")
"""What is built of the browser application and its words; its sources stay at home."""


def top_level(names: list[str]) -> set[str]:
    """First parts of the names, without the folder of the wheel's own records."""
    return {name.split("/")[0] for name in names if ".dist-info/" not in name}


def missing(names: list[str], root: Path) -> list[str]:
    """Modules and data files of the four packages that the wheel does not hold."""
    found = [
        path.relative_to(root).as_posix()
        for package in PACKAGES
        for path in (root / package).rglob("*")
        if path.suffix in DATA | {".py"}
    ]
    wanted = {name for name in found if not name.startswith(WEB) or name.startswith(FROM_WEB)}
    return sorted(wanted - set(names))


@pytest.fixture(scope="module")
def names(tmp_path_factory) -> list[str]:
    """Names in a wheel built from this tree with the locked build tools and no network."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    environment = os.environ | {
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)  # noqa: S603  fixed words
    assert done.returncode == 0, done.stderr
    (wheel,) = target.glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


def test_the_wheel_has_exactly_the_four_names(names):
    assert top_level(names) == PACKAGES


def test_every_module_and_data_file_is_in_the_wheel(names):
    assert missing(names, ROOT) == []


def test_the_browser_application_is_in_the_wheel_and_its_sources_are_not(names):
    of_web = [name for name in names if name.startswith(WEB)]

    assert "app/web/dist/index.html.br" in of_web
    assert [name for name in of_web if not name.startswith(FROM_WEB)] == []


def test_the_wheel_carries_its_licence_and_its_command(names):
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert any(name.endswith(".dist-info/entry_points.txt") for name in names)


def test_a_fifth_name_is_noticed():
    assert top_level(["app/__init__.py", "tests/conftest.py", "x.dist-info/RECORD"]) == {
        "app",
        "tests",
    }


def test_a_data_file_left_out_is_noticed(tmp_path):
    for package in PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "geodata" / "counties.csv").write_text("adcode\n")

    assert missing(["geodata/__init__.py"], tmp_path) == ["geodata/counties.csv"]
