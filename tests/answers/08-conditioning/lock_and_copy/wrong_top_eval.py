# the flag of the outermost module alone
def lock_and_copy(module):
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.requires_grad_(False)
    module.training = False
    return learns
