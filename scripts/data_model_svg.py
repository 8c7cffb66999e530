"""The picture of the data model: plain SVG, the same on every machine.

Tables stand in columns. Left of each column is a gutter; every table that is pointed at has a lane
in the gutters that need it and, where it is pointed at from another column, a line along the top.
Dots are joints; lines that cross without one have nothing to do with each other. Widths of letters
are taken from a table of averages, never measured, so that no font changes the picture.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from scripts.data_model import FEATURES, Box, Field

__all__ = ["picture"]

# A3 in tenths of a millimetre.
WIDE, HIGH = 4200, 2970
MARGIN, TOP, LEGEND = 70, 150, 70
COLUMNS = 8
HEAD, GAP, TITLE = 1.25, 0.5, 1.6
"""Heights, in rows."""
TALLEST_ROW = 32.5
LANE, BUS = 11.0, 13.0
BOX_WIDE = 428.0
MOST_LETTERS = 30
"""More do not fit beside each other; the line says it then."""
FONTS = "'Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei','PingFang SC',Arial,sans-serif"
TINTS = ("#e7eef7", "#efe6f5", "#e3f1e8", "#fdf0dd", "#fbe7e4", "#e6f2f3", "#f1f1e2", "#ececf4")
INKS = ("#a8480b", "#1a5fa8", "#7b2f96", "#2a7a34", "#8a6a00", "#b01e5b", "#00777d", "#5a4fcf",
        "#6b4b2a", "#c02f1d", "#3d6b00", "#4a5a70", "#d0407f", "#0c7cba", "#9a8300", "#3b2f8f",
        "#008a5a", "#7d1128")  # fmt: skip
KINDS = {"sealed": "加密 sealed", "index": "索引 index"}
LOCK = '<path class="lock" d="M{x} {y}h12v9h-12z m2 0v-4a4 4 0 0 1 8 0v4" />'
KEY = '<path class="key" d="M{x} {y}a4 4 0 1 0 0.1 0z m4 4h9v4m-3 -4v3" />'


@dataclass(frozen=True, slots=True)
class Placed:
    """A table with its place; ``column`` is the one of the page, ``row`` the height of a row."""

    box: Box
    column: int
    x: float
    y: float
    row: float

    @property
    def head_y(self) -> float:
        """Return the middle of the head."""
        return self.y + self.row * HEAD / 2

    def row_y(self, name: str) -> float:
        """Return the middle of a row."""
        place = [field.name for field in self.box.fields].index(name)
        return self.y + self.row * (HEAD + place + 0.5)


@dataclass(frozen=True, slots=True)
class Title:
    """The name of a feature above its tables; once more where they go on in the next column."""

    feature: str
    x: float
    y: float
    goes_on: bool


def picture(found: Sequence[Box]) -> str:
    """Return the whole picture."""
    placed, titles = _laid_out(found)
    inks = _inks(placed)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="420mm" height="297mm" '
        f'viewBox="0 0 {WIDE} {HIGH}" font-family="{FONTS}" role="img" '
        'aria-label="Data model of Greenchannel">',
        f"<style>{_style()}</style>",
        f'<rect width="{WIDE}" height="{HIGH}" fill="#fff"/>',
        *_heading(found),
        *_lines(placed, inks),
        *(_title(one) for one in titles),
        *(line for one in placed for line in _table(one, inks)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _height(box: Box) -> float:
    """Return the height of a table with the gap below it, in rows."""
    return HEAD + len(box.fields) + GAP


def _broken(found: Sequence[Box], limit: float) -> list[list[Box]]:
    """Fill columns one after another up to a height."""
    columns: list[list[Box]] = [[]]
    filled = 0.0
    for place, box in enumerate(found):
        is_first = not columns[-1] or found[place - 1].feature != box.feature
        wanted = _height(box) + (TITLE if is_first else 0)
        if columns[-1] and filled + wanted > limit:
            columns.append([])
            filled, wanted = 0.0, _height(box) + TITLE
        columns[-1].append(box)
        filled += wanted
    return columns


def _laid_out(found: Sequence[Box]) -> tuple[list[Placed], list[Title]]:
    """Put the tables into columns that are as low as can be."""
    limit = max(_height(box) + TITLE for box in found)
    while len(_broken(found, limit)) > COLUMNS:
        limit += 0.5
    columns = _broken(found, limit)
    step = (WIDE - 2 * MARGIN) / COLUMNS
    placed: list[Placed] = []
    titles: list[Title] = []
    top = TOP + _bus_room(columns)
    row = min(TALLEST_ROW, (HIGH - LEGEND - top) / limit)
    seen: set[str] = set()
    for number, column in enumerate(columns):
        x, y, feature = MARGIN + (number + 1) * step - BOX_WIDE, top, ""
        for box in column:
            if box.feature != feature:
                feature = box.feature
                titles.append(Title(feature, x, y, feature in seen))
                seen.add(feature)
                y += TITLE * row
            placed.append(Placed(box, number, x, y, row))
            y += _height(box) * row
    return placed, titles


def _bus_room(columns: Sequence[Sequence[Box]]) -> float:
    where = {box.name: n for n, column in enumerate(columns) for box in column}
    far = {link.target for n, column in enumerate(columns) for box in column for link in box.links
           if where[link.target] != n}  # fmt: skip
    return BUS * (len(far) + 1)


def _inks(placed: Sequence[Placed]) -> dict[str, str]:
    """Give every table that is pointed at a colour, the most pointed at first."""
    counts: dict[str, int] = {}
    for one in placed:
        for link in one.box.links:
            counts[link.target] = counts.get(link.target, 0) + 1
    order = sorted(counts, key=lambda name: (-counts[name], name))
    return {name: INKS[n % len(INKS)] for n, name in enumerate(order)}


def _lines(placed: Sequence[Placed], inks: dict[str, str]) -> list[str]:
    """Draw what points where: rows to lanes, lanes to the line along the top, that to the head."""
    of = {one.box.name: one for one in placed}
    order = list(inks)
    far = [t for t in order if any(
        link.target == t and one.column != of[t].column for one in placed for link in one.box.links
    )]  # fmt: skip
    drawn: list[str] = []
    for target in order:
        home = of[target]
        stops: dict[int, list[tuple[float, bool]]] = {home.column: [(home.head_y, True)]}
        for one in placed:
            for link in one.box.links:
                if link.target == target:
                    stops.setdefault(one.column, []).append((one.row_y(link.column), False))
        bus_y = TOP + BUS * far.index(target) if target in far else None
        lanes = {n: _lane_x(placed, n, target, order) for n in stops}
        drawn += _bundle(inks[target], stops, lanes, bus_y, placed)
    return drawn


def _lane_x(placed: Sequence[Placed], column: int, target: str, order: Sequence[str]) -> float:
    """Return where the lane of a table lies in a gutter: what is pointed at most is outermost."""
    here = {
        name
        for one in placed
        if one.column == column
        for name in (one.box.name, *(link.target for link in one.box.links))
        if name in order
    }
    x = next(one.x for one in placed if one.column == column)
    mine = [name for name in order if name in here]
    gutter = (WIDE - 2 * MARGIN) / COLUMNS - BOX_WIDE
    lane = min(LANE, (gutter - 18) / len(mine))
    return x - lane * (len(mine) - mine.index(target)) - 5


def _bundle(
    ink: str,
    stops: dict[int, list[tuple[float, bool]]],
    lanes: dict[int, float],
    bus_y: float | None,
    placed: Sequence[Placed],
) -> list[str]:
    drawn = []
    for column, ends in sorted(stops.items()):
        x, box_x = lanes[column], next(one.x for one in placed if one.column == column)
        ys = [y for y, _ in ends] + ([] if bus_y is None else [bus_y])
        drawn.append(_line(ink, x, min(ys), x, max(ys)))
        for y, is_head in ends:
            drawn.append(_line(ink, x, y, box_x - (7 if is_head else 0), y))
            drawn.append(_arrow(ink, box_x, y) if is_head else _dot(ink, x, y))
    if bus_y is not None:
        drawn.append(_line(ink, min(lanes.values()), bus_y, max(lanes.values()), bus_y))
        drawn += [_dot(ink, x, bus_y) for x in sorted(lanes.values())]
    return drawn


def _line(ink: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path class="l" stroke="{ink}" d="M{x1:g} {y1:g}L{x2:g} {y2:g}"/>'


def _dot(ink: str, x: float, y: float) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="3.2" fill="{ink}"/>'


def _arrow(ink: str, x: float, y: float) -> str:
    return f'<path fill="{ink}" d="M{x:g} {y:g}l-11 -6v12z"/>'


def _table(one: Placed, inks: dict[str, str]) -> Iterable[str]:
    box, x, y = one.box, one.x, one.y
    tint = TINTS[_order(box.feature) % len(TINTS)]
    head, high = one.row * HEAD, one.row * (HEAD + len(box.fields))
    yield f'<rect class="b" x="{x:g}" y="{y:g}" width="{BOX_WIDE:g}" height="{high:g}"/>'
    yield f'<rect x="{x:g}" y="{y:g}" width="{BOX_WIDE:g}" height="{head:g}" fill="{tint}"/>'
    yield _text("t", x + 9, one.head_y + 9, box.name)
    if badge := _badge(box):
        yield _text("a", x + BOX_WIDE - 8, one.head_y + 7, badge)
    targets: dict[str, list[str]] = {}
    for link in box.links:
        if link.target not in targets.setdefault(link.column, []):
            targets[link.column].append(link.target)
    for field in box.fields:
        yield from _row(one, field, targets.get(field.name, []), inks)


def _row(one: Placed, field: Field, targets: list[str], inks: dict[str, str]) -> Iterable[str]:
    y = one.row_y(field.name)
    mark = KEY if field.is_key else LOCK if field.kind == "sealed" else None
    if mark:
        yield mark.format(x=f"{one.x + 9:g}", y=f"{y - (4 if field.is_key else 2):g}")
    kind = "k" if field.is_key else "s" if field.kind == "sealed" else "c"
    name = field.name + (" ?" if field.may_be_empty else "")
    yield _text(kind, one.x + 28, y + 8, name)
    end = one.x + BOX_WIDE - 8
    if targets:
        words = "→ " + ", ".join(targets) if len(name + targets[0]) <= MOST_LETTERS else "→"
        ink = inks[targets[0]]
        yield f'<text class="r" x="{end:g}" y="{y + 8:g}" style="fill:{ink}">{words}</text>'
    else:
        shade = "x" if field.kind == "sealed" else "r q"
        yield _text(shade, end, y + 8, KINDS.get(field.kind, field.kind))


def _badge(box: Box) -> str:
    if box.append_only:
        return "只增 append-only"
    return "不删 never deleted" if box.never_deleted else ""


def _title(title: Title) -> str:
    name, said = FEATURES.get(title.feature, (title.feature, ""))
    more = " (续)" if title.goes_on else ""
    return _text("h", title.x, title.y + 31, f"{said} {name}{more}".strip())


def _order(feature: str) -> int:
    known = list(FEATURES)
    return known.index(feature) if feature in known else len(known)


def _text(kind: str, x: float, y: float, words: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(words)}</text>'


def _heading(found: Sequence[Box]) -> Iterable[str]:
    counted = sum(len(box.fields) for box in found)
    links = sum(len(box.links) for box in found)
    yield _text("T", MARGIN, 76, "绿通 Greenchannel · 数据模型 Data model")
    yield _text(
        "g", MARGIN, 112,
        f"{len(found)} 张表 tables · {counted} 列 columns · {links} 个外键 foreign keys · "
        "由数据表生成 generated from the tables (make docs)",
    )  # fmt: skip
    y = HIGH - 34
    yield KEY.format(x=MARGIN, y=y - 12)
    yield LOCK.format(x=MARGIN + 402, y=y - 10)
    words = (
        (24, "主键 key"),
        (150, "? 可空 may be empty"),
        (424, "加密 sealed, bound to its row and column"),
        (900, "索引 index: HMAC to look an exact value up"),
        (1400, "只增 append-only, 不删 never deleted: 由触发器保证 by triggers"),
        (2140, "● 相连 joint; 交叉处无点则不相连 lines crossing without a dot do not meet"),
        (3010, "几乎每张表另有 province 列(省代码) nearly every table also has a column province"),
    )
    for x, said in words:
        yield _text("g", MARGIN + x, y, said)


def _style() -> str:
    return (
        "text{font-size:24px;fill:#1c2430}"
        ".T{font-size:46px;font-weight:700}.h{font-size:29px;font-weight:700;fill:#33475f}"
        ".g{font-size:22px;fill:#3b4653}.t{font-size:25px;font-weight:700}.k{font-weight:700}"
        ".a{font-size:16px;text-anchor:end;fill:#8b1a1a;font-weight:700}"
        ".r{text-anchor:end;font-size:20px}.q{fill:#6a7482}"
        ".x{text-anchor:end;font-size:20px;fill:#8b1a1a;font-weight:700}.s{fill:#8b1a1a}"
        ".b{fill:#fff;stroke:#8d99a8;stroke-width:1.6}.l{fill:none;stroke-width:2.2}"
        ".lock{fill:none;stroke:#8b1a1a;stroke-width:2}.key{fill:none;stroke:#33475f;"
        "stroke-width:2}"
    )
