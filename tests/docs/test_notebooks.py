"""The notebooks of examples/: they run, and what they show is what they printed."""

import importlib.util

import pytest
from helpers.package import ROOT

EXAMPLES = ROOT / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))
needs_nbclient = pytest.mark.skipif(
    importlib.util.find_spec("nbclient") is None, reason="nbclient is not installed in this environment"
)


def read(path):
    import nbformat

    return nbformat.read(path, as_version=4)


def test_there_are_six():
    assert len(NOTEBOOKS) == 6


@needs_nbclient
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_kept_and_small(path):
    notebook = read(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell.outputs]
    assert outputs
    assert {output.output_type for output in outputs} <= {"stream", "execute_result", "display_data"}
    assert {output.name for output in outputs if output.output_type == "stream"} <= {"stdout"}
    assert path.stat().st_size < 400_000


@needs_nbclient
@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # of Jupyter's own
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path, tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("execute", EXAMPLES / "execute.py")
    execute = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(execute)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    made, kept = execute.execute(path, tmp_path), read(path)
    # Pictures and figures may differ from machine to machine; what kind of thing a cell shows may not.
    for new, old in zip(made.cells, kept.cells, strict=True):
        if new.cell_type == "code":
            assert [output.output_type for output in new.outputs] == [output.output_type for output in old.outputs]
