"""Machine conditions in three-valued logic (R-DATA-01, R-DATA-07).

A condition is a small subset of Python expressions over the names of the data dictionary. It is
parsed once into a tree of frozen nodes; nothing is ever handed to ``eval``. A value is ``True``,
``False`` or ``None`` for unknown, combined as Kleene does.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from routing.triage.facts import Fact, FactType

Value: TypeAlias = bool | int | float | str
Truth: TypeAlias = bool | None
Known: TypeAlias = Mapping[str, Value]

_EQUALITY: dict[type[ast.cmpop], Callable[[object, object], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_ORDER: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_NUMBERS = (FactType.INT, FactType.FLOAT)


class GrammarError(ValueError):
    """One expression breaks the grammar; the table loader collects these as faults."""


class Node(Protocol):
    """A part of a condition."""

    def truth(self, known: Known) -> Truth:
        """Return true, false or unknown on the facts that are known."""

    def open_names(self, known: Known) -> tuple[str, ...]:
        """Return the unknown names that can still change the result, in reading order."""

    def names(self) -> tuple[str, ...]:
        """Return every name, in reading order."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A bool fact alone, a comparison with a literal, or membership in a tuple of literals."""

    name: str
    test: Callable[[Value], bool]

    def truth(self, known: Known) -> Truth:
        """Return the comparison, unknown when the fact is."""
        value = known.get(self.name)
        return None if value is None else self.test(value)

    def open_names(self, known: Known) -> tuple[str, ...]:
        """Return the name itself while it is unknown."""
        return () if self.name in known else (self.name,)

    def names(self) -> tuple[str, ...]:
        """Return the one name."""
        return (self.name,)


@dataclass(frozen=True, slots=True)
class Not:
    """Negation; unknown stays unknown."""

    part: Node

    def truth(self, known: Known) -> Truth:
        """Return the opposite."""
        value = self.part.truth(known)
        return None if value is None else not value

    def open_names(self, known: Known) -> tuple[str, ...]:
        """Return the open names of the part."""
        return self.part.open_names(known)

    def names(self) -> tuple[str, ...]:
        """Return the names of the part."""
        return self.part.names()


@dataclass(frozen=True, slots=True)
class Junction:
    """``and`` (decided by one false part) or ``or`` (decided by one true part).

    Of most rows nothing at all is known. That is quick to see, and then nothing is decided.
    """

    parts: tuple[Node, ...]
    decisive: bool
    _names: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = dict.fromkeys(name for part in self.parts for name in part.names())
        object.__setattr__(self, "_names", tuple(found))

    def truth(self, known: Known) -> Truth:
        """Return the decisive value if any part has it, else unknown if any part is unknown."""
        if self._names and known.keys().isdisjoint(self._names):
            return None
        unknown = False
        for part in self.parts:
            value = part.truth(known)
            if value is self.decisive:
                return value
            unknown = unknown or value is None
        return None if unknown else not self.decisive

    def open_names(self, known: Known) -> tuple[str, ...]:
        """Return the open names of the parts that are undecided; none when decided."""
        if known.keys().isdisjoint(self._names):
            return self._names
        if self.truth(known) is not None:
            return ()
        found = (name for part in self.parts for name in _open(part, known))
        return tuple(dict.fromkeys(found))

    def names(self) -> tuple[str, ...]:
        """Return the names of all parts, each once."""
        return self._names


def _open(part: Node, known: Known) -> tuple[str, ...]:
    return part.open_names(known) if part.truth(known) is None else ()


def parse_condition(text: str, facts: Mapping[str, Fact]) -> Node:
    """Parse a condition of a rule table.

    Raises
    ------
    GrammarError
        The text is outside the grammar of R-DATA-07, or names, values or types are not those of
        the data dictionary. The message says what was expected.
    """
    return _condition(_parse(text), facts)


def _parse(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise GrammarError("an expression of R-DATA-07") from error


def _condition(tree: ast.expr, facts: Mapping[str, Fact]) -> Node:
    match tree:
        case ast.BoolOp(op=op, values=values):
            parts = tuple(_condition(value, facts) for value in values)
            return Junction(parts, decisive=isinstance(op, ast.Or))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Not(_condition(operand, facts))
        case ast.Name(id=name):
            if _fact(name, facts).type is not FactType.BOOL:
                raise GrammarError(f"{name} is no bool fact; compare it with a value")
            return Leaf(name, bool)
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[right]):
            return _comparison(_fact(name, facts), op, right)
    raise GrammarError("names, one comparison with a literal, in, and, or, not")


def _comparison(fact: Fact, op: ast.cmpop, right: ast.expr) -> Leaf:
    if isinstance(op, ast.In | ast.NotIn):
        if not isinstance(right, ast.Tuple):
            raise GrammarError("in (…): a tuple of literals")
        if not right.elts:
            raise GrammarError("in (…): at least one literal")
        allowed = frozenset(_literal(fact, item) for item in right.elts)
        if isinstance(op, ast.In):
            return Leaf(fact.name, allowed.__contains__)
        return Leaf(fact.name, lambda value: value not in allowed)
    literal = _literal(fact, right)
    if type(op) in _EQUALITY:
        same = _EQUALITY[type(op)]
        return Leaf(fact.name, lambda value: same(value, literal))
    if type(op) not in _ORDER:
        raise GrammarError("one of ==, !=, <, <=, >, >=, in, not in")
    if isinstance(literal, str | bool):
        raise GrammarError(f"{fact.name} has no order; use == or !=")
    before, bound = _ORDER[type(op)], float(literal)
    return Leaf(fact.name, lambda value: before(float(value), bound))


def _literal(fact: Fact, tree: ast.expr) -> Value:
    match tree:
        case ast.Constant(value=bool() | int() | float() | str() as value):
            literal: Value = value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            if isinstance(number, bool):
                raise GrammarError("a literal")
            literal = -number
        case _:
            raise GrammarError("a literal")
    problem = fact.literal_problem(literal)
    if problem:
        raise GrammarError(problem)
    # week thresholds compare days (R-DATA-06)
    return literal if isinstance(literal, str | bool) else fact.stored(literal)


def _fact(name: str, facts: Mapping[str, Fact]) -> Fact:
    if name not in facts:
        raise GrammarError(f"a name of facts.csv, not {name}")
    return facts[name]


@dataclass(frozen=True, slots=True)
class Formula:
    """A number of minutes: a literal, or ``+``, ``-``, ``*`` of literals and number facts."""

    tree: ast.expr
    inputs: tuple[str, ...]

    def value(self, known: Known) -> float | None:
        """Return the minutes, never below 0, or None while an input is unknown."""
        if any(name not in known for name in self.inputs):
            return None
        return max(0.0, _number(self.tree, known))


_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


def parse_formula(text: str, facts: Mapping[str, Fact]) -> Formula:
    """Parse ``hard_max_min``: numbers and number facts with +, - and * (R-DATA-07)."""
    tree = _parse(text)
    names: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name):
                if _fact(name, facts).type not in _NUMBERS or _fact(name, facts).in_days:
                    raise GrammarError(f"{name} is no number of minutes")
                names.append(name)
            case ast.Constant(value=bool()):
                raise GrammarError("numbers, number facts, +, -, *")
            case ast.Constant(value=int() | float()) | ast.Load() | ast.BinOp():
                pass
            case ast.Add() | ast.Sub() | ast.Mult():
                pass
            case _:
                raise GrammarError("numbers, number facts, +, -, *")
    return Formula(tree, tuple(names))


def _number(tree: ast.expr, known: Known) -> float:
    match tree:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return float(known[name])
        case ast.BinOp(left=left, op=op, right=right):
            return _ARITHMETIC[type(op)](_number(left, known), _number(right, known))
    raise GrammarError("numbers, number facts, +, -, *")
