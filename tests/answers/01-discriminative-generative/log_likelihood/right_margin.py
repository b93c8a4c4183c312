def log_likelihood(theta: Tensor, X: Tensor, y: Tensor) -> Tensor:
    z = X @ theta
    margin = torch.where(y == 1, z, -z)
    return torch.nn.functional.logsigmoid(margin).sum()
