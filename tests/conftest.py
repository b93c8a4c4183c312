"""What the tests share: determinism, a browser, the built book, and the rule for what is lacking."""

import fcntl
import os
import random
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

# The same in every shell, and whether make starts the tests, or pytest, with workers or without.
os.environ |= {
    "MPLBACKEND": "agg",
    "OMP_NUM_THREADS": "1",
    "DGM_COURSE_SECRET": "a test's secret",  # else each checkout has another one
}
for name in ("JOBS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
    os.environ.pop(name, None)


def seed() -> None:
    import numpy as np
    import torch

    torch.manual_seed(0)
    np.random.seed(0)  # noqa: NPY002  (libraries draw from it)
    random.seed(0)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    seed()  # for the fixtures that are made before `same_chance`, by whichever test comes first


@pytest.fixture(autouse=True)
def same_chance() -> Iterator[None]:
    """Each test starts from the same global state, of chance and else, and leaves none behind."""
    import matplotlib as mpl
    import torch

    seed()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` has it ignored
    folder, patience = Path.cwd(), socket.getdefaulttimeout()
    with mock.patch.dict(os.environ), mpl.rc_context():
        yield
    if plots := sys.modules.get("matplotlib.pyplot"):
        plots.close("all")
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)
    torch.set_num_threads(1)
    socket.setdefaulttimeout(patience)
    os.chdir(folder)


@pytest.fixture(scope="session")
def window() -> Iterator:
    """The one browser of a worker, for all tests that look at pages."""
    from tests.browser import Window

    window = Window()
    yield window
    window.close()


@pytest.fixture(scope="session")
def html() -> Path:
    """The built book. A second process waits, and then finds nothing to do."""
    from course import book
    from course.paths import ROOT

    lock = ROOT / "_build" / "book.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        return book.build(strict=True).parent


def missing(what: str, package: str) -> None:
    """Skip a test for want of a system package; with CI=true, fail it."""
    text = f"{what} is not here: apt install {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(text)
    pytest.skip(text)
