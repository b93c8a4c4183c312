# no copy: the module itself
def lock_and_copy(module):
    module.eval().requires_grad_(False)
    return module.train().requires_grad_(True)
