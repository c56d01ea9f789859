"""The colorizer: a network and a colour target, as one Keras model from photos to coloured photos."""

import operator
import types

import keras
import numpy as np
from keras import ops

from kcolor.colorizer.batch_checks import check_shape
from kcolor.colorizer.compatibility import check_match
from kcolor.colorizer.inference import Options, check_saturation, render, sketching
from kcolor.colorizer.input_size import fixed_size, input_channels, input_stride, output_stride
from kcolor.colorizer.painting import Painter, paint
from kcolor.colorizer.training_step import Learner
from kcolor.images import arrays
from kcolor.images.graph_sizes import ceiling, choose, either, least, most, neither, rounded_ratio
from kcolor.images.guided_filter import constant_coefficients, guided_filter
from kcolor.images.resizing import mirror_pad, resize

# A photo 50 times as wide as high would be 50 times the working size wide: beyond this the longer side decides.
MAX_ASPECT = 4
SKETCHES = 4  # ways of colouring that are kept: each is a graph of some megabytes, which takes a second to make


@keras.saving.register_keras_serializable("kcolor")
class Colorizer(Learner):
    """Colours photos with a network, and trains that network on photos in colour.

    ``colorizer(photos)`` takes RGB in [0, 1], or uint8, of any size, and gives coloured RGB in [0, 1]; `colorize` does the
    same for arrays of uint8 and keeps each photo's size. `compile` and `fit` are Keras's, on data sets of RGB photos: what
    the network sees, what it should answer, augmentation, loss and metrics are computed on the device. Colour is computed in
    float32, whatever policy the network was built under.

    Args:
        network: a Keras functional model from lightness ``(b, h, w, 1)``, or RGB ``(b, h, w, 3)``, to the target's raw answer.
        target: what that answer means.
        size: working size of `colorize`: photos are scaled so that their shorter side has it before the network sees them;
            None lets it see them as they are, as training and calling it always do. The result has the photo's size and
            lightness in any case.
        augment: a layer for training photos (what is seen and what is asked for alike), as `kcolor.augment.Geometry`.
        age: a layer for what is seen alone, as `kcolor.augment.Age`.
        guide: for networks with a ``guide`` input: a colorizer with a pooled target that answers it, and stays as it is.
        stride: what both sides of the network's input must be multiples of. kcolor's builders say it themselves; for others
            it is taken to be 32.
        saturation: colours are made so many times as strong as the network answers them. Whoever is unsure answers too pale a
            colour; this makes up for it, for all colours alike.
    """

    def __init__(
        self,
        network,
        target,
        *,
        size=None,
        augment=None,
        age=None,
        guide=None,
        stride=None,
        saturation=1.0,
        name="colorizer",
        **kwargs,
    ):
        # Never half precision out here: Keras would round the photos before anything else sees them.
        super().__init__(name=name, dtype="float32", **kwargs)
        check_match(network, target, guide)
        if size is not None and (size != int(size) or size < 1):
            raise ValueError(f"Expected `size` as a number of pixels, or None. Received: {size!r}")
        check_saturation(saturation)
        self.network, self.target, self.size, self.saturation = network, target, size, float(saturation)
        self.augment, self.age, self.guide = augment, age, guide
        if guide is not None:
            guide.trainable = False
        self.stride = stride or input_stride(network)
        self.output_stride = output_stride(network, self.stride)
        self._kept = types.SimpleNamespace(painter=None, sketches={})  # Keras would track what hangs on the model itself
        self.built = True  # as its parts are

    # From photos to pictures

    def call(self, photo, training=False):
        """RGB photos ``(b, h, w, 3)`` to coloured ones. (A dict is a step of training: see `training_pair`.)"""
        if isinstance(photo, dict):
            return self._training_answer(photo, training)
        check_shape(photo, "photo")
        rgb = arrays.to_float(photo)
        seen = resize(rgb, self.working_size(rgb)) if fixed_size(self.network) else rgb
        return self.picture(self.raw(seen, training), seen, rgb)

    def raw(self, rgb, training=False):
        """The network's raw answer to float RGB photos, mirrored at their edges to a size that it takes."""
        seen = self._framed(rgb)
        seen = seen if self.target.sees_color else self._without_color(seen)
        if self.guide is not None:
            guide = self.guide.raw(resize(rgb, self.guide.working_size(rgb)))
            seen = {"luma": seen, "guide": ops.stop_gradient(guide)}
        return self.network(seen, training=training)

    def chroma(self, raw, rgb, target=None):
        """A raw answer to float RGB photos as chroma of their size, or one pixel of it if pooled; `target` decodes it."""
        target = target or self.target
        chroma = target.chroma(raw)
        if self.saturation != 1:
            chroma = target.scale_chroma(chroma, self.saturation)
        if self.target.pooled:
            return chroma
        if self.output_stride > 1:
            chroma = resize(chroma, self._frame_size(rgb))
        if fixed_size(self.network):
            height, width = self.working_size(rgb)
            return resize(chroma[:, :height, :width], ops.shape(rgb)[1:3])
        height, width = ops.shape(rgb)[1:3]
        return chroma[:, :height, :width]

    def picture(self, raw, seen, rgb):
        """What `colorize` makes of a raw answer.

        Args:
            raw: the network's answer.
            seen: the photos at the size at which the network saw them, floats ``(b, h, w, 3)``.
            rgb: the photos, floats ``(b, height, width, 3)``.

        Returns:
            RGB in [0, 1] of the photos' size.
        """
        return paint(self.target, self.coefficients(self.chroma(raw, seen), seen, ops.shape(rgb)[1:3]), rgb)

    def coefficients(self, chroma, seen, size):
        """Chroma of photos at the size seen, as `kcolor.painting.paint` takes it.

        Args:
            chroma: as `chroma` gives it.
            seen: the photos at that size.
            size: the photos' own (height, width). Where colour is stretched to it, it follows their edges.

        Returns:
            Coefficients of the size seen, or of the photos' if that is smaller.
        """
        if self.target.pooled:
            return constant_coefficients(chroma)
        seen_size = ops.shape(seen)[1:3]
        smaller, larger = (either(*map(compare, size, seen_size)) for compare in (operator.lt, operator.gt))
        coefficients = choose(
            either(smaller, neither(larger, self.output_stride > 1)),
            lambda: constant_coefficients(chroma),
            lambda: guided_filter(chroma, self.target.luma(seen), 2 * self.output_stride),
        )
        return resize(coefficients, choose(smaller, lambda: size, lambda: seen_size))

    def colorize(self, pictures, batch_size=8, **options):
        """Colours photos of any size.

        Args:
            pictures: one photo ``(h, w)``, ``(h, w, 1)`` or ``(h, w, 3)``; a batch ``(b, h, w, 3)``; or a list of photos of
                any sizes. uint8, or floats in [0, 1].
            batch_size: how many of a batch at once.
            options: of `kcolor.colorizer.inference.Options`: `size`, `temperature`, `saturation`, `ensemble`, `keep_tone`.

        Returns:
            uint8 RGB: an array of the size of what came in, or a list of them. Lightness is the photos' own.
        """
        options = Options(**options)
        if isinstance(pictures, (list, tuple)):
            if not pictures:
                raise ValueError("Expected at least one photo. Received an empty list")
            return [render(self, arrays.check_photo(picture)[None], options)[0] for picture in pictures]
        if np.ndim(pictures) != 4:
            return render(self, arrays.check_photo(pictures)[None], options)[0]
        batch = arrays.check_batch(pictures, "photos")
        parts = [render(self, batch[i : i + batch_size], options) for i in range(0, len(batch), batch_size)]
        return np.concatenate(parts)

    @property
    def painter(self):
        """What paints large photos, compiled when it is first used."""
        if self._kept.painter is None:
            self._kept.painter = Painter(self.target)
        return self._kept.painter

    def sketch(self, options):
        """What predicts the colours of photos in one way: see `kcolor.colorizer.inference.sketching`. Made when it is first used."""
        sketches = self._kept.sketches
        if options not in sketches:
            if len(sketches) == SKETCHES:
                del sketches[next(iter(sketches))]
            sketches[options] = sketching(self, options)
        return sketches[options]

    def working_size(self, rgb, size=None):
        """The (height, width) at which the network should see photos ``(b, h, w, 3)``; `size` instead of its own."""
        return self.working_of(*ops.shape(rgb)[1:3], size)

    def working_of(self, height, width, size=None):
        """The same for photos of a height and a width, which while a graph is made may be tensors."""
        fixed, size = fixed_size(self.network), size or self.size
        if fixed is None and size is None:
            return height, width
        if fixed is not None:
            scales = [(fixed[0], height), (fixed[1], width)]
        else:
            scales = [(size, least(height, width)), (MAX_ASPECT * size, most(height, width))]
        return tuple(most(1, least(*(rounded_ratio(side * up, down) for up, down in scales))) for side in (height, width))

    def for_inference(self, target=None, **changes) -> "Colorizer":
        """The same network for colouring alone: no augmentation, no discriminator; with another target or options if asked."""
        kept = {name: getattr(self, name) for name in ("size", "guide", "stride", "saturation", "name")}
        return Colorizer(self.network, self.target if target is None else target, **{**kept, **changes})

    # How photos lie in what the network sees: in its upper left corner, mirrored at the other two edges. A network of one
    # size sees them scaled to fit; every other one as they are.

    def _framed(self, rgb):
        if fixed_size(self.network):
            rgb = resize(rgb, self.working_size(rgb))
        return mirror_pad(rgb, self._frame_size(rgb))

    def _frame_size(self, rgb):
        return self.frame_of(*ops.shape(rgb)[1:3])

    def frame_of(self, height, width):
        """The (height, width) of what the network is given for photos seen at this size: margins included."""
        return fixed_size(self.network) or tuple(ceiling(side, self.stride) * self.stride for side in (height, width))

    def _without_color(self, rgb):
        return self.target.luma(rgb) if input_channels(self.network) == 1 else self.target.gray(rgb)

    # Saving

    def get_config(self):
        parts = {name: getattr(self, name) for name in ("network", "target", "augment", "age", "guide")}
        config = {name: keras.saving.serialize_keras_object(part) for name, part in parts.items()}
        own = {"size": self.size, "stride": self.stride, "saturation": self.saturation, "name": self.name}
        return {**config, **own, "format": FORMAT}

    @classmethod
    def from_config(cls, config):
        config = {"format": 0, **config}  # what had none was of the first kcolor
        if (found := config.pop("format")) > FORMAT:
            raise ValueError(
                f"This colorizer was saved by a newer kcolor, in format {found}; this one reads formats up to {FORMAT}. "
                "Update it: pip install --upgrade kcolor"
            )
        parts = ("network", "target", "augment", "age", "guide")
        loaded = {name: keras.saving.deserialize_keras_object(config[name]) for name in parts}
        return cls(**{**config, **loaded})


FORMAT = 1  # of what `Colorizer.get_config` gives; counted up when an older kcolor could not read it
