"""`import kcolor` takes no Keras, and Keras knows kcolor's classes nevertheless, whichever is imported first."""

import ast
import pathlib
import sys

import keras
import pytest
from helpers.processes import run_python

import kcolor
from kcolor.utils import registration

PACKAGE = pathlib.Path(kcolor.__file__).parent
GOLDEN = pathlib.Path(__file__).parents[1] / "golden" / "format-1.keras"
LOAD = f"print(type(keras.saving.load_model({str(GOLDEN)!r})).__name__)"


def registered_names():
    """Every class that a module of kcolor registers with Keras, as Keras names it."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and any("register_keras" in ast.unparse(one) for one in node.decorator_list):
                yield f"kcolor>{node.name}"


def test_with_keras_there_everything_is_registered_at_once():
    registration.register_with_keras()
    registration.register()  # again, which does nothing
    assert [name for name in registered_names() if name not in keras.saving.get_custom_objects()] == []
    assert [finder for finder in sys.meta_path if type(finder).__module__ == registration.__name__] == []


def test_importing_kcolor_takes_no_keras():
    heavy = ("keras", "tensorflow", "jax", "torch", "matplotlib", "PIL", "numpy")
    assert run_python(f"import sys, kcolor\nprint([name for name in {heavy} if name in sys.modules])").strip() == "[]"


@pytest.mark.slow
def test_a_module_of_kcolor_first_and_then_keras():
    """Keras is imported halfway through kcolor's module, and everything is registered when that module is complete."""
    names = sorted(registered_names())
    assert "kcolor>Colorizer" in names
    code = (
        "from kcolor.color import rgb_to_lab\nimport sys, keras\n"
        f"print([name for name in {names} if name not in keras.saving.get_custom_objects()])\n"
        f"print([finder for finder in sys.meta_path if type(finder).__module__.startswith('kcolor')])\n{LOAD}"
    )
    assert run_python(code).split("\n")[:3] == ["[]", "[]", "Colorizer"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "imports",
    [
        "import kcolor\nimport keras",
        "import keras\nimport kcolor",
        "from kcolor import targets\nimport keras",
        "from kcolor.utils.files import write_text\nimport keras",
        "import kcolor\nimport keras.saving",
        "import kcolor\ntry:\n    import kcolor.nothing\nexcept ImportError:\n    pass\nimport keras",
        "from kcolor.colorizer.colorizer import Colorizer\nimport keras",
        "import threading, kcolor\n"
        "one = threading.Thread(target=lambda: __import__('kcolor.bins'))\none.start()\nimport keras\none.join()",
    ],
)
def test_keras_loads_a_colorizer_whatever_is_imported_first(imports):
    assert run_python(f"{imports}\n{LOAD}").strip() == "Colorizer"


@pytest.mark.slow
def test_a_command_imports_keras_quietly_and_a_program_does_not(tmp_path):
    """A keras that talks while it is imported, as TensorFlow does."""
    (tmp_path / "keras.py").write_text("import os\nos.write(2, b'hello from C++')\nraise ImportError('no backend')")
    code = (
        f"import sys, os\nsys.path.insert(0, {str(tmp_path)!r})\nsys.argv = [%r]\nkept = os.dup(2)\n"
        f"os.dup2(os.open({str(tmp_path / 'said')!r}, os.O_RDWR | os.O_CREAT | os.O_TRUNC), 2)\nimport kcolor\n"
        "try:\n    import keras\nexcept ImportError as error:\n    print(error)\n"
        f"os.dup2(kept, 2)\nprint(open({str(tmp_path / 'said')!r}).read())"
    )
    assert run_python(code % "kcolor").split("\n")[:2] == ["no backend", ""]
    assert run_python(code % "notebook").split("\n")[:2] == ["no backend", "hello from C++"]
