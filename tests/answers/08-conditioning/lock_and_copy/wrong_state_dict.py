# gives the state_dict back
def lock_and_copy(module):
    learns = copy.deepcopy(module.state_dict())
    module.eval().requires_grad_(False)
    return learns
