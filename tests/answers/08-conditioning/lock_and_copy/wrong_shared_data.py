# the copy's parameters share their numbers with the original's
def lock_and_copy(module):
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)
    for p, q in zip(learns.parameters(), module.parameters()):
        p.data = q.data
    return learns
