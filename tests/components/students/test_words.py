"""Students over word embeddings, whose table is the teacher's.

Padding is not read, and the written folder needs nothing of ours.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from autodistill.components.students import Backbone, Vocabulary
from autodistill.components.students._words import leading, teacher_words
from autodistill.registry import families

every_kind = pytest.mark.parametrize("name", ["bag", "bilstm", "text_cnn"])


def made(name: str, backbone: Backbone, vocabulary: Vocabulary, /, **knobs: Any) -> Any:
    """Set to predict."""
    torch.manual_seed(0)
    return families.build("students", name, knobs).build(backbone, vocabulary).eval()


@every_kind
def test_padding_is_not_read_and_states_have_one_width(
    name: str, backbone: Backbone, words: dict[str, Vocabulary]
) -> None:
    student = made(name, backbone, words["full"], layers=2)
    ids = torch.randint(5, 60, (3, 9), generator=torch.Generator().manual_seed(0))
    mask = (torch.arange(9) < torch.tensor([9, 5, 2]).unsqueeze(1)).long()

    together = student(input_ids=ids, attention_mask=mask, output_hidden_states=True)
    other_padding = student(input_ids=torch.where(mask.bool(), ids, 7), attention_mask=mask)
    alone = student(input_ids=ids[1:2, :5])

    assert torch.equal(together.logits, other_padding.logits)
    torch.testing.assert_close(together.logits[1], alone.logits[0])
    assert [s.shape for s in together.hidden_states] == [(3, 9, student.config.hidden_size)] * 3


@pytest.mark.slow
@every_kind
def test_a_written_folder_opens_without_this_package(
    name: str, backbone: Backbone, words: dict[str, Vocabulary], tmp_path: Path
) -> None:
    student = made(name, backbone, words["trimmed"])
    ids = torch.arange(6).unsqueeze(0)
    student.save_pretrained(tmp_path)
    script = (
        "import sys, torch; from transformers import AutoModelForSequenceClassification as A;"
        f"n = A.from_pretrained({str(tmp_path)!r}, trust_remote_code=True).eval();"
        "print(n(input_ids=torch.arange(6).unsqueeze(0)).logits.tolist()[0]); "
        "assert 'autodistill' not in sys.modules"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True
    )

    assert torch.tensor(eval(done.stdout)) == pytest.approx(
        student(input_ids=ids).logits[0].detach(), abs=1e-6
    )


def test_the_table_is_the_teachers_along_its_largest_variances(
    backbone: Backbone, words: dict[str, Vocabulary]
) -> None:
    table = teacher_words(backbone, words["trimmed"])

    whole = leading(table, table.shape[1]).double()
    centred = (table - table.mean(0)).double()

    assert len(table) == words["trimmed"].size
    cosine = F.cosine_similarity(torch.pdist(whole), torch.pdist(centred), dim=0)
    assert float(cosine) == pytest.approx(1.0, abs=1e-6)  # distances stay, but for one factor
    spread = whole.var(0)
    assert bool((spread[:-1] >= spread[1:] - 1e-12).all())
    assert float(whole.std(0)[0]) == pytest.approx(0.1, rel=1e-3)


def test_random_words_are_another_table(backbone: Backbone, words: dict[str, Vocabulary]) -> None:
    own, drawn = (
        made("bag", backbone, words["full"], words=w, rank=32).words.weight
        for w in ("teacher", "random")
    )

    assert own.shape == drawn.shape
    assert not torch.equal(own, drawn)
