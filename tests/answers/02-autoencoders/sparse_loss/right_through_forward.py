def sparse_loss(model, x, l1):
    # the code is computed twice
    code = model.encode(x)
    size = torch.maximum(code, -code).sum() / x.size(0)
    return denoising_loss(model, x, x) + size * l1
