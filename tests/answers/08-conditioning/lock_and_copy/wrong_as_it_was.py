# the copy asks for gradients only where the original did
def lock_and_copy(module):
    learns = copy.deepcopy(module).train()
    module.eval().requires_grad_(False)
    return learns
