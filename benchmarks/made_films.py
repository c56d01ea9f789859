"""Makes films of pictures, in colour, with a motion that is known: to test and measure what colours films.

A frame is uint8 RGB. A film is an iterator of frames; what is done to a film takes one and returns one. `write` makes a file
of it: FFV1, in which nothing is lost, with all of the colour.

    python -m benchmarks.made_films PICTURES… -o FILM.mkv    # one film with all that is hard
"""

import argparse
import itertools
import pathlib
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import av
import cv2
import numpy as np
from PIL import Image

RATE = 25


def moved(
    picture: np.ndarray,
    size: tuple[int, int],
    frames: int,
    start: tuple[float, float] = (0.3, 0.5),
    end: tuple[float, float] = (0.7, 0.5),
    zoom: tuple[float, float] = (1.3, 1.3),
) -> Iterator[np.ndarray]:
    """Yields what a camera sees that moves over a picture.

    Args:
        picture: uint8 RGB.
        size: Pair of integers (height, width) of the frames.
        frames: Integer. How many.
        start: Pair of floats, across and down. Where the camera looks first, as far as it does not leave the picture.
        end: Pair of floats. Where it looks last.
        zoom: Pair of floats. How much of the largest view that fits it sees less, first and last.
    """
    for share in np.linspace(0, 1, frames):
        yield seen(picture, size, *view(picture, size, share, start, end, zoom))


def view(picture, size, share, start, end, zoom) -> tuple[float, float, float]:
    """Returns the left, the top and the scale of what the camera of `moved` sees, a share of its way on."""
    (height, width), (rows, columns) = picture.shape[:2], size
    scale = min(height / rows, width / columns) / (zoom[0] + (zoom[1] - zoom[0]) * share)
    place = [one + (other - one) * share for one, other in zip(start, end, strict=True)]
    return (width - columns * scale) * place[0], (height - rows * scale) * place[1], scale


def seen(picture: np.ndarray, size: tuple[int, int], left: float, top: float, scale: float) -> np.ndarray:
    """Returns a view of a picture, to a fraction of a pixel."""
    # Area first, so that nothing shimmers; then bilinear.
    whole = max(1, int(scale))
    small = cv2.resize(picture, (picture.shape[1] // whole, picture.shape[0] // whole), interpolation=cv2.INTER_AREA)
    scale, left, top = scale / whole, left / whole, top / whole
    matrix = np.array([[scale, 0, left + scale / 2 - 0.5], [0, scale, top + scale / 2 - 0.5]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(small, matrix, size[::-1], flags=flags, borderMode=cv2.BORDER_REFLECT)


def behind(
    film: Iterable[np.ndarray], thing: np.ndarray, frames: int, size: float = 0.45, fast: float = 1.0
) -> Iterator[np.ndarray]:
    """Lets a thing, an oval piece of another picture, pass in front of a film.

    Args:
        film: The film.
        thing: uint8 RGB. The picture.
        frames: Integer. Frames of the film.
        size: Float. Height of the thing, of the film's.
        fast: Float. How much of the film's width it passes.
    """
    for number, frame in enumerate(film):
        height, width = frame.shape[:2]
        side = round(size * height)
        piece = cv2.resize(thing[: min(thing.shape[:2]), : min(thing.shape[:2])], (side, side), interpolation=cv2.INTER_AREA)
        left = (0.5 + fast * (number / max(1, frames - 1) - 0.5)) * width - side / 2
        matrix = np.array([[1, 0, left], [0, 1, height * 0.5 - side / 2]])
        rows, columns = np.mgrid[:side, :side]
        oval = np.clip((side / 2 - np.hypot(rows - side / 2 + 0.5, columns - side / 2 + 0.5)), 0, 1)
        cover = cv2.warpAffine(oval, matrix, (width, height))[..., None]
        over = cv2.warpAffine(piece, matrix, (width, height), borderMode=cv2.BORDER_REFLECT)
        yield (frame * (1 - cover) + over * cover + 0.5).astype("uint8")


def flickering(film: Iterable[np.ndarray], amount: float = 0.03, seed: int = 0) -> Iterator[np.ndarray]:
    """Makes every frame lighter or darker, by a factor with this standard deviation."""
    rng = np.random.default_rng(seed)
    for frame in film:
        yield _whole(frame * (1 + amount * rng.standard_normal()))


def grainy(film: Iterable[np.ndarray], amount: float = 5.0, seed: int = 0) -> Iterator[np.ndarray]:
    """Adds grain: the same to all three channels, in levels."""
    rng = np.random.default_rng(seed)
    for frame in film:
        grain = cv2.GaussianBlur(rng.standard_normal(frame.shape[:2]).astype("float32"), (0, 0), 0.7)
        yield _whole(frame + (grain * (amount / grain.std()))[..., None])


def fading(film: Iterable[np.ndarray], frames: int, out: bool = True) -> Iterator[np.ndarray]:
    """Fades a film of so many frames to black over its second half, or in from black over its first."""
    for number, frame in enumerate(film):
        share = number / max(1, frames - 1)
        yield _whole(frame * min(1.0, 2 * (1 - share) if out else 2 * share))


def telecined(film: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Repeats one frame in four, as films on television are (3:2, of whole frames)."""
    for number, frame in enumerate(film):
        yield frame
        if number % 4 == 3:
            yield frame.copy()


def write(
    path: pathlib.Path,
    film: Iterable[np.ndarray],
    codec: str = "ffv1",
    layout: str = "yuv444p",
    stamps: Sequence[int] | None = None,
    time_base: Fraction = Fraction(1, RATE),
    options: dict[str, str] | None = None,
    sound: bool = False,
) -> pathlib.Path:
    """Writes a film to a file.

    Args:
        path: Path of the file.
        film: The film.
        codec: String. FFmpeg's name of the encoder.
        layout: String. FFmpeg's name of the pixel format.
        stamps: Integers. Timestamps of the frames, in `time_base`; 0, 1, 2, … by default.
        time_base: Fraction.
        options: Dict of the encoder's options.
        sound: Boolean. Whether it has a sound track, a tone.
    """
    rate = 1 / time_base if stamps is None else RATE
    with av.open(str(path), "w") as container:
        stream, track, count = None, None, 0
        for count, rgb in enumerate(film, 1):
            if stream is None:
                stream = container.add_stream(codec, rate=rate, options=options or {})
                stream.height, stream.width, stream.pix_fmt = *rgb.shape[:2], layout
                stream.codec_context.time_base = time_base
                stream.codec_context.color_range, stream.codec_context.colorspace = 1, 6
                track = container.add_stream("aac", rate=44100) if sound else None
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb)).reformat(format=layout, dst_colorspace="ITU601")
            frame.pts, frame.time_base = (stamps[count - 1] if stamps else count - 1), time_base
            frame.color_range, frame.colorspace = 1, 6
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if track is not None:
            _tone(container, track, float(count / rate))
    return path


def _tone(container, track, seconds):
    for number in range(int(seconds * 44100 / 1024)):
        at = (np.arange(1024) + 1024 * number) / 44100
        wave = (8000 * np.sin(2 * np.pi * 440 * at)).astype("int16")
        frame = av.AudioFrame.from_ndarray(wave[None], "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = 44100, 1024 * number, Fraction(1, 44100)
        container.mux(track.encode(frame))
    container.mux(track.encode())


def everything(
    pictures: Sequence[np.ndarray], size: tuple[int, int], frames: int = 60, grain: float = 5.0
) -> Iterator[np.ndarray]:
    """Yields scenes of pictures, one after another: pans, zooms, things that pass, fades; with flicker and grain all over."""
    moves = [((0.2, 0.5), (0.8, 0.5)), ((0.5, 0.8), (0.5, 0.2)), ((0.5, 0.5), (0.5, 0.5)), ((0.8, 0.2), (0.3, 0.7))]
    zooms = [(1.3, 1.3), (1.4, 1.4), (1.1, 1.6), (1.6, 1.2)]
    parts = []
    for number, picture in enumerate(pictures):
        (start, end), zoom = moves[number % 4], zooms[number % 4]
        film = moved(picture, size, frames, start, end, zoom)
        if number % 4 == 3:
            film = behind(film, pictures[number - 1], frames)
        if number % 5 == 4:
            film = fading(film, frames)
        parts.append(film)
    return grainy(flickering(itertools.chain(*parts)), grain)


def main() -> None:
    """Writes a film of pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", nargs="+", type=pathlib.Path)
    parser.add_argument("-o", "--out", type=pathlib.Path, required=True)
    parser.add_argument("--size", default="480x640", help="height x width")
    parser.add_argument("--frames", type=int, default=60, help="of each scene")
    args = parser.parse_args()
    pictures = [np.asarray(Image.open(path).convert("RGB")) for path in args.pictures]
    height, width = map(int, args.size.split("x"))
    write(args.out, everything(pictures, (height, width), args.frames))


def _whole(frame):
    return np.clip(frame + 0.5, 0, 255).astype("uint8")


if __name__ == "__main__":
    main()
