"""State of a Keras model that Keras must not track."""

import types


class Untracked(types.SimpleNamespace):
    """Attributes that belong to a Keras model but are no part of it.

    Keras looks at everything that is assigned to a model: layers, metrics and optimizers among it become the model's own and
    are saved with it. What is kept in here it does not see.

    >>> from kcolor.utils.untracked import Untracked
    >>> Untracked(metrics=[]).metrics
    []
    """
