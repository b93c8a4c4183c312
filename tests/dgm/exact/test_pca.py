"""Principal components against scikit-learn, and angles between planes that are known."""

import math

import pytest
import torch
from sklearn.decomposition import PCA
from torch.testing import assert_close

from dgm.exact.pca import pca_reconstruct, principal_angles, principal_components


def test_components_are_scikit_learns():
    x = torch.randn(60, 2, 4, dtype=torch.float64) * torch.arange(1, 5)
    mean, components = principal_components(x, 3)
    reference = PCA(3, svd_solver="full").fit(x.flatten(1).numpy())
    assert_close(mean, torch.from_numpy(reference.mean_))
    signs = (components * torch.from_numpy(reference.components_)).sum(1)
    assert_close(signs.abs(), torch.ones(3, dtype=torch.float64))
    rebuilt = reference.inverse_transform(reference.transform(x.flatten(1).numpy()))
    expected = torch.from_numpy(rebuilt).reshape(x.shape)
    assert_close(pca_reconstruct(x, mean, components), expected)


def test_all_components_give_the_data_back():
    x = torch.randn(20, 5, dtype=torch.float64)
    assert_close(pca_reconstruct(x, *principal_components(x, 5)), x)


def test_angles_of_planes_that_are_known():
    tiny = 1e-9
    a = torch.eye(4, dtype=torch.float64)[:, :2]
    b = torch.zeros(4, 2, dtype=torch.float64)
    b[0, 0], b[2, 0] = math.cos(tiny), math.sin(tiny)
    b[1, 1], b[3, 1] = math.cos(1.0), math.sin(1.0)
    assert_close(
        principal_angles(a, b), torch.tensor([1.0, tiny], dtype=torch.float64), rtol=1e-6, atol=0
    )


def test_angles_see_the_space_and_not_the_basis():
    a, mix = torch.randn(6, 3, dtype=torch.float64), torch.randn(3, 3, dtype=torch.float64)
    assert principal_angles(a, a @ mix).max() < 1e-12
    line = principal_angles(a, a[:, :1] + a[:, 1:2])
    assert line.shape == (1,)
    assert line.max() < 1e-12
    away = torch.linalg.qr(a, mode="complete").Q[:, 3:]
    assert_close(principal_angles(a, away), torch.full((3,), math.pi / 2, dtype=torch.float64))


def test_meta_and_bad_input():
    x = torch.empty(20, 2, 3, device="meta")
    mean, components = principal_components(x, 4)
    assert components.shape == (4, 6)
    assert pca_reconstruct(x, mean, components).shape == x.shape
    with pytest.raises(ValueError, match="k is 7, wanted 1 to 6"):
        principal_components(torch.randn(20, 6), 7)
    with pytest.raises(ValueError, match="components has shape"):
        pca_reconstruct(torch.randn(4, 6), torch.zeros(6), torch.zeros(2, 5))
    with pytest.raises(ValueError, match="b has shape"):
        principal_angles(torch.randn(4, 2), torch.randn(5, 2))
