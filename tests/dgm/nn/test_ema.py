"""The moving average, by its closed form and against another library."""

import copy

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from dgm.nn.ema import EMA, ema_update


def net():
    return nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1)).double()


def fill(model, value):
    with torch.no_grad():
        for p in model.parameters():
            p.fill_(value)


def values(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def test_update_is_the_weighted_mean_in_place():
    ema, model = net(), net()
    old, new = values(ema).clone(), values(model).clone()
    kept = [p.data_ptr() for p in ema.parameters()]
    ema_update(ema, model, 0.9)
    assert_close(values(ema), 0.9 * old + 0.1 * new, rtol=1e-14, atol=1e-14)
    assert_close(values(model), new, rtol=0, atol=0)
    assert [p.data_ptr() for p in ema.parameters()] == kept
    assert all(p.grad_fn is None for p in ema.parameters())


def test_buffers_are_copied_not_averaged():
    ema, model = net(), net()
    model(torch.randn(5, 2).double())
    ema_update(ema, model, 0.9)
    assert_close(ema[1].running_mean, model[1].running_mean, rtol=0, atol=0)
    assert ema[1].num_batches_tracked == 1
    model(torch.randn(5, 2).double())
    assert ema[1].num_batches_tracked == 1  # a copy, not the same tensor


def test_constant_target_is_approached_geometrically():
    ema, model = net(), net()
    fill(ema, 1.0)
    fill(model, 3.0)
    for _ in range(50):
        ema_update(ema, model, 0.95)
    assert_close(values(ema), torch.full((values(ema).numel(),), 3 - 2 * 0.95**50).double())


def test_same_as_torchs_averaged_model():
    model = net()
    theirs = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.8), use_buffers=False
    )
    ours = copy.deepcopy(model)
    theirs.update_parameters(model)  # the first copies
    for step in range(5):
        fill(model, float(step))
        theirs.update_parameters(model)
        ema_update(ours, model, 0.8)
    assert_close(values(ours), values(theirs.module), rtol=1e-12, atol=1e-12)


def test_warm_up_then_the_decay_that_was_asked():
    model = net()
    ema = EMA(model, decay=0.3)
    fill(model, 0.0)
    fill(ema.model, 1.0)
    want = 1.0
    for n in range(6):
        ema.update(model)
        want *= min(0.3, (1 + n) / (10 + n))  # 0.1, 2/11, 3/12, 4/13 > 0.3
        assert_close(values(ema.model)[0].item(), want, rtol=1e-12, atol=0)
    assert ema.updates == 6


def test_average_is_a_copy_for_evaluation():
    model = net().train()
    ema = EMA(model)
    assert model.training
    assert not ema.model.training
    assert not any(p.requires_grad for p in ema.model.parameters())
    assert all(p.requires_grad for p in model.parameters())
    before = values(ema.model).clone()
    fill(model, 5.0)
    assert_close(values(ema.model), before, rtol=0, atol=0)


def test_state_goes_on_as_if_undisturbed():
    model, other = net(), net()
    ema = EMA(model, 0.5)
    ema.update(other)
    resumed = EMA(net(), 0.9)
    resumed.load_state_dict(copy.deepcopy(ema.state_dict()))
    for e in (ema, resumed):
        e.update(other)
        e.update(model)
    assert_close(values(resumed.model), values(ema.model), rtol=0, atol=0)
    assert (resumed.updates, resumed.decay) == (3, 0.5)


def test_on_a_device_without_data():
    with torch.device("meta"):
        a, b = nn.Linear(2, 3), nn.Linear(2, 3)
    ema_update(a, b, 0.5)
    assert a.weight.device.type == "meta"


@pytest.mark.parametrize("decay", [-0.1, 1.1, float("nan")])
def test_bad_decay_is_named(decay):
    with pytest.raises(ValueError, match=f"decay is {decay}, wanted 0 to 1"):
        ema_update(net(), net(), decay)
    with pytest.raises(ValueError, match=f"decay is {decay}, wanted 0 to 1"):
        EMA(net(), decay)


def test_other_architectures_are_refused():
    wanted = "ema and model have other parameters, wanted one architecture"
    with pytest.raises(ValueError, match=wanted):
        ema_update(nn.Linear(2, 3), nn.Linear(2, 3, bias=False), 0.9)
    with pytest.raises(ValueError, match=wanted):
        ema_update(nn.Linear(2, 3), nn.Linear(1, 3), 0.9)  # would broadcast


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
def test_the_average_of_a_network_in_half_precision_moves_on(dtype):
    model = nn.Sequential(nn.Linear(1, 1), nn.BatchNorm1d(1)).to(dtype)
    fill(model, 1.0)
    ema = EMA(model, 0.999)
    ema.updates = 10_000  # past the warm-up
    fill(model, 2.0)
    for _ in range(10_000):
        ema.update(model)
    assert_close(values(ema.model), torch.full((4,), 2 - 0.999**10_000), rtol=1e-4, atol=0)
    assert {a.dtype for a in (*ema.model.parameters(), ema.model[1].running_mean)} == {
        torch.float32
    }
    assert {p.dtype for p in model.parameters()} == {dtype}
    resumed = EMA(model)
    resumed.load_state_dict(ema.state_dict())
    assert_close(values(resumed.model), values(ema.model), rtol=0, atol=0)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_an_average_in_half_precision_is_refused(dtype):
    ema, model = net().to(dtype), net()
    with pytest.raises(ValueError, match=f"ema is {dtype}, in which small steps are lost"):
        ema_update(ema, model, 0.999)


@pytest.mark.parametrize(
    ("ema", "model", "kind"),
    [
        (nn.LayerNorm(3), nn.BatchNorm1d(3), "buffers"),
        (nn.BatchNorm1d(3), nn.LayerNorm(3), "buffers"),
        (nn.BatchNorm1d(3), nn.BatchNorm1d(3, track_running_stats=False), "buffers"),
        (nn.Linear(3, 3), nn.Linear(3, 3, bias=False), "parameters"),
    ],
)
def test_nothing_is_changed_where_networks_differ(ema, model, kind):
    ema, model = nn.Sequential(nn.Linear(2, 3), ema), nn.Sequential(nn.Linear(2, 3), model)
    before = copy.deepcopy(ema.state_dict())
    with pytest.raises(ValueError, match=f"have other {kind}, wanted one architecture"):
        ema_update(ema, model, 0.5)
    assert all(torch.equal(a, before[k]) for k, a in ema.state_dict().items())
