"""A frozen network's feature maps, for perceptual losses and LPIPS."""

import keras
from keras import ops

from kcolor.backbones.zoo import build, dtype_policy


class Features:
    """A frozen network's answers at some layers, for losses and metrics: RGB in [0, 1] to a list of feature maps.

    Not a Keras layer on purpose: whoever holds one must neither train nor save the network.

    Args:
        weights: as in `build`; or a Keras model that takes RGB in [0, 1] and has the named layers.
        names: the layers.
        dtype: the policy it computes in, whatever the global one is: ``"float32"``, ``"mixed_bfloat16"``, ….
        backbone: one of `BACKBONES`.
    """

    def __init__(self, weights, names, dtype="float32", backbone="vgg16"):
        if isinstance(weights, keras.Model):
            model = weights  # its owner's: looked through, never changed
        else:
            with dtype_policy(dtype):
                model, _ = build(backbone, weights)
            model.trainable = False
        known = [layer.name for layer in model.layers]
        if unknown := [n for n in names if n not in known]:
            raise ValueError(f"Unknown layers {unknown}. Expected some of {known}")
        self.model = keras.Model(model.inputs[0], [model.get_layer(n).output for n in names], name="features")

    def __call__(self, rgb):
        answers = self.model(rgb, training=False)
        return [ops.cast(a, "float32") for a in (answers if isinstance(answers, (list, tuple)) else [answers])]
