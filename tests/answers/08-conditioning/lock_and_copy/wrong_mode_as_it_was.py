# the copy is in the mode that the original was in
def lock_and_copy(module):
    learns = copy.deepcopy(module).requires_grad_(True)
    module.eval().requires_grad_(False)
    return learns
