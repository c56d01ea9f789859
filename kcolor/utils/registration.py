"""Registers kcolor's classes with Keras, so that `keras.saving.load_model` finds them once kcolor has been imported.

Registering means importing them, and with them Keras: two seconds that ``import kcolor`` alone shall not take. So they are
imported when Keras is, or when something of kcolor is first used.
"""

import importlib
import sys

from kcolor.utils.import_hooks import around_import

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
    if "keras" not in sys.modules:
        around_import("keras", _then_register)
    elif not _is_being_imported("keras"):
        register()


def _then_register(import_keras):
    import_keras()
    register()


def _is_being_imported(name):
    return getattr(getattr(sys.modules.get(name), "__spec__", None), "_initializing", False)
