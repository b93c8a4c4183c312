# every parameter but the last is copied, the last one is shared
def lock_and_copy(module):
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)

    last = [m for m in learns.modules() if isinstance(m, nn.Linear)][-1]
    theirs = [m for m in module.modules() if isinstance(m, nn.Linear)][-1]
    last.bias = theirs.bias
    return learns.requires_grad_(True)
