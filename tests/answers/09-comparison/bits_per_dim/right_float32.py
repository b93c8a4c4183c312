def bits_per_dim(nats, dim):
    return torch.as_tensor(nats) / (dim * torch.tensor(2.0).log())
