"""What the tests share: determinism, and the rule for what the system lacks."""

import os

import pytest

os.environ.setdefault("MPLBACKEND", "agg")


@pytest.fixture(autouse=True)
def same_chance():
    """Each test starts from the same global random state, and leaves none behind."""
    import numpy as np
    import torch

    torch.manual_seed(0)
    np.random.seed(0)  # noqa: NPY002  (libraries draw from it)
    yield
    torch.set_default_dtype(torch.float32)


def missing(what: str, package: str) -> None:
    """Skip a test for want of a system package; with CI=true, fail it."""
    text = f"{what} is not here: apt install {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(text)
    pytest.skip(text)
