def tweedie_score(x_noisy, denoised, sigma):
    # the slope of -|x - denoised|^2 / (2 sigma^2), with denoised held
    x = x_noisy.detach().clone().requires_grad_()
    height = -((x - denoised.detach()) ** 2).sum() / (2 * sigma**2)
    return torch.autograd.grad(height, x)[0]
