"""A Dockerfile in a student's folder: the same server, in a container without root.

It is written when it is asked for, not with the folder: what it copies and installs depends on
whether model.onnx is there, and its pins are those of the machine that last exported.
"""

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autodistill.deploy.engines import ONNX, WEIGHT_FILES, choose
from autodistill.deploy.names import DOCKERFILE
from autodistill.deploy.seeds import TEST_LOGITS
from autodistill.deploy.student import Student
from autodistill.errors import SpecError
from autodistill.runtime import files
from autodistill.runtime.cache import refusals
from autodistill.runtime.version import __version__
from autodistill.storage.checks import check_folder

PORT = 8000
LIBRARIES = ("torch", "transformers", "tokenizers", "numpy", "fastapi", "starlette", "uvicorn")
"""Packages that answers depend on, or that speak to the network."""
TEXT = """\
# Written by `autodistill export --docker`. To build and run it, in this folder:
#   docker build -t student .
#   docker run --rm -p 127.0.0.1:{port}:{port} student
FROM python:{python}-slim
# another place to install it from: docker build --build-arg AUTODISTILL=...
ARG AUTODISTILL="kd-autodistill[serve]=={version}"
# the index has torch for processors alone, without several GB of CUDA
RUN pip install --no-cache-dir --extra-index-url https://download.pytorch.org/whl/cpu \\
    "$AUTODISTILL" {pins}
ENV HF_HOME=/tmp/huggingface HF_HUB_OFFLINE=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /student
COPY {copied}
USER 10001:10001
EXPOSE {port}
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD {check}
ENTRYPOINT {command}
"""


def write_dockerfile(folder: Path) -> list[str]:
    """Write the Dockerfile; what to say of it. Raises SpecError."""
    student = Student(folder)
    engine = choose(folder, "auto")
    check_folder(folder, "the student's folder")
    copied = _copied(folder, engine)
    extra = ("pillow",) if student.of_images else ()
    pins = _pins((*LIBRARIES, *(("onnxruntime",) if engine in ONNX else ()), *extra))
    url = f"http://127.0.0.1:{PORT}/health"
    check = f"import urllib.request; urllib.request.urlopen('{url}', timeout=4)"
    words = ("serve", "/student", "--host", "0.0.0.0", "--port", str(PORT), "--engine", engine)
    text = TEXT.format(
        port=PORT,
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        version=__version__,
        pins=" ".join(pins),
        copied=json.dumps([*copied, "./"]),
        check=json.dumps(["python", "-c", check]),
        command=json.dumps(["autodistill", *words]),
    )
    with refusals(folder):
        files.write_text(folder / DOCKERFILE, text)
    return [
        f"{DOCKERFILE}: {engine}, {len(copied)} files, versions of this machine; written to "
        f"{folder}.",
        f"docker build -t student {folder}",
    ]


def _copied(folder: Path, engine: str) -> list[str]:
    """The files that this engine needs: no network in another form, no Dockerfile."""
    others = [file for name, file in ONNX.items() if name != engine]
    patterns = (
        *others,
        *(WEIGHT_FILES if engine in ONNX else ()),
        TEST_LOGITS,
        DOCKERFILE,
        ".*",
        "*.lock",
    )
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.is_file() and not any(path.match(pattern) for pattern in patterns)
    )


def _pins(names: tuple[str, ...]) -> list[str]:
    """The versions that are installed here; torch's without the kind of its build."""
    try:
        return [f"{name}=={version(name).partition('+')[0]}" for name in names]
    except PackageNotFoundError as error:
        raise SpecError(
            f"--docker writes the versions that are installed here, and {error.name} is not: pip "
            "install 'kd-autodistill[serve]'"
        ) from None
