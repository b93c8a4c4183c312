# exp of minus two thousand is 0
def bits_per_dim(nats, dim):
    likelihood = torch.tensor(-nats, dtype=torch.float64).exp()
    return -likelihood.log2().item() / dim
