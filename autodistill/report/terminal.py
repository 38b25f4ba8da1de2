"""An answer on a terminal: 80 columns suffice, and lines break between words only."""

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from autodistill.report.answer import Answer
from autodistill.report.table import Table

NARROWEST, WIDEST = 80, 120
"""Columns that an answer is laid out for; 80 where nobody looks at a terminal."""
UNLIMITED = 1000
"""Columns for numbers, which take what they need: a cut number would be a wrong one."""


def print_answer(answer: Answer, console: Console) -> None:
    """Tables first, so that the recommendation is what stays on the screen."""
    width = max(NARROWEST, min(WIDEST, console.width)) if console.is_terminal else NARROWEST
    # A console folds what is wider than itself and fills lines with spaces; this one is wide
    # enough, and its lines are passed on as they are, less the spaces.
    paper = Console(
        width=UNLIMITED,
        markup=False,
        emoji=False,
        highlight=False,
        force_terminal=console.is_terminal,
        color_system="standard",
    )

    def show(what: Text | Grid, width: int = width) -> None:
        with paper.capture() as held:
            paper.print(what, width=width)
        for line in held.get().splitlines():
            text = Text.from_ansi(line)
            text.rstrip()
            console.print(text, soft_wrap=True)

    show(Text(answer.title, "bold"))
    show(Text(answer.summary))
    listed: set[tuple[str, ...]] = set()
    for table in filter(None, (answer.leaders, answer.sizes or answer.front)):
        show(Text(f"\n{table.title}", "bold"))
        show(numbers_grid(table), UNLIMITED)
        if table.note:
            show(Text(table.note))
        new = [pair for pair in _long(table) if pair not in listed]
        listed |= set(new)
        if new:
            show(Text())
            show(_pairs(new))
    if answer.caution:
        show(Text("\nCaution", "bold"))
        show(Text(answer.caution))
    if answer.headline:
        show(Text(f"\n{answer.headline}", "bold"))
    show(Text("\nRecommended", "bold"))
    show(Text(answer.pipeline))
    show(Text())
    show(_pairs([(finding.label, finding.text) for finding in answer.findings]))
    for command in answer.commands:
        show(Text(f"\n{command.purpose}:"))
        console.print(Text(f"  {command.line}"), soft_wrap=True)


def numbers_grid(table: Table) -> Grid:
    """The short columns; long ones are listed below."""
    grid = Grid(box=None, padding=(0, 2, 0, 0), header_style="")
    short = [i for i, column in enumerate(table.columns) if not column.is_long]
    for column in (table.columns[i] for i in short):
        head = f"{column.name}\n({column.unit})" if column.unit else column.name
        grid.add_column(head, justify=column.align, no_wrap=True)
    for place, row in enumerate(table.texts()):
        style = "bold" if place in table.marked else None
        grid.add_row(*(Text(row[i]) for i in short), style=style)
    return grid


def _long(table: Table) -> list[tuple[str, str]]:
    """The first cell of each row with its long one."""
    long = [i for i, column in enumerate(table.columns) if column.is_long]
    return [(row[0], row[i]) for row in table.texts() for i in long]


def _pairs(pairs: list[tuple[str, str]]) -> Grid:
    """Labels, and texts beside them."""
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    for label, text in pairs:
        grid.add_row(Text(label), Text(text))
    return grid
