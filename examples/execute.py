"""Runs notebooks from top to bottom, and keeps what they print: ``python examples/execute.py [NOTEBOOK …]``.

What libraries write to stderr when they start is left out.
"""

import pathlib
import sys

import nbformat
from nbclient import NotebookClient

HERE = pathlib.Path(__file__).parent


def execute(path: pathlib.Path, folder: pathlib.Path = HERE) -> nbformat.NotebookNode:
    """Returns a notebook with new outputs.

    Args:
        path: Path of the notebook.
        folder: Path of the folder in which its code runs.

    Raises:
        nbclient.exceptions.CellExecutionError: If a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=600, record_timing=False, resources={"metadata": {"path": str(folder)}})
    client.execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(HERE.glob("*.ipynb")):
        nbformat.write(execute(pathlib.Path(name)), name)
        print(name, flush=True)
