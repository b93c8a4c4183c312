# the buffers are shared
def lock_and_copy(module):
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)

    for p, q in zip(learns.modules(), module.modules()):
        for name in list(p._buffers):
            p._buffers[name] = q._buffers[name]
    return learns
