"""Tests mirror the package: who looks for the tests of a file finds them without searching."""

import ast
import re

from helpers.package import PACKAGE, TESTS, label, modules

from kcolor import augment, losses, metrics, models, targets

MIRRORED = [path for path in modules() if path.name not in ("__init__.py", "__main__.py")]
OTHERS = {"benchmarks", "docs", "golden", "helpers", "package"}  # folders of tests of something else
REGISTRIES = (augment.AUGMENTATIONS, losses.LOSSES, metrics.METRICS, models.MODELS, targets.TARGETS)


def public_names():
    """Every public function and class of the package, with its module."""
    for path in modules():
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                yield label(path), node.name


def mirror_of(path):
    """Where the tests of a file belong: those of ``color/lab.py`` in ``color/test_lab.py``."""
    return TESTS / path.relative_to(PACKAGE).with_name(f"test_{path.name}")


def test_every_module_has_its_test_file():
    assert [label(path) for path in MIRRORED if not mirror_of(path).is_file()] == []


def test_every_test_file_has_a_test():
    files = [path for path in map(mirror_of, MIRRORED) if path.is_file()]
    assert [path.name for path in files if not re.search(r"^ *def test_", path.read_text(), re.MULTILINE)] == []


def test_folders_of_tests_are_those_of_the_package():
    folders = {path.parent.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py")} - {"."}
    assert {folder for folder in folders if folder not in OTHERS and not (PACKAGE / folder).is_dir()} == set()


def test_what_lies_beside_the_folders_is_of_modules_beside_the_packages():
    assert {path.name.removeprefix("test_") for path in TESTS.glob("test_*.py")} <= {path.name for path in PACKAGE.glob("*.py")}


def test_everything_public_is_named_in_a_test():
    files = [path for path in TESTS.rglob("*.py") if "package" not in path.relative_to(TESTS).parts]
    words = {word for path in files for word in re.findall(r"\w+", path.read_text())}
    words |= {value.__name__ for registry in REGISTRIES for value in registry.values()}
    assert [f"{file}: {name}" for file, name in public_names() if name not in words] == []
