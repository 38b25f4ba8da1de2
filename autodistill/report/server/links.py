"""Addresses of pages, ours and Optuna's."""

from urllib.parse import quote, urlencode

from autodistill.report.server.runs import Asked


def study_link(name: str) -> str:
    """The answer of a study."""
    return f"/studies/{quote(name, safe='')}"


def stages_link(name: str) -> str:
    """The effects of its stages."""
    return f"{study_link(name)}/stages"


def runs_link(name: str, asked: Asked | None = None, **changes: str | int) -> str:
    """The list of its runs, as it was asked for but for some changes."""
    known = asked or Asked()
    query: dict[str, str | int] = {"q": known.words, "sort": known.sort}
    query |= {"up": "" if known.down else 1, "page": known.page} | changes
    first: dict[str, str | int] = {"q": "", "sort": "trial", "up": "", "page": 1}
    text = urlencode({k: v for k, v in query.items() if v != first[k]})
    return f"{study_link(name)}/runs" + (f"?{text}" if text else "")


def run_link(name: str, trial: int) -> str:
    """One of its runs."""
    return f"{study_link(name)}/runs/{trial}"


def optuna_link(study: int | None, trial: int | None = None) -> str:
    """Optuna's page of the study with this number there, or of a trial of it."""
    if study is None:
        return "/dashboard"
    page = f"/dashboard/studies/{study}"
    return page if trial is None else f"{page}/trials?numbers={trial}"
