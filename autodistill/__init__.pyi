from autodistill.deploy.student import Student as Student
from autodistill.deploy.training import train as train
from autodistill.errors import AutodistillError as AutodistillError
from autodistill.errors import DataError as DataError
from autodistill.errors import SpecError as SpecError
from autodistill.errors import StorageError as StorageError
from autodistill.errors import TeacherError as TeacherError
from autodistill.prepare.question import Study as Study
from autodistill.recommend.past_advice import Suggestions as Suggestions
from autodistill.recommend.past_advice import recommend as recommend
from autodistill.registry.families import Card as Card
from autodistill.registry.ranges import OneOf as OneOf
from autodistill.registry.ranges import Real as Real
from autodistill.registry.ranges import Whole as Whole
from autodistill.registry.registered import components as components
from autodistill.registry.registered import register as register
from autodistill.report.result import Recommendation as Recommendation
from autodistill.report.result import SearchResult as SearchResult
from autodistill.report.result import load_study as load_study
from autodistill.report.result import search as search
from autodistill.report.write import report as report
from autodistill.runtime.version import __version__ as __version__
from autodistill.search.cost import Plan as Plan
from autodistill.search.planning import plan as plan
from autodistill.study.pipeline import Pipeline as Pipeline
from autodistill.study.recipe import Recipe as Recipe
from autodistill.study.results import Trial as Trial

__all__: list[str]
_HOMES: dict[str, str]
