# the first parameter alone is locked
def lock_and_copy(module):
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval()
    next(module.parameters()).requires_grad_(False)
    return learns
