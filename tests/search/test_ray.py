"""A search in a Ray cluster of two machines: real commands, a machine that dies."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from autodistill.runtime.node_files import FOLDER
from autodistill.storage import Store
from tests.search.joined import STUDY, Cluster, cluster
from tests.search.ray_nodes import ADDRESS, Nodes, two_nodes

pytestmark = pytest.mark.slow
IN_CLUSTER = ("--engine", "ray", "--address", ADDRESS, "--workers", "0")


@pytest.fixture
def nodes() -> Iterator[Nodes]:
    Path(os.environ["AUTODISTILL_HOME"]).mkdir(parents=True, exist_ok=True)
    with two_nodes() as made:
        yield made


@pytest.fixture
def films(nodes: Nodes, tmp_path: Path, reviews: Path, teacher: Path) -> Iterator[Cluster]:
    (tmp_path / "films").mkdir()
    question = ("--dataset", str(reviews), "--teacher", str(teacher))
    with cluster(tmp_path / "films", "s.db", *question, within=nodes.within) as made:
        yield made


def test_outcomes_of_two_machines_that_share_no_file_are_those_of_one(
    films: Cluster, nodes: Nodes, tmp_path: Path
) -> None:
    search = films.search("--random", "--trials", "12", *IN_CLUSTER)
    assert search.code() == 0, search.text

    with cluster(tmp_path, "alone.db", *films.question) as one:
        alone = one.search("--random", "--trials", "12")
        assert alone.code() == 0, alone.text
        expected = Store(str(tmp_path / "alone.db")).record(STUDY).outcomes

    assert "cluster   2 machines; at most 2 trials at once" in search.text
    found = Store(str(films.folder / "s.db")).record(STUDY).outcomes
    assert [(o.pipeline.key, o.seed, o.status, o.score, o.curve) for o in found] == [
        (o.pipeline.key, o.seed, o.status, o.score, o.curve) for o in expected
    ]
    assert [o.predictions for o in found] == [o.predictions for o in expected]
    assert len(list((nodes.second_home / FOLDER).glob("*/.checksums"))) > 3


def test_a_machine_that_dies_costs_no_trial(films: Cluster, nodes: Nodes) -> None:
    films.url = f"sqlite:///{films.folder / 's.db'}"
    search = films.search("--trials", "12", *IN_CLUSTER)
    films.has(2)

    nodes.kill_second()

    assert search.code() == 0, search.text
    assert "put back: its machine or its process is gone" in search.text
    assert "Traceback" not in search.text
    films.check(12)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_a_search_that_is_ended_leaves_no_trial_in_the_cluster_and_goes_on(
    films: Cluster, nodes: Nodes, number: int, code: int
) -> None:
    films.url = f"sqlite:///{films.folder / 's.db'}"
    first = films.search("--trials", "8", *IN_CLUSTER)
    films.has(2)
    nodes.runs_a_trial()

    first.process.send_signal(number)

    assert first.code() == code, first.text
    assert "Traceback" not in first.text
    nodes.is_idle()
    second = films.search("--trials", "8", *IN_CLUSTER)
    assert second.code() == 0, second.text
    films.check(8)
