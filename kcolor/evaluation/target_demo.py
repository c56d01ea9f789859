"""Shows what each colour target can do at best: sample photos, encoded and decoded again, on one sheet."""

from collections.abc import Sequence

import numpy as np
from keras import ops
from PIL import Image

from kcolor import metrics, targets
from kcolor.data.samples import sample_photos
from kcolor.images import arrays
from kcolor.images.contact_sheet import contact_sheet

# Name on the sheet: target and options. Every target is here; bins in four ways.
SHOWN = {
    "mean_ab": ("mean_ab", {}),
    "bins 6x6": ("bins", {"grid": 6}),
    "bins 18x18": ("bins", {"grid": 18}),
    "32 most frequent": ("bins", {"grid": 18, "frequent": 32}),
    "bins step 10, soft": ("bins", {"step": 10, "soft": True}),
    "lab": ("lab", {}),
    "ycbcr": ("ycbcr", {}),
    "rgb": ("rgb", {}),
    "difference": ("difference", {}),
    "quotient": ("quotient", {}),
}


def demo(pictures: Sequence[np.ndarray] | None = None) -> tuple[Image.Image, list[tuple]]:
    """Colours photos through every target as a perfect network would.

    Args:
        pictures: uint8 RGB arrays; by default the sample photos of kcolor.

    Returns:
        ``(sheet, table)``: the contact sheet as a Pillow image, and rows ``(name, channels, PSNR, ab distance, colourfulness)``
        of means over the photos. The first two rows are the photos themselves and their grey copies.
    """
    pictures = list(sample_photos().values() if pictures is None else pictures)
    ways = {"photo": lambda rgb: rgb, "grey": targets.get("lab").gray}
    channels: dict[str, int | str] = {"photo": "", "grey": ""}
    for name, (target_name, options) in SHOWN.items():
        target = targets.get(target_name, **options).measure(pictures)  # bins get their true means, as in a training
        ways[name], channels[name] = _oracle(target), target.channels
    results = {name: [way(arrays.to_float(picture)[None]) for picture in pictures] for name, way in ways.items()}
    table = [(name, channels[name], *_means(pictures, result)) for name, result in results.items()]
    rows = [[arrays.to_uint8(result[i][0]) for result in results.values()] for i in range(len(pictures))]
    captions = [[_caption(picture, result[i]) for result in results.values()] for i, picture in enumerate(pictures)]
    return contact_sheet(rows, list(results), captions), table


def _oracle(target):
    return lambda rgb: target.decode(target.encode(rgb), rgb)


def _means(pictures, results):
    pairs = [(arrays.to_float(picture)[None], result) for picture, result in zip(pictures, results, strict=True)]
    psnr, ab, color = (
        [float(metric(truth, result)[0]) for truth, result in pairs]
        for metric in (metrics.psnr, metrics.ab_distance, lambda _, result: metrics.colorfulness(result))
    )
    return tuple(float(np.mean(ops.convert_to_numpy(values))) for values in (psnr, ab, color))


def _caption(picture, result):
    psnr = float(metrics.psnr(arrays.to_float(picture)[None], result)[0])
    return f"{psnr:.1f} dB" if psnr < 90 else "exact"
