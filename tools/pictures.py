"""The pictures of README and docs, drawn from published studies: `python -m tools.pictures`.

The project's own answer, figure and report are drawn; a browser shows the last two.
"""

import re
import sys
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from rich.console import Console
from rich.table import Table
from rich.terminal_theme import MONOKAI
from rich.text import Text

import autodistill as ad
from autodistill.registry import families
from autodistill.report.answer import Answer, answer_of
from autodistill.report.browser import dom_of
from autodistill.report.page import plotly_script
from autodistill.report.terminal import numbers_grid

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
DEMO, STUDENTS = ROOT / "docs" / "demo", ROOT / "studies" / "sst2-students"
SHOWN = ("Student", "Distillation")
"""The findings of an answer that the picture of it has room for."""
COLUMNS = 80
FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Fonts that rich would load from the network."""
COLOURS = 128
"""In a picture of the report: half of what it takes otherwise."""
FIGURE = """<!doctype html><meta charset="utf-8"><pre id="svg"></pre><script>{script}</script>
<script>
const figure = {figure};
Plotly.toImage(figure, {{format: "svg", width: 860, height: 460}}).then((url) => {{
  document.getElementById("svg").textContent = decodeURIComponent(url.split(",").slice(1).join());
}});
</script>"""


def draw_answer(study: Path) -> str:
    """The end of a search on a terminal, in part, as SVG."""
    result = ad.load_study(study)
    chosen = result.recommendation
    return terminal(answer_of(result.record, chosen.recipe, chosen.verdict))


def terminal(answer: Answer) -> str:
    """The parts of an answer that a reader looks at first."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), highlight=False)
    console.print(numbers_grid(answer.leaders))
    console.print(Text(f"\n{answer.headline}\n", "bold"))
    grid = Table.grid(padding=(0, 2, 0, 0))
    for finding in answer.findings:
        if finding.label in SHOWN:
            grid.add_row(Text(finding.label), Text(finding.text))
    console.print(grid)
    svg = console.export_svg(title="autodistill search", theme=MONOKAI, unique_id="answer")
    return FONT.sub("", svg)


def draw_figure(name: str, study: Path) -> str:
    """A figure of the report as SVG, on white."""
    result = ad.load_study(study)
    figure = families.build("figures", name, {}).draw({result.name: result.record}, {})
    figure.update_layout(paper_bgcolor="#ffffff", plot_bgcolor="#ffffff")
    dom = dom_of(FIGURE.format(script=plotly_script(), figure=figure.to_json()))
    svg = re.search(r'<pre id="svg">(.+?)</pre>', dom, re.DOTALL)
    if not svg:
        raise ad.ExportError(f"the figure {name} was not drawn; is the browser complete?")
    return unescape(svg[1])


def draw_report(study: Path, *, height: int = 738) -> bytes:
    """The top of a report as PNG."""
    with TemporaryDirectory() as folder:
        page = Image.open(ad.report([study], Path(folder) / "report.png")).convert("RGB")
    held = BytesIO()
    page.crop((0, 0, page.width, height)).quantize(COLOURS).save(held, "PNG", optimize=True)
    return held.getvalue()


def main() -> None:
    """Draw them all."""
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / "answer.svg").write_text(draw_answer(DEMO), encoding="utf-8")
    (PICTURES / "front.svg").write_text(draw_figure("front", STUDENTS), encoding="utf-8")
    (PICTURES / "report.png").write_bytes(draw_report(DEMO))
    for path in sorted(PICTURES.iterdir()):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    try:
        main()
    except ad.AutodistillError as error:
        sys.exit(f"pictures: {error}")
