"""ControlNet: nothing changes at first, the original never does, and the copy learns."""

import copy
import math

import pytest
import torch
from scipy import ndimage
from torch import nn
from torch.testing import assert_close

from dgm.controlnet import ControlNet, edge_agreement, edges, lock_and_copy, zero_conv
from dgm.ddpm import ddim_sample
from dgm.guidance import ClassifierFreeGuidance, conditional_train, given
from dgm.nn.text import Captioned, TextEncoder
from dgm.nn.unet import UNet
from dgm.schedule import NoiseSchedule

SCHEDULE = NoiseSchedule.cosine(10)
X, T = torch.randn(3, 1, 8, 8), torch.tensor([1, 5, 10])
CONTROL = (torch.rand(3, 1, 8, 8) < 0.3).float()
UNETS = {
    "plain": (dict(), None),
    "classes": (dict(classes=4, blocks=2), torch.tensor([0, 3, 1])),
    "context": (dict(context_dim=6, patch=2), torch.randn(3, 5, 6)),
}


def shaken(model: nn.Module) -> nn.Module:
    """The module with all parameters drawn anew, those that begin as 0 too."""
    g = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.randn(p.shape, generator=g) / math.sqrt(p[0].numel()))
    return model


@pytest.fixture(params=list(UNETS))
def case(request):
    options, cond = UNETS[request.param]
    return shaken(UNet(width=8, **options)), cond


def test_a_zero_convolution():
    conv = zero_conv(5)
    x = torch.randn(2, 5, 3, 4, requires_grad=True)
    y = conv(x)
    assert y.shape == x.shape
    assert not y.any()
    y.backward(torch.ones_like(y))
    assert not x.grad.any()
    assert_close(conv.weight.grad[:, :, 0, 0], x.sum((0, 2, 3)).expand(5, 5))
    assert_close(conv.bias.grad, torch.full((5,), 24.0))


@pytest.mark.parametrize("channels", [0, -1])
def test_a_zero_convolution_has_channels(channels):
    with pytest.raises(ValueError, match=f"channels is {channels}, wanted 1 or more"):
        zero_conv(channels)


def test_what_is_locked_stays_and_the_copy_learns():
    trained = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 2))
    trained.eval()[0].requires_grad_(False)
    before = copy.deepcopy(trained.state_dict())
    mine = [p.data_ptr() for p in trained.parameters()]
    learns = lock_and_copy(trained)
    assert mine == [p.data_ptr() for p in trained.parameters()]
    assert all(torch.equal(p, before[n]) for n, p in learns.state_dict().items())
    assert all(p.requires_grad for p in learns.parameters())
    assert all(m.training for m in learns.modules())
    optimizer = torch.optim.AdamW([*trained.parameters(), *learns.parameters()], 0.1)
    (trained(torch.ones(5, 3)) + learns(torch.randn(5, 3))).sum().backward()
    optimizer.step()
    assert all(torch.equal(p, before[n]) for n, p in trained.state_dict().items())
    assert not any(p.requires_grad for p in trained.parameters())
    assert not any(m.training for m in trained.modules())
    assert not any(torch.equal(p, before[n]) for n, p in learns.state_dict().items())


def test_at_first_nothing_changes_bit_for_bit(case):
    unet, cond = case
    before = copy.deepcopy(unet).eval()
    model = ControlNet(unet)
    assert torch.equal(model(X, T, cond, CONTROL), before(X, T, cond))
    assert torch.equal(model(X, T, cond), before(X, T, cond))


def test_the_copy_is_of_the_encoder_and_the_middle(case):
    unet, _ = case
    model = ControlNet(unet)
    assert model.unet is unet
    mine = dict(model.branch.copy.named_parameters())
    theirs = {
        name: p
        for name, p in unet.named_parameters()
        if name.split(".")[0] not in ("decoder", "ups", "last")
    }
    assert set(mine) == set(theirs)
    assert all(torch.equal(mine[n], theirs[n]) and mine[n] is not theirs[n] for n in mine)


def test_gradients_reach_the_zero_convolutions_at_once_and_all_the_rest_after_a_step(case):
    unet, cond = case
    model = ControlNet(unet).train()
    branch = model.branch
    optimizer = torch.optim.SGD(branch.parameters(), 1e-2)
    for step in range(2):
        optimizer.zero_grad()
        (model(X, T, cond, CONTROL) - CONTROL).square().mean().backward()
        live = {n for n, p in branch.named_parameters() if p.grad is not None and p.grad.any()}
        if step == 0:
            joints = {n for n, _ in branch.named_parameters() if n.startswith(("zeros", "middle"))}
            assert len(joints) == 2 * (len(branch.zeros) + 1)
            assert live == joints
        optimizer.step()
    (model(X, T, cond, CONTROL) - CONTROL).square().mean().backward()
    dead = {n for n, p in branch.named_parameters() if not p.grad.any()}
    assert all(n.endswith(("to_k.bias", "qkv.bias")) for n in dead), dead


def test_training_changes_the_branch_and_never_the_original(case):
    unet, cond = case
    before = copy.deepcopy(unet.state_dict())
    model = ControlNet(unet)
    branch = copy.deepcopy(model.branch.state_dict())
    learning = [p for p in model.parameters() if p.requires_grad]
    assert len(learning) == len(list(model.branch.parameters()))
    optimizer = torch.optim.AdamW(model.parameters(), 1e-2, weight_decay=0.1)
    y = torch.zeros(3, dtype=torch.int64) if cond is None else cond
    told = model if cond is not None else lambda xt, t, y, control: model(xt, t, None, control)
    holder = Holder(told, model)
    null = y[0]
    for loss in conditional_train(holder, [(X, y, CONTROL)] * 3, SCHEDULE, optimizer, null, 0.5):
        assert math.isfinite(loss)
    assert all(torch.equal(before[n], p) for n, p in unet.state_dict().items())
    assert not any(m.training for m in unet.modules())
    assert all(p.grad is None for p in unet.parameters())
    after = model.branch.state_dict()
    assert all(not torch.equal(branch[n], after[n]) for n in after if n.startswith("zeros"))
    assert not torch.equal(model(X, T, cond, CONTROL), unet(X, T, cond))


class Holder(nn.Module):
    """A function with the parameters of a model."""

    def __init__(self, function, model):
        super().__init__()
        self.function, self.model = function, model

    def forward(self, *args):
        return self.function(*args)


def test_dropout_is_there_in_the_copy_only():
    unet = shaken(UNet(width=8, dropout=0.5))
    model = ControlNet(unet).train()
    assert model.training
    assert model.branch.copy.training
    assert not any(m.training for m in unet.modules())
    assert torch.equal(model(X, T, None, CONTROL), model(X, T, None, CONTROL)), "nothing comes yet"
    shaken(model.branch)
    assert not torch.equal(model(X, T, None, CONTROL), model(X, T, None, CONTROL))
    model.eval()
    assert torch.equal(model(X, T, None, CONTROL), model(X, T, None, CONTROL))


def test_once_trained_the_control_matters_row_by_row():
    model = ControlNet(shaken(UNet(width=8, patch=2)))
    shaken(model.branch)
    other = CONTROL.clone()
    other[1] = 1 - other[1]
    a, b = model(X, T, None, CONTROL), model(X, T, None, other)
    assert_close(a[0], b[0])
    assert (a[1] - b[1]).abs().max() > 1e-3


def test_words_under_the_mask_are_not_heard_by_the_copy_either():
    options, context = UNETS["context"]
    model = ControlNet(shaken(UNet(width=8, **options)))
    shaken(model.branch)
    other = context.clone()
    other[:, 3:] = 100.0
    mask = (torch.arange(5) < 3).expand(3, 5)
    heard = model(X, T, context, CONTROL, mask)
    assert_close(heard, model(X, T, other, CONTROL, mask))


def test_where_the_additions_go():
    """Biases alone: each is added to its own map, and the middle's to the middle."""
    unet = shaken(UNet(width=8, blocks=2))
    model = ControlNet(unet)
    for i, zero in enumerate(model.branch.zeros):
        nn.init.constant_(zero.bias, 0.1 * (i + 1))
    nn.init.constant_(model.branch.middle.bias, -0.7)
    condition = unet.condition(X, T, None)
    h, kept = unet.encode(unet.enter(X), *condition)
    kept = [k + 0.1 * (i + 1) for i, k in enumerate(kept)]
    assert_close(model(X, T, None, CONTROL), unet.decode(h - 0.7, kept, *condition))


def test_it_learns_to_follow_the_control():
    """Images are their control: only the branch can know them."""
    g = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    model = ControlNet(UNet(width=8, multipliers=(1,), attention=(False,)))
    optimizer = torch.optim.Adam(model.branch.parameters(), 1e-2)
    x = (torch.rand(4000, 1, 4, 4, generator=g) < 0.5).float() * 2 - 1
    none = Holder(lambda xt, t, y, control: model(xt, t, None, control), model)
    data = [(part, part[:, 0, 0, 0].long(), (part + 1) / 2) for part in x.split(40)]
    losses = list(
        conditional_train(none, data, SCHEDULE, optimizer, 0, 0.0, predicts="x0", generator=g)
    )
    assert sum(losses[-10:]) < sum(losses[:10]) / 3


def test_guidance_and_samplers_take_it():
    model = ControlNet(shaken(UNet(width=8, classes=4)))
    shaken(model.branch)
    y, null = torch.tensor([0, 1, 2]), torch.tensor([3, 3, 3])
    guided = given(ClassifierFreeGuidance(model, 1.0, 3), y, CONTROL)
    wanted = 2 * model(X, T, y, CONTROL) - model(X, T, null, CONTROL)
    assert_close(guided(X, T), wanted, atol=1e-4, rtol=1e-4)
    assert ddim_sample(guided, SCHEDULE, X.shape, 2).isfinite().all()


def test_it_reads_captions():
    unet = shaken(UNet(width=8, context_dim=8))
    model = Captioned(ControlNet(unet), shaken(TextEncoder(9, 8, heads=2)))
    tokens = torch.tensor([[1, 2, 3, 0], [1, 4, 0, 0], [1, 0, 0, 0]])
    plain = Captioned(unet, model.encoder)
    assert torch.equal(model(X, T, tokens, CONTROL), plain(X, T, tokens))


def test_another_number_of_channels_and_dtype():
    model = ControlNet(shaken(UNet(channels=3, width=8).double()), 2)
    x = torch.randn(2, 3, 8, 8).double()
    shaken(model.branch)
    y = model(x, torch.tensor([1, 2]), None, torch.ones(2, 2, 8, 8))
    assert y.dtype == torch.float64


def test_it_runs_without_data():
    model = ControlNet(UNet(width=8, classes=3).to("meta"))
    x = torch.empty(2, 1, 8, 8, device="meta")
    y = torch.empty(2, dtype=torch.int64, device="meta")
    assert model(x, y, y, x).shape == x.shape
    assert edge_agreement(x, edges(x)).shape == (2,)


@pytest.mark.parametrize("shape", [(3, 2, 8, 8), (2, 1, 8, 8), (3, 1, 4, 8), (3, 8, 8)])
def test_a_control_that_does_not_fit_is_refused(shape):
    with pytest.raises(ValueError, match=r"control has shape .*, wanted \(3, 1, 8, 8\)"):
        ControlNet(UNet(width=8))(X, T, None, torch.ones(shape))


@pytest.mark.parametrize("threshold", [0.3, 0.5])
def test_edges_are_those_of_scipy(threshold):
    x = torch.rand(2, 3, 7, 9).double() * 2 - 1
    length = torch.zeros_like(x)
    for i in range(2):
        for c in range(3):
            across, down = (torch.from_numpy(ndimage.sobel(x[i, c].numpy(), a)) for a in (1, 0))
            length[i, c] = across.hypot(down) / 8
    wanted = length.amax(1, keepdim=True) > threshold
    got = edges(x, threshold)
    assert 0 < got.mean() < 1
    assert got.shape == (2, 1, 7, 9)
    assert torch.equal(got, wanted.double())


def test_the_edges_of_a_square():
    x = -torch.ones(1, 1, 8, 8)
    x[:, :, 2:6, 2:6] = 1
    e = edges(x)[0, 0]
    assert e[1, 3] == e[2, 3] == e[5, 4] == e[6, 4] == 1, "on both sides of a step"
    assert not e[3:5, 3:5].any()
    assert not e[0].any()
    assert not edges(torch.ones(1, 1, 8, 8)).any()


def test_agreement_by_hand():
    x = -torch.ones(4, 1, 8, 8)
    x[:, :, :, 4:] = 1  # edges in columns 3 and 4: 16 pixels
    control = torch.zeros(4, 1, 8, 8)
    control[0, :, :, 3:5] = 1  # the same
    control[1, :, :, 4:6] = 1  # half of each
    control[2, :, :4, 3] = 1  # all 4 are edges; 4 of 16 edges are among them
    control[3, :, :, 6:] = 1  # too far
    wanted = torch.tensor([1.0, 0.5, 2 * 0.25 / 1.25, 0.0])
    assert_close(edge_agreement(x, control), wanted)
    near = torch.tensor([1.0, 1.0, 2 * (10 / 16) / (1 + 10 / 16), 0.0])
    assert_close(edge_agreement(x, control, tolerance=1), near)


def test_agreement_where_there_are_no_edges():
    flat, none = torch.ones(1, 1, 4, 4), torch.zeros(1, 1, 4, 4)
    assert edge_agreement(flat, none).tolist() == [1.0]
    assert edge_agreement(flat, 1 - none).tolist() == [0.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: edges(X, 0.0), "threshold is 0.0, wanted a number above 0"),
        (lambda: edges(X[0]), r"wanted \(B, C, H, W\)"),
        (lambda: edge_agreement(X, CONTROL, tolerance=-1), "tolerance is -1, wanted 0 or more"),
        (lambda: edge_agreement(X, CONTROL / 2), "wanted 0 and 1 only"),
        (lambda: edge_agreement(X, CONTROL[:2]), "B=3 from x"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
