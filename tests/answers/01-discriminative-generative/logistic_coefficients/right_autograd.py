def logistic_coefficients(prior, mean, var):
    x = torch.zeros(1, mean.shape[1], dtype=mean.dtype, requires_grad=True)
    joint = joint_log_prob(x, prior, mean, var)[0]
    odds = joint[1] - joint[0]
    (grad,) = torch.autograd.grad(odds, x)
    return grad[0], odds.detach()
