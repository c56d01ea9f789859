"""All of kcolor's Keras layers, for models of your own.

>>> lab = kcolor.layers.FromRGB("lab")
>>> lab(np.zeros((1, 4, 4, 3), "uint8")).shape
(1, 4, 4, 3)
"""

from kcolor.augment import Age, Geometry
from kcolor.backbones import Preprocess
from kcolor.color.layers import FromRGB, ToRGB
from kcolor.models.blocks import ConstantPlanes, Double, InputSize

__all__ = ["Age", "ConstantPlanes", "Double", "FromRGB", "Geometry", "InputSize", "Preprocess", "ToRGB"]
