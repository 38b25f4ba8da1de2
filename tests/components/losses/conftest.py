"""Checks the shapes of every loss while these tests run, on one thread: the tensors are tiny."""

import torch
from jaxtyping import install_import_hook

torch.set_num_threads(1)
install_import_hook("autodistill.components.losses", "beartype.beartype")
