def lock_and_copy(module):
    learns = copy.deepcopy(module)
    for p in learns.parameters():
        p.requires_grad_(True)
    learns.train()
    for p in module.parameters():
        p.requires_grad_(False)
    module.eval()
    return learns
