# a mean over pixels in place of the sum
def reconstruction_loss(x, x_hat):
    return torch.nn.functional.mse_loss(x_hat, x)
