"""What MkDocs cannot do by itself: pages made of files that lie elsewhere, of notebooks, and of docstrings.

Texts in docs/ are written to be read in the repository, too. So their links lead to files; here they are led to pages.
"""

import os
import pathlib
import posixpath
import re

import nbconvert
import nbformat
from mkdocs.structure.files import File

ROOT = pathlib.Path(__file__).parents[2]
# Page of the site: file of the repository.
ELSEWHERE = {
    "cards/photo.md": "saved_models/photo/card.md",
    "cards/shapes.md": "saved_models/shapes/card.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "security.md": "SECURITY.md",
    **{
        f"sweeps/{path.parent.name}/index.md": path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("sweeps/results/*/README.md")
    },
}
# What is described in the reference, by page. `kcolor` imports its names when they are asked for; here is where they are.
REFERENCE = {
    "colorizer": [
        *("kcolor.colorizer.colorizer.Colorizer", "kcolor.colorizer.adversarial.AdversarialColorizer"),
        *("kcolor.saving.load.load", "kcolor.saving.presets.names", "kcolor.colorizer.options.Options"),
        *("kcolor.colorizer.inference.Inference", "kcolor.colorizer.prediction.Prediction"),
    ],
    "files": ["kcolor.photo_files.colorize_files.colorize_files", "kcolor.video.colorize_video.colorize_video"],
    "hints": ["kcolor.hints"],
    "training": ["kcolor.training.train.train", "kcolor.recipes", "kcolor.data"],
    "evaluation": [
        *("kcolor.evaluation.evaluate.evaluate", "kcolor.evaluation.explain", "kcolor.evaluation.explain_plot"),
        "kcolor.evaluation.hint_curve",
    ],
    "exporting": ["kcolor.exporting.export.export", "kcolor.exporting.signatures"],
    "targets": ["kcolor.targets"],
    "bins": ["kcolor.bins"],
    "models": ["kcolor.models", "kcolor.models.head"],
    "backbones": ["kcolor.backbones"],
    "losses": ["kcolor.losses", "kcolor.losses.perceptual"],
    "metrics": ["kcolor.metrics"],
    "augment": ["kcolor.augment"],
    "color": ["kcolor.color", "kcolor.layers"],
    "images": ["kcolor.images", "kcolor.images.arrays"],
    "sweep": ["kcolor.sweep.sweep_file", "kcolor.sweep.results"],
}
_FETCHED = "https://unpkg.com/iframe-worker/shim"
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")


def on_files(files, config):
    """Adds the pages that are not in docs/."""
    for page, name in ELSEWHERE.items():
        files.append(File.generated(config, page, content=(ROOT / name).read_text()))
        if page.startswith("sweeps/"):
            for plot in (ROOT / name).parent.glob("*.png"):
                files.append(File.generated(config, f"{posixpath.dirname(page)}/{plot.name}", content=plot.read_bytes()))
    for name, objects in REFERENCE.items():
        content = f"# {name.capitalize()}\n\n" + "\n\n".join(f"::: {one}" for one in objects)
        files.append(File.generated(config, f"reference/{name}.md", content=content))
    for path in sorted((ROOT / "examples").glob("*.ipynb")):
        _add_notebook(files, config, path)
    return files


def _add_notebook(files, config, path):
    """A notebook as a page, and its pictures beside it."""
    notebook = nbformat.read(path, as_version=4)
    text, resources = nbconvert.MarkdownExporter().from_notebook_node(notebook, {"unique_key": path.stem})
    note = f"*This page is the notebook `examples/{path.name}`, with what it printed.*\n"
    title, _, rest = text.partition("\n\n")
    files.append(File.generated(config, f"notebooks/{path.stem}.md", content=f"{title}\n\n{note}\n{rest}"))
    for name, data in resources["outputs"].items():
        files.append(File.generated(config, f"notebooks/{name}", content=data))


def on_config(config):
    """Lists notebooks and the pages of the reference in the navigation."""
    notebooks = [f"notebooks/{path.stem}.md" for path in sorted((ROOT / "examples").glob("*.ipynb"))]
    made = {"notebooks": notebooks, "reference": [f"reference/{name}.md" for name in REFERENCE]}
    for item in config.nav:
        for title, what in item.items():
            item[title] = made.get(what, what) if isinstance(what, str) else what
    return config


def on_post_page(output, page, **kwargs):
    """Takes a script of our own for the one that the theme would fetch from the network."""
    here = posixpath.dirname(page.file.dest_uri) or "."
    return output.replace(_FETCHED, posixpath.relpath("site/worker.js", here))


def on_post_template(output_content, **kwargs):
    """Does the same for the page that says that there is no such page."""
    return output_content.replace(_FETCHED, "/site/worker.js")


def on_page_markdown(markdown, page, **kwargs):
    """Leads links to files of the repository to their pages. What has no page is named without a link."""
    here = page.file.src_uri
    origin = ELSEWHERE.get(here, f"docs/{here}")
    return _LINK.sub(lambda link: _led(link, origin, here), markdown)


def _led(link, origin, here):
    text, target = link.groups()
    name, _, anchor = target.partition("#")
    if not name or re.match(r"[a-z]+:", name):
        return link[0]
    path = posixpath.normpath(posixpath.join(posixpath.dirname(origin), name))
    pages = {file: page for page, file in ELSEWHERE.items()} | {"README.md": "index.md"}
    page = pages.get(path) or (path.removeprefix("docs/") if path.startswith("docs/") else None)
    if path.endswith(".ipynb"):
        page = f"notebooks/{pathlib.PurePath(path).stem}.md"
    if path.endswith(".png"):  # beside its text
        return link[0]
    if page is None:
        return link[0] if here.startswith("notebooks/") else text
    relative = os.path.relpath(page, posixpath.dirname(here) or ".")
    return f"[{text}]({relative}{'#' + anchor if anchor else ''})"
