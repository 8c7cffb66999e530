"""Asking a library about many women: one record that cannot be read keeps nobody else back."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from geodata.errors import RefusedInputError

__all__ = ["of_those_readable"]

OF_WOMAN = re.compile(r"pregnancies\[(\d+)\]")
Answer = TypeVar("Answer")


def of_those_readable(
    asked: Mapping[str, object], answer: Callable[[Mapping[str, object]], Answer]
) -> tuple[Answer, frozenset[str]]:
    """Return what is answered of all that can be read, and the ids of the others.

    Parameters
    ----------
    asked
        A document of contract 2.4.

    Raises
    ------
    RefusedInputError
        A fault that is of no single woman.
    """
    left_out: set[str] = set()
    while True:
        women = _women(asked)
        try:
            return answer(asked), frozenset(left_out)
        except RefusedInputError as error:
            wrong = {
                int(found[1])
                for fault in error.faults
                if (found := OF_WOMAN.search(f"{fault.where} {fault.column}"))
            }
            if not wrong:
                raise
        left_out |= {str(women[number]["id"]) for number in wrong}
        left = [one for number, one in enumerate(women) if number not in wrong]
        asked = {**asked, "pregnancies": left}


def _women(asked: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    women = asked["pregnancies"]
    assert isinstance(women, list)  # noqa: S101  as gathered
    return women
