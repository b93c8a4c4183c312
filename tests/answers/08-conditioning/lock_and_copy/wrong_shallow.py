# a shallow copy: the weights are shared
def lock_and_copy(module):
    learns = copy.copy(module)
    module.eval().requires_grad_(False)
    return learns.train().requires_grad_(True)
