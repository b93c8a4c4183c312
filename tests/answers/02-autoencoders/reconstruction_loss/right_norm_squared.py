def reconstruction_loss(x, x_hat):
    return torch.linalg.vector_norm((x_hat - x).reshape(len(x), -1), dim=1).square().mean(0, keepdim=True)
