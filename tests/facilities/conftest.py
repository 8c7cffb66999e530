"""The default registry, and files written down as rows of a test."""

import csv
import io

import pytest

from facilities.yunnan import load_registry
from geodata.io import read_table_bytes
from geodata.yunnan import load_outlines

NEW = {"facility_id": "H1", "name_zh": "某县人民医院", "county_adcode": "533324"}
"""Three cells that make a row of facilities.csv; 533324 is 贡山."""


def as_bytes(rows, encoding="utf-8"):
    header = list(dict.fromkeys(column for row in rows for column in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode(encoding)


def as_table(rows, encoding="utf-8"):
    return read_table_bytes(as_bytes(rows, encoding), name="file.csv")


@pytest.fixture(scope="session")
def registry():
    return load_registry()


@pytest.fixture(scope="session")
def outlines():
    return load_outlines()


@pytest.fixture(scope="session")
def table():
    """``table([{column: cell}, …])`` is a CSV file read back."""
    return as_table


@pytest.fixture(scope="session")
def file_bytes():
    return as_bytes


@pytest.fixture
def new_row():
    """A row of facilities.csv of an unknown hospital in 贡山, with changes."""
    return lambda **cells: NEW | cells


@pytest.fixture
def faults_of():
    """Line, column and code of every fault with which a file is refused."""

    def ask(parse, *arguments, **options):
        from geodata.errors import RefusedInputError

        with pytest.raises(RefusedInputError) as caught:
            parse(*arguments, **options)
        return [(fault.line, fault.column, fault.code) for fault in caught.value.faults]

    return ask
