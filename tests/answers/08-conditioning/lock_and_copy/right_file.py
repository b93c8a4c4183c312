def lock_and_copy(module):
    import io
    file = io.BytesIO()
    torch.save(module, file)
    file.seek(0)
    learns = torch.load(file, weights_only=False)
    learns.train(True)
    for p in learns.parameters():
        p.requires_grad = True
    module.train(False)
    for p in module.parameters():
        p.requires_grad = False
    return learns
