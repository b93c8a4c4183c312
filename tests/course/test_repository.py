"""What a public repository has: each file in its own form, and in step with the rest."""

import re
import subprocess
import sys
import tomllib

import pytest
import yaml

from course.paths import ROOT, published, repository

FORMS = {
    ".github/workflows/test.yml": "github-workflows",
    ".github/ISSUE_TEMPLATE/config.yml": "github-issue-config",
    ".github/ISSUE_TEMPLATE/formula.yml": "github-issue-forms",
    ".github/ISSUE_TEMPLATE/rejected.yml": "github-issue-forms",
    ".github/ISSUE_TEMPLATE/accepted.yml": "github-issue-forms",
    "CITATION.cff": "citation-file-format",
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize("name", FORMS)
def test_file_has_the_form_that_its_reader_wants(name):
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{FORMS[name]}", ROOT / name],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_form_is_left_out():
    there = {p.relative_to(ROOT).as_posix() for p in (ROOT / ".github").rglob("*.yml")}
    assert there == {name for name in FORMS if name.startswith(".github")}


def test_citation_is_of_this_version_and_these_addresses():
    said = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert said["version"] == PROJECT["version"]
    assert (said["repository-code"], said["url"]) == (repository(), published())


def test_what_machines_run_is_there():
    rules = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    for name in (".github/workflows/test.yml", "Dockerfile", ".pre-commit-config.yaml"):
        asked = re.findall(r"(?:^RUN |run: |entry: )make ([a-z-]+)", (ROOT / name).read_text(), re.M)  # fmt: skip
        assert asked
        assert set(asked) <= rules
    (extra,) = re.findall(r"^-e \.\[(\w+)\]$", (ROOT / "binder/requirements.txt").read_text(), re.M)
    assert extra in PROJECT["optional-dependencies"]
    jobs = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())["jobs"]
    least = PROJECT["requires-python"].removeprefix(">=")
    assert least in jobs["test"]["strategy"]["matrix"]["python"]
