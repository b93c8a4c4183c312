def gradient(theta: Tensor, X: Tensor, y: Tensor) -> Tensor:
    residual = y.to(X.dtype) - torch.sigmoid(X @ theta)
    return (residual[:, None] * X).sum(dim=0)
