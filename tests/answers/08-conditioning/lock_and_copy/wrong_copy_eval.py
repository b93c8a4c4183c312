# copied after locking: the copy is in evaluation mode
def lock_and_copy(module):
    module.eval().requires_grad_(False)
    return copy.deepcopy(module).requires_grad_(True)
