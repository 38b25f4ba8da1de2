"""One application for our pages and Optuna's, on the same database."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from autodistill.errors import StorageError
from autodistill.report.server.guard import Access, Guard
from autodistill.storage import as_url, refusals
from autodistill.study import spaces

THEIRS = ("dashboard", "api", "static", "csv", "artifacts", "favicon.ico")
"""Beginnings of the paths of Optuna's pages, which do not work below another one."""


LOCAL = Access()
"""This machine alone, to read."""


def make_app(storage: str, access: Access = LOCAL, option: str = "") -> WSGIApplication:
    """The pages of a database; raises SpecError, StorageError.

    `option` is what commands on the pages need to find the same database.
    """
    try:
        import bottle  # noqa: F401
        import optuna_dashboard
    except ModuleNotFoundError as error:
        raise StorageError(
            f'the dashboard needs the package {error.name}: pip install "kd-autodistill[dashboard]"'
        ) from None
    from autodistill.report.server.library import Library
    from autodistill.report.server.notes import LibraryNotes
    from autodistill.report.server.site import Site
    from autodistill.search.optuna_storage import open_storage
    from autodistill.search.optuna_view import OptunaView
    from autodistill.search.running import RunningTrials
    from autodistill.storage.watch import Watch

    url = as_url(spaces.database(storage))
    with refusals(url):
        library = Library(Watch(url), RunningTrials(url))
        view = OptunaView(open_storage(url), LibraryNotes(library))
        theirs = optuna_dashboard.wsgi(view)
    return Guard(_both(Site(library, option).app(), theirs), access)


def _both(ours: WSGIApplication, theirs: WSGIApplication) -> WSGIApplication:
    """Each request to whom it is for."""

    def app(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        first = environ["PATH_INFO"].lstrip("/").partition("/")[0]
        return theirs(environ, start) if first in THEIRS else ours(environ, start)

    return app
