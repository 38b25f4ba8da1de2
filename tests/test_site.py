"""The site of docs/ and its pictures: built strictly, and with nothing from elsewhere."""

import os
import re
import shutil
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag

import pytest

from autodistill.cli.kinds import family_of
from autodistill.registry import families
from autodistill.report.browser import PROGRAMS
from tests.paths import ROOT
from tests.test_front_door import NAMES
from tools import pictures, reference, site

MOST_BYTES = 400_000
"""Bytes of all pictures together at most, so that a clone stays small."""


class Page(HTMLParser):
    """The places of a page, where its links lead, and what a browser loads for it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.places, self.links, self.loaded = set[str](), list[str](), list[str]()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag says."""
        found = {name: value or "" for name, value in attrs}
        self.places |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") in ("stylesheet", "icon"):
            self.loaded.append(found.get("href", ""))
        elif "src" in found:
            self.loaded.append(found["src"])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site; the build takes about 5 s."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}
    ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stderr == ""
    return folder


@pytest.mark.slow
def test_the_site_is_built_strictly_and_every_link_in_it_leads_somewhere(built: Path) -> None:
    pages = {path: Page(path) for path in built.rglob("*.html") if path.name != "404.html"}

    dead = [
        (path.relative_to(built).as_posix(), link)
        for path, page in pages.items()
        for link in page.links
        if "://" not in link and not leads(path, link, pages)
    ]

    assert len(pages) > 50
    assert dead == []


def leads(path: Path, link: str, pages: dict[Path, Page]) -> bool:
    """Whether a link of a page leads to a file, and to a place in it."""
    target, anchor = urldefrag(link)
    file = (path.parent / target).resolve() if target else path
    file = file / "index.html" if file.is_dir() else file
    if file not in pages:
        return file.is_file()
    return not anchor or anchor in pages[file].places


@pytest.mark.slow
def test_a_page_of_the_site_loads_nothing_from_elsewhere(built: Path) -> None:
    pages = {path.name: Page(path) for path in built.rglob("*.html")}
    styles = [p.read_text(encoding="utf-8") for p in built.rglob("*.css")]

    assert {x for page in pages.values() for x in page.loaded if "//" in x} == set()
    assert [url for style in styles for url in re.findall(r"url\(['\"]?http[^)]*", style)] == []


def test_the_reference_of_the_command_line_has_every_option_of_help() -> None:
    page = reference.command_line()

    assert "\n## search\n" in page
    assert "\n## studies publish\n" in page
    assert "| `--limit size=30MB` | Largest student allowed: size=30MB" in page


def test_the_reference_of_python_has_every_public_name() -> None:
    listed = re.findall(r"^::: [\w.]+\.(\w+)$", reference.python(), re.MULTILINE)

    assert sorted(listed) == sorted(set(NAMES) - {"__version__"})


@pytest.mark.parametrize("kind", reference.member_kinds())
def test_the_reference_of_a_family_has_every_member(kind: str) -> None:
    titles = re.findall(r"^## (\w+)$", reference.members(kind), re.MULTILINE)

    assert tuple(titles) == families.names(family_of(kind))


def test_a_link_to_a_member_leads_to_its_place_in_the_reference() -> None:
    text = "[kl](../autodistill/components/losses/kl.py), [it](../autodistill/training/fit.py)"

    shown = site.lead_links(text, "docs/methods.md", "methods.md")

    assert shown == "[kl](reference/losses.md#kl), it"


def test_pictures_are_light_and_need_no_network() -> None:
    paths = sorted(pictures.PICTURES.iterdir())
    drawn = [path.read_text(encoding="utf-8") for path in paths if path.suffix == ".svg"]

    assert len(drawn) == 2
    assert sum(path.stat().st_size for path in paths) < MOST_BYTES
    assert not [text for text in drawn if re.search(r"@font-face|@import|<script|<image", text)]


def test_the_picture_of_the_answer_says_what_the_answer_says_today() -> None:
    drawn = pictures.draw_answer(pictures.DEMO)

    kept = (pictures.PICTURES / "answer.svg").read_text(encoding="utf-8")
    assert words(drawn) == words(kept), "make pictures"


def words(svg: str) -> list[str]:
    """The text of a picture."""
    return [unescape(text) for text in re.findall(r">([^<>]+)</text>", svg)]


def test_the_numbers_of_the_first_recipe_are_those_of_its_study() -> None:
    picture = (pictures.PICTURES / "answer.svg").read_text(encoding="utf-8")
    page = (ROOT / "docs/first-recipe.md").read_text(encoding="utf-8")

    for number in ("+0.0459", "+0.0186", "+0.0727", "0.8933", "0.9382"):
        assert number in page
        assert number in picture


@pytest.mark.slow
@pytest.mark.skipif(not any(map(shutil.which, PROGRAMS)), reason="no Chromium to draw figures with")
def test_figures_are_drawn_by_a_browser() -> None:
    drawn = pictures.draw_figure("front", pictures.STUDENTS)

    assert drawn.startswith("<svg")
    assert "milliseconds per text" in drawn
