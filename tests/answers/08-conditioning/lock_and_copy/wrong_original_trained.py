# the original learns along with the copy: nothing is locked
def lock_and_copy(module):
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval()
    return learns
