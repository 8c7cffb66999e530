"""Text laid out for a terminal: wrapped lines and aligned columns, Chinese counting double."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

__all__ = ["GAP", "Column", "table_lines", "wrapped"]

GAP = "  "
# What closes a phrase stays with the character before it, in both widths.
CLOSING = r"[,.;:!?)\]…”’》】、。\uff01\uff09\uff0c\uff1a\uff1b\uff1f]*"
# What opens one stays with the character behind it.
OPENING = r"[(“‘《【\uff08]"
CHINESE = r"[\u2e80-\uffff]"
# A word with the blanks behind it, or one Chinese character.
PIECE = re.compile(
    rf"{OPENING}*{CHINESE}{CLOSING}\s*"
    rf"|(?:[^\s(\u2e80-\uffff]|\((?!{CHINESE}))+{CLOSING}\s*|\s+|."
)
EMPTY = frozenset({"", "-"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    title : str
        Its heading.
    right : bool
        Aligned to the right: numbers.
    least : int | None
        May be folded, but never below this width; None is never folded.
    extra : int
        0 = always shown; the column with the highest number goes first where room is short.
    """

    title: str
    right: bool = False
    least: int | None = None
    extra: int = 0


def wrapped(text: str, width: int, hang: str = "") -> Iterator[str]:
    """Yield a text in lines of at most ``width`` cells; ``hang`` stands before all but the first.

    A word that is wider than a line is cut, nothing else is.
    """
    line, room = "", width
    for piece in PIECE.findall(text):
        if line.strip() and cell_len(line + piece.rstrip()) > room:
            yield line.rstrip()
            line = hang
        for part in _cut(piece, max(room - cell_len(line), 8)):
            if line.strip() and cell_len(line + part.rstrip()) > room:
                yield line.rstrip()
                line = hang
            line += part
    yield line.rstrip()


def _cut(word: str, most: int) -> Iterator[str]:
    """Yield a word in parts that fit; nearly always the word itself."""
    while cell_len(word.rstrip()) > most:
        at = next(i for i in range(1, len(word) + 1) if cell_len(word[:i]) > most) - 1
        yield word[: max(at, 1)]
        word = word[max(at, 1) :]
    yield word


def table_lines(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int
) -> Iterator[str]:
    """Yield a table as lines.

    Columns with nothing in them are left out, lesser ones where the width is short; names are
    folded at words, and only where leaving out lesser columns was not enough.
    """
    shown = _shown(columns, rows, width)
    titles = [columns[i].title for i in shown]
    cells = [titles, *([row[i] for i in shown] for row in rows)]
    widths = _widths([columns[i] for i in shown], cells, width)
    for row in cells:
        yield from _row([columns[i] for i in shown], row, widths)


def _shown(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return which columns are shown."""
    shown = [
        i
        for i, column in enumerate(columns)
        if not column.extra or any(row[i] not in EMPTY for row in rows)
    ]

    def needed(i: int) -> int:
        widest = max(cell_len(cell) for cell in (columns[i].title, *(row[i] for row in rows)))
        least = columns[i].least
        return widest if least is None else min(widest, least)

    while sum(needed(i) + len(GAP) for i in shown) - len(GAP) > width:
        last = max(shown, key=lambda i: (columns[i].extra, i))
        if not columns[last].extra:
            break
        shown.remove(last)
    return shown


def _widths(columns: Sequence[Column], cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the width of each column; what room there is, is shared by those that can use it."""
    natural = [max(cell_len(row[i]) for row in cells) for i in range(len(columns))]
    widths = [
        most if column.least is None else min(most, column.least)
        for column, most in zip(columns, natural, strict=True)
    ]
    free = width - sum(widths) - len(GAP) * (len(columns) - 1)
    while free > 0 and widths != natural:
        for i, most in enumerate(natural):
            if free > 0 and widths[i] < most:
                widths[i] += 1
                free -= 1
    return widths


def _row(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    folded = [
        list(wrapped(cell, width)) if column.least is not None else [cell]
        for column, cell, width in zip(columns, row, widths, strict=True)
    ]
    for number in range(max(map(len, folded))):
        parts = [lines[number] if number < len(lines) else "" for lines in folded]
        yield GAP.join(
            _padded(part, width, right=column.right)
            for column, part, width in zip(columns, parts, widths, strict=True)
        ).rstrip()


def _padded(text: str, width: int, *, right: bool) -> str:
    blanks = " " * max(0, width - cell_len(text))
    return blanks + text if right else text + blanks
