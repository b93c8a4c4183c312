"""The ideal denoiser, against sums over the data set, and in its two limits."""

import pytest
import torch
from torch.distributions import Normal
from torch.testing import assert_close

from dgm.ddim import ddim_sample
from dgm.exact.gaussians import GaussianMixture
from dgm.exact.ideal import ideal_denoiser
from dgm.schedule import NoiseSchedule

exact = {"rtol": 1e-10, "atol": 1e-10}
SCHEDULE = NoiseSchedule.linear(20, 0.01, 0.3)


@pytest.mark.parametrize("shape", [(), (3,), (1, 2, 3)])
def test_is_the_posterior_mean_by_brute_force(shape):
    """p(x_i | x_t) is proportional to q(x_t | x_i), row by row and point by point."""
    data = torch.randn(7, *shape, dtype=torch.float64)
    xt = torch.randn(5, *shape, dtype=torch.float64)
    t = torch.tensor([1, 3, 8, 15, 20])
    got = ideal_denoiser(xt, t, data, SCHEDULE)
    assert got.shape == xt.shape
    for row in range(5):
        ab = SCHEDULE.alpha_bar[t[row]]
        log_q = [Normal(ab.sqrt() * x, (1 - ab).sqrt()).log_prob(xt[row]).sum() for x in data]
        share = torch.softmax(torch.stack(log_q), 0)
        want = sum(w * x for w, x in zip(share, data, strict=True))
        assert_close(got[row], want, **exact)


def test_is_a_mixture_of_points():
    data, xt = torch.randn(7, 3).double(), torch.randn(5, 3).double()
    t = torch.tensor([1, 3, 8, 15, 20])
    points = GaussianMixture(torch.full((7,), 1 / 7).double(), data, torch.zeros(7).double())
    assert_close(ideal_denoiser(xt, t, data, SCHEDULE), points.predict_x0(xt, t, SCHEDULE), **exact)


def test_limits_are_the_nearest_point_and_the_mean():
    data = torch.randn(7, 3, dtype=torch.float64)
    quiet = NoiseSchedule.linear(1, 1e-9)
    loud = NoiseSchedule.linear(40, 0.5, 0.9)
    near = data[[4, 2]] + 0.01
    assert_close(ideal_denoiser(near, torch.tensor([1, 1]), data, quiet), data[[4, 2]], **exact)
    far = ideal_denoiser(near, torch.tensor([40, 40]), data, loud)
    assert_close(far, data.mean(0).expand(2, 3), rtol=0, atol=1e-6)


@pytest.mark.parametrize("scale", [1, 30])
def test_the_sampler_that_follows_it_memorises(scale):
    """Points far apart overflow no exponential."""
    data = scale * torch.randn(7, 3, dtype=torch.float64)
    schedule = NoiseSchedule.linear(100)
    model = lambda xt, t: ideal_denoiser(xt, t, data, schedule)  # noqa: E731
    x = ddim_sample(model, schedule, (20, 3), 100, predicts="x0", dtype=torch.float64)
    assert torch.cdist(x, data).min(1).values.max() < 1e-3 * scale


def test_dtype_device_and_bad_input():
    data, xt, t = torch.randn(7, 3), torch.randn(2, 3), torch.tensor([1, 20])
    assert ideal_denoiser(xt, t, data, SCHEDULE).dtype == torch.float32
    meta = ideal_denoiser(xt.to("meta"), t.to("meta"), data.to("meta"), SCHEDULE)
    assert (meta.device.type, meta.shape) == ("meta", (2, 3))
    with pytest.raises(ValueError, match=r"data has shape \(7, 2\), wanted \(N, \*D\)"):
        ideal_denoiser(xt, t, data[:, :2], SCHEDULE)
    with pytest.raises(ValueError, match="t runs from 0 to 19, wanted 1 to 20"):
        ideal_denoiser(xt, t - 1, data, SCHEDULE)
