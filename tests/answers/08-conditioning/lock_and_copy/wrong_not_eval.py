# the original stays in training mode
def lock_and_copy(module):
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.requires_grad_(False)
    return learns
