"""Registers kcolor's classes with Keras, so that `keras.saving.load_model` finds them once kcolor has been imported.

Registering means importing them, and with them Keras: two seconds that ``import kcolor`` alone shall not take. So they are
imported when Keras is, or when something of kcolor is first used.
"""

import importlib
import importlib.abc
import importlib.util
import sys

# The modules with classes that Keras may find in a file.
MODULES = ("kcolor.colorizer.adversarial", "kcolor.layers", "kcolor.losses", "kcolor.metrics")


def register() -> None:
    """Imports everything that is registered with Keras, unless one of kcolor's modules is just being imported.

    In that case it would be asked for what is not there yet; the next use of `kcolor` does it.
    """
    if not any(_is_being_imported(name) for name in list(sys.modules) if name.startswith("kcolor.")):
        for module in MODULES:
            importlib.import_module(module)


def register_with_keras() -> None:
    """Registers kcolor's classes now if Keras is imported already, and otherwise as soon as it is."""
    if "keras" in sys.modules:
        if not _is_being_imported("keras"):
            register()
    elif not any(isinstance(finder, _AfterKeras) for finder in sys.meta_path):
        sys.meta_path.insert(0, _AfterKeras())


class _AfterKeras(importlib.abc.MetaPathFinder):
    """Finds Keras as usual, and has kcolor's classes registered after it has been imported."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname != "keras":
            return None
        sys.meta_path.remove(self)  # Keras is imported once
        spec = importlib.util.find_spec("keras")
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                register()

            spec.loader.exec_module = exec_module
        return spec


def _is_being_imported(name):
    return getattr(getattr(sys.modules.get(name), "__spec__", None), "_initializing", False)
