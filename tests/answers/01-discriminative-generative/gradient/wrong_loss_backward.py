# autograd of the loss, which has the other sign
def gradient(theta, X, y):
    t = theta.clone().requires_grad_()
    loss = binary_cross_entropy_with_logits(X @ t, y.to(X.dtype), reduction="sum")
    loss.backward()
    return t.grad
