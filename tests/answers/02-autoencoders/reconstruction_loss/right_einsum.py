def reconstruction_loss(x, x_hat):
    r = x.flatten(start_dim=1) - x_hat.flatten(start_dim=1)
    return torch.einsum("bd,bd->b", r, r).mean()
