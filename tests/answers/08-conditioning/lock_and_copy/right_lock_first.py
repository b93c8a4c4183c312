def lock_and_copy(module):
    module.eval()
    module.requires_grad_(False)
    return copy.deepcopy(module).train().requires_grad_()
