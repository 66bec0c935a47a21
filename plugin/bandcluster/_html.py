"""Tables in HTML that notebooks show for models, choices and outcomes.

They have the colours of the notebook's own theme.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

_CELL = "padding:2px 8px;border:0;background:transparent;color:inherit;"
_NUMBER = _CELL + "text-align:right;font-variant-numeric:tabular-nums;"
_TEXT = _CELL + "text-align:left;"
_RULE = "border-bottom:1px solid rgba(128,128,128,.5);"


def escaped(text: object) -> str:
    """A text with its special characters escaped, also for attributes."""
    return html.escape(str(text), quote=True)


def swatch(color: str) -> str:
    """A square of a colour."""
    style = (
        "display:inline-block;width:1em;height:1em;vertical-align:-.15em;"
        f"background:{escaped(color)};"
    )
    return f'<span style="{style}border:1px solid rgba(128,128,128,.6);"></span>'


def share(part: float) -> str:
    """A share as a percentage and as a bar."""
    bar = (
        f"display:inline-block;height:.6em;width:{6 * part:.2f}em;"
        "background:currentColor;opacity:.35;"
    )
    room = "display:inline-block;width:6em;text-align:left;"
    return f'{100 * part:.1f} % <span style="{room}"><span style="{bar}"></span></span>'


def table(
    caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], texts: Sequence[int] = ()
) -> str:
    """A table of cells in HTML, which the caller has escaped.

    Columns hold numbers, except those in ``texts``.
    """

    def line(tag: str, cells: Sequence[str], more: str = "") -> str:
        styles = [(_TEXT if column in texts else _NUMBER) + more for column in range(len(cells))]
        filled = (f'<{tag} style="{style}">{cell}</{tag}>' for style, cell in zip(styles, cells))
        return f"<tr>{''.join(filled)}</tr>"

    body = "".join(line("td", cells) for cells in rows)
    caption = (
        '<caption style="caption-side:top;text-align:left;color:inherit;padding:2px'
        f' 8px;">{caption}</caption>'
    )
    style = "border-collapse:collapse;border:0;color:inherit;background:transparent;margin:0;"
    return (
        f'<table style="{style}">{caption}<thead>{line("th", head, _RULE)}</thead>'
        f"<tbody>{body}</tbody></table>"
    )


def classes(caption: str, found: Sequence[tuple[int, str, str, int, float | None]]) -> str:
    """A table of classes: value, name, colour, pixels and area in hectares."""
    total = sum(count for _, _, _, count, _ in found) or 1
    with_area = any(area is not None for *_, area in found)
    head = ["", "class", "name", "share", "pixels"] + (["area, ha"] if with_area else [])
    rows = []
    for value, name, color, count, area in found:
        row = [swatch(color), str(value), escaped(name), share(count / total), f"{count:,}"]
        rows.append(row + (["" if area is None else f"{area:,.1f}"] if with_area else []))
    return table(caption, head, rows, texts=(0, 2))


def frame(page: str) -> str:
    """A page inside another."""
    style = "width:100%;height:42em;border:1px solid rgba(128,128,128,.5);background:white;"
    return f'<iframe srcdoc="{escaped(page)}" style="{style}"></iframe>'
