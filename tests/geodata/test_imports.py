"""What is slow to load is loaded when it is needed, and not when a command starts."""

import subprocess
import sys

SLOW = ("shapely", "networkx", "scipy", "openpyxl", "xlsxwriter")


def loaded_after(code):
    """Which of the slow packages a fresh interpreter has loaded after this code."""
    report = f"import sys; print(*[name for name in {SLOW} if name in sys.modules])"
    done = subprocess.run(  # noqa: S603 -- our own interpreter and our own line of code
        [sys.executable, "-c", f"{code}; {report}"], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_the_default_data_set_and_its_divisions_load_without_any_slow_package():
    code = "import geodata.yunnan as y; y.load_divisions(); y.column_sources()"

    assert loaded_after(code) == []


def test_travel_times_load_no_slow_package_and_the_graph_the_one_it_is_made_of():
    code = "import geodata.yunnan as y; y.load_road_estimate().all_pairs()"
    graph = "import geodata.yunnan as y; y.load_road_estimate().graph()"

    assert loaded_after(code) == []
    assert loaded_after(graph) == ["networkx"]
