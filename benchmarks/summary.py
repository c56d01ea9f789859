"""Prints the tables of docs/results.md from the output of `benchmarks/results.sh`: ``python -m benchmarks.summary OUT``."""

import json
import pathlib
import sys

from kcolor.training.history import best_epoch, read

# Name in the JSON: heading, digits, factor.
COLUMNS = {
    "psnr": ("PSNR, dB", 2, 1),
    "rmse": ("RMSE", 4, 1),
    "ab_distance": ("ab distance", 2, 1),
    "lpips": ("LPIPS", 3, 1),
    "colorfulness": ("colourfulness", 1, 1),
    "colorfulness_difference": ("its difference", 1, 1),
    "pixel_accuracy": ("pixel accuracy", 3, 1),
    "bin_accuracy": ("right bin", 4, 1),
    "bin_accuracy_colored": ("… of coloured pixels", 4, 1),
    "ab_mse_unit": ("ab MSE × 1e4", 2, 1e4),
    "mean_ab_mse_unit": ("mean ab MSE × 1e4", 2, 1e4),
}
WAYS = ("grey", "model", "oracle")
PICTURES = ("psnr", "rmse", "ab_distance", "lpips", "colorfulness", "colorfulness_difference", "pixel_accuracy")
SMALL = tuple(name for name in COLUMNS if name not in ("rmse", "lpips", "colorfulness_difference"))
SYSTEMS = {  # how the names of their runs begin, and the metrics of their table
    "System A": (("bins", "regression"), SMALL),
    "System B": (("gan",), PICTURES),
    "System C": (("faces",), SMALL),
    "System D": (("perceptual", "pix2pix", "nogan"), PICTURES),
    "System E": (("",), SMALL),
}


def table(reports: dict, columns) -> str:
    """Returns a table in Markdown: a row for each report and way, a column for each metric that a report has."""
    columns = [name for name in columns if any(name in report["metrics"] for report in reports.values())]
    lines = [" | ".join(["run", "epochs", "", *(COLUMNS[name][0] for name in columns)])]
    lines.append(" | ".join(["---"] * (3 + len(columns))))
    for run, report in reports.items():
        for way in WAYS:
            cells = [_cell(report["metrics"].get(name, {}).get(way), *COLUMNS[name][1:]) for name in columns]
            lines.append(
                " | ".join([f"`{run}`" if way == WAYS[0] else "", report["epochs"] if way == "model" else "", way, *cells])
            )
    return "\n".join(f"| {line} |" for line in lines)


def load(folder: pathlib.Path) -> dict:
    """Returns the reports of a folder by name, each with the number of its best epoch."""
    reports = {}
    for path in sorted(folder.glob("*.json")):
        history = read(folder / path.stem / "history.csv")
        count = len(history["epoch"])
        best = f"{count} in phases" if "phase" in history else f"{best_epoch(history) + 1} of {count}"
        reports[path.stem] = {**json.loads(path.read_text()), "epochs": best}
    return reports


def main():
    """Prints a table for each system."""
    if len(sys.argv) != 2 or not pathlib.Path(sys.argv[1]).is_dir():
        raise SystemExit("Expected the folder that benchmarks/results.sh wrote to: python -m benchmarks.summary OUT")
    reports = load(pathlib.Path(sys.argv[1]))
    for system, (starts, columns) in SYSTEMS.items():
        found = {name: reports.pop(name) for name in list(reports) if name.startswith(starts)}
        if found:
            print(f"\n{system}\n\n{table(found, columns)}")


def _cell(value, digits, factor):
    return "" if value is None else f"{value['mean'] * factor:.{digits}f}"


if __name__ == "__main__":
    main()
