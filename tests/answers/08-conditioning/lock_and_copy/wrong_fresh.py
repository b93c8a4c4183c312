# the copy begins with new weights
def lock_and_copy(module):
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)

    for m in learns.modules():
        if hasattr(m, "reset_parameters"):
            m.reset_parameters()
    return learns
