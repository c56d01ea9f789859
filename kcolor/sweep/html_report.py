"""A sweep's report: report.html, one file that needs no other, and the same plots as PNG files in a folder beside it."""

import base64
import html
import io
import pathlib
from typing import TYPE_CHECKING

from kcolor.sweep import plots, results
from kcolor.sweep.axis_values import label
from kcolor.sweep.plot_style import readable
from kcolor.sweep.results import Row
from kcolor.sweep.sweep_file import Sweep
from kcolor.sweep.trial_folder import check_not_foreign, trial_folder
from kcolor.utils import figures
from kcolor.utils.files import make_folder, write_text
from kcolor.utils.types import PathLike

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STYLE = """
:root { --ink: #1d2430; --soft: #5c6675; --line: #e3e7ee; --best: #d55e00; }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: #f6f7f9; margin: 0; }
main { max-width: 1180px; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { margin: 0; font-size: 1.9rem; } h2 { margin: 0 0 .6rem; font-size: 1.1rem; }
.lead { color: var(--soft); margin: .2rem 0 1.6rem; }
.cards { display: grid; gap: 1.1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); }
.card { background: white; border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem; overflow-x: auto; }
.wide { grid-column: 1 / -1; }
img { max-width: 100%; height: auto; display: block; margin: 0 auto; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem 1rem; margin: 0 0 .8rem; font-size: .93rem; }
dt { color: var(--soft); } dd { margin: 0; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-size: .87rem; font-variant-numeric: tabular-nums; }
th, td { padding: .32rem .6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th { cursor: pointer; user-select: none; position: sticky; top: 0; background: white; color: var(--soft); font-weight: 600; }
th[aria-sort=ascending]::after { content: " ↑"; } th[aria-sort=descending]::after { content: " ↓"; }
tr.best td { color: var(--best); font-weight: 600; } tr.failed td, tr.pruned td { color: #9aa3af; }
a { color: inherit; }
"""

# A click on a column's heading sorts the rows: numbers as numbers, missing values last. A second click reverses the order.
SCRIPT = """
for (const head of document.querySelectorAll("th")) head.addEventListener("click", () => {
  const up = head.getAttribute("aria-sort") !== "ascending", place = head.cellIndex, body = head.closest("table").tBodies[0];
  for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const value = row => row.cells[place].dataset.value, number = text => text === "" ? NaN : Number(text);
  const compare = (a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === "" || y === "") return (x === "") - (y === "");
    const order = isNaN(number(x)) || isNaN(number(y)) ? x.localeCompare(y) : number(x) - number(y);
    return up ? order : -order;
  };
  body.append(...[...body.rows].sort(compare));
});
"""

WIDE = ("effects", "parallel", "losses")  # a panel for each axis: too small in half of the page


def write(rows: list[Row], sweep: Sweep, out: PathLike, headline: str = "") -> pathlib.Path:
    """Writes the report of a sweep: report.html, its plots in ``report/``, results.csv and results.json.

    Args:
        rows: List of dicts, from `kcolor.sweep.results.collect`.
        sweep: The sweep.
        out: Path of the sweep's folder.
        headline: String. A line under the title.

    Returns:
        The path of report.html.

    Raises:
        ValueError: If the folder has a file of one of these names that no sweep has made.
    """
    out = pathlib.Path(out)
    check_not_foreign(out)
    folder = make_folder(out / "report")
    drawn = plots.figures(rows, sweep)
    for name, (_, figure) in drawn.items():
        figures.save(figure, folder / f"{name}.png")
    results.write(rows, out)
    write_text(out / "report.html", document(rows, sweep, out, drawn, headline))
    return out / "report.html"


def document(rows: list[Row], sweep: Sweep, out: PathLike, drawn: "dict[str, tuple[str, Figure]]", headline: str = "") -> str:
    """Returns the report as HTML.

    Args:
        rows: List of dicts, from `kcolor.sweep.results.collect`.
        sweep: The sweep.
        out: Path of the sweep's folder, from which the best and the worst trial's sample pictures are taken.
        drawn: Dict from a plot's name to its title and figure, from `kcolor.sweep.plots.figures`.
        headline: String. A line under the title.

    Returns:
        The text of an HTML file, with the pictures in it.
    """
    done = results.finished(rows, sweep)
    cards = [_best_and_worst(done, sweep, out)] if done else []
    cards += [_card(title, _image(_png(figure), title), wide=name in WIDE) for name, (title, figure) in drawn.items()]
    cards.append(_card("All trials", _table(rows, sweep, out), wide=True))
    title = html.escape(sweep.name)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}: a sweep by kcolor</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>\n'
        f'<body><main><h1>{title}</h1><p class="lead">{html.escape(headline)}</p>\n<div class="cards">\n'
        + "\n".join(cards)
        + f"\n</div></main><script>{SCRIPT}</script></body></html>\n"
    )


def _best_and_worst(done, sweep, out):
    pairs = [("Best", done[0])] + ([("Worst", done[-1])] if len(done) > 1 else [])
    return "\n".join(_card(f"{word}: trial {row['trial']}", _values(row, sweep) + _samples(row, out)) for word, row in pairs)


def _values(row, sweep):
    names = [*sweep.axes, sweep.optimize, *(name for name in row if name.startswith("val_") and name != sweep.optimize)]
    names += ["best_epoch", *results.COSTS]
    known = [(html.escape(readable(name)), html.escape(_text(row[name]))) for name in names if row.get(name) is not None]
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{value}</dd>' for name, value in known)}</dl>"


def _samples(row, out):
    """The last sheet that the training drew of sample pictures: photo, grey, result."""
    sheets = sorted((trial_folder(out, row["trial"]) / "samples").glob("epoch-*.png"))
    return _image(sheets[-1].read_bytes(), f"photo, grey, result of trial {row['trial']}") if sheets else ""


def _table(rows, sweep, out):
    columns = ["trial", "state", *sweep.axes, sweep.optimize]
    columns += [name for row in rows for name in row if name.startswith("val_")]
    columns = list(dict.fromkeys([*columns, "best_epoch", *results.COSTS]))
    columns = [name for name in columns if any(row.get(name) is not None for row in rows)]
    best = next((row["trial"] for row in results.finished(rows, sweep)), None)
    head = "".join(f"<th>{html.escape(readable(name))}</th>" for name in columns)
    body = "\n".join(_table_row(row, columns, row["trial"] == best, out) for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _table_row(row, columns, is_best, out):
    kind = "best" if is_best else {"fail": "failed"}.get(row["state"], row["state"])
    cells = [_cell(row.get(name)) for name in columns]
    folder = trial_folder(".", row["trial"])
    if (pathlib.Path(out) / folder).is_dir():
        cells[0] = f'<td data-value="{row["trial"]}"><a href="{folder.as_posix()}/">{row["trial"]:04}</a></td>'
    error = f' title="{html.escape(row["error"], quote=True)}"' if row.get("error") else ""
    return f'<tr class="{kind}"{error}>{"".join(cells)}</tr>'


def _cell(value):
    raw = "" if value is None else html.escape(str(label(value)), quote=True)
    return f'<td data-value="{raw}">{html.escape(_text(value))}</td>'


def _text(value):
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(label(value))


def _card(title, inside, wide=False):
    return f'<section class="card{" wide" if wide else ""}"><h2>{html.escape(title)}</h2>{inside}</section>'


def _image(data, text):
    return f'<img alt="{html.escape(text, quote=True)}" src="data:image/png;base64,{base64.b64encode(data).decode()}">'


def _png(figure):
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=110)
    return file.getvalue()
