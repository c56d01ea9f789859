"""The core is Keras alone: no framework is imported but where it is the point."""

import ast

import keras
import pytest
from helpers.package import label, modules
from helpers.processes import run_python

# Where TensorFlow is the point: its data pipelines, its devices, its graphs, TensorBoard; JAX: several machines.
# Inside functions, never at the top.
MAY_USE_ONE = {
    *("data/batches.py", "data/sources/tfds.py", "training/callbacks.py"),
    *("utils/compile.py", "utils/devices.py", "utils/machines.py", "utils/precision.py"),
    *("exporting/painting.py", "exporting/signatures.py", "exporting/savedmodel.py", "exporting/litert.py"),
}


def imported(path):
    """The packages that a file imports where it is not meant to import everything."""
    tree = ast.parse(path.read_text())
    if label(path) in MAY_USE_ONE:
        tree.body = [node for node in tree.body if not isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    return {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }


def test_the_core_does_not_import_a_framework():
    frameworks = {"tensorflow", "jax", "torch", "pickle"}
    assert {label(path): found for path in modules() if (found := imported(path) & frameworks)} == {}


def test_every_file_that_may_use_one_is_there():
    assert {label(path) for path in modules()} >= MAY_USE_ONE


@pytest.mark.skipif(keras.backend.backend() == "tensorflow", reason="TensorFlow is this backend; run with another")
def test_works_without_tensorflow():
    printed = run_python(
        "import sys\n"
        "sys.modules['tensorflow'] = None\n"  # every import of it fails from here on
        "import kcolor, numpy as np\n"
        "target = kcolor.targets.get('lab')\n"
        "network = kcolor.models.build('unet', target, filters=(2, 4))\n"
        "print(kcolor.Colorizer(network, target).colorize(np.zeros((3, 5, 3), 'uint8')).shape)"
    )
    assert printed.strip() == "(3, 5, 3)"
