"""Pages that MkDocs adds to docs/: pages made from the code, pages from elsewhere in the project.

mkdocs.yml names this file as a hook; MkDocs calls the functions `on_...`.
"""

import posixpath
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

from autodistill.cli.kinds import family_of
from autodistill.registry import families
from autodistill.report.figures import PALETTE
from tools import reference

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#\s]+)(#[^)\s]*)?\)")
MEMBERS = "Members"
"""The title in mkdocs.yml that the pages of the families go below."""
PAGE_OF = {"README": "overview"}
"""Files whose page here has another name: MkDocs would take README.md for a folder's first page."""
DECISIONS = "project/decisions/index.md"
STYLE = f""":root, [data-md-color-scheme] {{
  --md-primary-fg-color: {PALETTE[0]};
  --md-accent-fg-color: {PALETTE[1]};
}}
[data-md-color-scheme="slate"] {{
  --md-typeset-a-color: {PALETTE[5]};
  --md-code-hl-constant-color: #a99be8;
  --md-code-hl-number-color: #ee8578;
}}
.md-typeset :is(p, li, td) > a {{ text-decoration: underline; }}
.md-grid {{ max-width: 76rem; }}
@media (min-width: 60em) {{ .md-typeset :is(p, li) > code {{ white-space: nowrap; }} }}
.md-typeset h1 {{ color: inherit; }}
.md-typeset img {{ border: 1px solid var(--md-default-fg-color--lightest); border-radius: 4px; }}
"""
"""The colours of the figures, contrast for all eyes, room for code of a hundred columns."""


def on_config(config: Any) -> Any:
    """List a page for each family of members."""
    for entry in _entries(config.nav):
        if MEMBERS in entry:
            entry[MEMBERS] = [_members_page(kind) for kind in reference.member_kinds()]
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are no files of docs/."""
    made = {
        "reference/command-line.md": reference.command_line(),
        "reference/python.md": reference.python(),
        DECISIONS: _decisions(),
        "style.css": STYLE,
    }
    made |= {_members_page(kind): reference.members(kind) for kind in reference.member_kinds()}
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    for path, name in project_pages().items():
        files.append(File.generated(config, name, abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lead links to files of the project to the pages that they have here."""
    own = {name: path for path, name in project_pages().items()}
    at = page.file.src_uri
    here = own.get(at, "" if at == DECISIONS else f"docs/{at}")
    return lead_links(markdown, here, at) if here else markdown


def lead_links(markdown: str, here: str, at: str) -> str:
    """The links of a page of the project (its path `here`) as the page `at` of the site has them.

    A file of the project that has no page is its name alone.
    """
    return LINK.sub(lambda found: _link(found, here, at), markdown)


@cache
def project_pages() -> Mapping[str, str]:
    """Pages outside docs/: their path in the project, and in the site."""
    names = ("README", "CONTRIBUTING", "CHANGELOG")
    alone = {f"{name}.md": f"project/{PAGE_OF.get(name, name.lower())}.md" for name in names}
    readmes = {f"{name}/README.md": f"project/{name}.md" for name in ("studies", "benchmarks")}
    notes = {
        f"decisions/{path.name}": f"project/decisions/{path.name}"
        for path in sorted(ROOT.glob("decisions/*.md"))
    }
    return alone | readmes | notes


def _link(found: re.Match[str], here: str, at: str) -> str:
    image, text, target, anchor = found.groups(default="")
    if "://" in target or target.startswith("mailto:"):
        return found[0]
    path = posixpath.normpath(posixpath.join(posixpath.dirname(here), target))
    place = _place(path)
    if not place:
        return text
    page, _, member = place.partition("#")
    relative = posixpath.relpath(page, posixpath.dirname(at) or ".")
    return f"{image}[{text}]({relative}{'#' + member if member else anchor})"


def _place(path: str) -> str:
    """The place in the site of a path in the project; empty if it has none."""
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    if path == "decisions":
        return DECISIONS
    if path in (pages := project_pages()):
        return pages[path]
    for kind in reference.member_kinds():
        family = families.folder(family_of(kind)).relative_to(ROOT).as_posix()
        folder, _, file = path.rpartition("/")
        if folder == family and file.endswith(".py") and not file.startswith("_"):
            return f"{_members_page(kind)}#{file.removesuffix('.py')}"
    return ""


def _members_page(kind: str) -> str:
    return f"reference/{kind}.md"


def _decisions() -> str:
    titles = {
        path.name: path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        for path in sorted(ROOT.glob("decisions/*.md"))
    }
    lines = [f"- {name[:4]}: [{title}]({name})" for name, title in titles.items()]
    return "\n".join(("# Decisions\n", "Why things are as they are.\n", *lines, ""))


def _entries(nav: Any) -> list[dict[str, Any]]:
    """Every title of the navigation, at any depth."""
    if not isinstance(nav, list):
        return []
    found = [entry for entry in nav if isinstance(entry, dict)]
    return found + [e for entry in found for value in entry.values() for e in _entries(value)]
