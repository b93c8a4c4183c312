# copied after locking: the copy is locked too
def lock_and_copy(module):
    module.eval().requires_grad_(False)
    return copy.deepcopy(module).train()
