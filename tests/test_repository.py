"""What holds for the package as a whole: import arrows, no TensorFlow in the core, everything public tested."""

import ast
import configparser
import pathlib
import re

import keras
import pytest
from helpers.processes import run_python

import kcolor
from kcolor import augment, losses, metrics, models, targets

PACKAGE = pathlib.Path(kcolor.__file__).parent
TESTS = pathlib.Path(__file__).parent

# A module may import what stands before it, and nothing beside or after it. A folder counts as one.
LAYERS = [
    {"utils"},
    {"images", "backbones"},
    {"color", "losses", "data"},
    {"augment", "bins"},
    {"metrics", "targets"},
    {"models"},
    {"colorizer", "layers"},
    {"recipes", "saving"},
    {"evaluation", "exporting", "photo_files", "training"},
    {"cli", "sweep"},
    {"__main__"},
]

# Where TensorFlow is the point: its data pipelines, its devices, TensorBoard. Inside functions, never at the top.
MAY_USE_TENSORFLOW = {
    *("data/batches.py", "data/sources/tfds.py", "training/callbacks.py"),
    *("utils/compile.py", "utils/devices.py", "utils/precision.py"),
    *("exporting/signatures.py", "exporting/savedmodel.py", "exporting/litert.py"),
}


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def layer_of(part):
    return next(i for i, layer in enumerate(LAYERS) if part in layer)


def part_of(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_parts(path):
    """The parts of kcolor that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("kcolor."))


def test_every_package_is_installed():
    setup = configparser.ConfigParser()
    setup.read(PACKAGE.parent / "setup.cfg")
    named = set(setup["options"]["packages"].split())
    there = {".".join(path.parent.relative_to(PACKAGE.parent).parts) for path in PACKAGE.rglob("__init__.py")}
    assert named == there | {"kcolor.saved_models"}


def test_every_module_has_its_place():
    parts = {part_of(path) for path in modules()} - {"__init__"}
    assert parts == set().union(*LAYERS)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_import_arrows_go_one_way(path):
    own = part_of(path)
    if own == "__init__":
        return
    wrong = [part for part in imported_parts(path) if part != own and layer_of(part) >= layer_of(own)]
    assert wrong == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_core_does_not_import_a_framework(path):
    tree = ast.parse(path.read_text())
    if path.relative_to(PACKAGE).as_posix() in MAY_USE_TENSORFLOW:
        tree.body = [node for node in tree.body if not isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert not imported & {"tensorflow", "jax", "torch", "pickle"}


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


REGISTRIES = {
    "targets": (targets.TARGETS, targets.get),
    "models": (models.MODELS, models.build),
    "losses": (losses.LOSSES, losses.get),
    "metrics": (metrics.METRICS, metrics.get),
    "augmentations": (augment.AUGMENTATIONS, augment.get),
}


@pytest.mark.parametrize("name", REGISTRIES)
def test_an_unknown_name_says_what_there_is(name):
    registry, get = REGISTRIES[name]
    with pytest.raises(ValueError, match=f"(?s){sorted(registry)[0]}.*{sorted(registry)[-1]}.*nonsense"):
        get("nonsense")


def public_names():
    """Every public function and class of the package, with its module."""
    for path in modules():
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                yield pytest.param(path, node.name, id=f"{path.relative_to(PACKAGE).with_suffix('')}.{node.name}")


@pytest.mark.parametrize(("path", "name"), list(public_names()))
def test_everything_public_is_named_in_a_test(path, name):
    tests = "\n".join(test.read_text() for test in TESTS.glob("*.py") if test.name != "test_repository.py")
    registered = any(value.__name__ == name for registry, _ in REGISTRIES.values() for value in registry.values())
    assert registered or re.search(rf"\b{name}\b", tests)


def test_everything_registered_with_keras_has_this_packages_name():
    registered = [name for name in keras.saving.get_custom_objects() if name.startswith("kcolor>")]
    assert {"kcolor>Colorizer", "kcolor>Bins", "kcolor>Grid", "kcolor>Perceptual", "kcolor>InputSize"} <= set(registered)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_and_public_function_says_what_it_does(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree)
    public = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    top = [node for node in public if node in tree.body and not node.name.startswith("_")]
    assert [node.name for node in top if not ast.get_docstring(node)] == []
