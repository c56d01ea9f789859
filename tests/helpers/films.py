"""Small films, in files and as arrays; tests that import this are skipped where PyAV or OpenCV is not installed."""

import pathlib
from fractions import Fraction

import numpy as np
import pytest

av = pytest.importorskip("av", reason="needs PyAV: pip install '.[video]'")
cv2 = pytest.importorskip("cv2", reason="needs OpenCV: pip install '.[video]'")

SIZE = (48, 64)


def light(seed=0, size=(96, 128)):
    """A smooth picture of light with structure at several scales, uint8."""
    rng = np.random.default_rng(seed)
    layers = [cv2.resize(rng.uniform(0, 1, (side, side)), size[::-1], interpolation=cv2.INTER_CUBIC) for side in (4, 9, 24)]
    picture = layers[0] + 0.6 * layers[1] + 0.4 * layers[2]
    picture = (picture - picture.min()) / np.ptp(picture)
    return (30 + 200 * picture).astype("uint8")


def panned(seed=0, frames=24, size=SIZE, step=1):
    """A pan over a picture, as a list of grey frames; the motion is `step` pixels to the left."""
    picture = light(seed, (size[0] + 16, size[1] + frames * step + 16))
    return [picture[8 : 8 + size[0], 8 + step * i : 8 + step * i + size[1]] for i in range(frames)]


def in_color(frames):
    """Grey frames as RGB that is in colour: red on the left, blue on the right."""
    share = np.linspace(0, 1, frames[0].shape[1])
    tint = np.stack([1 - 0.7 * share, 0.5 + 0 * share, 0.3 + 0.7 * share], axis=-1)
    return [(frame[..., None] * tint).astype("uint8") for frame in frames]


def write(
    path,
    frames,
    codec="libx264",
    layout="yuv420p",
    stamps=None,
    time_base=Fraction(1, 25),
    options=None,
    sound=False,
    full_range=False,
    matrix=6,
    setup=None,
):
    """Writes grey frames, or RGB ones, as a film; returns its path."""
    path = pathlib.Path(path)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options=options or {})
        stream.height, stream.width, stream.pix_fmt = *frames[0].shape[:2], layout
        stream.codec_context.time_base = time_base
        stream.codec_context.color_range, stream.codec_context.colorspace = (2 if full_range else 1), matrix
        track = container.add_stream("aac", rate=44100) if sound else None
        if setup:
            setup(container, stream)
        for number, values in enumerate(frames):
            frame = _frame(values, layout, full_range)
            frame.pts, frame.time_base = stamps[number] if stamps else number, time_base
            frame.color_range, frame.colorspace = (2 if full_range else 1), matrix
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if track is not None:
            _tone(container, track, len(frames) / 25)
    return path


def _frame(values, layout, full_range):
    if values.ndim == 3:
        return av.VideoFrame.from_ndarray(np.ascontiguousarray(values)).reformat(format=layout, dst_colorspace="ITU601")
    frame = av.VideoFrame(*values.shape[::-1], layout)
    deep = "10" in layout
    luma = values.astype(float) if full_range else 16 + values * (219 / 255)
    for plane, planed in zip(frame.planes, [luma * (4 if deep else 1), *[512 if deep else 128] * 2], strict=False):
        kind = np.uint16 if deep else np.uint8
        view = np.frombuffer(plane, kind).reshape(plane.height, -1)[:, : plane.width]
        view[:] = np.rint(planed).astype(kind)
    return frame


def _tone(container, track, seconds):
    for number in range(int(seconds * 44100 / 1024)):
        wave = (8000 * np.sin((np.arange(1024) + 1024 * number) / 16)).astype("int16")
        frame = av.AudioFrame.from_ndarray(wave[None], "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = 44100, 1024 * number, Fraction(1, 44100)
        container.mux(track.encode(frame))
    container.mux(track.encode())


def decoded(path):
    """The picture frames of a film: list of (second, list of planes)."""
    from kcolor.video.film import open_film
    from kcolor.video.reading import frames

    film = open_film(path)
    return [(float(frame.pts * film.time_base), [frame.luma.copy(), *(frame.chroma or ())]) for frame in frames(film)]


def packets(path, kind):
    """The packets of a film's tracks of one kind: list of (second, bytes)."""
    with av.open(str(path)) as container:
        tracks = [track for track in container.streams if track.type == kind]
        return [(float(packet.pts * packet.time_base), bytes(packet)) for packet in container.demux(tracks) if packet.size]


def copied(source, path, keep=lambda packet: True, change=lambda packet: None, attach=()):
    """Copies the tracks of a film without encoding; leaves packets out, changes or adds something. Returns the path."""
    with av.open(str(source)) as old, av.open(str(path), "w") as new:
        tracks = {track.index: new.add_stream_from_template(track) for track in old.streams}
        for name, kind, content in attach:
            new.add_attachment(name, kind, content)
        for packet in old.demux():
            if packet.size and keep(packet):
                change(packet)
                packet.stream = tracks[packet.stream_index]
                new.mux_one(packet)
    return pathlib.Path(path)


def cut_off(path, share, name):
    """The beginning of a file, as another file; returns its path."""
    content = path.read_bytes()
    short = path.with_name(name)
    short.write_bytes(content[: round(share * len(content))])
    return short
