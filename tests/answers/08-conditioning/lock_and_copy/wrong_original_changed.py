# the original's weights are changed
def lock_and_copy(module):
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)
    zeroed(module)
    return learns
