"""The namespace of all layers."""

import keras

from kcolor import layers


def test_every_layer_of_kcolor_is_there_and_registered():
    names = "Age ConstantPlanes Double FromRGB Geometry HintAttention HintMaps InputSize Preprocess ScaleShift "
    names += "SelfAttention ToRGB"
    assert names.split() == layers.__all__
    registered = keras.saving.get_custom_objects().values()
    of_kcolor = {made for made in registered if issubclass(made, keras.layers.Layer) and made.__module__.startswith("kcolor.")}
    assert {made.__name__ for made in of_kcolor if not issubclass(made, keras.Model)} == set(layers.__all__)
