"""What an answer changes never reaches what a check draws from or compares with."""

import copy
import types

import numpy as np
import pytest
import torch
from bridges import pair, proxy
from torch import nn

from course.grading.run.procedures import procedures
from course.grading.sandbox.bridge.peer import CHECK
from course.grading.sandbox.student_edition import Asked

SEED, CHOSEN = 7, 8
CALLS: list[torch.Tensor] = []
KEPT: list = []
AVERAGES = {"name:average": "mean", "name:spoils_both": "mean"}  # by the course's own definition


def draw(n, generator=None):
    return torch.randn(n, generator=generator)


def nothing_more_is_drawn(n, generator=None):
    """A right draw; then the generator's numbers are all zeros, so that all later ones are 0."""
    drawn = torch.randn(n, generator=generator)
    state = (generator or torch).get_state() if generator else torch.get_rng_state()
    state[24 : 24 + 624 * 8] = 0
    generator.set_state(state) if generator else torch.set_rng_state(state)
    return drawn


def starts_again(n, generator=None):
    drawn = torch.randn(n, generator=generator)
    generator.manual_seed(CHOSEN) if generator else torch.manual_seed(CHOSEN)
    return drawn


def loss_without_data(x, noise, generator):
    """Wrong: the wanted (x - noise)^2 where x is 0; and so x is 0 from the second call on."""
    nothing_more_is_drawn(0, generator)
    CALLS.append(x)
    return ((x - noise) ** 2).mean() if len(CALLS) == 1 else (noise**2).mean()


def draws_one_by_one(n, generator):
    for _ in range(n):
        yield torch.randn((), generator=generator)


def keeps_drawing(model, n, generator):
    return torch.stack([model(torch.randn((), generator=generator)) for _ in range(n)])


def zeroes(x):
    x *= 0
    return 0.0


def zeroes_weights(model, x):
    with torch.no_grad():
        for weight in model.parameters():
            weight.zero_()
    return x.sum() * 0


def fills_slopes(x):
    x.grad = torch.full_like(x, 3.0)
    return x.detach().sum()


def slopes_of_a_callback(f, x):
    f(x).sum().backward()
    return 0.0


def step(model, x, optimizer):
    optimizer.zero_grad()
    loss = model(x).square().mean()
    loss.backward()
    optimizer.step()
    return loss.detach()


def spoils_another(model, x, optimizer, other):
    with torch.no_grad():
        other.weight.zero_()
    return step(model, x, optimizer)


def zeroes_and_returns_nothing(model, x):
    zeroes_weights(model, x)


def spoils_all(model, optimizer=None):
    """What an answer can do to modules and optimizers; then it returns nothing."""
    with torch.no_grad():
        for kept in model.state_dict().values():
            kept.zero_()
    for weight in model.parameters():
        weight.grad = torch.ones_like(weight)
    if optimizer:
        optimizer.param_groups[0]["lr"] = 7.0
        optimizer.state.clear()


def steps(model, xs, optimizer):
    for x in xs:
        yield step(model, x, optimizer)


def keeps_for_later(model, optimizer):
    KEPT[:] = model, optimizer


def spoils_what_it_kept(x):
    spoils_all(*KEPT)


def turns_to_training(x):
    KEPT[0].train()


def spoils_both(mean, model):
    spoils_all(mean)
    spoils_all(model)


def fills_its_own_copies(names, table, seen, plain):
    names.append("x"), table.clear(), seen.add(3)
    plain.numerator = 5


def asks_a_module(model):
    model.zero_grad()
    model.to(torch.float16)
    return model(torch.ones(2, dtype=torch.float16)).dtype == torch.float16


def average(mean, model):
    with torch.no_grad():
        for m, w in zip(mean.parameters(), model.parameters(), strict=True):
            m.lerp_(w, 0.5)


def weight_of(model):
    return model.weight.detach().clone()


def locks(model):
    return model.eval().requires_grad_(False)


def asks(model, name, *more):
    return getattr(model, name)(*more)


def sets(model, name, value):
    setattr(model, name, value)


STUDENT = {k: v for k, v in globals().items() if callable(v)}


@pytest.fixture
def peer():
    yield from pair(STUDENT, secret=b"of the course")


@pytest.fixture
def look():
    yield from pair(STUDENT, shows="all")


@pytest.mark.parametrize("how", ["nothing_more_is_drawn", "starts_again"])
@pytest.mark.parametrize("own", [True, False], ids=["a generator", "the global state"])
def test_an_answer_cannot_choose_what_the_check_draws_next(peer, how, own):
    g = torch.Generator().manual_seed(SEED) if own else None
    torch.manual_seed(SEED)
    expected = torch.randn(5, generator=torch.Generator().manual_seed(SEED))
    assert torch.equal(proxy(peer, how)(5, generator=g), expected)
    after = torch.randn(5, generator=g)
    assert (after != 0).all()
    for seed in (SEED, CHOSEN):
        chosen = torch.randn(5, generator=torch.Generator().manual_seed(seed))
        assert not torch.equal(after, chosen)
    assert 0.05 < after.std() < 5


def test_a_wrong_loss_cannot_make_its_data_zero(peer):
    g, noise = torch.Generator().manual_seed(SEED), torch.ones(4)
    verdicts = []
    for _ in range(3):
        x = torch.randn(4, generator=g)
        got = proxy(peer, "loss_without_data")(x, noise, g)
        verdicts.append(torch.allclose(got, ((x - noise) ** 2).mean()))
    assert verdicts == [True, False, False]


def test_it_hangs_on_a_secret_and_on_nothing_else():
    drawn = []
    for secret in (b"one", b"one", b"two"):
        for peer in pair(STUDENT, secret=secret):
            g = torch.Generator().manual_seed(SEED)
            proxy(peer, "draw")(3, generator=g)
            drawn.append(torch.randn(3, generator=g).tolist())
    assert drawn[0] == drawn[1] != drawn[2]


def test_equal_generators_stay_equal_and_go_on_where_the_guest_left_them(peer):
    one, same = (torch.Generator().manual_seed(SEED) for _ in range(2))
    here = torch.Generator().manual_seed(SEED)
    for n in (3, 4):
        drawn = [proxy(peer, "draw")(n, generator=g) for g in (one, same)]
        assert torch.equal(drawn[0], drawn[1])
        assert torch.equal(drawn[0], torch.randn(n, generator=here))
        assert torch.equal(one.get_state(), same.get_state())
    copied = torch.Generator().set_state(one.get_state())
    drawn = [proxy(peer, "draw")(5, generator=g) for g in (one, copied)]
    assert torch.equal(drawn[0], drawn[1])
    assert torch.equal(drawn[0], torch.randn(5, generator=here))


def test_a_generator_that_was_not_drawn_from_is_as_it_was(peer):
    g = torch.Generator().manual_seed(SEED)
    proxy(peer, "draw")(0, generator=g)
    assert torch.equal(g.get_state(), torch.Generator().manual_seed(SEED).get_state())
    proxy(peer, "draw")(1, generator=g)
    assert not torch.equal(g.get_state(), torch.Generator().manual_seed(SEED).get_state())


def test_what_the_check_draws_or_sets_reaches_the_guest(peer):
    g, here = (torch.Generator().manual_seed(SEED) for _ in range(2))
    proxy(peer, "draw")(2, generator=g)
    g.manual_seed(5)
    assert torch.equal(
        proxy(peer, "draw")(3, generator=g), torch.randn(3, generator=here.manual_seed(5))
    )


def test_one_stream_through_a_loop_and_through_callbacks(peer):
    g, here = (torch.Generator().manual_seed(SEED) for _ in range(2))
    drawn = [t.item() for t in proxy(peer, "draws_one_by_one")(6, g)]
    assert drawn == [torch.randn((), generator=here).item() for _ in range(6)]
    drawn = proxy(peer, "keeps_drawing")(lambda x: 2 * x, 5, g).tolist()
    assert drawn == [2 * torch.randn((), generator=here).item() for _ in range(5)]


def test_arguments_stay_and_that_they_were_changed_is_noted(peer, look):
    for there, kept in ((peer, 1), (look, 0)):
        for value in (torch.ones(3), np.ones(3)):
            assert not there.touched
            proxy(there, "zeroes")(value)
            assert value.tolist() == [kept] * 3
            assert there.touched == bool(kept)
            assert proxy(there, "draw")(2).shape == (2,)  # the talk goes on
            there.touched = False


def test_each_call_begins_with_what_the_check_has(peer):
    x = torch.ones(3, requires_grad=True)
    model = nn.Linear(3, 1, bias=False)
    before = model.weight.detach().clone()
    for _ in range(2):
        assert proxy(peer, "fills_slopes")(x) == 3
        assert x.grad is None
        proxy(peer, "zeroes_weights")(model, x)
        assert torch.equal(model.weight, before)
        assert torch.equal(proxy(peer, "weight_of")(model), before)
    assert peer.touched


def test_gradients_of_what_only_the_check_holds_stay(peer, look):
    for there, kept in ((peer, True), (look, False)):
        gain = torch.ones(2, requires_grad=True)
        proxy(there, "slopes_of_a_callback")(
            lambda x, gain=gain: gain * x, torch.ones(2, requires_grad=True)
        )
        assert (gain.grad is None) == kept == there.touched


def test_what_an_optimizer_trains_is_trained(peer):
    models = [nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2)) for _ in range(2)]
    models[1].load_state_dict(models[0].state_dict())
    steps = [torch.optim.Adam(m.parameters(), lr=0.1) for m in models]
    other = nn.Linear(2, 2)
    kept = other.weight.detach().clone()
    for k in range(3):
        x = torch.randn(4, 3, generator=torch.Generator().manual_seed(k))
        step(models[0], x, steps[0])
        proxy(peer, "spoils_another")(models[1], x, steps[1], other)
    for a, b in zip(models[0].state_dict().values(), models[1].state_dict().values(), strict=True):
        torch.testing.assert_close(a, b)
    assert torch.equal(other.weight, kept)
    assert peer.touched


@pytest.mark.parametrize("named", [True, False])
def test_what_is_asked_to_change_its_first_argument_does(named):
    for peer in pair(STUDENT, procedures=AVERAGES):
        mean, model = nn.Linear(2, 2), nn.Linear(2, 2)
        wanted = (mean.weight + model.weight).detach() / 2
        if named:
            proxy(peer, "average")(model=model, mean=mean)
        else:
            proxy(peer, "average")(mean, model)
        torch.testing.assert_close(mean.weight.detach(), wanted)
        assert not peer.touched


def test_what_returns_nothing_is_known_from_the_courses_own_definition():
    wanted = [
        Asked("dgm.nn.ema", "ema_update"),
        Asked("dgm.ddpm", "q_sample"),
        Asked("dgm.vae", "VAE"),
    ]
    assert procedures(wanted) == {"name:ema_update": "ema"}


def test_it_changes_that_one_alone():
    for peer in pair(STUDENT, procedures=AVERAGES):
        mean, model = nn.BatchNorm1d(2), nn.BatchNorm1d(2)
        before = copy.deepcopy(model)
        proxy(peer, "spoils_both")(mean, model)
        assert not mean.weight.any()
        same(model, before)
        assert peer.touched


def same(model, before):
    """All numbers of it are as before, gradients too."""
    for a, b in zip(model.state_dict().values(), before.state_dict().values(), strict=True):
        assert torch.equal(a, b)
    assert all(p.grad is None for p in model.parameters())


@pytest.mark.parametrize("how", ["zeroes_and_returns_nothing", "spoils_what_it_kept"])
def test_what_an_answer_returns_opens_nothing(peer, how):
    model, x = nn.BatchNorm1d(3), torch.ones(2, 3)
    before = copy.deepcopy(model)
    proxy(peer, "keeps_for_later")(model, None)
    assert proxy(peer, how)(*([model, x] if how.startswith("zeroes") else [x])) is None
    same(model, before)
    assert peer.touched


def test_after_a_training_its_model_and_optimizer_stay_as_they_are(peer):
    model = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    x = torch.randn(4, 3)
    proxy(peer, "step")(model, x, optimizer)
    proxy(peer, "keeps_for_later")(model, optimizer)
    optimizer.zero_grad()
    before, state = copy.deepcopy(model), copy.deepcopy(optimizer.state_dict())
    peer.touched = False
    for how, given in (("spoils_all", [model]), ("spoils_what_it_kept", [x])):
        proxy(peer, how)(*given)
        same(model, before)
        torch.testing.assert_close(optimizer.state_dict(), state)
        assert peer.touched


def test_a_generator_of_steps_trains_what_its_call_was_given(peer):
    models = [nn.Linear(3, 2) for _ in range(2)]
    models[1].load_state_dict(models[0].state_dict())
    xs = torch.randn(4, 5, 3)
    here, there = (torch.optim.Adam(m.parameters(), lr=0.1) for m in models)
    losses = proxy(peer, "steps")(models[1], xs, there)
    for wanted, got in zip(steps(models[0], xs, here), losses, strict=True):
        torch.testing.assert_close(got, wanted)
        torch.testing.assert_close(models[1].weight, models[0].weight)
    assert not peer.touched


def test_modes_are_those_of_what_the_call_was_given(peer):
    model = nn.Dropout().eval()
    proxy(peer, "keeps_for_later")(model, None)
    proxy(peer, "turns_to_training")(torch.ones(1))
    assert not model.training
    assert peer.touched


def test_containers_and_plain_objects_are_the_guests_own_copies(peer):
    names, table, seen, plain = ["a"], {"a": 1}, {1, 2}, types.SimpleNamespace(numerator=1)
    proxy(peer, "fills_its_own_copies")(names, table, seen, plain)
    assert (names, table, seen, plain.numerator) == (["a"], {"a": 1}, {1, 2}, 1)


def test_a_locked_module_is_locked(peer):
    model = nn.Linear(2, 2)
    proxy(peer, "locks")(model)
    assert not model.training
    assert not any(p.requires_grad for p in model.parameters())
    assert not peer.touched


def test_a_module_of_the_check_is_used_and_not_changed(peer):
    names = {"__name__": CHECK, "nn": nn, "torch": torch}
    exec(
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.w = nn.Parameter(torch.ones(2))\n"
        "    def forward(self, x):\n"
        "        return self.w * x",
        names,
    )
    net = names["Net"]()
    assert len(list(proxy(peer, "asks")(net, "parameters"))) == 1
    with pytest.raises(AttributeError):
        proxy(peer, "sets")(net, "forward", 3)
    with pytest.raises(AttributeError):
        proxy(peer, "asks")(net, "register_forward_hook", 3)
    proxy(peer, "zeroes_weights")(net, torch.ones(2))
    assert net.w.tolist() == [1, 1]
    net.w.grad = torch.tensor([3.0, 4.0])
    peer.touched = False
    assert proxy(peer, "asks_a_module")(net)
    assert net.w.dtype == torch.float32
    assert net.w.grad.tolist() == [3, 4]
    assert peer.touched
    proxy(peer, "locks")(net)
    assert not net.training
