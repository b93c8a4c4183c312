"""What a U-Net is told besides x_t and t: a class, or a context."""

import math

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from dgm.nn.unet import UNet, timestep_embedding

X, T = torch.randn(3, 1, 8, 8), torch.tensor([1, 500, 1000])


def shaken(model: nn.Module) -> nn.Module:
    """The module with all parameters drawn anew, those that begin as 0 too."""
    g = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.randn(p.shape, generator=g) / math.sqrt(p[0].numel()))
    return model


def test_without_a_condition_the_weights_have_the_names_that_ship():
    parts = {name.split(".")[0] for name in UNet(width=8).state_dict()}
    assert parts == {"time", "first", "encoder", "decoder", "downs", "ups", "middle", "last"}
    level = {name.removeprefix("middle.0.") for name in UNet(width=8).middle[0].state_dict()}
    assert {name.split(".")[0] for name in level} == {"block", "attention"}


@pytest.mark.parametrize("condition", [dict(classes=3), dict(context_dim=6)])
def test_a_condition_leaves_the_other_weights_as_they_were(condition):
    plain = UNet(width=8).state_dict()
    new = set(UNet(width=8, **condition).state_dict()) - set(plain)
    assert new
    assert all("label" in name or ".read." in name for name in new)
    assert not set(plain) - set(UNet(width=8, **condition).state_dict())


def test_a_new_network_does_not_hear_its_context():
    torch.manual_seed(1)
    plain = UNet(width=8)
    told = UNet(width=8, context_dim=6)
    told.load_state_dict(plain.state_dict(), strict=False)
    assert torch.equal(told(X, T, torch.randn(3, 4, 6)), plain(X, T))


def test_a_class_is_added_to_the_embedding_of_the_step():
    model = shaken(UNet(width=8, classes=4))
    y = torch.tensor([0, 3, 3])
    plain = shaken(UNet(width=8))
    plain.load_state_dict({k: v for k, v in model.state_dict().items() if k != "label.weight"})
    by_class = model(X, T, y)
    for i, k in enumerate(y):
        plain.time[2].bias.data = model.time[2].bias.data + model.label.weight.data[k]
        assert_close(by_class[i : i + 1], plain(X[i : i + 1], T[i : i + 1]), atol=1e-5, rtol=1e-4)


def test_the_class_comes_before_the_last_nonlinearity():
    model, y = shaken(UNet(width=8, classes=4)), torch.tensor([0, 3, 3])
    emb, context, mask = model.condition(X, T, y)
    linear = model.time[:3](timestep_embedding(T, 8))
    assert_close(emb, nn.functional.silu(linear + model.label.weight[y]))
    assert context is mask is None
    assert_close(shaken(UNet(width=8)).condition(X, T, None)[0], nn.functional.silu(linear))


def test_each_row_hears_its_own_condition():
    x = X[:1].expand(3, -1, -1, -1)
    t = torch.full((3,), 5)
    by_class = shaken(UNet(width=8, classes=4))(x, t, torch.tensor([1, 2, 1]))
    context = torch.randn(2, 4, 6)[[0, 1, 0]]
    by_context = shaken(UNet(width=8, context_dim=6))(x, t, context)
    for y in (by_class, by_context):
        assert_close(y[0], y[2])
        assert (y[0] - y[1]).abs().max() > 1e-3


def test_words_under_the_mask_are_not_heard():
    model = shaken(UNet(width=8, context_dim=6))
    context = torch.randn(3, 5, 6)
    other = context.clone()
    other[:, 3:] = 100.0
    mask = (torch.arange(5) < 3).expand(3, 5)
    heard = model(X, T, context, mask)
    assert_close(heard, model(X, T, other, mask))
    assert_close(heard, model(X, T, context[:, :3]), atol=1e-5, rtol=1e-4)
    assert (heard - model(X, T, context)).abs().max() > 1e-3


def test_the_order_of_the_context_does_not_matter():
    model, context = shaken(UNet(width=8, context_dim=6)), torch.randn(3, 5, 6)
    assert_close(model(X, T, context), model(X, T, context.flip(1)), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(
    ("options", "cond"),
    [(dict(classes=3), torch.tensor([0, 1, 2])), (dict(context_dim=6), torch.randn(3, 4, 6))],
)
def test_every_parameter_matters(options, cond):
    model = shaken(UNet(width=8, blocks=2, patch=2, **options))
    model(X, T, cond)[:, 0, 0, 0].square().sum().backward()
    dead = [n for n, p in model.named_parameters() if p.grad is None or not p.grad.any()]
    assert all(name.endswith("to_k.bias") for name in dead)  # moves all scores alike


def test_it_runs_without_data():
    model = UNet(width=8, context_dim=6).to("meta")
    x, t = X.to("meta"), T.to("meta")
    mask = torch.ones(3, 4, dtype=torch.bool, device="meta")
    assert model(x, t, torch.empty(3, 4, 6, device="meta"), mask).shape == X.shape
    y = torch.empty(3, dtype=torch.int64, device="meta")
    assert UNet(width=8, classes=2).to("meta")(x, t, y).shape == X.shape


@pytest.mark.parametrize(
    ("options", "cond", "mask", "message"),
    [
        ({}, torch.tensor([0, 1, 2]), None, "built without classes or context_dim"),
        ({}, None, torch.ones(3, 4, dtype=bool), "reads no context"),
        (dict(classes=3), None, None, r"cond is None, wanted classes \(3,\), 0 to 2"),
        (dict(classes=3), torch.tensor([0, 1]), None, r"cond has shape \(2,\), wanted"),
        (dict(classes=3), torch.tensor([0, 1, 3]), None, r"from 0 to 3, wanted 0 to 2"),
        (dict(classes=3), torch.tensor([0.0, 1, 2]), None, "cond is torch.float32, wanted int"),
        (dict(classes=3), torch.zeros(3, 4, 6), None, r"wanted \(B,\)"),
        (dict(context_dim=6), None, None, r"cond is None, wanted a context \(3, L, 6\)"),
        (dict(context_dim=6), torch.zeros(3, 4, 5), None, r"wanted a context \(3, L, 6\)"),
        (dict(context_dim=6), torch.zeros(2, 4, 6), None, "a row for each xt"),
        (dict(context_dim=6), torch.tensor([0, 1, 2]), None, r"wanted \(B, L, E\)"),
        (dict(context_dim=6), torch.zeros(3, 4, 6), torch.ones(3, 5, dtype=bool), "mask"),
        (dict(context_dim=6), torch.zeros(3, 4, 6), torch.ones(3, 4), "wanted torch.bool"),
    ],
)
def test_another_condition_is_refused(options, cond, mask, message):
    with pytest.raises(ValueError, match=message):
        UNet(width=8, **options)(X, T, cond, mask)


def test_one_kind_of_condition_at_a_time():
    with pytest.raises(ValueError, match="wanted one of them"):
        UNet(classes=3, context_dim=6)
