# a copy, and nothing is locked
def lock_and_copy(module):
    return copy.deepcopy(module)
