"""What every table is made from.

A row is made by giving its columns. SQLModel sets each of them through three layers that validate
nothing for a table; a request makes some thirty rows, and that was a sixth of its time.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy.orm import configure_mappers
from sqlalchemy.orm.attributes import instance_state, manager_of_class
from sqlmodel import SQLModel

if TYPE_CHECKING:
    from sqlalchemy.orm import ClassManager

__all__ = ["Row"]

STATE = "_sa_instance_state"
"""Where SQLAlchemy keeps what it knows of a row; there is nothing before the row is made."""


class Row(SQLModel):
    """A row that is not in the database yet; what is not given has its default, or nothing.

    Raises
    ------
    TypeError
        A name that is no column.
    """

    def __new__(cls, **values: Any) -> Self:  # noqa: ANN401  as SQLModel has it
        """Let SQLAlchemy know a new row at once, past the events that it would tell of it."""
        row: Self = super().__new__(cls)
        if values:
            _manager(cls).setup_instance(row)
        return row

    def __init__(self, **values: Any) -> None:  # noqa: ANN401  as SQLModel has it
        given, made, known = _columns(type(self))
        if not known.issuperset(values):
            raise TypeError(f"{type(self).__name__} has no column {sorted(values.keys() - known)}")
        held = self.__dict__
        held.update(given)
        held.update(values)
        for name, make in made:
            if name not in values:
                held[name] = make()
        object.__setattr__(self, "__pydantic_fields_set__", set(values))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Say at once that a row is new: every one is asked, and Pydantic looks everywhere."""
            if name == STATE:
                raise AttributeError(name)
            return super().__getattr__(name)

    def __setattr__(self, name: str, value: Any) -> None:  # noqa: ANN401  as SQLModel has it
        """Set a column past what validates nothing for a table.

        Of a row that no session knows yet nobody asks what it held before.
        """
        if name in _columns(type(self))[2]:
            state = instance_state(self)
            if state.key is None and state.session_id is None:
                self.__dict__[name] = value
            else:
                object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)


@cache
def _manager(table: type[SQLModel]) -> "ClassManager[Any]":
    """Return what makes the rows of a table known, once all tables know each other."""
    configure_mappers()
    return manager_of_class(table)


@cache
def _columns(
    table: type[SQLModel],
) -> tuple[dict[str, object], tuple[tuple[str, Callable[[], object]], ...], frozenset[str]]:
    """Return the defaults of a table, what makes the others, and the names of all columns."""
    fields = table.model_fields
    given = {
        name: field.default
        for name, field in fields.items()
        if not field.is_required() and field.default_factory is None
    }
    if any(isinstance(value, list | dict | set) for value in given.values()):
        raise TypeError(f"{table.__name__} shares a default between its rows; name a factory")
    made = tuple(
        (name, field.default_factory) for name, field in fields.items() if field.default_factory
    )
    return given, made, frozenset(fields)  # type: ignore[return-value]
