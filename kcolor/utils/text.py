"""Text for people: tables and counts."""

from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    """Returns rows as the lines of a table: the first columns flush left, the others flush right.

    >>> aligned([["", "n"], ["long", "23"]])
    ['       n', 'long  23']

    Args:
        rows: Rows of cells, all of one length.
        left: Integer. How many columns are flush left.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    sides = ["<" if number < left else ">" for number in range(len(widths))]
    return [
        "  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True)).rstrip()
        for row in rows
    ]


def counted(number: int, thing: str) -> str:
    """Returns a number of things, in the plural unless it is one.

    >>> counted(1, "picture"), counted(4251, "picture")
    ('1 picture', '4,251 pictures')

    Args:
        number: Integer.
        thing: String. The word for one of them.
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
