# copied after locking, and nothing undone
def lock_and_copy(module):
    module.eval().requires_grad_(False)
    return copy.deepcopy(module)
