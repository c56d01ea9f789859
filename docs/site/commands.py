"""Writes docs/commands.md, every command with its options: ``python docs/site/commands.py``.

What it says is what ``--help`` says. A test holds the page against it.
"""

import argparse
import pathlib
import textwrap
from collections.abc import Iterator

from kcolor.cli import main
from kcolor.sweep import __main__ as sweep

PAGE = pathlib.Path(__file__).parents[1] / "commands.md"
_START = """# All commands

    kcolor COMMAND …

`kcolor COMMAND --help` prints what stands here, in the terminal. Each command has pages of its own with examples:
[photographs](photographs.md), [many photos](many-photos.md), [the page](serve.md), [hints](hints.md), [films](video.md),
[training](architectures.md), [export](export.md), [sweeps](sweeps.md).
"""
_END = """## What the exit status says

| status | meaning |
| --- | --- |
| 0 | done |
| 1 | a photo could not be coloured, or the run failed: the last line says why |
| 2 | wrong arguments: nothing was begun |
| 130 | stopped by Ctrl-C |
| 141 | the reader of a pipe went away, as `head` does |

## What `--json` prints

`kcolor colorize --json` prints an object a line for each photo, and `kcolor video --json` for each film:

| key | of | value |
| --- | --- | --- |
| `photo`, `film` | | the path |
| `result` | | the path of the result, or null |
| `status` | | `done`; `skipped`: it is there already; `in color`: left alone; `failed`; `damaged`: a film that was cut off |
| `reason` | | why it was not coloured, or null |
| `seconds` | | how long it took |
| `notes` | | a list of what else is to be said |
| `sideways` | photos | whether it seems to lie on a side |
| `frames`, `scenes`, `looks` | films | how many; a look is a run of the network |

`kcolor suggest --json` prints a list of objects, the likeliest first: `color`, `rgb`, `ab`, and `share`, how likely it is.
"""


def page() -> str:
    """Returns the page."""
    parts = [_START]
    for name, about in main.COMMANDS.items():
        parser = argparse.ArgumentParser(prog=f"kcolor {name}", description=f"{about[0].upper()}{about[1:]}.")
        main.module_of(name).add_arguments(parser)
        parts.append("\n".join(_section(parser)))
    parts.append("\n".join(_section(sweep._parser())))
    return "\n".join([*parts, _END])


def _section(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yields the lines of one command."""
    yield f"## {parser.prog}\n"
    yield textwrap.fill(parser.description or "", 128) + "\n"
    yield "| argument | meaning |"
    yield "| --- | --- |"
    for action in parser._actions:
        if action.help == argparse.SUPPRESS or "--help" in action.option_strings:
            continue
        yield f"| {_names(action)} | {_cell(parser._get_formatter()._expand_help(action)) if action.help else ''} |"
    yield ""


def _names(action: argparse.Action) -> str:
    """How an argument is written."""
    usual = action.dest.upper() if action.option_strings else action.dest
    value = action.metavar or ("{" + ",".join(map(str, action.choices)) + "}" if action.choices else usual)
    value = " ".join(value) if isinstance(value, tuple) else str(value)
    if not action.option_strings:
        return f"`{_cell(value)}{' …' if action.nargs in ('+', '*') else ''}`"
    takes = "" if action.nargs == 0 else f" {value}"
    return ", ".join(f"`{_cell(name + takes)}`" for name in action.option_strings)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
