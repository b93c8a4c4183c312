def log_posterior(theta: Tensor, X: Tensor, y: Tensor, penalty: Tensor) -> Tensor:
    return log_likelihood(theta, X, y) - penalty @ theta.square() / 2
