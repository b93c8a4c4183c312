# an attribute of the module is set, none of its parameters
def lock_and_copy(module):
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval()
    module.requires_grad = False
    return learns
