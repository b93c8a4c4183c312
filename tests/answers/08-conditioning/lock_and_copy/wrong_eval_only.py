# evaluation mode is taken for a lock
def lock_and_copy(module):
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval()
    for p in module.parameters():
        p.grad = None
    return learns
