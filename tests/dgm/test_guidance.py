"""Guidance, on classes of which everything is known."""

import math

import pytest
import torch
from torch import nn
from torch.distributions import Normal
from torch.testing import assert_close

from dgm.data.batches import minibatches
from dgm.ddpm import ddim_sample, ddpm_loss, ddpm_sample
from dgm.exact.gaussians import GaussianMixture
from dgm.guidance import ClassifierFreeGuidance, conditional_train, drop_labels, given
from dgm.nn.unet import UNet
from dgm.schedule import NoiseSchedule

SCHEDULE = NoiseSchedule.cosine(20)
MEANS, VARIANCES = torch.tensor([-1.0, 2.0]).double(), torch.tensor([0.3, 0.8]).double()
WEIGHTS = torch.tensor([0.25, 0.75]).double()
NULL = 2


def mixture(weights, k=slice(None)):
    return GaussianMixture(weights, MEANS[k, None], VARIANCES[k])


BY_CLASS = [mixture(torch.ones(1).double(), [k]) for k in (0, 1)] + [mixture(WEIGHTS)]


def exact(xt, t, cond):
    """The best eps (B, 1) for each row's class; class 2 is both together."""
    eps = torch.stack([m.predict_eps(xt, t, SCHEDULE) for m in BY_CLASS])  # (3, B, 1)
    return eps[cond, torch.arange(len(xt))]


def inputs(n=30):
    return 3 * torch.randn(n, 1).double(), torch.randint(1, 21, (n,)), torch.randint(2, (n,))


@pytest.mark.parametrize("w", [-1.0, -0.3, 0.0, 0.5, 4.0])
def test_the_guided_noise_is_the_score_of_the_known_combination(w):
    """(1 + w) log q(x_t|c) - w log q(x_t), written with torch's Normal and differentiated."""
    xt, t, y = inputs()
    x = xt.clone().requires_grad_()
    signal = SCHEDULE.alpha_bar[t].sqrt()[:, None]
    noise = 1 - SCHEDULE.alpha_bar[t][:, None]
    per_class = Normal(signal * MEANS, (signal**2 * VARIANCES + noise).sqrt()).log_prob(x)
    both = torch.logsumexp(per_class + WEIGHTS.log(), 1)
    of_class = per_class[torch.arange(len(y)), y]
    (score,) = torch.autograd.grad(((1 + w) * of_class - w * both).sum(), x)
    got = ClassifierFreeGuidance(exact, w, NULL)(xt, t, y)
    assert_close(got, -noise.sqrt() * score)


@pytest.mark.parametrize("w", [0.0, 1.0, 3.0])
def test_guided_gaussians_are_one_gaussian(w):
    """N(m1, s1)^(1+w) / N(m0, s0)^w has precision (1+w)/s1 - w/s0; here class 0 is the null."""
    xt, t, _ = inputs()
    y = torch.ones_like(t)
    noise = 1 - SCHEDULE.alpha_bar[t][:, None]
    signal = SCHEDULE.alpha_bar[t].sqrt()[:, None]
    (m0, m1), (s0, s1) = (signal * m for m in MEANS), (signal**2 * v + noise for v in VARIANCES)
    precision = (1 + w) / s1 - w / s0
    mean = ((1 + w) * m1 / s1 - w * m0 / s0) / precision
    got = ClassifierFreeGuidance(exact, w, 0)(xt, t, y)
    assert_close(got, noise.sqrt() * precision * (xt - mean))


def test_no_guidance_is_the_conditional_model_and_minus_one_the_unconditional():
    xt, t, y = inputs()
    assert torch.equal(ClassifierFreeGuidance(exact, 0.0, NULL)(xt, t, y), exact(xt, t, y))
    null = torch.full_like(y, NULL)
    assert torch.equal(ClassifierFreeGuidance(exact, -1.0, NULL)(xt, t, y), exact(xt, t, null))


def test_both_predictions_come_from_one_call():
    sizes = []

    def model(xt, t, cond, control):
        sizes.append([len(a) for a in (xt, t, cond, control)])
        return cond[:, None] + control

    xt, t, y = inputs(5)
    control = torch.arange(5.0)[:, None]
    got = ClassifierFreeGuidance(model, 2.0, 7)(xt, t, y, control)
    assert sizes == [[10] * 4]
    assert_close(got, 3.0 * y[:, None] - 14 + control)


def test_contexts_have_a_null_too():
    cond, null = torch.randn(4, 3, 2), torch.randn(3, 2)

    def model(xt, t, cond):
        return cond.sum((1, 2))[:, None]

    got = ClassifierFreeGuidance(model, 1.5, null)(torch.zeros(4, 1), torch.ones(4), cond)
    assert_close(got[:, 0], 2.5 * cond.sum((1, 2)) - 1.5 * null.sum())


def test_a_guided_sample_is_what_the_recursion_says():
    """The eps of one Gaussian is affine in x_t, so that DDIM is an affine map of x_T."""
    w, n = 1.0, 50
    model = given(ClassifierFreeGuidance(exact, w, 0), torch.ones(n, dtype=torch.int64))
    g = torch.Generator().manual_seed(1)
    got = ddim_sample(model, SCHEDULE, (n, 1), 20, generator=g, dtype=torch.float64)
    g.manual_seed(1)
    x = torch.randn(n, 1, generator=g, dtype=torch.float64)
    a = SCHEDULE.alpha_bar
    for t in range(20, 0, -1):
        (m0, m1), (s0, s1) = a[t].sqrt() * MEANS, a[t] * VARIANCES + 1 - a[t]
        eps = (1 - a[t]).sqrt() * ((1 + w) * (x - m1) / s1 - w * (x - m0) / s0)
        x0 = (x - (1 - a[t]).sqrt() * eps) / a[t].sqrt()
        x = a[t - 1].sqrt() * x0 + (1 - a[t - 1]).sqrt() * eps
    assert_close(got, x)
    assert got.mean() > MEANS[1], "past the mean of the class, away from the other one"


def test_samplers_take_a_given_model():
    y = torch.tensor([0, 1, 1])
    mine, theirs = torch.Generator().manual_seed(0), torch.Generator().manual_seed(0)
    a = ddpm_sample(given(exact, y), SCHEDULE, (3, 1), mine, dtype=torch.float64)
    b = ddpm_sample(lambda xt, t: exact(xt, t, y), SCHEDULE, (3, 1), theirs, dtype=torch.float64)
    assert torch.equal(a, b)


def test_a_given_network_lends_dtype_and_parameters_and_keeps_its_mode():
    unet = UNet(width=8, classes=3, dropout=0.5).double().eval()
    model = given(ClassifierFreeGuidance(unet, 1.0, 2), torch.tensor([0, 1]))
    assert not any(m.training for m in model.modules())
    assert ddim_sample(model, SCHEDULE, (2, 1, 8, 8), 2).dtype == torch.float64
    assert len(list(model.parameters())) == len(list(unet.parameters()))
    assert given(unet.train(), torch.tensor([0])).training


def test_guidance_of_a_network():
    unet = UNet(width=8, classes=3).double()
    nn.init.normal_(unet.label.weight)
    for p in unet.parameters():
        nn.init.normal_(p, std=0.2)
    x, t, y = torch.randn(2, 1, 8, 8).double(), torch.tensor([3, 9]), torch.tensor([0, 1])
    cond, uncond = unet(x, t, y), unet(x, t, torch.tensor([2, 2]))
    assert (cond - uncond).abs().max() > 1e-2
    assert_close(ClassifierFreeGuidance(unet, 3.0, 2)(x, t, y), cond + 3 * (cond - uncond))


@pytest.mark.parametrize("p", [0.1, 0.5])
def test_so_many_labels_are_dropped(p):
    y = torch.arange(20_000) % 10
    before = y.clone()
    got = drop_labels(y, p, 10, torch.Generator().manual_seed(0))
    assert torch.equal(y, before)
    dropped = got == 10
    assert torch.equal(got[~dropped], y[~dropped])
    assert abs(dropped.double().mean() - p) < 4 * math.sqrt(p * (1 - p) / len(y))
    each = torch.bincount(y[dropped], minlength=10) / 2000
    assert (each - p).abs().max() < 4 * math.sqrt(p * (1 - p) / 2000), "of every class"
    pairs = (dropped[1:] & dropped[:-1]).double().mean()
    assert abs(pairs - p**2) < 4 * math.sqrt(p**2 * (1 + 2 * p) / len(y)), "one by one"


def test_none_or_all_are_dropped():
    y = torch.tensor([3, 1, 2])
    assert torch.equal(drop_labels(y, 0.0, 9), y)
    assert torch.equal(drop_labels(y, 1.0, 9), torch.tensor([9, 9, 9]))


def test_drops_are_the_generators():
    y = torch.arange(100)
    a, b, c = (drop_labels(y, 0.5, -1, torch.Generator().manual_seed(s)) for s in (1, 1, 2))
    assert torch.equal(a, b)
    assert not torch.equal(a, c)


def test_whole_rows_are_dropped():
    y = torch.randint(1, 9, (200, 4))
    null = torch.tensor([0, -1, -2, -3])
    got = drop_labels(y, 0.3, null, torch.Generator().manual_seed(0))
    dropped = (got == null).all(1)
    assert 30 < dropped.sum() < 90
    assert torch.equal(got[~dropped], y[~dropped])


@pytest.mark.parametrize(
    ("y", "p", "null", "message"),
    [
        (torch.tensor([1, 2]), 1.1, 0, "p is 1.1, wanted 0 to 1"),
        (torch.tensor([1, 2]), -0.1, 0, "p is -0.1"),
        ([1, 2], 0.1, 0, "y is of type list"),
        (torch.tensor([], dtype=torch.int64), 0.1, 0, "is empty"),
        (torch.tensor([1, 2]), 0.1, torch.tensor([0, 0]), r"null has shape \(2,\)"),
        (torch.zeros(2, 3, 4), 0.1, 0, r"null has shape \(\), wanted that of one condition"),
    ],
)
def test_what_cannot_be_dropped_is_refused(y, p, null, message):
    with pytest.raises(ValueError, match=message):
        drop_labels(y, p, null)


def test_a_condition_for_each_row():
    with pytest.raises(ValueError, match="the condition has 2 rows and xt 3"):
        given(exact, torch.tensor([0, 1]))(torch.zeros(3, 1), torch.ones(3, dtype=torch.int64))


class Table(nn.Module):
    """A prediction for each class, whatever x_t is."""

    def __init__(self):
        super().__init__()
        self.out = nn.Embedding(3, 1)

    def forward(self, xt, t, cond):
        self.seen = cond
        return self.out(cond)


def test_training_tells_the_classes_apart_and_the_null_learns_their_mean():
    g = torch.Generator().manual_seed(0)
    y = torch.randint(2, (4000,), generator=g)
    x = (4.0 * y - 1)[:, None]  # class 0 lies at -1 and class 1 at 3
    model, seen = Table(), []
    optimizer = torch.optim.Adam(model.parameters(), 0.05)
    data = ((x[i], y[i]) for i in minibatches(torch.arange(4000), 200, 300, g))
    for _ in conditional_train(
        model, data, SCHEDULE, optimizer, 2, 0.25, predicts="x0", generator=g
    ):
        seen.append(model.seen)
    dropped = torch.cat(seen) == 2
    assert abs(dropped.double().mean() - 0.25) < 4 * math.sqrt(0.25 * 0.75 / len(dropped))
    assert_close(model.out.weight[:2, 0], torch.tensor([-1.0, 3.0]), atol=0.01, rtol=0)
    assert abs(model.out.weight[2] - x.mean()) < 0.3


def test_the_loss_takes_a_given_model():
    x, y = torch.randn(4, 1).double(), torch.tensor([0, 1, 0, 1])
    loss = [
        ddpm_loss(model, x, SCHEDULE, torch.Generator().manual_seed(0))
        for model in (given(exact, y), lambda xt, t: exact(xt, t, y))
    ]
    assert torch.equal(*loss)


@pytest.mark.parametrize("null", [10, -1])
def test_a_null_class_that_the_network_has_not_is_named_alike_in_training_and_sampling(null):
    model, said = UNet(1, 16, (1, 2), classes=10), []
    x, y, optimizer = (
        torch.zeros(2, 1, 8, 8),
        torch.tensor([1, 2]),
        torch.optim.Adam(model.parameters()),
    )
    training = conditional_train(model, [(x, y)], SCHEDULE, optimizer, null, p=1.0)
    guided = given(ClassifierFreeGuidance(model, 1.0, null), torch.full((2,), null))
    for call in (lambda: next(training), lambda: ddpm_sample(guided, SCHEDULE, x.shape)):
        with pytest.raises(
            ValueError, match=f"cond runs from {null} to {null}, wanted 0 to 9"
        ) as e:
            call()
        said.append(str(e.value))
    assert said[0] == said[1]
