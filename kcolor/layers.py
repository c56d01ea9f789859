"""All of kcolor's Keras layers, for models of your own.

>>> photo = keras.Input((None, None, 3))
>>> lab = kcolor.layers.FromRGB("lab", scaled=True)(photo)
>>> model = keras.Model(photo, kcolor.layers.ToRGB("lab", scaled=True)(keras.layers.Conv2D(3, 1)(lab)))
>>> model.output_shape
(None, None, None, 3)
"""

from kcolor.augment import Age, Geometry
from kcolor.backbones import Preprocess
from kcolor.color.layers import FromRGB, ToRGB
from kcolor.models.blocks import ConstantPlanes, Double, InputSize
from kcolor.models.context import ScaleShift, SelfAttention
from kcolor.models.hint_branch import HintAttention, HintMaps

__all__ = [
    "Age",
    "ConstantPlanes",
    "Double",
    "FromRGB",
    "Geometry",
    "HintAttention",
    "HintMaps",
    "InputSize",
    "Preprocess",
    "ScaleShift",
    "SelfAttention",
    "ToRGB",
]
