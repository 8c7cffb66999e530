"""An oracle for conditions: Python itself, on facts as they are stated, and instances from it."""

import ast
import itertools
from collections.abc import Iterator, Mapping

from routing.triage.facts import Fact, FactType, read_value

Stated = Mapping[str, object]


def names_in(text: str) -> tuple[str, ...]:
    found = [node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]
    return tuple(dict.fromkeys(found))


def python_says(text: str, stated: Stated) -> bool:
    """What Python makes of a condition when every fact is stated; weeks stay weeks."""
    code = compile(text, "condition", "eval")
    return bool(eval(code, {"__builtins__": {}}, dict(stated)))  # noqa: S307  our own tables only


def candidates(text: str, name: str, fact: Fact) -> tuple[object, ...]:
    """Values on both sides of every literal the name is compared with."""
    if fact.type is FactType.BOOL:
        return (True, False)
    if fact.type is FactType.ENUM:
        return fact.values
    step = 1 if fact.type is FactType.INT or fact.in_days else 0.5
    literals = [
        right.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Compare) and getattr(node.left, "id", "") == name
        for right in node.comparators
        if isinstance(right, ast.Constant)
    ]
    around = {value for bound in literals for value in (bound - step, bound, bound + step)}
    return tuple(sorted(value for value in around if fact.holds(value)))


def instances(text: str, facts: Mapping[str, Fact]) -> Iterator[Stated]:
    """Every combination of candidates: the whole truth table of a condition."""
    names = names_in(text)
    tables = [candidates(text, name, facts[name]) for name in names]
    for values in itertools.product(*tables):
        yield dict(zip(names, values, strict=True))


def example(text: str, facts: Mapping[str, Fact]) -> Stated:
    """The first combination that makes the condition true."""
    return next(found for found in instances(text, facts) if python_says(text, found))


def stored(stated: Stated, facts: Mapping[str, Fact]) -> dict[str, bool | int | float | str]:
    return {name: read_value(facts[name], value) for name, value in stated.items()}
