"""What setup.cfg installs is what there is."""

import configparser

from helpers.package import PACKAGE, ROOT


def options(section):
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    return setup[section]


def test_every_package_is_installed():
    named = options("options")["packages"].split()
    there = {".".join(path.parent.relative_to(ROOT).parts) for path in PACKAGE.rglob("__init__.py")}
    assert set(named) == there | {"kcolor.saved_models"}
    assert named == sorted(named)


def test_every_file_that_is_no_python_is_installed():
    patterns = options("options.package_data")["kcolor"].split()
    matched = {path for pattern in patterns for path in PACKAGE.glob(pattern) if path.is_file()}
    others = {path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert others <= matched
