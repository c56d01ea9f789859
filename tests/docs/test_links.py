"""What the documentation points to is there: links, headings, files, commands and names."""

import importlib
import re

import pytest
from helpers.package import PACKAGE, ROOT

TEXTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
TEXTS += sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("saved_models/*/card.md"), *ROOT.glob("sweeps/results/*/README.md")])
FOLDERS = ("kcolor", "tests", "docs", "benchmarks", "sweeps", "saved_models")


def prose(path):
    """A page without its blocks of Python."""
    return re.sub(r"```python\n.*?```", "", path.read_text(), flags=re.DOTALL)


def anchors(text):
    """The anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def exists(name):
    """Whether a dotted name is a module, or something in one; also of those in CHANGELOG's column of what was."""
    module, _, attribute = name.rpartition(".")
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        try:
            found = importlib.import_module(module)
        except ModuleNotFoundError:
            return bool(module) and exists(module)
        return hasattr(found, attribute)
    return True


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path):
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        name, _, anchor = link.partition("#")
        target = path if not name else (path.parent / name).resolve()
        if name.startswith("http"):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target.read_text())):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_and_names_are_there(path):
    text = path.read_text()
    code = re.findall(r"`([^`\n]+)`", text)
    files = [word for word in code if re.fullmatch(rf"({'|'.join(FOLDERS)})/[\w./-]+", word)]
    in_package = [word for word in code if re.fullmatch(r"[a-z_0-9]+/[a-z_0-9]+\.py", word) and not word.startswith(FOLDERS)]
    missing = [word for word in files if not (ROOT / word).exists()]
    missing += [word for word in in_package if not (PACKAGE / word).exists()]
    names = set(re.findall(r"`(kcolor(?:\.[A-Za-z_]\w*)+)", text))
    names |= set(re.findall(r"python -m ((?:kcolor|benchmarks)[\w.]*)", text))
    was = set(re.findall(r"\(was\s+`([\w.]+)`\)|\| `([\w.]+)` \|$", text, re.MULTILINE))  # what is no more
    missing += [name for name in sorted(names - {old for pair in was for old in pair}) if not exists(name)]
    assert missing == []
