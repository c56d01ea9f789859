"""The namespace of all layers."""

import keras

from kcolor import layers


def test_every_layer_of_kcolor_is_there_and_registered():
    names = "Age ConstantPlanes Double FromRGB Geometry InputSize Preprocess ScaleShift SelfAttention ToRGB"
    assert names.split() == layers.__all__
    registered = keras.saving.get_custom_objects()
    of_kcolor = {name.removeprefix("kcolor>") for name, made in registered.items() if issubclass(made, keras.layers.Layer)}
    models = {name for name in of_kcolor if issubclass(registered[f"kcolor>{name}"], keras.Model)}
    assert of_kcolor - models == set(layers.__all__)
