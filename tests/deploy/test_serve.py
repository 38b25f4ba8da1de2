"""A served student answers as `predict` does, whoever else asks at the same time."""

import base64
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import autodistill as ad
from tests.commands import run_cli
from tests.deploy.served import Served, served
from tests.deploy.test_prediction_of_images import pictures as pictures
from tests.fakes import sentences

TEXTS = [text for text, _ in sentences(40, seed=8)]


@pytest.fixture(scope="module")
def server(teacher: Path) -> Iterator[Served]:
    """The tiny teacher, served."""
    with served(teacher) as found:
        yield found


def predicted(student: Path, folder: Path, texts: list[str]) -> list[dict[str, Any]]:
    """The rows that `predict --proba` writes of these texts, without their numbers."""
    rows = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    (folder / "rows.jsonl").write_text(rows)
    ran = run_cli("predict", student, folder / "rows.jsonl", "--proba", "--keep", "none")
    assert ran.code == 0, ran.err
    found = [json.loads(line) for line in ran.out.splitlines()]
    return [{name: x for name, x in row.items() if name != "row"} for row in found]


def close_to(rows: list[dict[str, Any]]) -> list[Any]:
    """The same answers; numbers may differ by rounding, which depends on the texts around."""
    return [
        {n: x if isinstance(x, str) else pytest.approx(x, abs=1e-5) for n, x in row.items()}
        for row in rows
    ]


def test_an_answer_is_what_predict_writes(server: Served, teacher: Path, folder: Path) -> None:
    expected = predicted(teacher, folder, TEXTS)

    status, found = server.ask({"texts": TEXTS})

    assert status == 200
    assert list(found["predictions"][0]) == ["prediction", "probability_neg", "probability_pos"]
    assert found["predictions"] == close_to(expected)


def test_clients_at_the_same_time_get_their_own_answers_in_order(
    server: Served, teacher: Path, folder: Path
) -> None:
    texts = [[f"{text} {n}" for text in TEXTS[n % 7 : n % 7 + 1 + n % 5]] for n in range(64)]
    every = [text for part in texts for text in part]
    expected = iter(close_to(predicted(teacher, folder, every)))

    with ThreadPoolExecutor(32) as clients:
        found = list(clients.map(lambda part: server.ask({"texts": part}), texts))

    assert [status for status, _ in found] == [200] * 64
    for part, (_, answer) in zip(texts, found):
        assert answer["predictions"] == [next(expected) for _ in part]


def test_a_single_text_is_a_list_of_one(server: Served) -> None:
    assert server.ask({"text": "a good film"}) == server.ask({"texts": ["a good film"]})


def test_no_texts_have_no_answers(server: Served) -> None:
    assert server.ask({"texts": []}) == (200, {"predictions": []})


def test_a_text_is_cut_as_predict_does(server: Served, teacher: Path, folder: Path) -> None:
    long = "good film " * 20_000

    status, found = server.ask({"texts": [long]})

    assert status == 200
    assert found["predictions"] == close_to(predicted(teacher, folder, [long]))


def test_half_a_character_is_read_as_predict_reads_it(server: Served) -> None:
    _, halved = server.ask(b'{"texts": ["\\ud83d good"]}')

    assert halved == server.ask({"texts": ["\ufffd good"]})[1]


def test_a_student_of_pairs_is_given_pairs(teacher: Path, tmp_path: Path) -> None:
    shutil.copytree(teacher, tmp_path / "student")
    (tmp_path / "student/metrics.json").write_text('{"pairs": true}')
    pairs = [["good", "a bad film"], ["dull", "a fine story"]]
    student = ad.load(tmp_path / "student")

    with served(tmp_path / "student") as server:
        _, found = server.ask({"texts": pairs})
        status, refused = server.ask({"texts": ["good"]})
        reads = server.send("GET", "/health")[1]["reads"]

    shares = student.predict_proba([tuple(pair) for pair in pairs])
    assert [row["probability_pos"] for row in found["predictions"]] == pytest.approx(
        shares[:, 1].tolist(), abs=1e-5
    )
    assert (status, reads) == (422, "pairs")
    assert "input 0 is one text, this student reads a pair of texts" in refused["detail"]


def test_a_folder_of_others_takes_texts_and_pairs_side_by_side(server: Served) -> None:
    questions: list[dict[str, Any]] = [{"text": "good film"}, {"text": ["good", "film"]}] * 12
    alone = [server.ask(question)[1]["predictions"] for question in questions]

    with ThreadPoolExecutor(16) as clients:
        found = list(clients.map(lambda question: server.ask(question)[1], questions))

    assert [answer["predictions"] for answer in found] == [close_to(rows) for rows in alone]


def test_images_are_given_as_base64(pictures: Path) -> None:
    files = sorted((pictures / "images").rglob("*.png"))[:3]
    coded = [base64.b64encode(file.read_bytes()).decode() for file in files]

    with served(pictures / "student") as server:
        status, found = server.ask({"images": coded})
        as_url = server.ask({"image": f"data:image/png;base64,{coded[0]}"})[1]
        faults = [server.ask({"images": [bad]}) for bad in ("?", "aGVsbG8=")]
        texts = server.ask({"texts": ["a text"]})

    ran = run_cli("predict", pictures / "student", pictures / "images")
    labels = [line.rpartition(",")[2] for line in ran.out.splitlines()[1:4]]
    assert status == 200
    assert [row["prediction"] for row in found["predictions"]] == labels
    assert as_url["predictions"] == close_to(found["predictions"][:1])
    assert [status for status, _ in (*faults, texts)] == [422] * 3
    assert "no base64" in faults[0][1]["detail"]
    assert "cannot be read" in faults[1][1]["detail"]


def test_its_health_says_what_it_is(server: Served) -> None:
    status, found = server.send("GET", "/health")

    assert status == 200
    assert found["ready"] is True
    assert found["engine"].startswith("torch ")
    assert found["labels"] == ["neg", "pos"]
    assert {"autodistill", "torch", "fastapi", "uvicorn"} <= set(found["versions"])


def test_the_page_needs_nothing_from_elsewhere_and_keeps_texts_texts(server: Served) -> None:
    status, page = server.send("GET", "/")

    assert status == 200
    assert "://" not in page
    assert "innerHTML" not in page
    assert '<html lang="en">' in page
    assert "prefers-color-scheme: dark" in page


def test_openapi_describes_the_answers_and_no_page_loads_scripts(server: Served) -> None:
    _, found = server.send("GET", "/openapi.json")

    answer = found["paths"]["/predict"]["post"]["responses"]["200"]["content"]["application/json"]
    row = answer["schema"]["properties"]["predictions"]["items"]["properties"]
    assert list(row) == ["prediction", "probability_neg", "probability_pos"]
    assert [server.send("GET", path)[0] for path in ("/docs", "/redoc")] == [404, 404]
