def lock_and_copy(module):
    import pickle
    learns = pickle.loads(pickle.dumps(module))
    for mine, theirs in zip(learns.modules(), module.modules()):
        mine.training, theirs.training = True, False
    for mine, theirs in zip(learns.parameters(), module.parameters()):
        mine.requires_grad, theirs.requires_grad = True, False
    return learns
