"""The job scripts and manifests that docs/ shows: they parse, and their commands are understood."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import typer
import yaml

from autodistill.cli.app import app
from tests.paths import ROOT

RECIPES = ROOT / "docs" / "recipes"
KUBERNETES, SLURM = RECIPES / "kubernetes.yaml", RECIPES / "slurm.sh"


def manifests() -> list[dict[str, Any]]:
    """The objects of the Kubernetes file."""
    return list(yaml.safe_load_all(KUBERNETES.read_text(encoding="utf-8")))


def containers() -> Iterator[dict[str, Any]]:
    """The containers of all of them."""
    for each in manifests():
        template = each["spec"].get("template") if "spec" in each else None
        yield from template["spec"]["containers"] if template else ()


def kubernetes_commands() -> list[list[str]]:
    return [c["command"] for c in containers() if "command" in c]


def slurm_commands() -> list[list[str]]:
    text = SLURM.read_text(encoding="utf-8").replace('"$SLURM_CPUS_PER_TASK"', "8")
    return [shlex.split(x) for x in re.findall(r"autodistill (?:search|worker) .*", text)]


@pytest.mark.parametrize("words", kubernetes_commands() + slurm_commands(), ids=" ".join)
def test_a_command_of_a_manifest_is_understood(words: list[str]) -> None:
    program, verb, *options = words
    command: Any = typer.main.get_command(app)

    context = command.commands[verb].make_context(verb, options)

    assert program == "autodistill"
    assert context.params["study"] == "reviews"


@pytest.mark.parametrize("commands", [kubernetes_commands(), slurm_commands()])
def test_a_manifest_has_a_search_and_workers_that_join_it(commands: list[list[str]]) -> None:
    assert sorted(words[1] for words in commands) == ["search", "worker"]


def test_the_kubernetes_objects_name_each_other_rightly() -> None:
    named = {(each["kind"], each["metadata"]["name"]): each for each in manifests()}
    service = named["Service", "autodistill-db"]
    database = named["StatefulSet", "autodistill-db"]["spec"]
    secret = named["Secret", "autodistill"]["stringData"]

    assert service["spec"]["clusterIP"] == "None"  # headless
    assert database["serviceName"] == "autodistill-db"
    assert database["template"]["metadata"]["labels"] == service["spec"]["selector"]
    assert secret["AUTODISTILL_STORAGE"] == (
        f"postgresql://postgres:{secret['POSTGRES_PASSWORD']}@autodistill-db/postgres"
    )
    assert all(c["envFrom"] == [{"secretRef": {"name": "autodistill"}}] for c in containers())


def test_every_mount_has_its_volume() -> None:
    for each in manifests():
        if "template" not in each.get("spec", {}):
            continue
        pod = each["spec"]["template"]["spec"]
        claims = each["spec"].get("volumeClaimTemplates", ())
        known = {v["name"] for v in pod.get("volumes", ())} | {
            c["metadata"]["name"] for c in claims
        }
        mounted = {m["name"] for c in pod["containers"] for m in c["volumeMounts"]}
        assert mounted == known


def test_the_script_is_one_that_a_shell_can_read() -> None:
    subprocess.run(["sh", "-n", str(SLURM)], check=True)
