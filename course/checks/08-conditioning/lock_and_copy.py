"""8.7 Lock and copy."""

import copy

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Doing
from course.checks.exercise import change
from dgm.controlnet import lock_and_copy as definition
from dgm.nn.networks import zeroed


def cases(g):
    x = draw.normal(g, 8, 4, dtype=draw.SINGLE)
    yield locked("a module in training mode", layers, g, x)
    yield locked("a module in evaluation mode, whose first layer had been frozen", frozen, g, x)


def layers():
    inner = nn.Sequential(nn.Tanh(), nn.Dropout(0.5))
    return nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), inner, nn.Linear(6, 3))


def frozen():
    net = layers().eval()
    net[0].requires_grad_(False)
    return net


def locked(words, build, g, *inputs):
    """Both networks after the call, and what is left of the module once the copy has changed."""
    seed = draw.seeded(g).initial_seed()

    def play(answer):
        module, draws = build(), torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for p in [*module.parameters(), *module.buffers()]:
                p.copy_(3 + 9 * torch.rand(p.shape, generator=draws))
        before = copy.deepcopy(module.state_dict())
        learns = answer(module)
        if learns is None or learns is module or not hasattr(learns, "named_parameters"):
            what = "the module itself" if learns is module else type(learns).__name__
            return {"what comes back": None if learns is None else what}
        theirs, mine = dict(module.named_parameters()), dict(learns.named_parameters())
        own = [id(p) for p in theirs.values()]
        seen = {
            "what comes back": "another module",
            "the module's weights and buffers are as they were": same(module, before),
            "what of the copy is the module's own": [k for k, p in mine.items() if id(p) in own],
            "what of the module asks for gradients": [k for k, p in theirs.items() if p.requires_grad],
            "what of the copy asks for none": [k for k, p in mine.items() if not p.requires_grad],
            "what of the module is in training mode": modes(module, True),
            "what of the copy is in evaluation mode": modes(learns, False),
            "the copy's weights": mine,
            "the copy's buffers": dict(learns.named_buffers()),
        }  # fmt: skip
        seen = {k: str(v) if isinstance(v, list) else copy.deepcopy(v) for k, v in seen.items()}
        seen["the module's result has no graph"] = not module(*inputs).requires_grad
        with torch.no_grad():
            for p in mine.values():
                p.add_(1)
        seen["the module's weights stay while the copy's change"] = same(module, before)
        total = learns(*inputs).sum()
        seen["the module's buffers stay while the copy trains"] = same(module, before)
        if all(p.requires_grad for p in mine.values()):
            slopes = torch.autograd.grad(total, list(mine.values()), allow_unused=True)
            seen["a gradient reaches all of the copy"] = all(s is not None for s in slopes)
        return seen

    return Doing(words, play)


def same(module, before):
    return all(torch.equal(a, before[name]) for name, a in module.state_dict().items())


def modes(module, mode):
    return [name or "itself" for name, m in module.named_modules() if m.training == mode]


# Right, in ways that differ.


def right_copy_first(module):
    learns = copy.deepcopy(module)
    for p in learns.parameters():
        p.requires_grad_(True)
    learns.train()
    for p in module.parameters():
        p.requires_grad_(False)
    module.eval()
    return learns


def right_file(module):
    import io

    file = io.BytesIO()
    torch.save(module, file)
    file.seek(0)
    learns = torch.load(file, weights_only=False)
    learns.train(True)
    for p in learns.parameters():
        p.requires_grad = True
    module.train(False)
    for p in module.parameters():
        p.requires_grad = False
    return learns


def right_lock_first(module):
    module.eval()
    module.requires_grad_(False)
    return copy.deepcopy(module).train().requires_grad_()


def right_state_dict(module):
    learns = copy.deepcopy(module)
    learns.load_state_dict(module.state_dict())
    module.eval().requires_grad_(False)
    learns.train()
    for p in learns.parameters():
        p.requires_grad_()
    return learns


# Mistakes, and what a student is told.


COPY, LOCK = "copy.deepcopy(module).requires_grad_(True).train()", "module.requires_grad_(False).eval()"  # fmt: skip
BACK = "return learns"


def _copied(words, line, *more):
    return change(words, COPY, line, *more)


def _locked(words, line, *more):
    return change(words, LOCK, line, *more)


def _back(words, line):
    return change(words, BACK, line)


ITSELF = "this is the module itself: a copy is wanted"
NOT_LOCKED = "the module still asks for gradients, and would learn, too: `.eval()` locks nothing"

wrong_as_it_was = _copied(
    "what was frozen in the module is frozen in the copy, all of which is to learn",
    "copy.deepcopy(module).train()",
)
wrong_copy_frozen = change(
    "the copy asks for no gradients: what is locked before it is copied is locked in the copy",
    COPY,
    "module",
    LOCK,
    f"{LOCK}; learns = copy.deepcopy(module).train()",
)
wrong_copy_frozen_eval = change(
    "the copy is locked and in evaluation mode, too: it inherits what is done before",
    COPY,
    "module",
    LOCK,
    f"{LOCK}; learns = copy.deepcopy(module)",
)
wrong_copy_eval = _copied(
    "the copy is in evaluation mode; it learns, in training mode",
    COPY.replace(".train()", ".eval()"),
)
wrong_mode_as_it_was = _copied(
    "the copy keeps the module's mode; it is to be in training mode, whatever that was",
    COPY.removesuffix(".train()"),
)
wrong_copy_top_trained = _copied(
    "the copy's parts keep their mode: `.train()` reaches all submodules",
    COPY.removesuffix(".train()"),
    BACK,
    f"learns.training = True; {BACK}",
)
wrong_attribute = _locked(NOT_LOCKED, "module.eval().requires_grad = False")
wrong_eval_only = _locked(NOT_LOCKED, "module.eval(); [setattr(p, 'grad', None) for p in module.parameters()]")  # fmt: skip
wrong_original_trained = _locked(NOT_LOCKED, "module.eval()")
wrong_not_locked = _locked("nothing is done to the module: lock it, and put it into evaluation mode", "pass")  # fmt: skip
wrong_nothing_locked = _copied(
    "this is a plain copy: nothing is done to the module, and the copy is as that was",
    "copy.deepcopy(module)",
    LOCK,
    "pass",
)
wrong_first_layer = _locked(
    "only the first parameter is locked: `module.requires_grad_(False)` reaches all",
    "next(module.eval().parameters()).requires_grad_(False)",
)
wrong_weights_only = _locked(
    "only the weights are locked, and biases are parameters, too",
    "[p.requires_grad_(False) for k, p in module.eval().named_parameters() if k.endswith('weight')]",
)
wrong_not_eval = _locked(
    "the locked module keeps its mode; in training mode dropout would go on: `.eval()`",
    "module.requires_grad_(False)",
)
wrong_top_eval = _locked(
    "parts of the locked module are in training mode: `.eval()` reaches all submodules",
    "module.requires_grad_(False).training = False",
)
wrong_swapped = change(
    "copy and module have changed places: the module is locked and the copy learns",
    COPY,
    "copy.deepcopy(module).requires_grad_(False).eval()",
    LOCK,
    "module.requires_grad_(True).train()",
)
wrong_fresh = _back(
    "the copy's weights are drawn anew: it begins with the module's",
    f"[m.reset_parameters() for m in learns.modules() if hasattr(m, 'reset_parameters')]; {BACK}",
)
wrong_statistics_reset = _back(
    "the running averages of the copy's norm are set back: it begins with the module's",
    f"[m.reset_running_stats() for m in learns.modules() if hasattr(m, 'running_mean')]; {BACK}",
)
wrong_half_copied = _back(
    "one parameter of the copy is the module's own: copy.deepcopy copies all",
    "last, theirs = ([m for m in n.modules() if isinstance(m, nn.Linear)][-1:] for n in (learns, module))\n"
    "    for a, b in zip(last, theirs): a.bias = b.bias\n"
    "    return learns.requires_grad_(True)",
)
wrong_no_grad = _back(
    "a function came back, under no_grad: the copy itself is wanted, a module",
    "return torch.no_grad()(lambda x: learns(x))",
)
wrong_no_return = _back("nothing came back: is a `return` missing?", "learns")
wrong_original_changed = _back(
    "the module's own weights have changed: they stay as they are", f"zeroed(module); {BACK}"
)
wrong_original_returned = _back(ITSELF, "return module")
wrong_same = _back(ITSELF, "return module.train().requires_grad_(True)")
wrong_same_locked = _copied(ITSELF, "module", LOCK, LOCK)
wrong_pair = _back("both came back: the copy alone is wanted", "return module, learns")
wrong_state_dict = _back("these are the copy's weights: the copy itself is wanted, a module", "return learns.state_dict()")  # fmt: skip
wrong_zeroed = _back(
    "the copy's weights are 0: it begins with the module's", "return zeroed(learns)"
)
wrong_shallow = change("the copy's parameters are the module's own: copy.deepcopy copies weights, too", COPY, "copy.copy(module)", BACK, "return learns.train().requires_grad_(True)")  # fmt: skip
wrong_shared_buffers = _back(
    "what the copy's norm counts changes the module's: they share buffers. copy.deepcopy copies all",
    "for p, q in zip(learns.modules(), module.modules()): p._buffers.update(q._buffers)\n"
    "    return learns",
)
wrong_shared_data = _back(
    "what is done to the copy changes the module: they share memory. copy.deepcopy copies all",
    "for p, q in zip(learns.parameters(), module.parameters()): p.data = q.data\n    return learns",
)
