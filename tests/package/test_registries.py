"""Registries: an unknown name says what there is, and everything that Keras saves is registered."""

import keras
import pytest

from kcolor import augment, losses, metrics, models, targets

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


def test_everything_registered_with_keras_has_this_packages_name():
    registered = [name for name in keras.saving.get_custom_objects() if name.startswith("kcolor>")]
    assert {"kcolor>Colorizer", "kcolor>Bins", "kcolor>Grid", "kcolor>Perceptual", "kcolor>InputSize"} <= set(registered)
