# the copy is locked and the original learns
def lock_and_copy(module):
    learns = copy.deepcopy(module).eval().requires_grad_(False)
    module.train().requires_grad_(True)
    return learns
