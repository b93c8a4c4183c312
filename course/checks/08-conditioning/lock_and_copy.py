"""TITLE."""

import copy

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.controlnet import lock_and_copy as definition
from dgm.nn.networks import zeroed


def cases(g):
    raise NotImplementedError


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


def wrong_as_it_was(module):
    """where the module was in evaluation mode, and its first layer had been frozen: these
    parameters of the copy ask for no gradient: ['0.weight', '0.bias']"""
    learns = copy.deepcopy(module).train()
    module.eval().requires_grad_(False)
    return learns


def wrong_attribute(module):
    """where the module was in training mode: it is not locked at all: its parameters still ask
    for gradients, and it would be trained along"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval()
    module.requires_grad = False
    return learns


def wrong_copy_eval(module):
    """where the module was in training mode: the copy, or a part of it, is in evaluation mode"""
    module.eval().requires_grad_(False)
    return copy.deepcopy(module).requires_grad_(True)


def wrong_copy_frozen(module):
    """where the module was in training mode: these parameters of the copy ask for no gradient:
    ['0.weight', '0.bias', '1.weight', '1.bias', '3.weight', '3.bias']"""
    module.eval().requires_grad_(False)
    return copy.deepcopy(module).train()


def wrong_copy_frozen_eval(module):
    """where the module was in training mode: these parameters of the copy ask for no gradient:
    ['0.weight', '0.bias', '1.weight', '1.bias', '3.weight', '3.bias']"""
    module.eval().requires_grad_(False)
    return copy.deepcopy(module)


def wrong_eval_only(module):
    """where the module was in training mode: it is not locked at all: its parameters still ask
    for gradients, and it would be trained along"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval()
    for p in module.parameters():
        p.grad = None
    return learns


def wrong_first_layer(module):
    """where the module was in training mode: these parameters of it still ask for gradients:
    ['0.bias', '1.weight', '1.bias', '3.weight', '3.bias']"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval()
    next(module.parameters()).requires_grad_(False)
    return learns


def wrong_fresh(module):
    """the copy's weights are others: it begins with the same ones"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)

    for m in learns.modules():
        if hasattr(m, "reset_parameters"):
            m.reset_parameters()
    return learns


def wrong_half_copied(module):
    """the copy has parameters that are the module's own: copy.deepcopy copies weights, too"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)

    last = [m for m in learns.modules() if isinstance(m, nn.Linear)][-1]
    theirs = [m for m in module.modules() if isinstance(m, nn.Linear)][-1]
    last.bias = theirs.bias
    return learns.requires_grad_(True)


def wrong_mode_as_it_was(module):
    """where the module was in evaluation mode, and its first layer had been frozen: the copy, or
    a part of it, is in evaluation mode"""
    learns = copy.deepcopy(module).requires_grad_(True)
    module.eval().requires_grad_(False)
    return learns


def wrong_no_grad(module):
    """a module is wanted: the copy"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)

    def run(x):
        with torch.no_grad():
            return learns(x)

    return run


def wrong_no_return(module):
    """no return"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)


def wrong_not_eval(module):
    """where the module was in training mode: the locked module, or a part of it, is in training
    mode: dropout would go on"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.requires_grad_(False)
    return learns


def wrong_nothing_locked(module):
    """where the module was in training mode: it is not locked at all: its parameters still ask
    for gradients, and it would be trained along"""
    return copy.deepcopy(module)


def wrong_original_changed(module):
    """the module's own weights have changed: they must stay as they are"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)
    zeroed(module)
    return learns


def wrong_original_returned(module):
    """this is the module itself: a copy is wanted"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)
    return module


def wrong_original_trained(module):
    """where the module was in training mode: it is not locked at all: its parameters still ask
    for gradients, and it would be trained along"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval()
    return learns


def wrong_pair(module):
    """the copy alone is wanted, a module; got a tuple"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)
    return module, learns


def wrong_same(module):
    """this is the module itself: a copy is wanted"""
    module.eval().requires_grad_(False)
    return module.train().requires_grad_(True)


def wrong_same_locked(module):
    """this is the module itself: a copy is wanted"""
    module.eval().requires_grad_(False)
    return module


def wrong_shallow(module):
    """the copy has parameters that are the module's own: copy.deepcopy copies weights, too"""
    learns = copy.copy(module)
    module.eval().requires_grad_(False)
    return learns.train().requires_grad_(True)


def wrong_shared_buffers(module):
    """what the copy's norm counts changes the module's: they share buffers. copy.deepcopy"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)

    for p, q in zip(learns.modules(), module.modules()):
        for name in list(p._buffers):
            p._buffers[name] = q._buffers[name]
    return learns


def wrong_shared_data(module):
    """what is done to the copy changes the module: they share weights. copy.deepcopy"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)
    for p, q in zip(learns.parameters(), module.parameters()):
        p.data = q.data
    return learns


def wrong_state_dict(module):
    """the copy alone is wanted, a module; got a OrderedDict"""
    learns = copy.deepcopy(module.state_dict())
    module.eval().requires_grad_(False)
    return learns


def wrong_swapped(module):
    """where the module was in training mode: these parameters of it still ask for gradients:
    ['0.weight', '0.bias', '1.weight', '1.bias', '3.weight', '3.bias']"""
    learns = copy.deepcopy(module).eval().requires_grad_(False)
    module.train().requires_grad_(True)
    return learns


def wrong_top_eval(module):
    """where the module was in training mode: the locked module, or a part of it, is in training
    mode: dropout would go on"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.requires_grad_(False)
    module.training = False
    return learns


def wrong_weights_only(module):
    """where the module was in training mode: these parameters of it still ask for gradients:
    ['0.bias', '1.bias', '3.bias']"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval()
    for name, p in module.named_parameters():
        if name.endswith("weight"):
            p.requires_grad_(False)
    return learns


def wrong_zeroed(module):
    """the copy's weights are 0: it begins as the module is"""
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)
    return zeroed(learns)
