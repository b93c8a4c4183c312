def gradient(theta, X, y):
    theta = theta.clone().requires_grad_()
    loss = binary_cross_entropy_with_logits(X @ theta, y.to(X.dtype), reduction="sum")
    return -torch.autograd.grad(loss, theta)[0]
