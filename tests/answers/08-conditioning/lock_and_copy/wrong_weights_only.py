# the biases are not locked
def lock_and_copy(module):
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval()
    for name, p in module.named_parameters():
        if name.endswith('weight'):
            p.requires_grad_(False)
    return learns
