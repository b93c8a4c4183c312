# no copy: the module itself, locked
def lock_and_copy(module):
    module.eval().requires_grad_(False)
    return module
