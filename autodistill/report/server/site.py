"""Our pages on the studies of a database: which address shows what."""

from collections.abc import Callable, Hashable
from typing import Any

import bottle

from autodistill.errors import AutodistillError
from autodistill.report.server.answers import asset, failed, headers, message, render
from autodistill.report.server.drawing import answer_body, overview_body
from autodistill.report.server.library import Library, Seen
from autodistill.report.server.pages import Draw, Pages
from autodistill.report.server.run import run_of
from autodistill.report.server.runs import SORTED as COLUMNS
from autodistill.report.server.runs import Asked, RunRow, Shown, counts, run_rows, select
from autodistill.report.server.sparkline import bounds, sparkline

MOST_COMPARED = 20
"""Studies on one page."""


class MissingError(Exception):
    """There is no such page, and why."""


class Site:
    """Answers requests for our pages; `option` is what commands need to find the database."""

    def __init__(self, library: Library, option: str = "") -> None:
        self.library, self.option = library, option
        self.pages = Pages()
        self.rows: dict[tuple[str, str], dict[int, RunRow]] = {}
        """Rows of runs by study, from the last time."""

    def app(self) -> bottle.Bottle:
        """The addresses."""
        found = bottle.Bottle()
        for place, answer in (
            ("/", self.studies),
            ("/studies", lambda: bottle.redirect("/")),
            ("/assets/<name>", asset),
            ("/compare", self.compare),
            ("/studies/<name:path>/runs/<number:int>", self.run),
            ("/studies/<name:path>/stages", self.stages),
            ("/studies/<name:path>/runs", self.runs),
            ("/studies/<name:path>", self.study),
        ):
            found.route(place, "GET", answer)
        found.error(404, lambda _: self.missing())
        found.error(500, failed)
        found.install(self._said)
        return found

    def studies(self) -> Any:
        """The list of studies."""
        states = self.library.states()

        def draw(etag: str) -> str:
            now = {state.name: state.state for state in states}
            lines = [(line, now.get(line.name, "")) for line in self.library.lines()]
            return render("studies.html", etag, title="Studies", lines=lines)

        searched = any(state.state == "searching" for state in states)
        return self._answer("/", repr(states), draw, draw, searched=searched)

    def study(self, name: str) -> Any:
        """The answer of a study."""
        seen = self._seen(name)

        def draw(etag: str) -> str:
            title, body = answer_body(self.library.record(seen.state), name, self.option)
            return self._render("study.html", etag, seen, title=title, body=body, here="answer")

        # the answer is of trials that have ended
        return self._study_answer("answer", seen, draw, repr(seen.state))

    def stages(self, name: str) -> Any:
        """The effects of a study's stages."""
        seen = self._seen(name)

        def draw(etag: str) -> str:
            body = overview_body({name: self.library.record(seen.state)})
            title = f"Stages of study {name}"
            return self._render("study.html", etag, seen, title=title, body=body, here="stages")

        return self._study_answer("stages", seen, draw, repr(seen.state))

    def compare(self) -> Any:
        """Several studies side by side."""
        names = list(dict.fromkeys(bottle.request.query.decode().getall("study")))[:MOST_COMPARED]
        if not names:
            bottle.redirect("/")
        if len(names) < 2:
            raise MissingError("choose two studies or more to compare.")
        each = [self._seen(name) for name in names]

        def draw(etag: str) -> str:
            records = {seen.name: self.library.record(seen.state) for seen in each}
            title = f"{len(names)} studies side by side"
            return render("compare.html", etag, title=title, body=overview_body(records))

        version = repr([seen.state for seen in each])
        return self._answer(("compare", *names), version, draw, draw, searched=False)

    def runs(self, name: str) -> Any:
        """The list of a study's runs."""
        seen, asked = self._seen(name, running=True), _asked()

        def draw(etag: str) -> str:
            record = self.library.record(seen.state)
            known = self.rows.setdefault((name, seen.state.created), {})
            rows = run_rows(record, seen.running, known)
            shown = select(rows, asked)
            return self._render(
                "runs.html",
                etag,
                seen,
                title=f"Runs of study {name}",
                shown=shown,
                sparks=_sparklines(rows, shown),
                counts=counts(rows),
                asked=asked,
                columns=tuple(COLUMNS),
                teacher=record.facts.teacher_score,
            )

        return self._study_answer(asked, seen, draw, seen.version)

    def run(self, name: str, number: int) -> Any:
        """One run."""
        seen = self._seen(name, running=True)
        running = next((trial for trial in seen.running if trial.number == number), None)
        record = self.library.record(seen.state)
        if running is None and all(trial.number != number for trial in record.outcomes):
            raise MissingError(f"study '{name}' has no trial {number}.")

        def draw(etag: str) -> str:
            return self._render(
                "run.html",
                etag,
                seen,
                title=f"Trial {number} of study {name}",
                run=run_of(record, number, name, self.option),
                running=running,
                number=number,
            )

        return self._study_answer(number, seen, draw, repr((seen.state, running)))

    def missing(self, why: str = "") -> str:
        """A list of the studies, in place of a page that does not exist."""
        headers()
        bottle.response.status = 404
        names = [state.name for state in self.library.states()]
        return render("missing.html", title="No such page", why=why, names=names)

    def _said(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        """The same route; what is wrong with an address or a database is said on a page."""

        def call(*args: Any, **named: Any) -> Any:
            try:
                return answer(*args, **named)
            except MissingError as error:
                return self.missing(str(error))
            except AutodistillError as error:
                return message(str(error))

        return call

    def _seen(self, name: str, *, running: bool = False) -> Seen:
        seen = self.library.look(name, running=running)
        if seen is None:
            raise MissingError(f"study '{name}' is not in this database.")
        return seen

    def _render(self, template: str, etag: str, seen: Seen, **values: Any) -> str:
        study = self.library.running.study_id(seen.name)
        return render(template, etag, study=seen.state, optuna=study, **values)

    def _study_answer(self, key: Hashable, seen: Seen, draw: Draw, version: str) -> Any:
        """A page on a study; where it takes long, word that it is coming."""

        def soon(etag: str) -> str:
            return self._render("soon.html", etag, seen, title=f"Study {seen.name}")

        # the start and the end of a search are shown at once, whatever a page takes to draw
        place = (seen.name, key, seen.is_searched)
        return self._answer(place, version, draw, soon, searched=seen.is_searched)

    def _answer(
        self, key: Hashable, version: str, draw: Draw, soon: Draw, *, searched: bool
    ) -> Any:
        """The page, or that it is still the one that the browser has."""
        has = bottle.request.get_header("If-None-Match", "")
        page = self.pages.get(key, version, draw, soon, looked_on=has if searched else "")
        if has == page.etag:
            return bottle.HTTPResponse(status=304, headers={"ETag": page.etag})
        headers(page.etag)
        return page.body


def _asked() -> Asked:
    """The part of the list that an address asks for; what it cannot mean counts as not said."""
    query = bottle.request.query.decode()
    sort, page = query.get("sort", ""), query.get("page", "")
    return Asked(
        query.get("q", "")[:200].strip(),
        sort if sort in COLUMNS else Asked.sort,
        not query.get("up"),
        int(page) if page.isdecimal() and len(page) < 7 else 1,
    )


def _sparklines(rows: list[RunRow], shown: Shown) -> list[str]:
    """The lines of the rows on the page, on the scale of all rows."""
    curves = [row.curve for row in rows if row.curve]
    low, high = bounds(curves)
    last = max((curve[-1][0] for curve in curves), default=1)
    return [sparkline(row.curve, low, high, last) for row in shown.rows]
