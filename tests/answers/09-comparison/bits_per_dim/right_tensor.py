def bits_per_dim(nats, dim):
    return torch.tensor(nats, dtype=torch.float64).div(dim) / torch.log(torch.tensor(2.0, dtype=torch.float64))
