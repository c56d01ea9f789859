"""Films: how steady colours are, and how fast. ``python -m benchmarks.video quality|speed --pictures DIR``

    python -m benchmarks.video quality --pictures DIR    # steady against frame by frame, on a film made of pictures
        --strip FILE    # draws every tenth frame: frame by frame above, steady below
        --clip FILE     # an animated picture: frame by frame, steady
    python -m benchmarks.video speed --pictures DIR      # frames a second, and the floor: decoding and encoding alone

The pictures are in colour; what the films show is said in `benchmarks.made_films`.
"""

import argparse
import itertools
import json
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from fractions import Fraction

import av
import cv2
import numpy as np
from PIL import Image

from benchmarks import made_films
from benchmarks.timing import machine, table
from kcolor.images.walking import picture_files
from kcolor.video.codecs import CODECS
from kcolor.video.encoding import SegmentFile
from kcolor.video.evaluate_video import evaluate_video
from kcolor.video.film import open_film
from kcolor.video.reading import frames
from kcolor.video.steady import Manner

SIZES = {"480×360": (360, 480), "1280×720": (720, 1280), "1920×1080": (1080, 1920)}


def calm_scenes(pictures, size, count):
    """Scenes as films have them: a slow pan, a slow zoom, something that passes before a slow pan; flicker and grain."""
    parts = []
    for number, picture in enumerate(pictures):
        if number % 3 == 0:
            part = made_films.moved(picture, size, count, (0.35, 0.5), (0.65, 0.5), (1.25, 1.25))
        elif number % 3 == 1:
            part = made_films.moved(picture, size, count, (0.5, 0.5), (0.5, 0.45), (1.2, 1.3))
        else:
            part = made_films.moved(picture, size, count, (0.45, 0.5), (0.55, 0.5), (1.25, 1.25))
            part = made_films.behind(part, pictures[number - 1], count, 0.4, 0.3)
        parts.append(part)
    return made_films.grainy(made_films.flickering(itertools.chain(*parts)))


def _pictures(args):
    paths = list(picture_files(args.pictures))[:: args.every][: args.scenes]
    if not paths:
        raise SystemExit(f"Expected pictures in {args.pictures}")
    return [np.asarray(Image.open(path).convert("RGB")) for path in paths]


def _film(args, folder, size):
    if args.film is not None:
        return args.film
    return made_films.write(folder / "film.mkv", calm_scenes(_pictures(args), size, args.frames))


def quality(args, folder):
    """Prints what `kcolor evaluate --video` measures, and how many times steadier the film is."""
    shown = _Shown(args)
    scores = evaluate_video(
        _film(args, folder, (256, 384)), args.model, manner=Manner(key_frames=args.key_frames), see=shown.see
    )
    print(f"{scores.frames} frames, {scores.scenes} scenes, looks of the network: {scores.looks}\n\n{scores.table()}\n")
    alone, steady = scores.scores["frame by frame"], scores.scores["steady"]
    for name in ("flicker", "cdc_constant"):
        print(f"{name}: 1 / {alone[name] / steady[name]:.1f}")
    print(f"chroma: {100 * (steady['chroma'] / alone['chroma'] - 1):+.1f} %, PSNR: {steady['psnr'] - alone['psnr']:+.2f} dB")
    if args.out is not None:
        args.out.write_text(json.dumps(scores.to_json(), indent=1) + "\n")
    shown.write(scores.scenes)


class _Shown:
    """Frames for the strip and the clip."""

    ways = ("frame by frame", "steady")

    def __init__(self, args):
        self.args, self.strip, self.clip = args, [], []

    def see(self, number, pictures):
        if number % 10 == 5:
            self.strip.append([_small(pictures[way], 160) for way in self.ways])
        if number % 2 == 0:
            self.clip.append(Image.fromarray(np.hstack([_small(pictures[way], 240) for way in self.ways])))

    def write(self, scenes):
        if self.args.strip is not None:
            length = max(1, len(self.strip) // scenes)
            rows = [self.strip[i : i + length] for i in range(0, length * scenes, length)]
            lines = [np.hstack([pair[way] for pair in row]) for row in rows for way in (0, 1)]
            Image.fromarray(np.vstack(lines)).save(self.args.strip, quality=85)
        if self.args.clip is not None:
            first, *rest = self.clip
            first.save(self.args.clip, save_all=True, append_images=rest, duration=80, loop=0, quality=self.args.clip_quality)


def speed(args, folder):
    """Prints frames a second of the command, of decoding and encoding alone, and the command's peak memory."""
    rows = []
    for name in args.sizes:
        grey = gray_film(folder / f"{name}.mp4", _pictures(args), SIZES[name], args.frames, args.fps)
        floor, count = _floor(grey, folder)
        seconds, processor, peak = _command(grey, folder, args)
        rows.append([name, count, f"{count / seconds:.1f}", f"{count / processor:.1f}", f"{count / floor:.1f}", f"{peak:.0f}"])
    print(table(rows, ["film", "frames", "frames/s", "per processor second", "floor, frames/s", "peak MB"]))


def gray_film(path, pictures, size, count, fps=made_films.RATE):
    """A grey film of that size, with so many frames of each picture: H.264, as most are."""
    film = (frame @ np.array([0.299, 0.587, 0.114]) for frame in calm_scenes(pictures, size, count))
    grey = (np.repeat((frame + 0.5).astype("uint8")[..., None], 3, axis=-1) for frame in film)
    options = {"crf": "18", "preset": "veryfast"}
    return made_films.write(path, grey, "libx264", "yuv420p", time_base=1 / Fraction(fps), options=options, sound=True)


def _floor(path, folder):
    film = open_film(path)
    began = time.perf_counter()
    file = SegmentFile(folder / "floor.mkv", film, film.layout, CODECS["h264"])
    for frame in frames(film):
        file.write(frame.luma, frame.chroma)
    file.close()
    return time.perf_counter() - began, film.stated_frames


def _command(path, folder, args):
    """Seconds, processor seconds and peak memory of `kcolor video`, without what it takes to start."""
    out = folder / "out.mp4"
    shutil.rmtree(f"{out}.parts", ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "kcolor", "video", path, "-o", out, "--model", args.model, "--json", "--overwrite"]
    said = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(said)["seconds"], processor, after.ru_maxrss / 1024


def _small(picture, width):
    return cv2.resize(picture, (width, round(width * picture.shape[0] / picture.shape[1])), interpolation=cv2.INTER_AREA)


def main() -> None:
    """Runs one of the benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("quality", "speed"))
    parser.add_argument("--pictures", type=pathlib.Path, help="a folder of pictures in colour")
    parser.add_argument("--film", type=pathlib.Path, help="a film in colour instead")
    parser.add_argument("--scenes", type=int, default=6)
    parser.add_argument("--every", type=int, default=4, help="take every Nth picture (default: 4)")
    parser.add_argument("--frames", type=int, default=40, help="of each scene (default: 40)")
    parser.add_argument("--fps", type=Fraction, default=made_films.RATE, help="frames a second of the film (default: 25)")
    parser.add_argument("--key-frames", type=int, default=10)
    parser.add_argument("--sizes", nargs="+", default=["480×360", "1280×720"], choices=list(SIZES))
    parser.add_argument("--model", default="photo")
    parser.add_argument("--strip", type=pathlib.Path)
    parser.add_argument("--clip", type=pathlib.Path)
    parser.add_argument("--clip-quality", type=int, default=50)
    parser.add_argument("-o", "--out", type=pathlib.Path, help="write the numbers as JSON")
    args = parser.parse_args()
    if (args.pictures is None) == (args.film is None):
        parser.error("expected either --pictures or --film")
    cv2.setNumThreads(1)
    print(machine(), f"PyAV {av.__version__}, OpenCV {cv2.__version__}", sep="; ")
    with tempfile.TemporaryDirectory() as folder:
        {"quality": quality, "speed": speed}[args.what](args, pathlib.Path(folder))


if __name__ == "__main__":
    main()
