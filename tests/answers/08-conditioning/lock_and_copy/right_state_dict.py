def lock_and_copy(module):
    learns = copy.deepcopy(module)
    learns.load_state_dict(module.state_dict())
    module.eval().requires_grad_(False)
    learns.train()
    for p in learns.parameters():
        p.requires_grad_()
    return learns
