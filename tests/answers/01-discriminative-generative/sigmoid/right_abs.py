def sigmoid(z: Tensor) -> Tensor:
    e = torch.exp(-z.abs())  # never above 1
    return torch.where(z < 0, e, torch.ones_like(e)) / (1 + e)
