def sparse_loss(model, x, l1):
    z = model.encode(x)
    penalty = torch.linalg.vector_norm(z, ord=1, dim=1).mean()
    return reconstruction_loss(x, model.decode(z).reshape(x.shape)) + l1 * penalty
